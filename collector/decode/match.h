/* match.h - which object each file of a snapshot is of. */
#ifndef COLLECTOR_DECODE_MATCH_H
#define COLLECTOR_DECODE_MATCH_H

#include <stdbool.h>
#include <stdint.h>

struct cov_kernel;
struct tree;

enum { MATCH_NONE = UINT32_MAX };

/**
 * match_objects() - find the objects by what the files are called.
 * @snapshot: opened for ".gcda"; a snapshot has the tree's files below some folder
 * @objects:  [snapshot->file_count], filled: index into kernel->objects, or MATCH_NONE; no object
 *            has two files
 *
 * Return: whether any file is of an object; @objects is not filled if none is.
 */
bool match_objects(const struct cov_kernel *kernel, const struct tree *snapshot, uint32_t *objects);

#endif
