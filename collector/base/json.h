/*
 * json.h - JSON that is made, on jansson.
 *
 * What jansson could not make it gives as NULL, and leaves out whatever is put together from that.
 * Here, no memory ends the program, as in memory.h; after cov_json_begin() also where JSON is read.
 */
#ifndef COLLECTOR_BASE_JSON_H
#define COLLECTOR_BASE_JSON_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "collector/base/cleanup.h"

struct cov_error;

COV_DEFINE_AUTO(json_t *, json_decref)

/** cov_json_begin() - let jansson have its memory from memory.h. Once, before the first value. */
void cov_json_begin(void);

/** cov_json_object(), cov_json_array(), cov_json_integer() - a new value. */
json_t *cov_json_object(void);
json_t *cov_json_array(void);
json_t *cov_json_integer(int64_t number);

/** cov_json_real() - a number, or null for one that is not finite. */
json_t *cov_json_real(double number);

/**
 * cov_json_name() - a name, with bytes that are not UTF-8 as utf8.h writes them; null for NULL.
 *
 * Only for what names a file or a function: in a command, "\\x41" would become another word.
 */
json_t *cov_json_name(const char *name);

/** cov_json_text() - a text, of which nobody wants the bytes that are not UTF-8 back: they become
 * U+FFFD. */
json_t *cov_json_text(const char *text, size_t length_bytes);

/** cov_json_pack() - as json_pack(); strings in @format and behind it are UTF-8. */
json_t *cov_json_pack(const char *format, ...);

/** cov_json_set() - member @key of @object, a name, becomes @value, whose reference is taken. */
void cov_json_set(json_t *object, const char *key, json_t *value);

/** cov_json_append() - append @value to @array; its reference is taken. */
void cov_json_append(json_t *array, json_t *value);

/** cov_json_replace() - element @index of @array, which there is, becomes @value. */
void cov_json_replace(json_t *array, size_t index, json_t *value);

/**
 * cov_json_answer() - an object with the keys that the answers of all commands have before their
 * rows: covdb, command, kernel, rule, baseline, workloads, platforms; what is not set is null or an
 * empty list.
 * @command: "kernel list"
 */
json_t *cov_json_answer(const char *command);

/**
 * cov_json_read() - what a file has, at most 16 MiB.
 * @ret: json_decref() it
 *
 * Return: 0; COV_ERR_SYSTEM; COV_ERR_FORMAT with the line, if it is no JSON.
 */
int cov_json_read(const char *path, json_t **ret, struct cov_error *err);

/** cov_json_parse() - the same of a text of @size bytes. @path: what messages call it */
int cov_json_parse(const char *path, const char *text, size_t size, json_t **ret,
		   struct cov_error *err);

/** cov_json_print() - write @value; errors of the stream are left for the caller's ferror(). */
void cov_json_print(const json_t *value, size_t flags, FILE *out);

/** cov_json_format() - @value as a text; free() it. */
char *cov_json_format(const json_t *value, size_t flags);

#endif
