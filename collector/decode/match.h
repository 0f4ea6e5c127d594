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

/**
 * match_notes() - guess which file of a snapshot belongs to each file of notes, before these are
 * read: where the names of notes are the paths of objects, these are the files of match_objects().
 * @notes: opened for ".gcno"
 * @files: [notes->file_count], filled: index into snapshot->files, or MATCH_NONE
 */
void match_notes(const struct tree *notes, const struct tree *snapshot, uint32_t *files);

/**
 * match_beside() - the notes that files of a snapshot have if all of them have the same path below
 * some folder, without a listing of what else is there.
 * @notes: a directory
 * @ret:   filled on success, in the order of @snapshot; not all of them need be there; free with
 *         tree_deinit()
 *
 * Return: whether the first file has notes, and all others stand below the same folder.
 */
bool match_beside(const char *notes, const struct tree *snapshot, struct tree *ret);

#endif
