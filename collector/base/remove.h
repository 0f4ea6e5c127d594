/* remove.h - remove what is in a folder, whoever made it and however deep it is. */
#ifndef COLLECTOR_BASE_REMOVE_H
#define COLLECTOR_BASE_REMOVE_H

struct cov_error;

/**
 * cov_remove_below() - empty a folder.
 * @folder: its descriptor
 * @path:   of it, for messages
 *
 * No link is followed, no other file system entered, and no name looked up but in @folder and what
 * is directly below it: what is deeper is moved up first, so that depth costs neither descriptors
 * nor a path that is too long.
 *
 * Return: 0; COV_ERR_SYSTEM if something cannot be removed.
 */
int cov_remove_below(int folder, const char *path, struct cov_error *err);

#endif
