/*
 * claims.h - a file of claims about platforms, each a query and what it should give.
 *
 * The form, with every key:
 *
 *   name: vee20
 *   platforms:                     # what a platform is called in queries: the first of these names
 *     firecracker: [firecracker, microvm]        # that the database has, as :firecracker
 *   workloads:                     # the same for workloads, as :memory; of a phase of them, its
 *                                  # name, and that of the phase as :phase, which is NULL else
 *     memory: [memory, mmap]
 *   claims:
 *     - name: do-mmap
 *       place: section 6.2         # in the source of the claim
 *       claim: One platform calls do_mmap() more often than another.
 *       class: ordinal             # exact, ordinal, set-shape, ratio or informational
 *       query: SELECT ... AS lxc, ... AS gvisor      # one row; :analysis is the analysis' id,
 *                                  # :kernel that of its kernel; a column emulated that is 'yes'
 *                                  # makes the answer one that is not comparable
 *       expected: lxc > gvisor     # an SQL condition over the columns; none if informational
 *       note: why it may differ    # printed when it does
 */
#ifndef VENN_QUESTIONS_CLAIMS_H
#define VENN_QUESTIONS_CLAIMS_H

#include <stddef.h>

#include "collector/collector.h"

struct cov_error;

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
	/* Names in queries, without the colon, and what they may be called in the database. */
	struct yaml_named_words *platforms; /* [platform_count] */
	size_t platform_count;
	struct yaml_named_words *workloads; /* [workload_count] */
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

#endif
