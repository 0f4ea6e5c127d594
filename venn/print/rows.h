/* rows.h - rows of results as a table to read, or in a format that programs read. */
#ifndef VENN_PRINT_ROWS_H
#define VENN_PRINT_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "venn/print/rows_cells.h"

struct json_t;

/* All but the last as options.h asks for them. */
enum rows_format {
	ROWS_TEXT,
	ROWS_JSON,   /* an object with what was asked, and the rows */
	ROWS_CSV,    /* a header and the rows (RFC 4180) */
	ROWS_NDJSON, /* an object a line and row */
	ROWS_TSV, /* a header and the rows; tabs, ends of lines and backslashes as \t, \n, \r, \\ */
	ROWS_MARKDOWN, /* a table of GitHub's Markdown */
	ROWS_CSV_SAFE, /* no word is a formula for a spreadsheet */
};

/** rows_name() - keep a text from malloc() as long as @rows, for a column's title or key. */
const char *rows_name(struct rows *rows, char *name);

/** rows_word(), rows_count(), rows_number() - append the next cell. */
void rows_word(struct rows *rows, const char *word);
void rows_count(struct rows *rows, int64_t count);
void rows_number(struct rows *rows, double number);

/** rows_missing() - append a number, or a truth value, that is missing. */
void rows_missing(struct rows *rows);

/** rows_bool() - append a truth value. */
void rows_bool(struct rows *rows, bool is_true);

/**
 * rows_set() - append a set.
 * @joined: its names as all but JSON have them, "runc+gvisor"
 * @names:  a list of them; its reference is taken
 */
void rows_set(struct rows *rows, const char *joined, struct json_t *names);

/** rows_shown() - the number appended last as a table shows it; free() it. */
char *rows_shown(const struct rows *rows);

/** rows_shown_as() - what a table shows instead of the number appended last. */
void rows_shown_as(struct rows *rows, const char *text);

/** rows_print() - write all rows to stdout. */
void rows_print(const struct rows *rows, enum rows_format format);

/** rows_print_object() - write an object as ROWS_JSON has it; its reference is taken. */
void rows_print_object(struct json_t *object);

/** rows_csv() - all rows as CSV; free() it. */
char *rows_csv(const struct rows *rows);

/** rows_to_json() - all rows as a jansson list of objects. */
struct json_t *rows_to_json(const struct rows *rows);

/** rows_deinit() - free what @rows owns; a zeroed struct is fine. */
void rows_deinit(struct rows *rows);

COV_DEFINE_AUTO_STRUCT(struct rows, rows_deinit)

#endif
