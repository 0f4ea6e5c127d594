/*
 * notes_state.h - how folders and files of notes were when they were read, to know whether they
 * are so still.
 *
 * The time of a folder tells whether a file was added to it or taken out, so that nothing needs to
 * be listed again. The program is one of the files: another one may compile notes otherwise.
 */
#ifndef COLLECTOR_DECODE_NOTES_STATE_H
#define COLLECTOR_DECODE_NOTES_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_narrow;
struct cov_text;
struct tree;

enum { NOTES_STATE_NUMBERS = 5 };

struct notes_item {
	const char *name; /* relative to the folder of notes, or absolute; not owned */
	uint64_t numbers[NOTES_STATE_NUMBERS]; /* device, inode, size, times of content and inode */
};

struct notes_state {
	const char *root;         /* absolute, without links; not owned */
	struct notes_item *items; /* [item_count]; owned */
	size_t item_count;
};

/** notes_state_deinit() - free what @state owns; a zeroed struct is fine. */
void notes_state_deinit(struct notes_state *state);

COV_DEFINE_AUTO_STRUCT(struct notes_state, notes_state_deinit)

/**
 * notes_state_take() - look at all that @tree lists, before it is read.
 * @root: of @tree; it and the names in @tree are not copied
 * @ret:  free with notes_state_deinit()
 *
 * Return: whether a change from now on will show: not if something was changed within the last
 * seconds, since times are of a clock that ticks slowly.
 */
bool notes_state_take(const char *root, const struct tree *tree, struct notes_state *ret);

/** notes_state_is_current() - whether everything is still as it was. */
bool notes_state_is_current(const struct notes_state *state);

/** notes_state_write() - append @state to @out. */
void notes_state_write(const struct notes_state *state, struct cov_text *out);

/**
 * notes_state_read() - what notes_state_write() has written.
 * @ret: its texts are those of @from; free with notes_state_deinit()
 *
 * Return: whether that is what @from has.
 */
bool notes_state_read(struct cov_narrow *from, struct notes_state *ret);

#endif
