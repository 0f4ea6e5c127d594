/* store_profile.h - profiles: stacks that were sampled while a workload ran. */
#ifndef VENN_STORE_STORE_PROFILE_H
#define VENN_STORE_STORE_PROFILE_H

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

/** store_profile_counted_ns() - how long the ok trials of its platform and workload counted. */
int store_profile_counted_ns(struct store *store, int64_t kernel_id,
			     const struct store_profile *profile, int64_t *ret,
			     struct cov_error *err);

/* An instrumented function of an object that is linked. */
struct store_profile_function {
	size_t id;
	size_t file_id; /* place in the kernel's files */
	char *name;     /* owned */
	int64_t start_line;
	int64_t end_line;
};

struct store_profile_functions {
	struct store_profile_function *items; /* [count]; owned */
	size_t count;
	size_t capacity;
};

void store_profile_functions_deinit(struct store_profile_functions *functions);
COV_DEFINE_AUTO_STRUCT(struct store_profile_functions, store_profile_functions_deinit)

/**
 * store_profile_functions() - what a symbol of the kernel can be.
 * @function_count: of the kernel; ids are below it
 * @file_count:     likewise
 */
int store_profile_functions(struct store *store, int64_t kernel_id, size_t function_count,
			    size_t file_count, struct store_profile_functions *ret,
			    struct cov_error *err);

#endif
