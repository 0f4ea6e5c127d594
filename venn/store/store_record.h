/* store_record.h - what was recorded beside the counters, by name: profiles, system calls. */
#ifndef VENN_STORE_STORE_RECORD_H
#define VENN_STORE_STORE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct store;

enum store_record_kind { STORE_RECORD_PROFILE, STORE_RECORD_SYSCALLS };

/* What tells one from another of its kind. All borrowed. */
struct store_record_key {
	const char *platform;
	const char *workload;
	const char *started_at; /* UTC, ISO 8601; NULL if unknown */
	int64_t duration_ns;
};

/** store_record_has() - whether it was imported before. Return: 0; COV_ERR_STORE. */
int store_record_has(struct store *store, int64_t kernel_id, enum store_record_kind kind,
		     const struct store_record_key *key, bool *ret, struct cov_error *err);

struct store_record {
	int64_t id;
	char *name; /* "runc/stream/1"; owned */
};

struct store_records {
	struct store_record *items; /* [count]; owned */
	size_t count;
	size_t capacity;
};

void store_record_list_deinit(struct store_records *records);
COV_DEFINE_AUTO_STRUCT(struct store_records, store_record_list_deinit)

/** store_record_list() - all of a kernel, in the order of import. Return: 0; COV_ERR_STORE. */
int store_record_list(struct store *store, int64_t kernel_id, enum store_record_kind kind,
		      struct store_records *ret, struct cov_error *err);

/** store_record_remove() - one goes with all that it has, within a transaction. */
int store_record_remove(struct store *store, enum store_record_kind kind, int64_t id,
			struct cov_error *err);

#endif
