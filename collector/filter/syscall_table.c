/* syscall_table.c - the system calls of x86-64: their numbers and names, by libseccomp. */
#include "collector/filter/syscall_table.h"

#include <errno.h>
#include <seccomp_late.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"

/* arch/x86/entry/syscalls/syscall_64.tbl: all others are called as they are named. */
static const struct {
	const char *name;
	const char *entry;
} entries[] = {
	{ "stat", "newstat" },        { "fstat", "newfstat" }, { "lstat", "newlstat" },
	{ "sendfile", "sendfile64" }, { "uname", "newuname" }, { "umount2", "umount" },
};

int syscall_table_read(struct syscall_table *ret, struct cov_error *err)
{
	memset(ret, 0, sizeof(*ret));
	int result = seccomp_late_open(err);
	if (result)
		return result;
	const struct scmp_version *version = seccomp_version();
	for (int i = 0; i < SYSCALL_NUMBERS_MAX; i++) {
		errno = 0;
		ret->names[i] = seccomp_syscall_resolve_num_arch(SCMP_ARCH_X86_64, i);
		/* NULL is also said of a number that is none. */
		if (!ret->names[i] && errno == ENOMEM)
			cov_out_of_memory();
		ret->count += ret->names[i] != NULL;
	}
	snprintf(ret->source, sizeof(ret->source), "libseccomp %u.%u.%u", version->major,
		 version->minor, version->micro);
	return 0;
}

void syscall_table_deinit(struct syscall_table *table)
{
	for (size_t i = 0; i < SYSCALL_NUMBERS_MAX; i++)
		free(table->names[i]);
	memset(table, 0, sizeof(*table));
}

const char *syscall_table_entry(const char *name)
{
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		if (strcmp(entries[i].name, name) == 0)
			return entries[i].entry;
	}
	return name;
}
