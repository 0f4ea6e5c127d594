/* tree_nodes.h - what has a name while an archive is unpacked in memory, found by its path. */
#ifndef COLLECTOR_DECODE_TREE_NODES_H
#define COLLECTOR_DECODE_TREE_NODES_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"

/* What has a name once the members so far were unpacked. */
struct tree_node {
	const char *path; /* without links */
	uint64_t hash;    /* of it */
	enum tree_node_kind {
		TREE_NODE_FOLDER,
		TREE_NODE_FILE,  /* whose bytes were read */
		TREE_NODE_OTHER, /* a file without the suffix, or no file */
		TREE_NODE_LINK,
	} kind;
	uint32_t bytes;     /* of a file */
	const char *target; /* of a link */
};

/* A zeroed struct is empty. */
struct tree_nodes {
	struct tree_node **items; /* [count], in the order in which they came; owned */
	size_t count, capacity;
	uint32_t *slots; /* [slot_count], by hash: 1 + place in items; 0: free; owned */
	size_t slot_count;
	struct cov_arena memory; /* of nodes and texts */
};

/** tree_nodes_find() - what has the name @path, or NULL. */
struct tree_node *tree_nodes_find(const struct tree_nodes *nodes, const char *path);

/** tree_nodes_put() - what has the name @path from now on: as yet a folder without anything. */
struct tree_node *tree_nodes_put(struct tree_nodes *nodes, const char *path);

/** tree_nodes_text() - a copy of a text that lasts as long as the nodes. */
const char *tree_nodes_text(struct tree_nodes *nodes, const char *text);

/** tree_nodes_sort() - all of them by path: [nodes->count]; free() the array. */
const struct tree_node **tree_nodes_sort(const struct tree_nodes *nodes);

/** tree_nodes_deinit() - free what @nodes owns; a zeroed struct is fine. */
void tree_nodes_deinit(struct tree_nodes *nodes);

#endif
