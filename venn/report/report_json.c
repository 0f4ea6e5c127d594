/* report_json.c - JSON of the report's parts as text under construction. */
#include "venn/report/report_json.h"

#include <string.h>

#include "collector/base/json.h"
#include "collector/base/memory.h"

enum { NUMBER_LENGTH_MAX = 20 };

/* A comma, unless this is the first value or the one of a key. */
static void separate(struct cov_text *text)
{
	char last = text->length ? text->data[text->length - 1] : '[';

	if (last != '[' && last != '{' && last != ':')
		cov_text_add(text, ",", 1);
}

void report_json_begin(struct cov_text *text, char bracket)
{
	separate(text);
	cov_text_add(text, &bracket, 1);
}

void report_json_end(struct cov_text *text, char bracket)
{
	cov_text_add(text, &bracket, 1);
}

void report_json_key(struct cov_text *text, const char *key)
{
	separate(text);
	cov_text_print(text, "\"%s\":", key);
}

void report_json_number(struct cov_text *text, int64_t number)
{
	char digits[NUMBER_LENGTH_MAX];
	char *end = digits + sizeof(digits), *at = end;
	uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;

	separate(text);
	do {
		*--at = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (number < 0)
		*--at = '-';
	cov_text_add(text, at, (size_t)(end - at));
}

static int append(const char *buffer, size_t size, void *text)
{
	cov_text_add(text, buffer, size);
	return 0;
}

void report_json_value(struct cov_text *text, json_t *value)
{
	separate(text);
	if (json_dump_callback(value, append, text,
			       JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)) != 0)
		cov_out_of_memory();
	json_decref(value);
}

void report_json_set(struct cov_text *text, const char *key, json_t *value)
{
	report_json_key(text, key);
	report_json_value(text, value);
}

void report_json_text(struct cov_text *text, const struct cov_text *value)
{
	separate(text);
	cov_text_add(text, value->data, value->length);
}

void report_json_add(struct report_column *column, int64_t number)
{
	report_json_number(&column->text, number);
}

void report_json_add_difference(struct report_column *column, int64_t number)
{
	report_json_number(&column->text, number - column->last);
	column->last = number;
}

void report_json_column(struct cov_text *text, struct report_column *column)
{
	report_json_begin(text, '[');
	cov_text_add(text, column->text.data, column->text.length);
	report_json_end(text, ']');
	cov_text_deinit(&column->text);
	column->last = 0;
}
