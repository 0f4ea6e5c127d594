/* store_query.h - what a question is asked of: analysis, workloads, directory, platforms. */
#ifndef VENN_STORE_STORE_QUERY_H
#define VENN_STORE_STORE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "venn/store/store.h"
#include "venn/store/store_analysis.h"
#include "venn/store/store_range.h"
#include "venn/store/store_union.h"

struct cov_error;

/* A question as it was put. All texts are borrowed. */
struct store_asked {
	struct store_choice choice;
	const char *directory; /* canonical, or of a file; "." for the whole kernel */
	struct store_union_asked workloads;
	const char *platforms; /* "a,b,c", in this order; NULL: all, as imported */
	/* Whether a name there may be PLATFORM/WORKLOAD: what the platform executes because of that
	 * workload or group, in place of a platform; all together they are "workloads". */
	bool has_sets;
};

struct store_query_platform {
	char *name; /* owned */
	int64_t id;
	int bit;     /* in masks of regions */
	bool is_set; /* lines from elsewhere: part of every workload; no time, no resamples */
	/* [footprint_count], whose lines together are those of the workloads; owned */
	int64_t *footprints;
	size_t footprint_count;
	size_t resample_count; /* of these; 0: too few trials of one of them */
	int64_t duration_ns;   /* of its trials of the workloads */
	int64_t baseline_ns;   /* of what is subtracted from it */
};

/* The same as the database knows it. A platform's place is its index in platforms. */
struct store_query {
	int64_t kernel_id;
	char *kernel; /* its name; owned */
	struct store_analysis analysis;
	struct store_union workloads; /* owned */
	char *directory;              /* canonical, or of a file; owned */
	int64_t directory_id;         /* 0: it is a file */
	int64_t line_first;           /* line ids of the directory */
	int64_t line_count;
	int64_t found; /* of these, lines of linked objects */
	struct store_query_platform platforms[STORE_PLATFORMS_MAX];
	size_t platform_count;
	size_t resample_count; /* of these together; 0: one of them has none */
};

/** store_query_range() - the lines of its directory or file. */
static inline struct store_range store_query_range(const struct store_query *query)
{
	return (struct store_range){ (size_t)query->line_first, (size_t)query->line_count };
}

void store_query_deinit(struct store_query *query);
COV_DEFINE_AUTO_STRUCT(struct store_query, store_query_deinit)

/**
 * store_query_open() - look up what a question is about.
 * @ret: free with store_query_deinit()
 *
 * Return: 0; COV_ERR_MISMATCH if there is no such analysis, workload, platform or directory, or if
 *         the analysis lacks trials; COV_ERR_USAGE if a platform is named twice; COV_ERR_STORE.
 */
int store_query_open(struct store *store, const struct store_asked *question,
		     struct store_query *ret, struct cov_error *err);

/**
 * store_query_rules() - the other current analyses against the same baseline: other rules.
 * @ret: free with store_analysis_list_deinit()
 */
int store_query_rules(struct store *store, const struct store_query *query,
		      struct store_analyses *ret, struct cov_error *err);

/** store_query_left_out() - objects left out of the footprint in its analysis that lacks most. */
int store_query_left_out(struct store *store, const struct store_query *query, int64_t *ret,
			 struct cov_error *err);

/** store_query_platforms() - its platforms as a question names them; NULL: there is none; free()
 * it.
 */
char *store_query_platforms(const struct store_query *query);

/** store_query_is_file() - whether it is asked of a file, not of a directory. */
static inline bool store_query_is_file(const struct store_query *query)
{
	return !query->directory_id;
}

/** store_query_place() - the place of the platform @name; COV_ERR_MISMATCH with those there are. */
int store_query_place(const struct store_query *query, const char *name, size_t *ret,
		      struct cov_error *err);

/** store_query_names() - the names of its platforms, by place. @ret: [STORE_PLATFORMS_MAX],
 * borrowed */
void store_query_names(const struct store_query *query, const char **ret);

/** store_query_join() - the names of the platforms of a mask, see mask_join(); free() it. */
char *store_query_join(const struct store_query *query, uint64_t mask, const char *separator);

/* Some of a query's platforms. */
struct store_query_places {
	size_t items[STORE_PLATFORMS_MAX]; /* [count], places */
	size_t count;
	uint64_t mask; /* bit: place */
};

/**
 * store_query_places() - the places of platforms by their names.
 * @names: "a,b,c"
 *
 * Return: 0; COV_ERR_MISMATCH with the platforms there are; COV_ERR_USAGE if one is named twice.
 */
int store_query_places(const struct store_query *query, const char *names,
		       struct store_query_places *ret, struct cov_error *err);

#endif
