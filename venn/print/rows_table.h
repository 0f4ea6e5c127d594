/* rows_table.h - rows of results as a table to read. */
#ifndef VENN_PRINT_ROWS_TABLE_H
#define VENN_PRINT_ROWS_TABLE_H

#include "venn/print/rows_cells.h"

/** rows_table_cell() - a cell as a table shows it; free() it. */
char *rows_table_cell(const struct rows_cell *cell, enum rows_type type);

/**
 * rows_table_platforms() - where there is colour, one for each of these @count names, from now on:
 * of columns whose title begins or ends with one, and of words that do.
 */
void rows_table_platforms(const char *const *names, size_t count);

/**
 * rows_table_print() - write all rows to stdout; nothing if there are none.
 *
 * They fit cov_screen_columns() as far as rows_layout.h can; a line below says what was left out.
 */
void rows_table_print(const struct rows *rows);

#endif
