/* store_syscalls.h - trials of system calls: filters of threads, and calls by role. */
#ifndef VENN_STORE_STORE_SYSCALLS_H
#define VENN_STORE_STORE_SYSCALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/collector.h"

struct store;

/* Its tables, of version 10. Names, not ids: such a trial takes no part in what is counted. */
#define STORE_SYSCALLS_SCHEMA                                                                      \
	"CREATE TABLE syscalls ("                                                                  \
	" syscalls_id INTEGER PRIMARY KEY,"                                                        \
	" kernel_id INTEGER NOT NULL REFERENCES kernel ON DELETE CASCADE,"                         \
	" platform TEXT NOT NULL,"                                                                 \
	" workload TEXT NOT NULL,"                                                                 \
	" number INTEGER NOT NULL,"                                                                \
	" started_at TEXT,"                                                                        \
	" duration_ns INTEGER NOT NULL,"                                                           \
	" lost INTEGER NOT NULL,"                                                                  \
	" manifest TEXT NOT NULL"                                                                  \
	") STRICT;"                                                                                \
	"CREATE TABLE syscalls_program ("                                                          \
	" syscalls_id INTEGER NOT NULL REFERENCES syscalls ON DELETE CASCADE,"                     \
	" program INTEGER NOT NULL,"                                                               \
	" instructions BLOB NOT NULL,"                                                             \
	" PRIMARY KEY (syscalls_id, program)"                                                      \
	") STRICT, WITHOUT ROWID;"                                                                 \
	"CREATE TABLE syscalls_thread ("                                                           \
	" syscalls_id INTEGER NOT NULL REFERENCES syscalls ON DELETE CASCADE,"                     \
	" place INTEGER NOT NULL,"                                                                 \
	" role TEXT NOT NULL,"                                                                     \
	" process TEXT NOT NULL,"                                                                  \
	" name TEXT NOT NULL,"                                                                     \
	" count INTEGER NOT NULL,"                                                                 \
	" seccomp INTEGER NOT NULL,"                                                               \
	" unread TEXT,"                                                                            \
	" PRIMARY KEY (syscalls_id, place)"                                                        \
	") STRICT, WITHOUT ROWID;"                                                                 \
	"CREATE TABLE syscalls_filter ("                                                           \
	" syscalls_id INTEGER NOT NULL REFERENCES syscalls ON DELETE CASCADE,"                     \
	" place INTEGER NOT NULL,"                                                                 \
	" position INTEGER NOT NULL,"                                                              \
	" program INTEGER NOT NULL,"                                                               \
	" PRIMARY KEY (syscalls_id, place, position)"                                              \
	") STRICT, WITHOUT ROWID;"                                                                 \
	"CREATE TABLE syscalls_call ("                                                             \
	" syscalls_id INTEGER NOT NULL REFERENCES syscalls ON DELETE CASCADE,"                     \
	" role TEXT NOT NULL,"                                                                     \
	" number INTEGER NOT NULL,"                                                                \
	" calls INTEGER NOT NULL,"                                                                 \
	" PRIMARY KEY (syscalls_id, role, number)"                                                 \
	") STRICT, WITHOUT ROWID;"

/* All texts are owned, unless its maker points them at what outlives it. */
struct store_syscalls {
	int64_t id;
	char *platform;
	char *workload;
	int64_t number;   /* among those of the same platform and workload, from 1 */
	char *started_at; /* UTC, ISO 8601; NULL if unknown */
	int64_t duration_ns;
	char *manifest;            /* JSON */
	struct syscalls_file file; /* owned; after store_syscalls_list() */
};

struct store_syscalls_trials {
	struct store_syscalls *items; /* [count], by platform as these were imported; owned */
	size_t count;
	size_t capacity;
};

void store_syscalls_list_deinit(struct store_syscalls_trials *trials);
COV_DEFINE_AUTO_STRUCT(struct store_syscalls_trials, store_syscalls_list_deinit)

/** store_syscalls_list() - all of a kernel. Return: 0; COV_ERR_STORE, also for what is damaged. */
int store_syscalls_list(struct store *store, int64_t kernel_id, struct store_syscalls_trials *ret,
			struct cov_error *err);

/** store_syscalls_add() - with its file, within a transaction. @trial: its id and number are not
 * looked at: it gets the next one */
int store_syscalls_add(struct store *store, int64_t kernel_id, const struct store_syscalls *trial,
		       struct cov_error *err);

#endif
