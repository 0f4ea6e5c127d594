/* text.c - a growable string. */
#include "collector/base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "collector/base/memory.h"

enum { PRINTED_BYTES = 256 };

static void reserve(struct cov_text *text, size_t more_bytes)
{
	size_t needed = text->length + more_bytes + 1;

	if (needed <= text->capacity)
		return;
	text->capacity = needed > 2 * text->capacity ? needed : 2 * text->capacity;
	text->data = cov_xrealloc(text->data, text->capacity);
}

char *cov_text_reserve(struct cov_text *text, size_t length_bytes)
{
	reserve(text, length_bytes);
	return text->data + text->length;
}

void cov_text_add(struct cov_text *text, const void *bytes, size_t length_bytes)
{
	reserve(text, length_bytes);
	if (length_bytes)
		memcpy(text->data + text->length, bytes, length_bytes);
	text->length += length_bytes;
	text->data[text->length] = '\0';
}

__attribute__((format(printf, 2, 0))) static void print_list(struct cov_text *text,
							     const char *format, va_list arguments)
{
	char room[PRINTED_BYTES]; /* for most: what is longer is printed again, where it goes */
	va_list again;

	va_copy(again, arguments);
	int length = vsnprintf(room, sizeof(room), format, again);
	va_end(again);
	if (length < 0)
		return;
	if ((size_t)length < sizeof(room)) {
		cov_text_add(text, room, (size_t)length);
		return;
	}
	reserve(text, (size_t)length);
	vsnprintf(text->data + text->length, (size_t)length + 1, format, arguments);
	text->length += (size_t)length;
}

size_t cov_text_utf8_length(const char *text, size_t left)
{
	const unsigned char *bytes = (const unsigned char *)text;
	unsigned char first = bytes[0];
	size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	if (!first || (first >= 0x80 && first < 0xc2) || first > 0xf4 || length > left)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((first == 0xe0 && bytes[1] < 0xa0) || (first == 0xed && bytes[1] > 0x9f) ||
	    (first == 0xf0 && bytes[1] < 0x90) || (first == 0xf4 && bytes[1] > 0x8f))
		return 0;
	return length;
}

/* Those that embed, override or isolate a direction, the marks of one, and two ends of lines. */
static bool turns_text(uint32_t character)
{
	return character == 0x061c || character == 0x200e || character == 0x200f ||
	       (character >= 0x2028 && character <= 0x202e) ||
	       (character >= 0x2066 && character <= 0x2069);
}

size_t cov_text_shown_length(const char *text, size_t left)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t length = cov_text_utf8_length(text, left);
	uint32_t character = bytes[0];

	if (length == 1)
		return character >= 0x20 && character != 0x7f;
	if (length == 2)
		character = (uint32_t)(bytes[0] & 0x1f) << 6 | (bytes[1] & 0x3f);
	if (length == 3)
		character = (uint32_t)(bytes[0] & 0x0f) << 12 | (uint32_t)(bytes[1] & 0x3f) << 6 |
			    (bytes[2] & 0x3f);
	if (length == 4) /* nothing of the kind stands there */
		return length;
	return character < 0xa0 || turns_text(character) ? 0 : length;
}

/*
 * Add what @length_of accepts as it is, and in place of each other byte what @add_instead adds.
 * @length_of: bytes of the character that begins there, of at most so many; 0: it is not accepted
 */
static void add_replaced(struct cov_text *text, const char *bytes, size_t length_bytes,
			 size_t (*length_of)(const char *bytes, size_t left),
			 void (*add_instead)(struct cov_text *text, char byte))
{
	size_t start = 0; /* of what is fine and was not added yet */

	for (size_t i = 0; i < length_bytes;) {
		size_t length = length_of(bytes + i, length_bytes - i);

		i += length ? length : 1;
		if (length)
			continue;
		cov_text_add(text, bytes + start, i - 1 - start);
		add_instead(text, bytes[i - 1]);
		start = i;
	}
	cov_text_add(text, bytes + start, length_bytes - start);
}

static void add_replacement(struct cov_text *text, char byte)
{
	static const char replacement[] = "\xef\xbf\xbd";

	(void)byte;
	cov_text_add(text, replacement, strlen(replacement));
}

static void add_escape(struct cov_text *text, char byte)
{
	cov_text_print(text, "\\x%02x", (unsigned char)byte);
}

void cov_text_add_utf8(struct cov_text *text, const char *bytes, size_t length_bytes)
{
	add_replaced(text, bytes, length_bytes, cov_text_utf8_length, add_replacement);
}

void cov_text_add_shown(struct cov_text *text, const char *bytes, size_t length_bytes)
{
	add_replaced(text, bytes, length_bytes, cov_text_shown_length, add_escape);
}

void cov_text_print(struct cov_text *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print_list(text, format, arguments);
	va_end(arguments);
}

void cov_text_deinit(struct cov_text *text)
{
	free(text->data);
	memset(text, 0, sizeof(*text));
}

bool cov_is_name(const char *text)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._-";
	size_t length = strspn(text, allowed);

	return length > 0 && length <= COV_NAME_BYTES_MAX && text[length] == '\0';
}

bool cov_has_suffix(const char *text, const char *suffix)
{
	size_t length = strlen(text), suffix_length = strlen(suffix);

	return length >= suffix_length && strcmp(text + length - suffix_length, suffix) == 0;
}

char *cov_format_list(const char *format, va_list arguments)
{
	struct cov_text text = { 0 };

	print_list(&text, format, arguments);
	return text.data ? text.data : cov_xstrdup("");
}

char *cov_format(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	char *text = cov_format_list(format, arguments);
	va_end(arguments);
	return text;
}
