/* rows_cells.h - what rows of results are: columns, and cells row by row. */
#ifndef VENN_PRINT_ROWS_CELLS_H
#define VENN_PRINT_ROWS_CELLS_H

#include <stddef.h>
#include <stdint.h>

enum rows_type {
	ROWS_WORD,
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

struct rows_cell {
	char *word; /* ROWS_WORD; else what a table shows instead of the number, or NULL; owned */
	int64_t count; /* ROWS_COUNT, ROWS_NUMBER */
	/* ROWS_SECONDS; ROWS_FIGURE; ROWS_SHARE from 0 to 1, shown in percent. NAN where there is
	 * none: "-" in the table, null, an empty field. */
	double number;
};

struct rows {
	const struct rows_column *columns; /* [column_count]; borrowed */
	size_t column_count;
	struct rows_cell *cells; /* [cell_count], row by row; owned */
	size_t cell_count;
	size_t capacity;
	char **names; /* [name_count], kept by rows_name(); owned */
	size_t name_count;
	size_t name_capacity;
};

#endif
