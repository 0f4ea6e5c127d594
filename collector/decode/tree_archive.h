/*
 * tree_archive.h - the files of one kind in an archive, as unpacking it would leave them, for
 * tree.c.
 *
 * Members are taken in their order, as tar(1) takes them: a later one of a name replaces the
 * former, a hard link shares what its target is at that moment, a symbolic link is followed in the
 * end. What unpacking would leave and is not among the files is one of the gaps.
 */
#ifndef COLLECTOR_DECODE_TREE_ARCHIVE_H
#define COLLECTOR_DECODE_TREE_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "collector/decode/members.h"
#include "collector/decode/tree_directory.h"

struct cov_error;

struct tree_archive_file {
	char *name;     /* relative, without '.' and '..'; owned */
	uint32_t bytes; /* index into .bytes; several files may share them */
};

/* The bytes of one. */
struct tree_archive_bytes {
	const void *data; /* in .memory of the archive */
	size_t size;
	bool is_sparse; /* packed as in sparse.h */
};

struct tree_archive {
	struct tree_archive_bytes *bytes; /* [bytes_count]; the list is owned */
	struct cov_arena memory;
	size_t bytes_count, bytes_capacity;
	struct tree_archive_file *files; /* [file_count], in no order; owned */
	size_t file_count, file_capacity;
	struct tree_gap *gaps; /* [gap_count]; owned */
	size_t gap_count, gap_capacity;
};

/**
 * tree_archive_read() - read an archive to its end.
 * @suffix: of the files that are wanted
 * @ret:    filled on success; free with tree_archive_deinit()
 *
 * Return: 0; otherwise as members_next() and members_read().
 */
int tree_archive_read(struct members *members, const char *suffix, struct tree_archive *ret,
		      struct cov_error *err);

/** tree_archive_deinit() - free what @archive owns; a zeroed struct is fine. */
void tree_archive_deinit(struct tree_archive *archive);

COV_DEFINE_AUTO_STRUCT(struct tree_archive, tree_archive_deinit)

#endif
