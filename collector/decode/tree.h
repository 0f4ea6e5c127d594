/*
 * tree.h - the files of one kind in a directory or in an archive, read one by one.
 *
 * Archives are read by libarchive: tar, plain or compressed by gzip, xz or zstd.
 */
#ifndef COLLECTOR_DECODE_TREE_H
#define COLLECTOR_DECODE_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/decode/tree_archive.h"
#include "collector/decode/tree_directory.h"

struct cov_error;

struct tree_file {
	char *name;       /* relative, without './' or '/' at the beginning; owned */
	const void *data; /* [size], of a file in an archive, else NULL */
	size_t size;
	bool is_sparse; /* the data are packed as in sparse.h */
};

struct tree {
	char *path; /* as it was given; owned */
	bool is_archive;
	bool is_beside; /* of match_beside(): its files are those of a snapshot, in order */
	struct tree_file *files; /* [file_count], sorted by name; owned */
	size_t file_count;
	char *
	    *folders; /* [folder_count], of a directory: all that were listed, in no order; owned */
	size_t folder_count;
	struct tree_gap *gaps; /* [gap_count]; owned */
	size_t gap_count;
	struct tree_archive archive; /* what the files' data are in; owned */
};

/**
 * tree_open() - list the files below @path whose name ends with @suffix.
 * @path: a directory, or an archive, which is read as a whole
 * @out:  filled on success; free with tree_deinit()
 *
 * Return: 0, also when some of it could not be read or is left out (@out->gaps); COV_ERR_SYSTEM if
 * @path cannot be read; COV_ERR_FORMAT if it is not an archive or a damaged one, or if it holds no
 * such file.
 */
int tree_open(const char *path, const char *suffix, struct tree *out, struct cov_error *err);

/** tree_open_member() - the same of an archive that is the member of another. @path: what messages
 * call it */
int tree_open_member(const char *path, struct members *outer, const char *suffix, struct tree *out,
		     struct cov_error *err);

/** tree_drop() - forget the files, their bytes and their names; nothing but the path stays. */
void tree_drop(struct tree *tree);

/** tree_deinit() - free what @tree owns; a zeroed struct is fine. */
void tree_deinit(struct tree *tree);

COV_DEFINE_AUTO_STRUCT(struct tree, tree_deinit)

/* The bytes of one file; a zeroed struct serves for file after file. */
struct tree_content {
	const void *data; /* [size], in memory or in the tree */
	size_t size;
	char *memory; /* [capacity]; owned */
	size_t capacity;
	struct cov_text path;
};

/**
 * tree_read() - the bytes of file @index.
 * @content: what it held before is gone; free with tree_content_deinit() before the tree
 *
 * May be called from several threads, each with its own @content. Return: 0; COV_ERR_SYSTEM.
 */
int tree_read(const struct tree *tree, size_t index, struct tree_content *content,
	      struct cov_error *err);

/** tree_content_deinit() - free what @content owns; a zeroed struct is fine. */
void tree_content_deinit(struct tree_content *content);

COV_DEFINE_AUTO_STRUCT(struct tree_content, tree_content_deinit)

#endif
