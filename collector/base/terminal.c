/* terminal.c - what is said to people, without what a terminal would obey. */
#include "collector/base/terminal.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collector/base/memory.h"
#include "collector/base/text.h"

enum { CHARACTER_BYTES_MAX = 4, READY_BYTES = 4096, ESCAPE = 0x1b };

/* What stands between a stream and the one that it was before. */
struct guard {
	FILE *behind;
	char held[CHARACTER_BYTES_MAX]; /* [held_count], the begin of a character */
	size_t held_count;
	char ready[READY_BYTES]; /* [ready_count], to be written */
	size_t ready_count;
	bool has_escapes; /* what comes has escape characters of our own */
};

static struct guard output, messages;

static bool write_ready(struct guard *guard)
{
	size_t count = guard->ready_count;

	guard->ready_count = 0;
	return fwrite(guard->ready, 1, count, guard->behind) == count && fflush(guard->behind) == 0;
}

static bool put(struct guard *guard, const char *bytes, size_t length)
{
	if (guard->ready_count + length > READY_BYTES && !write_ready(guard))
		return false;
	memcpy(guard->ready + guard->ready_count, bytes, length);
	guard->ready_count += length;
	return true;
}

/* Whether what is held may be a character, when more of it comes. */
static bool is_begin(const struct guard *guard)
{
	unsigned char first = (unsigned char)guard->held[0];
	size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	if (first < 0xc2 || first > 0xf4 || guard->held_count >= length)
		return false;
	for (size_t i = 1; i < guard->held_count; i++) {
		if ((guard->held[i] & 0xc0) != 0x80)
			return false;
	}
	return true;
}

/* Put what is held, but for the begin of a character. */
static bool put_held(struct guard *guard)
{
	while (guard->held_count) {
		size_t length = cov_text_shown_length(guard->held, guard->held_count);
		char escape[5]; /* \x1b */

		if (!length && is_begin(guard))
			return true;
		if (length || guard->held[0] == '\n' || guard->held[0] == '\t' ||
		    (guard->has_escapes && guard->held[0] == ESCAPE)) {
			length = length ? length : 1;
			if (!put(guard, guard->held, length))
				return false;
		} else {
			length = 1;
			snprintf(escape, sizeof(escape), "\\x%02x", (unsigned char)guard->held[0]);
			if (!put(guard, escape, strlen(escape)))
				return false;
		}
		guard->held_count -= length;
		memmove(guard->held, guard->held + length, guard->held_count);
	}
	return true;
}

static ssize_t guard_write(void *cookie, const char *bytes, size_t size)
{
	struct guard *guard = cookie;

	for (size_t i = 0; i < size; i++) {
		guard->held[guard->held_count++] = bytes[i];
		if (!put_held(guard))
			return 0;
	}
	return write_ready(guard) ? (ssize_t)size : 0;
}

static int guard_close(void *cookie)
{
	const struct guard *guard = cookie;

	return fclose(guard->behind);
}

static FILE *open_guard(struct guard *guard, FILE *behind, int buffering)
{
	const cookie_io_functions_t functions = { .write = guard_write, .close = guard_close };
	FILE *stream = fopencookie(guard, "w", functions);

	if (!stream || setvbuf(stream, NULL, buffering, 0) != 0)
		cov_out_of_memory();
	guard->behind = behind;
	return stream;
}

void cov_terminal_guard(void)
{
	if (messages.behind)
		return;
	if (isatty(STDOUT_FILENO))
		stdout = open_guard(&output, stdout, _IOLBF);
	stderr = open_guard(&messages, stderr, _IONBF);
}

void cov_terminal_print_colored(const char *text)
{
	fflush(stdout);
	output.has_escapes = true;
	fputs(text, stdout);
	fflush(stdout);
	output.has_escapes = false;
}

void cov_say(const char *format, ...)
{
	COV_AUTO(cov_text_deinit) struct cov_text shown = { 0 };
	va_list arguments;

	va_start(arguments, format);
	COV_AUTO(free) char *text = cov_format_list(format, arguments);
	va_end(arguments);
	cov_text_add_shown(&shown, text, strlen(text));
	cov_text_add(&shown, "\n", 1);
	fputs(shown.data, stderr);
}
