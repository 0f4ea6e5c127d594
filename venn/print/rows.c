/* rows.c - rows of results as a table to read, as JSON, or as CSV. */
#include "venn/print/rows.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "collector/base/csv.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "venn/print/rows_table.h"

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

char *rows_shown(const struct rows *rows)
{
	size_t last = rows->cell_count - 1;

	return rows_table_cell(&rows->cells[last], rows->columns[last % rows->column_count].type);
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
	FILE *out = open_memstream(&text, &size);

	if (!out)
		cov_out_of_memory();
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
		rows_table_print(rows);
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
