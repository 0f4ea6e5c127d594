/* heap.h - the memory that SQLite takes, and a limit for what a thread has it take. */
#ifndef VENN_STORE_HEAP_H
#define VENN_STORE_HEAP_H

#include <stdbool.h>
#include <stdint.h>

/**
 * heap_install() - have SQLite take its memory by heap.c; to be called before it begins, each later
 * call does nothing.
 *
 * SQLite's own limit is the process's: threads wait for each other at each piece to count it, and a
 * query fails by what another one has at the moment.
 */
void heap_install(void);

/** heap_is_installed() - whether heap_limit() has an effect: SQLite had not begun before. */
bool heap_is_installed(void);

/**
 * heap_limit() - how much memory this thread may have SQLite take from now on, besides what it has
 * already. What is beyond it fails as if there were none: SQLITE_NOMEM.
 * @bytes: INT64_MAX: no limit
 */
void heap_limit(int64_t bytes);

#endif
