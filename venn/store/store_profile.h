/* store_profile.h - profiles: stacks that were sampled while a workload ran. */
#ifndef VENN_STORE_STORE_PROFILE_H
#define VENN_STORE_STORE_PROFILE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct store;

/* All texts are owned, unless its maker points them at what outlives it. */
struct store_profile {
	int64_t id;
	char *platform;
	char *workload;
	int64_t number;   /* among the profiles of the same platform and workload, from 1 */
	char *started_at; /* UTC, ISO 8601; NULL if unknown */
	int64_t duration_ns;
	char *event; /* "cpu-clock" */
	int64_t frequency_hz;
	int64_t samples;
	int64_t lost;
	bool is_emulated;
};

struct store_profiles {
	struct store_profile *items; /* [count], in the order of import; owned */
	size_t count;
	size_t capacity;
};

void store_profile_list_deinit(struct store_profiles *profiles);
COV_DEFINE_AUTO_STRUCT(struct store_profiles, store_profile_list_deinit)

/** store_profile_list() - all profiles of a kernel, by platform as these were imported. */
int store_profile_list(struct store *store, int64_t kernel_id, struct store_profiles *ret,
		       struct cov_error *err);

/* A folded stack: see collector/run/fold.h. */
struct store_profile_stack {
	char *frames; /* joined by ';'; owned, or as above */
	int64_t samples;
};

struct store_profile_stacks {
	struct store_profile_stack *items; /* [count]; owned */
	size_t count;
	size_t capacity;
};

void store_profile_stacks_deinit(struct store_profile_stacks *stacks);
COV_DEFINE_AUTO_STRUCT(struct store_profile_stacks, store_profile_stacks_deinit)

/** store_profile_read() - the stacks of a profile, added to @stacks. */
int store_profile_read(struct store *store, int64_t profile_id, struct store_profile_stacks *stacks,
		       struct cov_error *err);

/**
 * store_profile_add() - a profile and its stacks, within a transaction.
 * @profile: its id is not looked at, nor its number: it gets the next one
 */
int store_profile_add(struct store *store, int64_t kernel_id, const struct store_profile *profile,
		      const struct store_profile_stacks *stacks, struct cov_error *err);

/* The ok trials with counters of a profile's platform and workload. */
struct store_profile_counted {
	int64_t *trials; /* [count], ids; owned */
	size_t count;
	int64_t duration_ns; /* of all */
};

void store_profile_counted_deinit(struct store_profile_counted *counted);
COV_DEFINE_AUTO_STRUCT(struct store_profile_counted, store_profile_counted_deinit)

/** store_profile_counted() - what a profile is compared with; there may be none. */
int store_profile_counted(struct store *store, int64_t kernel_id,
			  const struct store_profile *profile, struct store_profile_counted *ret,
			  struct cov_error *err);

/* An instrumented function of an object that is linked. */
struct store_profile_function {
	size_t id;
	size_t file_id; /* place in the kernel's files */
	int64_t start_line;
	int64_t end_line;
};

/* What looks for functions; release it with store_profile_functions_close(). */
struct store_profile_functions {
	struct store *store;
	sqlite3_stmt *statement;
	size_t function_count; /* of the kernel: ids are below it */
	size_t file_count;     /* likewise */
};

/** store_profile_functions_open() - begin to look for functions of a kernel of so many files. */
int store_profile_functions_open(struct store *store, int64_t kernel_id, size_t file_count,
				 struct store_profile_functions *ret, struct cov_error *err);

void store_profile_functions_close(struct store_profile_functions *functions);
COV_DEFINE_AUTO_STRUCT(struct store_profile_functions, store_profile_functions_close)

/**
 * store_profile_functions_find() - what a symbol of the kernel can be.
 * @items: [*@count], by id; grown by cov_grow(), free()d by the caller
 */
int store_profile_functions_find(struct store_profile_functions *functions, const char *name,
				 struct store_profile_function **items, size_t *count,
				 size_t *capacity, struct cov_error *err);

#endif
