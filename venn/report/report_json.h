/*
 * report_json.h - JSON of the report's parts as text under construction.
 *
 * A part has lists of a hundred thousand numbers, which as values of jansson would take twenty
 * times the memory of their text. Numbers and brackets are written here; whatever has to be
 * quoted or rounded is written by jansson.
 */
#ifndef VENN_REPORT_REPORT_JSON_H
#define VENN_REPORT_REPORT_JSON_H

#include <jansson.h>
#include <stdint.h>

#include "collector/base/text.h"

/** report_json_begin() - begin a list ('[') or an object ('{'), as a value. */
void report_json_begin(struct cov_text *text, char bracket);

/** report_json_end() - end what was begun. @bracket: ']' or '}' */
void report_json_end(struct cov_text *text, char bracket);

/** report_json_key() - the key of the value that comes next. @key: letters and '_' */
void report_json_key(struct cov_text *text, const char *key);

/** report_json_number() - a whole number. */
void report_json_number(struct cov_text *text, int64_t number);

/** report_json_value() - any value, as short as it can be; its reference is taken. */
void report_json_value(struct cov_text *text, json_t *value);

/** report_json_set() - a value with its key; its reference is taken. */
void report_json_set(struct cov_text *text, const char *key, json_t *value);

/** report_json_text() - a value that is JSON already. */
void report_json_text(struct cov_text *text, const struct cov_text *value);

/* A list of numbers beside others that grow at the same time; a zeroed struct is empty. */
struct report_column {
	struct cov_text text; /* without brackets; owned */
	int64_t last;
};

/** report_json_add() - one more number of a column. */
void report_json_add(struct report_column *column, int64_t number);

/** report_json_add_difference() - the same, as difference to the last one that was added so. */
void report_json_add_difference(struct report_column *column, int64_t number);

/** report_json_column() - a column as a value; it is empty afterwards, and its memory is freed. */
void report_json_column(struct cov_text *text, struct report_column *column);

#endif
