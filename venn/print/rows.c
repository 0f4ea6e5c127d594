/* rows.c - rows of results as a table to read, or in a format that programs read. */
#include "venn/print/rows.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "collector/base/csv.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
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

void rows_bool(struct rows *rows, bool is_true)
{
	add_cell(rows)->count = is_true;
}

void rows_set(struct rows *rows, const char *joined, struct json_t *names)
{
	struct rows_cell *cell = add_cell(rows);

	cell->word = cov_xstrdup(joined);
	cell->names = names;
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
	if (type == ROWS_SET)
		return json_incref(cell->names);
	if (isnan(cell->number))
		return json_null();
	if (type == ROWS_BOOL)
		return json_boolean(cell->count);
	return is_integer(type) ? cov_json_integer(cell->count) : cov_json_real(cell->number);
}

/* The row whose first cell is @first. */
static json_t *row_json(const struct rows *rows, size_t first)
{
	json_t *row = cov_json_object();

	for (size_t i = 0; i < rows->column_count; i++)
		cov_json_set(row, rows->columns[i].key,
			     cell_json(&rows->cells[first + i], rows->columns[i].type));
	return row;
}

struct json_t *rows_to_json(const struct rows *rows)
{
	json_t *list = cov_json_array();

	for (size_t i = 0; i < rows->cell_count; i += rows->column_count)
		cov_json_append(list, row_json(rows, i));
	return list;
}

void rows_print_object(struct json_t *object)
{
	cov_json_print(object, JSON_INDENT(1), stdout);
	putchar('\n');
	json_decref(object);
}

static void print_json(const struct rows *rows)
{
	json_t *object = rows->about ? json_incref(rows->about) : cov_json_object();
	size_t count = rows->cell_count / rows->column_count;

	cov_json_set(object, "count",
		     cov_json_integer((int64_t)(rows->there_are ? rows->there_are : count)));
	cov_json_set(object, "rows", rows_to_json(rows));
	rows_print_object(object);
}

static void print_ndjson(const struct rows *rows)
{
	for (size_t i = 0; i < rows->cell_count; i += rows->column_count) {
		COV_AUTO(json_decref) json_t *row = row_json(rows, i);

		cov_json_print(row, JSON_COMPACT, stdout);
		putchar('\n');
	}
}

/* How a format separates cells, and writes a word in one. */
struct cells {
	char separator;
	bool is_csv;
	bool is_safe;
};

static void write_word(const struct cells *cells, const char *word, FILE *out)
{
	static const char escaped[] = "\t\n\r\\", letters[] = "tnr\\";

	if (cells->is_csv) {
		cov_csv_write(word, cells->is_safe, out);
		return;
	}
	for (; *word; word++) {
		const char *place = strchr(escaped, *word);

		if (place)
			putc('\\', out);
		putc(place ? letters[place - escaped] : *word, out);
	}
}

static void write_value(const struct rows_cell *cell, enum rows_type type, FILE *out)
{
	if (isnan(cell->number))
		return;
	if (type == ROWS_BOOL)
		fputs(cell->count ? "true" : "false", out);
	else if (is_integer(type))
		fprintf(out, "%" PRId64, cell->count);
	else
		fprintf(out, "%.9g", cell->number);
}

/* A header and the rows, a line each. */
static void write_cells(const struct rows *rows, const struct cells *cells, FILE *out)
{
	for (size_t i = 0; i < rows->column_count; i++) {
		if (i)
			putc(cells->separator, out);
		write_word(cells, rows->columns[i].key, out);
	}
	putc('\n', out);
	for (size_t i = 0; i < rows->cell_count; i++) {
		size_t column = i % rows->column_count;
		enum rows_type type = rows->columns[column].type;

		if (column)
			putc(cells->separator, out);
		if (type == ROWS_WORD || type == ROWS_SET)
			write_word(cells, rows->cells[i].word, out);
		else
			write_value(&rows->cells[i], type, out);
		if (column == rows->column_count - 1)
			putc('\n', out);
	}
}

/* What would end the cell, or be read as HTML or as a mark, is escaped; so is _, but in a word. */
static void print_markdown_cell(const char *text)
{
	putchar(' ');
	for (const char *place = text; *place; place++) {
		bool is_in_word = place > text && isalnum((unsigned char)place[-1]) &&
				  isalnum((unsigned char)place[1]);

		if (strchr("|\\`*~<[&", *place) || (*place == '_' && !is_in_word))
			putchar('\\');
		putchar(iscntrl((unsigned char)*place) ? ' ' : *place);
	}
	fputs(" |", stdout);
}

static void print_markdown(const struct rows *rows)
{
	putchar('|');
	for (size_t i = 0; i < rows->column_count; i++) {
		const struct rows_column *column = &rows->columns[i];

		print_markdown_cell(column->title && *column->title ? column->title : column->key);
	}
	fputs("\n|", stdout);
	for (size_t i = 0; i < rows->column_count; i++)
		fputs(rows_cells_is_word(rows->columns[i].type) ? " --- |" : " ---: |", stdout);
	putchar('\n');
	for (size_t i = 0; i < rows->cell_count; i++) {
		size_t column = i % rows->column_count;
		COV_AUTO(free)
		char *text = rows_table_cell(&rows->cells[i], rows->columns[column].type);

		if (!column)
			putchar('|');
		print_markdown_cell(text);
		if (column == rows->column_count - 1)
			putchar('\n');
	}
}

static ssize_t take_bytes(void *context, const char *bytes, size_t size)
{
	cov_text_add(context, bytes, size);
	return (ssize_t)size;
}

char *rows_csv(const struct rows *rows)
{
	/* A stream of open_memstream() loses what it has no memory for, and says so to nobody. */
	struct cov_text text = { 0 };
	FILE *out = fopencookie(&text, "w", (cookie_io_functions_t){ .write = take_bytes });

	if (!out)
		cov_out_of_memory();
	write_cells(rows, &(struct cells){ ',', true, false }, out);
	if (fclose(out) != 0)
		cov_out_of_memory();
	return text.data;
}

void rows_print(const struct rows *rows, enum rows_format format)
{
	static const struct cells csv = { ',', true, false }, safe_csv = { ',', true, true },
				  tsv = { '\t', false, false };

	if (!rows->cell_count && rows->none)
		cov_say("%s", rows->none);
	switch (format) {
	case ROWS_TEXT:
		rows_table_print(rows);
		break;
	case ROWS_JSON:
		print_json(rows);
		break;
	case ROWS_NDJSON:
		print_ndjson(rows);
		break;
	case ROWS_MARKDOWN:
		print_markdown(rows);
		break;
	case ROWS_CSV:
		write_cells(rows, &csv, stdout);
		break;
	case ROWS_CSV_SAFE:
		write_cells(rows, &safe_csv, stdout);
		break;
	case ROWS_TSV:
		write_cells(rows, &tsv, stdout);
		break;
	}
}

void rows_deinit(struct rows *rows)
{
	for (size_t i = 0; i < rows->cell_count; i++) {
		free(rows->cells[i].word);
		json_decref(rows->cells[i].names);
	}
	for (size_t i = 0; i < rows->name_count; i++)
		free(rows->names[i]);
	json_decref(rows->about);
	free(rows->none);
	free(rows->names);
	free(rows->cells);
	memset(rows, 0, sizeof(*rows));
}
