/* rows.c - rows of results as a table to read, as JSON, or as CSV. */
#include "venn/print/rows.h"

#include <errno.h>
#include <inttypes.h>
#include <libsmartcols.h>
#include <math.h>
#include <string.h>

#include "collector/base/csv.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/text.h"

enum { FIGURE_MAX = 1000000000 }; /* what is larger is shown as a power of ten */

const char *rows_name(struct rows *rows, char *name)
{
	rows->names =
	    cov_grow(rows->names, rows->name_count, &rows->name_capacity, sizeof(*rows->names));
	rows->names[rows->name_count++] = name;
	return name;
}

static struct rows_cell *add_cell(struct rows *rows)
{
	rows->cells =
	    cov_grow(rows->cells, rows->cell_count, &rows->capacity, sizeof(*rows->cells));
	rows->cells[rows->cell_count] = (struct rows_cell){ 0 };
	return &rows->cells[rows->cell_count++];
}

void rows_word(struct rows *rows, const char *word)
{
	add_cell(rows)->word = cov_xstrdup(word ? word : "");
}

void rows_count(struct rows *rows, int64_t count)
{
	add_cell(rows)->count = count;
}

void rows_number(struct rows *rows, double number)
{
	add_cell(rows)->number = number;
}

void rows_missing(struct rows *rows)
{
	add_cell(rows)->number = NAN;
}

void rows_shown_as(struct rows *rows, const char *text)
{
	rows->cells[rows->cell_count - 1].word = cov_xstrdup(text);
}

static char *cell_text(const struct rows_cell *cell, enum rows_type type)
{
	if (cell->word)
		return cov_xstrdup(cell->word);
	if (isnan(cell->number))
		return cov_xstrdup("-");
	switch (type) {
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
		break;
	}
	return cov_xstrdup("");
}

char *rows_shown(const struct rows *rows)
{
	size_t last = rows->cell_count - 1;

	return cell_text(&rows->cells[last], rows->columns[last % rows->column_count].type);
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
static void print_table(const struct rows *rows)
{
	struct libscols_table *table = checked(scols_new_table());

	for (size_t i = 0; i < rows->column_count; i++)
		checked(scols_table_new_column(
		    table, rows->columns[i].title, 0,
		    rows->columns[i].type == ROWS_WORD ? 0 : SCOLS_FL_RIGHT));
	for (size_t i = 0; i < rows->cell_count; i += rows->column_count) {
		struct libscols_line *line = checked(scols_table_new_line(table, NULL));

		for (size_t j = 0; j < rows->column_count; j++)
			check(scols_line_refer_data(
			    line, j, cell_text(&rows->cells[i + j], rows->columns[j].type)));
	}
	/* A pipe gets the whole width, not what a terminal would have. */
	check(scols_table_enable_nowrap(table, 1));
	if (rows->cell_count)
		print_whole(table);
	scols_unref_table(table);
}

static bool is_integer(enum rows_type type)
{
	return type == ROWS_COUNT || type == ROWS_NUMBER;
}

static json_t *cell_json(const struct rows_cell *cell, enum rows_type type)
{
	if (type == ROWS_WORD)
		return *cell->word ? cov_json_name(cell->word) : json_null();
	if (isnan(cell->number))
		return json_null();
	return is_integer(type) ? cov_json_integer(cell->count) : cov_json_real(cell->number);
}

struct json_t *rows_to_json(const struct rows *rows)
{
	json_t *list = cov_json_array();

	for (size_t i = 0; i < rows->cell_count; i += rows->column_count) {
		json_t *row = cov_json_object();

		for (size_t j = 0; j < rows->column_count; j++)
			cov_json_set(row, rows->columns[j].key,
				     cell_json(&rows->cells[i + j], rows->columns[j].type));
		cov_json_append(list, row);
	}
	return list;
}

static void print_json(const struct rows *rows)
{
	json_t *list = rows_to_json(rows);

	cov_json_print(list, JSON_INDENT(1), stdout);
	putchar('\n');
	json_decref(list);
}

static void write_csv(const struct rows *rows, bool is_safe, FILE *out)
{
	for (size_t i = 0; i < rows->column_count; i++) {
		if (i)
			putc(',', out);
		cov_csv_write(rows->columns[i].key, is_safe, out);
	}
	putc('\n', out);
	for (size_t i = 0; i < rows->cell_count; i++) {
		const struct rows_cell *cell = &rows->cells[i];
		size_t column = i % rows->column_count;

		if (column)
			putc(',', out);
		if (rows->columns[column].type == ROWS_WORD)
			cov_csv_write(cell->word, is_safe, out);
		else if (isnan(cell->number))
			;
		else if (is_integer(rows->columns[column].type))
			fprintf(out, "%" PRId64, cell->count);
		else
			fprintf(out, "%.9g", cell->number);
		if (column == rows->column_count - 1)
			putc('\n', out);
	}
}

char *rows_csv(const struct rows *rows)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = checked(open_memstream(&text, &size));

	write_csv(rows, false, out);
	/* The C library says nothing of the memory that it lacks when it closes. */
	if (fclose(out) != 0 || !text)
		cov_out_of_memory();
	return text;
}

void rows_print(const struct rows *rows, enum rows_format format)
{
	if (format == ROWS_JSON)
		print_json(rows);
	else if (format == ROWS_CSV || format == ROWS_CSV_SAFE)
		write_csv(rows, format == ROWS_CSV_SAFE, stdout);
	else
		print_table(rows);
}

void rows_deinit(struct rows *rows)
{
	for (size_t i = 0; i < rows->cell_count; i++)
		free(rows->cells[i].word);
	for (size_t i = 0; i < rows->name_count; i++)
		free(rows->names[i]);
	free(rows->names);
	free(rows->cells);
	memset(rows, 0, sizeof(*rows));
}
