/*
 * claims.h - a file of claims about platforms, each a query and what it should give.
 *
 * The form, with every key:
 *
 *   name: vee20
 *   platforms:                     # what a platform is called in queries: the first of these names
 *     firecracker: [firecracker, microvm]        # that the database has, as :firecracker
 *   workloads:                     # the same for workloads, as :memory
 *     memory: [memory, mmap]
 *   claims:
 *     - name: do-mmap
 *       place: section 6.2         # in the source of the claim
 *       claim: One platform calls do_mmap() more often than another.
 *       class: ordinal             # exact, ordinal, set-shape, ratio or informational
 *       query: SELECT ... AS lxc, ... AS gvisor      # one row; :analysis is the analysis' id
 *       expected: lxc > gvisor     # an SQL condition over the columns; none if informational
 *       note: why it may differ    # printed when it does
 */
#ifndef VENN_QUESTIONS_CLAIMS_H
#define VENN_QUESTIONS_CLAIMS_H

#include <stddef.h>
#include <stdint.h>

#include "collector/collector.h"
#include "venn/store/store_claim.h"

struct cov_error;
struct store;

/* A name in queries, and what it may be called in the database. */
struct claim_role {
	const char *name; /* with the colon: ":firecracker" */
	struct yaml_words names;
};

struct claim {
	const char *name;
	const char *place;
	const char *text;
	const char *class_name;
	const char *query;
	const char *expected; /* NULL: informational */
	const char *note;     /* or NULL */
	int line;
};

/* A file of claims. Everything belongs to @arena. */
struct claims {
	const char *path;
	const char *name;
	struct claim_role *platforms; /* [platform_count] */
	size_t platform_count;
	struct claim_role *workloads; /* [workload_count] */
	size_t workload_count;
	struct claim *items; /* [count] */
	size_t count;
	struct cov_arena arena;
};

/**
 * claims_read() - read a file of claims; its queries are not looked at.
 * @path: kept
 * @ret:  free with claims_deinit()
 * @err:  "file:line: what"
 *
 * Return: 0; COV_ERR_SYSTEM, COV_ERR_FORMAT.
 */
int claims_read(const char *path, struct claims *ret, struct cov_error *err);

/** claims_deinit() - free what @claims owns; a zeroed struct is fine. */
void claims_deinit(struct claims *claims);

COV_DEFINE_AUTO_STRUCT(struct claims, claims_deinit)

/* The claims, what their names stand for here, and the answers. */
struct claims_checked {
	struct claims claims;         /* owned */
	struct store_value *values;   /* [value_count]; owned */
	struct store_answer *answers; /* [claims.count]; owned */
	size_t value_count;
};

/**
 * claims_check() - read a file of claims and ask a database for each.
 * @path: kept
 * @ret:  free with claims_checked_deinit(), also on failure
 *
 * Return: 0; COV_ERR_SYSTEM, COV_ERR_STORE; COV_ERR_FORMAT if the file or a query is malformed.
 */
int claims_check(const char *path, struct store *store, int64_t analysis_id,
		 struct claims_checked *ret, struct cov_error *err);

/** claims_verdict() - "holds", "differs", "not measured", "for information". */
const char *claims_verdict(const struct claims_checked *check, size_t index);

void claims_checked_deinit(struct claims_checked *check);
COV_DEFINE_AUTO_STRUCT(struct claims_checked, claims_checked_deinit)

#endif
