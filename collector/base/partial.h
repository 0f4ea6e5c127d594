/*
 * partial.h - a file that appears under its name when all of it is on the disk, or not at all.
 *
 * Until then it has no name where the file system can do that (O_TMPFILE), so that a killed program
 * leaves nothing behind; elsewhere, and for a moment at the end, an unpredictable one that ends
 * with ".partial", in the same folder.
 */
#ifndef COLLECTOR_BASE_PARTIAL_H
#define COLLECTOR_BASE_PARTIAL_H

#include <stdbool.h>

#include "collector/base/cleanup.h"

struct cov_error;

enum { COV_PARTIAL_NAME_BYTES = 64 };

/* A zeroed struct is none. */
struct cov_partial {
	bool is_open;
	int file;                          /* a descriptor to write to */
	int folder;                        /* that it is in */
	char *path;                        /* that it is to have; owned */
	char name[COV_PARTIAL_NAME_BYTES]; /* that it has until then, or "" */
};

/**
 * cov_partial_open() - begin a file that is to take the place of @path.
 * @path: a link is replaced, not followed
 * @ret:  write to its descriptor; release with cov_partial_discard()
 * @err:  names @path
 *
 * A file that is there hands over its permissions and, as far as the user may, its owner; else the
 * umask decides.
 *
 * Return: 0; COV_ERR_SYSTEM.
 */
int cov_partial_open(const char *path, struct cov_partial *ret, struct cov_error *err);

/**
 * cov_partial_commit() - give the file its name, after its bytes are on the disk; then the folder.
 * @err: names the path
 *
 * Return: 0; COV_ERR_SYSTEM: what was there before is as it was, unless the folder alone could not
 *         be written to the disk.
 */
int cov_partial_commit(struct cov_partial *partial, struct cov_error *err);

/**
 * cov_partial_place() - the same without waiting for the disk, for who has the whole file system
 * written afterwards.
 */
int cov_partial_place(struct cov_partial *partial, struct cov_error *err);

/** cov_partial_is_name() - whether a killed program may have left a file of this name. */
bool cov_partial_is_name(const char *name);

/** cov_partial_discard() - leave what was there before; nothing after cov_partial_commit(). */
void cov_partial_discard(struct cov_partial *partial);

COV_DEFINE_AUTO_STRUCT(struct cov_partial, cov_partial_discard)

#endif
