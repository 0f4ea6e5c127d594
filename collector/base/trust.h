/*
 * trust.h - whether only root and this user can change what a path leads to.
 *
 * Whoever may write to a folder on the way decides what is at its end: each folder and link from /
 * on has to be root's or this user's, and no folder writable for others. One that is sticky, like
 * /tmp, may lie on the way: what is in there can be replaced by its owner only.
 */
#ifndef COLLECTOR_BASE_TRUST_H
#define COLLECTOR_BASE_TRUST_H

struct cov_error;

/** cov_trust_folder() - a folder in which nobody else can make anything. @path: absolute. */
int cov_trust_folder(const char *path, struct cov_error *err);

/**
 * cov_trust_place() - a folder in which what this user makes stays as it was made: as
 * cov_trust_folder(), or sticky.
 * @ret: its path, without links; free() it
 */
int cov_trust_place(const char *path, char **ret, struct cov_error *err);

/** cov_trust_file() - a file whose bytes nobody else decides. @path: absolute. */
int cov_trust_file(const char *path, struct cov_error *err);

/**
 * cov_trust_output() - a folder that root's results may go to, or that is not there yet.
 * @path: need not be absolute
 *
 * As cov_trust_folder(), but what is on the way may be of the user who called sudo, too: who may
 * say what root runs need not be kept from it. Other users than root write wherever they can.
 */
int cov_trust_output(const char *path, struct cov_error *err);

/** cov_trust_make() - mkdir -p of a folder that cov_trust_output() takes, looked at on the way. */
int cov_trust_make(const char *path, struct cov_error *err);

/*
 * All of them return 0, or COV_ERR_SYSTEM with a message such as "/srv/bin belongs to user 1000",
 * also when there is nothing at the path.
 */

#endif
