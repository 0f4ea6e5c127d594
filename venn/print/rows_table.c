/* rows_table.c - rows of results as a table to read. */
#include "venn/print/rows_table.h"

#include <errno.h>
#include <inttypes.h>
#include <libsmartcols.h>
#include <math.h>

#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/screen.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "venn/print/rows_layout.h"

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

/* Colours by the order of platforms, which terminals show on black and on white. */
static const char *const colors[] = { "cyan", "brown", "green", "magenta", "blue", "red" };

static struct {
	char **names; /* [count]; owned */
	size_t count;
} platforms;

void rows_table_platforms(const char *const *names, size_t count)
{
	for (size_t i = 0; i < platforms.count; i++)
		free(platforms.names[i]);
	free(platforms.names);
	platforms.names = cov_xcalloc(count, sizeof(*platforms.names));
	platforms.count = count;
	for (size_t i = 0; i < count; i++)
		platforms.names[i] = cov_xstrdup(names[i]);
}

/* The colour of a title or word that is a platform's name, or that and more: "host/s". */
static const char *color_of(const char *text)
{
	for (size_t i = 0; i < platforms.count; i++) {
		size_t length = strlen(platforms.names[i]), whole = strlen(text);
		const char *end = whole >= length ? text + whole - length : "";

		if ((strncmp(text, platforms.names[i], length) == 0 &&
		     (!text[length] || strchr(" /", text[length]))) ||
		    (strcmp(end, platforms.names[i]) == 0 && end[-1] == ' '))
			return colors[i % (sizeof(colors) / sizeof(colors[0]))];
	}
	return NULL;
}

/* A table as it is made. */
struct table {
	const struct rows *rows;
	char **texts; /* [rows->cell_count] */
	struct rows_layout layout;
	struct libscols_table *made;
	bool has_color;
};

/* A cell for which there is no memory is printed as blanks, which errno alone tells. */
static void print_whole(const struct table *table)
{
	COV_AUTO(free) char *text = NULL;

	errno = 0;
	if (table->has_color)
		check(scols_print_table_to_string(table->made, &text));
	else
		check(scols_print_table(table->made));
	if (errno == ENOMEM)
		cov_out_of_memory();
	if (!text)
		return;
	cov_terminal_print_colored(text);
	if (text[strlen(text) - 1] != '\n') /* the library leaves out the last */
		putchar('\n');
}

/* The library shows what is not ASCII, or no character, as \x1b. */
static void make_columns(struct table *table)
{
	for (size_t i = 0; i < table->rows->column_count; i++) {
		const struct rows_column *column = &table->rows->columns[i];
		bool is_word = rows_cells_is_word(column->type);

		if (!table->layout.widths[i])
			continue;
		struct libscols_column *made = checked(scols_table_new_column(
		    table->made, table->layout.has_long_title ? NULL : column->title, 0,
		    is_word ? SCOLS_FL_WRAP : SCOLS_FL_RIGHT));
		if (is_word) {
			check(scols_column_set_safechars(made, "\n"));
			check(scols_column_set_wrapfunc(made, scols_wrapnl_chunksize,
							scols_wrapnl_nextchunk, NULL));
		}
		if (table->has_color && color_of(column->title))
			check(scols_cell_set_color(scols_column_get_header(made),
						   color_of(column->title)));
	}
}

static void set_cell(struct table *table, struct libscols_line *line, size_t place, char *text,
		     const char *color)
{
	check(scols_line_refer_data(line, place, text));
	if (table->has_color && color)
		check(scols_cell_set_color(scols_line_get_cell(line, place), color));
}

/* The line of a title that is the @left-th from its end, 0 the last; free() it. */
static char *title_line(const char *title, size_t left)
{
	const char *end = title + strlen(title);

	for (; left; left--) {
		while (end > title && end[-1] != '\n')
			end--;
		if (end == title)
			return cov_xstrdup("");
		end--;
	}
	const char *begin = end;
	while (begin > title && begin[-1] != '\n')
		begin--;
	return cov_xstrndup(begin, (size_t)(end - begin));
}

