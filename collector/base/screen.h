/* screen.h - what standard output is shown on: how wide and high it is, and whether in colour. */
#ifndef COLLECTOR_BASE_SCREEN_H
#define COLLECTOR_BASE_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

/** cov_screen_columns() - $COLUMNS, else those of the terminal; SIZE_MAX if there is none. */
size_t cov_screen_columns(void);

/** cov_screen_lines() - $LINES, else those of the terminal; SIZE_MAX if there is none. */
size_t cov_screen_lines(void);

/** cov_screen_choose_color() - auto, always or never. Return: whether @when is one of them. */
bool cov_screen_choose_color(const char *when);

/**
 * cov_screen_has_color() - whether to print colours.
 *
 * With "auto" (as long as nothing else was chosen) that is on a terminal that is not "dumb", if
 * $NO_COLOR is unset or empty. Source: https://no-color.org/
 */
bool cov_screen_has_color(void);

/**
 * cov_screen_print() - print prose on stdout: a line that is wider than cov_screen_columns() goes
 * on in the next, behind @indent spaces.
 *
 * A line may be of several calls, all of them to this.
 */
void cov_screen_print(size_t indent, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
