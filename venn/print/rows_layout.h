/* rows_layout.h - how the columns of a table get into so many columns of a terminal. */
#ifndef VENN_PRINT_ROWS_LAYOUT_H
#define VENN_PRINT_ROWS_LAYOUT_H

#include "collector/base/cleanup.h"
#include "venn/print/rows_cells.h"

struct rows_layout {
	size_t *widths;      /* [column_count]; 0 of a column that is left out; owned */
	size_t left_out;     /* columns */
	bool has_long_title; /* some title needs more than one line */
};

/**
 * rows_layout_make() - the widest layout of at most @width characters, or the narrowest there is.
 * @texts: [cell_count], what the cells show
 * @ret:   release with rows_layout_deinit()
 *
 * What is too wide first gets its titles in several lines, then its words, down to some 20
 * characters; then those columns leave of which rows.leave says when; then long words get down to
 * some 12; and the other columns leave last.
 */
void rows_layout_make(const struct rows *rows, char *const *texts, size_t width,
		      struct rows_layout *ret);
void rows_layout_deinit(struct rows_layout *layout);
COV_DEFINE_AUTO_STRUCT(struct rows_layout, rows_layout_deinit)

/**
 * rows_layout_wrap() - @text with newlines, so that no line is longer than @width where it can be
 * broken: after a space, a comma, a slash and the like, else anywhere. A newline that was in it is
 * shown as \n. free() it.
 */
char *rows_layout_wrap(const char *text, size_t width);

/** rows_layout_wrap_title() - the same of a title, which is broken after a space or a plus only. */
char *rows_layout_wrap_title(const char *title, size_t width);

#endif
