/* rows.h - rows of results as a table to read, as JSON, or as CSV. */
#ifndef VENN_PRINT_ROWS_H
#define VENN_PRINT_ROWS_H

#include "collector/base/cleanup.h"
#include "venn/print/rows_cells.h"

struct json_t;

/* The first three as options.h asks for them. */
enum rows_format {
	ROWS_TEXT,
	ROWS_JSON,
	ROWS_CSV,
	ROWS_CSV_SAFE, /* no word is a formula for a spreadsheet */
};

/** rows_name() - keep a text from malloc() as long as @rows, for a column's title or key. */
const char *rows_name(struct rows *rows, char *name);

/** rows_word(), rows_count(), rows_number() - append the next cell. */
void rows_word(struct rows *rows, const char *word);
void rows_count(struct rows *rows, int64_t count);
void rows_number(struct rows *rows, double number);

/** rows_missing() - append a number that is missing. */
void rows_missing(struct rows *rows);

/** rows_shown() - the number appended last as a table shows it; free() it. */
char *rows_shown(const struct rows *rows);

/** rows_shown_as() - what a table shows instead of the number appended last. */
void rows_shown_as(struct rows *rows, const char *text);

/** rows_print() - write all rows to stdout. */
void rows_print(const struct rows *rows, enum rows_format format);

/** rows_csv() - all rows as CSV; free() it. */
char *rows_csv(const struct rows *rows);

/** rows_to_json() - all rows as a jansson list of objects. */
struct json_t *rows_to_json(const struct rows *rows);

/** rows_deinit() - free what @rows owns; a zeroed struct is fine. */
void rows_deinit(struct rows *rows);

COV_DEFINE_AUTO_STRUCT(struct rows, rows_deinit)

#endif
