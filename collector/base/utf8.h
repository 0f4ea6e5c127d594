/*
 * utf8.h - names that may not be UTF-8, in formats that take nothing else.
 *
 * A name of a file is bytes. In JSON each byte that is not part of a UTF-8 character is written as
 * the four characters \xe9 (of its hexadecimal digits, in lower case), and a backslash that would
 * begin such four characters as \x5c, so that different names stay different and the bytes can be
 * had back. Every other name stands as it is.
 */
#ifndef COLLECTOR_BASE_UTF8_H
#define COLLECTOR_BASE_UTF8_H

#include <stddef.h>

struct cov_text;

/** cov_utf8_add() - append @bytes in that form. */
void cov_utf8_add(struct cov_text *text, const char *bytes, size_t length_bytes);

/**
 * cov_utf8_name() - @name in that form.
 * @memory: of the caller; what was in it is gone, if it is needed
 *
 * Return: @name itself, which most are, or the text of @memory.
 */
const char *cov_utf8_name(const char *name, struct cov_text *memory);

/** cov_utf8_restore() - the bytes of a name in that form, in place. */
void cov_utf8_restore(char *name);

/**
 * cov_utf8_add_json() - append a JSON text whose strings may have any bytes, as gcov prints them.
 *
 * Its strings then have that form, so that a reader of JSON takes them. Nothing else changes.
 */
void cov_utf8_add_json(struct cov_text *text, const char *bytes, size_t length_bytes);

#endif
