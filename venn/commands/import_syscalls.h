/* import_syscalls.h - a trial of system calls that collect left, into the database. */
#ifndef VENN_COMMANDS_IMPORT_SYSCALLS_H
#define VENN_COMMANDS_IMPORT_SYSCALLS_H

#include "venn/commands/import.h"

/** import_syscalls_is() - whether a manifest is of one, rather than of a trial that was counted. */
bool import_syscalls_is(const struct cov_manifest *manifest);

/** import_syscalls_has() - whether it is in the database. */
int import_syscalls_has(const struct import *import, const struct cov_manifest *manifest, bool *ret,
			struct cov_error *err);

/**
 * import_syscalls_add() - write it, in a transaction of its own. One that failed is said and left.
 * @text:   of the manifest
 * @from:   that the manifest names
 *
 * Return: 0; COV_ERR_FORMAT naming file and place; COV_ERR_SYSTEM; COV_ERR_STORE.
 */
int import_syscalls_add(struct import *import, const struct cov_manifest *manifest, char *text,
			const struct import_file *from, struct cov_error *err);

#endif
