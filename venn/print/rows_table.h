/* rows_table.h - rows of results as a table to read. */
#ifndef VENN_PRINT_ROWS_TABLE_H
#define VENN_PRINT_ROWS_TABLE_H

#include "venn/print/rows_cells.h"

/** rows_table_cell() - a cell as a table shows it; free() it. */
char *rows_table_cell(const struct rows_cell *cell, enum rows_type type);

/** rows_table_print() - write all rows to stdout; nothing if there are none. */
void rows_table_print(const struct rows *rows);

#endif
