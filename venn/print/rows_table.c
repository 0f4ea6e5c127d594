/* rows_table.c - rows of results as a table to read. */
#include "venn/print/rows_table.h"

#include <errno.h>
#include <inttypes.h>
#include <libsmartcols.h>
#include <math.h>

#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/text.h"

enum { FIGURE_MAX = 1000000000 }; /* what is larger is shown as a power of ten */

char *rows_table_cell(const struct rows_cell *cell, enum rows_type type)
{
	if (cell->word)
		return cov_xstrdup(cell->word);
	if (isnan(cell->number))
		return cov_xstrdup("-");
	switch (type) {
	case ROWS_BOOL:
		return cov_xstrdup(cell->count ? "yes" : "no");
	case ROWS_COUNT:
		return cov_number_grouped(cell->count);
	case ROWS_NUMBER:
		return cov_format("%" PRId64, cell->count);
	case ROWS_SECONDS:
		return cov_format("%.3f", cell->number);
	case ROWS_SHARE:
		return cov_format("%.2f %%", 100 * cell->number);
	case ROWS_FIGURE:
		if (cell->number >= 1000 && cell->number < (double)FIGURE_MAX)
			return cov_number_grouped((int64_t)(cell->number + 0.5));
		return cov_format("%.4g", cell->number);
	case ROWS_WORD:
	case ROWS_SET:
		break;
	}
	return cov_xstrdup("");
}

/* The library has only one reason to fail. */
static void *checked(void *made)
{
	if (!made)
		cov_out_of_memory();
	return made;
}

static void check(int result)
{
	if (result < 0)
		cov_out_of_memory();
}

/* A cell for which there is no memory is printed as blanks, which errno alone tells. */
static void print_whole(struct libscols_table *table)
{
	errno = 0;
	check(scols_print_table(table));
	if (errno == ENOMEM)
		cov_out_of_memory();
}

/* The library shows what is not ASCII, or no character, as \x1b. */
void rows_table_print(const struct rows *rows)
{
	struct libscols_table *table = checked(scols_new_table());

	for (size_t i = 0; i < rows->column_count; i++)
		checked(scols_table_new_column(
		    table, rows->columns[i].title, 0,
		    rows_cells_is_word(rows->columns[i].type) ? 0 : SCOLS_FL_RIGHT));
	for (size_t i = 0; i < rows->cell_count; i += rows->column_count) {
		struct libscols_line *line = checked(scols_table_new_line(table, NULL));

		for (size_t j = 0; j < rows->column_count; j++)
			check(scols_line_refer_data(
			    line, j, rows_table_cell(&rows->cells[i + j], rows->columns[j].type)));
	}
	/* A pipe gets the whole width, not what a terminal would have. */
	check(scols_table_enable_nowrap(table, 1));
	if (rows->cell_count)
		print_whole(table);
	scols_unref_table(table);
}
