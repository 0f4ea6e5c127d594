/*
 * members.h - the members of an archive one by one, read with bounds on what it may expand to.
 *
 * Archives are read by libarchive: tar, plain or compressed by gzip, xz or zstd.
 */
#ifndef COLLECTOR_DECODE_MEMBERS_H
#define COLLECTOR_DECODE_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/text.h"

struct archive;
struct archive_entry;
struct cov_error;

/* An archive being read. */
struct members {
	const char *path;            /* what messages call it; borrowed */
	struct archive *archive;     /* owned */
	struct archive_entry *entry; /* the member that members_next() came to */
	int fd;                      /* what it is read from, or -1; owned */
	struct cov_text last;        /* name of the member before, for messages; owned */
	struct members *outer;       /* whose member it is, or NULL; borrowed */
	void *piece;                 /* what was read last of a member of another; owned */
	int64_t content_bytes;       /* read so far; holes of sparse files count as content */
};

/* The bytes of one. */
struct member_bytes {
	void *data; /* [size]; owned */
	size_t size;
};

/**
 * members_open() - begin to read the archive at @path.
 * @path: borrowed
 * @ret:  filled on success; free with members_deinit()
 *
 * Return: 0; COV_ERR_SYSTEM if it cannot be read; COV_ERR_FORMAT if it is no archive.
 */
int members_open(const char *path, struct members *ret, struct cov_error *err);

/**
 * members_open_member() - begin to read the archive that is the member of another.
 * @outer: goes on to its next member only when @ret is needed no more
 * @path:  what messages call it; borrowed
 */
int members_open_member(struct members *outer, const char *path, struct members *ret,
			struct cov_error *err);

/** members_deinit() - free what @members owns; a zeroed struct is fine. */
void members_deinit(struct members *members);

COV_DEFINE_AUTO_STRUCT(struct members, members_deinit)

/**
 * members_next() - go to the next member; its bytes are to be read or skipped before the next.
 *
 * Return: 1; 0 at the end; COV_ERR_SYSTEM; COV_ERR_FORMAT if the archive is damaged or expands
 * beyond all measure.
 */
int members_next(struct members *members, struct cov_error *err);

/** members_name() - of the member, in the locale's form or its own; NULL if it has none. */
const char *members_name(const struct members *members);

/** members_is_file() - whether it is a regular file, with bytes of its own. */
bool members_is_file(const struct members *members);

/** members_is_folder() - whether it is one. */
bool members_is_folder(const struct members *members);

/** members_bytes() - how long it says it is; 0 if it does not. */
int64_t members_bytes(const struct members *members);

/**
 * members_read() - the bytes of the member.
 * @name: for messages
 * @ret:  empty; what was read before a failure is in it: free its data
 *
 * Return: 0; otherwise as members_next().
 */
int members_read(struct members *members, const char *name, struct member_bytes *ret,
		 struct cov_error *err);

/**
 * members_reread() - the same, in memory that is used again.
 * @ret:      of an earlier call, or zeroed; its data is replaced, with a NUL behind it
 * @capacity: of its data; 0 at first
 */
int members_reread(struct members *members, const char *name, struct member_bytes *ret,
		   size_t *capacity, struct cov_error *err);

/** members_skip() - pass over them. Return: as members_read(). */
int members_skip(struct members *members, const char *name, struct cov_error *err);

#endif
