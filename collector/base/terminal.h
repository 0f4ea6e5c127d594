/*
 * terminal.h - what is said to people, without what a terminal would obey.
 *
 * Names and texts come from experiments, archives, kernels and other machines. Whatever they
 * hold, it reaches neither stderr nor a terminal as anything but characters that are shown.
 */
#ifndef COLLECTOR_BASE_TERMINAL_H
#define COLLECTOR_BASE_TERMINAL_H

/**
 * cov_terminal_guard() - from now on everything that is written to the stream stderr, and to
 * stdout if that is a terminal, is shown as cov_text_add_shown() does, but for newlines and tabs.
 *
 * For whatever prints there, libraries too. stdout has no descriptor then: use STDOUT_FILENO.
 */
void cov_terminal_guard(void);

/**
 * cov_terminal_print_colored() - print @text on stdout, sequences for colours in it obeyed. It has
 * no others: whoever made it has replaced the control characters of names.
 */
void cov_terminal_print_colored(const char *text);

/** cov_say() - one line on stderr; a newline in it is shown, and one is added. */
void cov_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