/* Titles in several lines stand lowest in the last; the library has but one. */
static void add_titles(struct table *table)
{
	size_t count = table->rows->column_count, line_count = 0;
	COV_AUTO(free) char **titles = cov_xcalloc(count, sizeof(*titles));

	for (size_t i = 0; i < count; i++) {
		size_t lines = 1;

		titles[i] =
		    rows_layout_wrap_title(table->rows->columns[i].title, table->layout.widths[i]);
		for (const char *end = titles[i]; (end = strchr(end, '\n')); end++)
			lines++;
		if (table->layout.widths[i] && lines > line_count)
			line_count = lines;
	}
	for (size_t left = line_count; left-- > 0;) {
		struct libscols_line *line = checked(scols_table_new_line(table->made, NULL));

		for (size_t i = 0, place = 0; i < count; i++) {
			if (!table->layout.widths[i])
				continue;
			set_cell(table, line, place++, title_line(titles[i], left),
				 color_of(table->rows->columns[i].title));
		}
	}
	for (size_t i = 0; i < count; i++)
		free(titles[i]);
	check(scols_table_enable_noheadings(table->made, 1));
}

static void add_row(struct table *table, size_t first)
{
	struct libscols_line *line = checked(scols_table_new_line(table->made, NULL));

	for (size_t i = 0, place = 0; i < table->rows->column_count; i++) {
		const struct rows_column *column = &table->rows->columns[i];
		const char *text = table->texts[first + i];
		bool is_word = rows_cells_is_word(column->type);

		if (!table->layout.widths[i])
			continue;
		set_cell(table, line, place++,
			 is_word ? rows_layout_wrap(text, table->layout.widths[i])
				 : cov_xstrdup(text),
			 is_word ? color_of(text) : color_of(column->title));
	}
}

/* What a column is called, or NULL: a bar that has no name. */
static const char *name_of(const struct rows_column *column)
{
	return *column->title ? column->title : column->key;
}

/* JSON has everything that a table of text has, CSV only the main one of several tables. */
static void say_left_out(const struct table *table, size_t width)
{
	COV_AUTO(cov_text_deinit) struct cov_text names = { 0 };

	for (size_t i = 0; i < table->rows->column_count; i++) {
		const char *name = name_of(&table->rows->columns[i]);

		if (!table->layout.widths[i] && name)
			cov_text_print(&names, "%s%s", names.length ? ", " : "", name);
	}
	if (!names.length)
		return;
	COV_AUTO(free)
	char *text = cov_format("Not shown in %zu columns: %s. A wider terminal or --format json "
				"shows them.",
				width, names.data);
	COV_AUTO(free) char *wrapped = rows_layout_wrap(text, width);
	puts(wrapped);
}

void rows_table_print(const struct rows *rows)
{
	struct table table = { .rows = rows, .has_color = cov_screen_has_color() };
	size_t width = cov_screen_columns();

	if (!rows->cell_count)
		return;
	table.texts = cov_xcalloc(rows->cell_count, sizeof(*table.texts));
	for (size_t i = 0; i < rows->cell_count; i++)
		table.texts[i] =
		    rows_table_cell(&rows->cells[i], rows->columns[i % rows->column_count].type);
	rows_layout_make(rows, table.texts, width, &table.layout);
	table.made = checked(scols_new_table());
	make_columns(&table);
	if (table.layout.has_long_title)
		add_titles(&table);
	for (size_t i = 0; i < rows->cell_count; i += rows->column_count)
		add_row(&table, i);
	/* It is as wide as the layout says: the library does not ask the terminal. */
	check(scols_table_set_termforce(table.made, SCOLS_TERMFORCE_NEVER));
	check(scols_table_enable_nowrap(table.made, 1));
	check(scols_table_enable_colors(table.made, table.has_color));
	print_whole(&table);
	if (table.layout.left_out)
		say_left_out(&table, width);
	scols_unref_table(table.made);
	rows_layout_deinit(&table.layout);
	for (size_t i = 0; i < rows->cell_count; i++)
		free(table.texts[i]);
	free(table.texts);
}
