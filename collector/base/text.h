/* text.h - a growable string. */
#ifndef COLLECTOR_BASE_TEXT_H
#define COLLECTOR_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "collector/base/cleanup.h"

/* A zeroed struct is the empty text. */
struct cov_text {
	char *data;      /* NUL-terminated once anything was added, else NULL; owned */
	size_t length;   /* bytes without the NUL */
	size_t capacity; /* bytes allocated */
};

/** cov_text_add() - append @length_bytes of @bytes. */
void cov_text_add(struct cov_text *text, const void *bytes, size_t length_bytes);

/**
 * cov_text_utf8_length() - bytes of the UTF-8 character at @text, of which there are @left, at
 * least 1.
 *
 * Return: 0 if it is none, as NUL: what is cleaned must work as a C string.
 * Source: RFC 3629, section 4.
 */
size_t cov_text_utf8_length(const char *text, size_t left);

/** cov_text_add_utf8() - append what may not be UTF-8; what is not becomes U+FFFD, as does NUL. */
void cov_text_add_utf8(struct cov_text *text, const char *bytes, size_t length_bytes);

/**
 * cov_text_shown_length() - bytes of the character at @text, of which there are @left, at least 1,
 * if a terminal shows it.
 *
 * Return: 0 if a terminal may obey it, or cannot show it: a control character (C0, DEL, C1), one
 *         that turns the direction of what stands beside it or begins a line, a byte that is not
 *         UTF-8.
 * Source: ECMA-48, section 5; Unicode, UAX #9, section 2.
 */
size_t cov_text_shown_length(const char *text, size_t left);

/**
 * cov_text_add_shown() - append @bytes; each byte that a terminal would not just show becomes
 * \x1b, of its hexadecimal digits. What was made so is left alone the next time.
 */
void cov_text_add_shown(struct cov_text *text, const char *bytes, size_t length_bytes);

/** cov_text_reserve() - room for @length_bytes more; the caller fills it and adds to length. */
char *cov_text_reserve(struct cov_text *text, size_t length_bytes);

/** cov_text_print() - append formatted text. */
void cov_text_print(struct cov_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** cov_text_deinit() - free what @text owns; a zeroed struct is fine. */
void cov_text_deinit(struct cov_text *text);

COV_DEFINE_AUTO_STRUCT(struct cov_text, cov_text_deinit)

enum { COV_NAME_BYTES_MAX = 64 };

/** cov_is_name() - whether @text may name a platform, a workload or a baseline: 1 to
 * COV_NAME_BYTES_MAX letters, digits, '.', '_' and '-'. */
bool cov_is_name(const char *text);

/** cov_has_suffix() - whether @text ends with @suffix; it may be nothing else. */
bool cov_has_suffix(const char *text, const char *suffix);

/** cov_text_hash() - of all bytes of a name, for a table in memory; eight are taken at a time. */
static inline uint64_t cov_text_hash(const char *text, size_t length_bytes)
{
	uint64_t hash = length_bytes, word = 0;
	size_t offset = 0;

	for (; length_bytes - offset > sizeof(word); offset += sizeof(word)) {
		memcpy(&word, text + offset, sizeof(word));
		hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	word = 0;
	memcpy(&word, text + offset, length_bytes - offset);
	hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

/** cov_format() - formatted text; free() it. */
char *cov_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** cov_format_list() - the same, for those who have the arguments as a list. */
char *cov_format_list(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));

#endif
