/* tree_nodes.c - what has a name while an archive is unpacked in memory, found by its path. */
#include "collector/decode/tree_nodes.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/text.h"

enum { SLOTS_MIN = 1024 };

/* The slot of a path, or the free one where it would be. */
static uint32_t *find_slot(const struct tree_nodes *nodes, const char *path, uint64_t hash)
{
	for (size_t slot = hash;; slot++) {
		uint32_t *place = &nodes->slots[slot & (nodes->slot_count - 1)];

		if (!*place || (nodes->items[*place - 1]->hash == hash &&
				strcmp(nodes->items[*place - 1]->path, path) == 0))
			return place;
	}
}

/* So that at most half of the slots are taken. */
static void make_room(struct tree_nodes *nodes)
{
	if (2 * nodes->count < nodes->slot_count)
		return;
	free(nodes->slots);
	nodes->slot_count = nodes->slot_count ? 2 * nodes->slot_count : SLOTS_MIN;
	nodes->slots = cov_xcalloc(nodes->slot_count, sizeof(*nodes->slots));
	for (size_t i = 0; i < nodes->count; i++)
		*find_slot(nodes, nodes->items[i]->path, nodes->items[i]->hash) = (uint32_t)i + 1;
}

struct tree_node *tree_nodes_find(const struct tree_nodes *nodes, const char *path)
{
	if (!nodes->count)
		return NULL;
	uint32_t place = *find_slot(nodes, path, cov_text_hash(path, strlen(path)));
	return place ? nodes->items[place - 1] : NULL;
}

struct tree_node *tree_nodes_put(struct tree_nodes *nodes, const char *path)
{
	uint64_t hash = cov_text_hash(path, strlen(path));

	make_room(nodes);
	uint32_t *slot = find_slot(nodes, path, hash);
	if (!*slot) {
		struct tree_node *node = cov_arena_alloc(&nodes->memory, 1, sizeof(*node));

		node->path = tree_nodes_text(nodes, path);
		node->hash = hash;
		nodes->items =
		    cov_grow(nodes->items, nodes->count, &nodes->capacity, sizeof(*nodes->items));
		nodes->items[nodes->count] = node;
		*slot = (uint32_t)++nodes->count;
	}
	struct tree_node *node = nodes->items[*slot - 1];
	node->target = NULL;
	node->kind = TREE_NODE_FOLDER;
	return node;
}

const char *tree_nodes_text(struct tree_nodes *nodes, const char *text)
{
	return cov_arena_text(&nodes->memory, text, strlen(text));
}

static int compare_nodes(const void *a, const void *b)
{
	const struct tree_node *const *first = a, *const *second = b;

	return strcmp((*first)->path, (*second)->path);
}

const struct tree_node **tree_nodes_sort(const struct tree_nodes *nodes)
{
	const struct tree_node **sorted = cov_xcalloc(nodes->count, sizeof(struct tree_node *));

	if (!nodes->count)
		return sorted;
	memcpy(sorted, nodes->items, nodes->count * sizeof(struct tree_node *));
	qsort(sorted, nodes->count, sizeof(struct tree_node *), compare_nodes);
	return sorted;
}

void tree_nodes_deinit(struct tree_nodes *nodes)
{
	free(nodes->items);
	free(nodes->slots);
	cov_arena_deinit(&nodes->memory);
	memset(nodes, 0, sizeof(*nodes));
}
