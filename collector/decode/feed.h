/*
 * feed.h - the files of an archive, handed to all threads while it is unpacked; nothing is kept.
 *
 * That is for archives whose members are what unpacking them leaves, which those of a folder are.
 * Where links or members with the same name decide what its files are, only a tree tells: tree.h.
 */
#ifndef COLLECTOR_DECODE_FEED_H
#define COLLECTOR_DECODE_FEED_H

#include <stdbool.h>
#include <stddef.h>

struct cov_error;

enum { FEED_NOT_PLAIN = 1 };

struct feed_file {
	const char *name; /* as in a tree */
	const char *data; /* [size], then NUL */
	size_t size;
};

/* Who wants what. */
struct feed {
	bool (*is_wanted)(const char *name);
	/* Called by several threads at once, in any order; @thread < cov_thread_count() */
	void (*take)(void *context, const struct feed_file *file, size_t thread);
	void *context;
};

/**
 * feed_archive() - read it once, from begin to end.
 *
 * Return: 0; FEED_NOT_PLAIN or an error, when what was taken so far is to be forgotten:
 *         COV_ERR_SYSTEM, COV_ERR_FORMAT.
 */
int feed_archive(const char *path, const struct feed *feed, struct cov_error *err);

#endif
