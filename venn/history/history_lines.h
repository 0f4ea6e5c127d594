/* history_lines.h - which line of one version of a text is which of another, as git diff has it. */
#ifndef VENN_HISTORY_HISTORY_LINES_H
#define VENN_HISTORY_HISTORY_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_error;

/* One of two versions of a text. Lines count from 1; a last one without a line end counts, too. */
struct history_side {
	uint32_t *others; /* [line_count + 1], the line of the other version; 0: none; owned */
	/* [line_count + 1], whether a line without another stands where the other version has
	 * something else instead, not nothing; owned */
	bool *is_replaced;
	size_t line_count;
};

struct history_lines {
	struct history_side old, new;
};

struct history_text {
	const char *bytes; /* [size]; borrowed */
	size_t size;
};

void history_lines_deinit(struct history_lines *lines);
COV_DEFINE_AUTO_STRUCT(struct history_lines, history_lines_deinit)

/**
 * history_lines_match() - join two versions of a text line by line; by any thread.
 * @ret: free with history_lines_deinit()
 *
 * Lines that are joined have the same text, and are in the same order in both. Those that git diff
 * leaves unchanged are.
 *
 * Return: 0; COV_ERR_FORMAT if libgit2 refuses, as it does texts above 1 GiB.
 */
int history_lines_match(struct history_text old, struct history_text new, struct history_lines *ret,
			struct cov_error *err);

/** history_lines_count() - lines of a text. */
size_t history_lines_count(struct history_text text);

#endif
