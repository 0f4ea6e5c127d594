/* store_function.h - functions and their calls, summed over trials and over copies. */
#ifndef VENN_STORE_STORE_FUNCTION_H
#define VENN_STORE_STORE_FUNCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "venn/store/store_query.h"

struct cov_error;
struct store;

/*
 * A function and its calls. A function of a header has a copy in each object that could not inline
 * it; copies of the same file, name and line are one.
 */
struct store_function {
	int64_t id; /* the lowest of its copies */
	int64_t file_id;
	const char *file; /* of the list's files */
	char *name;       /* owned */
	int64_t start_line;
	int64_t end_line;
	int64_t *calls;         /* [platform_count], by place, of all compared trials; owned */
	double *baseline_calls; /* [platform_count], in what is subtracted; owned */
};

enum { STORE_NOT_LISTED = UINT32_MAX };

struct store_functions {
	struct store_function *items; /* [count], by file, line and name; owned */
	size_t count;
	size_t capacity;
	uint32_t *place_of; /* [copy_count], index into items of each copy by its id; owned */
	size_t copy_count;
	char **files; /* [file_count], paths by place in the kernel; owned */
	size_t file_count;
	size_t file_capacity;
};

void store_function_list_deinit(struct store_functions *functions);
COV_DEFINE_AUTO_STRUCT(struct store_functions, store_function_list_deinit)

/**
 * store_function_list() - functions of the query's directory, with their calls.
 * @glob: shell pattern of names, all that match; NULL: all that a platform called
 */
int store_function_list(struct store *store, const struct store_query *query, const char *glob,
			struct store_functions *ret, struct cov_error *err);

/** store_function_names() - the same without calls, of no platform. */
int store_function_names(struct store *store, const struct store_query *query, const char *glob,
			 struct store_functions *ret, struct cov_error *err);

/* Calls of all functions of a kernel, each copy by itself. */
struct store_calls {
	size_t copy_count;
	size_t platform_count;
	/* [copy_count], 1 + the row of each copy by its id; 0: nobody called it; owned */
	uint32_t *row_of;
	int64_t *calls;   /* [row_count][platform_count], by row and place; owned */
	double *baseline; /* the same, in what is subtracted; owned */
	size_t row_count, row_capacity;
};

void store_function_calls_deinit(struct store_calls *calls);
COV_DEFINE_AUTO_STRUCT(struct store_calls, store_function_calls_deinit)

/** store_function_calls() - what the query's platforms called in all of the kernel. */
int store_function_calls(struct store *store, const struct store_query *query,
			 struct store_calls *ret, struct cov_error *err);

/** store_function_index() - where in the arrays a platform has a copy that was called. */
static inline size_t store_function_index(const struct store_calls *calls, size_t function_id,
					  size_t place)
{
	return (calls->row_of[function_id] - 1) * calls->platform_count + place;
}

/** store_function_is_called() - whether some platform called the copy with this id. */
bool store_function_is_called(const struct store_calls *calls, size_t function_id);

/**
 * store_function_rate() - calls per second on a platform beyond those of the baseline, at least 0.
 * @place: of the platform
 */
double store_function_rate(const struct store_query *query, const struct store_function *function,
			   size_t place);

/**
 * store_function_is_beyond() - whether a platform calls it more often than the baseline does; a
 * set, whether it does at all.
 */
bool store_function_is_beyond(const struct store_query *query,
			      const struct store_function *function, size_t place);

/** store_function_name() - name of a function by its id; free() it. */
int store_function_name(struct store *store, int64_t kernel_id, int64_t function_id, char **ret,
			struct cov_error *err);

/** store_function_object() - id of the object that a function belongs to. */
int store_function_object(struct store *store, int64_t kernel_id, int64_t function_id, int64_t *ret,
			  struct cov_error *err);

#endif
