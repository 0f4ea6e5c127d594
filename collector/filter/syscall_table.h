/* syscall_table.h - the system calls of x86-64: their numbers and names, by libseccomp. */
#ifndef COLLECTOR_FILTER_SYSCALL_TABLE_H
#define COLLECTOR_FILTER_SYSCALL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_error;

enum { SYSCALL_NUMBERS_MAX = 1024 };

/* A zeroed struct is empty. */
struct syscall_table {
	char *names[SYSCALL_NUMBERS_MAX]; /* by number; NULL: there is none; owned */
	size_t count;
	char source[32]; /* "libseccomp 2.5.4" */
};

/**
 * syscall_table_read() - all that libseccomp knows.
 * @ret: free with syscall_table_deinit(), also after a failure
 *
 * Return: 0; COV_ERR_SYSTEM without libseccomp.
 */
int syscall_table_read(struct syscall_table *ret, struct cov_error *err);

void syscall_table_deinit(struct syscall_table *table);
COV_DEFINE_AUTO_STRUCT(struct syscall_table, syscall_table_deinit)

/** syscall_table_entry() - its function behind "__x64_sys_": "newstat" of stat. */
const char *syscall_table_entry(const char *name);

#endif
