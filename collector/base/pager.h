/*
 * pager.h - a program that shows what does not fit the terminal: $COVDB_PAGER, $PAGER, less.
 *
 * What is printed is held back until it is longer than the terminal; then the pager starts, and
 * gets it all. What fits is printed as it is. As with git, a shell takes the variable's value, one
 * that is empty or "cat" means none, and LESS is FRX where it is not set.
 */
#ifndef COLLECTOR_BASE_PAGER_H
#define COLLECTOR_BASE_PAGER_H

#include <stdbool.h>
#include <stddef.h>

/** cov_pager_forbid() - cov_pager_begin() does nothing from now on. */
void cov_pager_forbid(void);

/** cov_pager_begin() - from now on hold back; nothing if there is no terminal, or no pager. */
void cov_pager_begin(void);

/** cov_pager_is_on() - whether what is printed goes through cov_pager_write(). */
bool cov_pager_is_on(void);

/**
 * cov_pager_write() - hold @size bytes of @data, or give them to the pager.
 *
 * Return: 0 or an errno; EPIPE: the reader has had enough.
 */
int cov_pager_write(const char *data, size_t size);

/** cov_pager_end() - print what is held, or wait for the pager. Return: 0 or an errno. */
int cov_pager_end(void);

#endif
