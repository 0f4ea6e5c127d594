/* screen.c - what standard output is shown on: how wide and high it is, and whether in colour. */
#include "collector/base/screen.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/text.h"

enum { SIDE_MAX = 100000 };

static enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } color;

static size_t side(const char *variable, bool is_height)
{
	const char *value = getenv(variable);
	struct winsize size;
	uint64_t number;

	if (value && cov_number_read(value, SIDE_MAX, NULL, &number) && number > 0)
		return number;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return SIZE_MAX;
	number = is_height ? size.ws_row : size.ws_col;
	return number ? number : SIZE_MAX; /* 0: the terminal does not know */
}

size_t cov_screen_columns(void)
{
	return side("COLUMNS", false);
}

size_t cov_screen_lines(void)
{
	return side("LINES", true);
}

bool cov_screen_choose_color(const char *when)
{
	static const char *const names[] = { "auto", "always", "never" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], when) == 0) {
			color = i;
			return true;
		}
	}
	return false;
}

bool cov_screen_has_color(void)
{
	const char *terminal = getenv("TERM"), *no_color = getenv("NO_COLOR");

	if (color != COLOR_AUTO)
		return color == COLOR_ALWAYS;
	return isatty(STDOUT_FILENO) && terminal && strcmp(terminal, "dumb") != 0 &&
	       !(no_color && *no_color);
}

void cov_screen_print(size_t indent, const char *format, ...)
{
	static size_t column, spaces; /* of the line so far; not printed yet */
	size_t width = cov_screen_columns();
	va_list arguments;

	va_start(arguments, format);
	COV_AUTO(free) char *text = cov_format_list(format, arguments);
	va_end(arguments);
	for (const char *rest = text; *rest;) {
		size_t length = strcspn(rest, " \n");

		if (*rest == ' ') {
			spaces++;
			length = 1;
		} else if (*rest == '\n') {
			putchar('\n');
			column = spaces = 0;
			length = 1;
		} else {
			bool is_full = column > indent && column + spaces + length > width;

			printf("%s%*s%.*s", is_full ? "\n" : "", (int)(is_full ? indent : spaces),
			       "", (int)length, rest);
			column = (is_full ? indent : column + spaces) + length;
			spaces = 0;
		}
		rest += length;
	}
}
