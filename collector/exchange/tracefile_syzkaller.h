/* tracefile_syzkaller.h - reader of the coverage that syzkaller serves and syz-cover exports. */
#ifndef COLLECTOR_EXCHANGE_TRACEFILE_SYZKALLER_H
#define COLLECTOR_EXCHANGE_TRACEFILE_SYZKALLER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct cov_error;
struct cov_tracefile;

/** tracefile_syzkaller_is() - whether a document is one of syzkaller's, by what it is made of. */
bool tracefile_syzkaller_is(json_t *root);

/**
 * tracefile_syzkaller_read() - add the lines and functions of a document.
 * @root: a line of /cover?jsonl=1 or of its coverage by program, or all of 'syz-cover --exports
 *        json'; its names are as cov_utf8_add_json() makes them
 * @name: for messages
 * @line: where the document begins, for messages
 *
 * Which lines ran is known, not how often: @tracefile then has no counts. tracefile_settle() is
 * left to the caller.
 *
 * Return: 0; COV_ERR_FORMAT, in which case part of it may have been added.
 */
int tracefile_syzkaller_read(json_t *root, const char *name, size_t line,
			     struct cov_tracefile *tracefile, struct cov_error *err);

/**
 * tracefile_syzkaller_read_frames() - add the lines of syz-cover's rawcoverfiles.
 * @text: [@size], with its header
 * @err:  names file and line
 *
 * Return: as tracefile_syzkaller_read().
 */
int tracefile_syzkaller_read_frames(const char *text, size_t size, const char *name,
				    struct cov_tracefile *tracefile, struct cov_error *err);

#endif
