/* rows_cells.h - what rows of results are: columns, and cells row by row. */
#ifndef VENN_PRINT_ROWS_CELLS_H
#define VENN_PRINT_ROWS_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_t;

enum rows_type {
	ROWS_WORD,
	ROWS_SET,  /* names: a list in JSON, else joined */
	ROWS_BOOL, /* true or false */
	ROWS_COUNT,
	ROWS_NUMBER, /* a count without separators: of a line */
	ROWS_SECONDS,
	ROWS_SHARE,
	ROWS_FIGURE,
};

struct rows_column {
	const char *title; /* in the table */
	const char *key;   /* in JSON and CSV */
	enum rows_type type;
};

enum { ROWS_WHOLE = 1, ROWS_STAYS = 255 };

struct rows_cell {
	/* ROWS_WORD; of ROWS_SET its names, joined; else what a table shows instead of the value,
	 * or NULL; owned */
	char *word;
	struct json_t *names; /* ROWS_SET; owned */
	int64_t count;        /* ROWS_COUNT, ROWS_NUMBER; ROWS_BOOL: 0 or 1 */
	/* ROWS_SECONDS; ROWS_FIGURE; ROWS_SHARE from 0 to 1, shown in percent. NAN where there is
	 * none: "-" in the table, null, an empty field. */
	double number;
};

struct rows {
	const struct rows_column *columns; /* [column_count]; borrowed */
	size_t column_count;
	/* [column_count], or NULL; borrowed: when each leaves a table that is too wide: the highest
	 * first, all of a number together, before its words get into several lines; ROWS_STAYS:
	 * never; ROWS_WHOLE: never, and its words stay in one line while others can leave; 0, of
	 * what the command is about: after all those, and after long words did, by its place, the
	 * last first, but the first two stay. */
	const unsigned char *leave;
	struct rows_cell *cells; /* [cell_count], row by row; owned */
	size_t cell_count;
	size_t capacity;
	char **names; /* [name_count], see rows_name(); owned */
	size_t name_count;
	size_t name_capacity;
	/* What was asked, as a JSON object to which the rows are added; owned, or NULL */
	struct json_t *about;
	size_t there_are; /* rows with those that a limit kept away; 0: all are here */
	/* Why there is no row, said on stderr when none is printed; owned, or NULL */
	char *none;
};

/** rows_cells_is_word() - whether a column is of words, and not of numbers. */
static inline bool rows_cells_is_word(enum rows_type type)
{
	return type == ROWS_WORD || type == ROWS_SET || type == ROWS_BOOL;
}

#endif
