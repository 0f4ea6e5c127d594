/* store_report.h - tables of a study as JSON, for the report. */
#ifndef VENN_STORE_STORE_REPORT_H
#define VENN_STORE_STORE_REPORT_H

#include <stddef.h>
#include <stdint.h>

#include "venn/store/store_claim.h"

struct cov_error;
struct store;

/* A platform or workload that has a footprint. */
struct store_report_name {
	int64_t id;
	char *name; /* owned */
};

struct store_report_names {
	struct store_report_name *items; /* [count], as imported; owned */
	size_t count;
	size_t capacity;
};

void store_report_names_deinit(struct store_report_names *names);
COV_DEFINE_AUTO_STRUCT(struct store_report_names, store_report_names_deinit)

/** store_report_name_list() - platforms or workloads with a footprint in an analysis. */
int store_report_name_list(struct store *store, enum store_name_kind kind, int64_t analysis_id,
			   struct store_report_names *ret, struct cov_error *err);

/* The first two are in the order of the lists above. */
enum store_report_table {
	STORE_REPORT_PLATFORMS,  /* that have a footprint: name, driver */
	STORE_REPORT_WORKLOADS,  /* that have one: name, kind */
	STORE_REPORT_MACHINES,   /* what manifests say of kernel and machine */
	STORE_REPORT_TRIALS,     /* all, failed ones as well */
	STORE_REPORT_FOOTPRINTS, /* totals */
	STORE_REPORT_ANALYSES,   /* all there are, with what they removed and kept */
	STORE_REPORT_METRICS,    /* figures of ok trials */
	STORE_REPORT_PROBLEMS,   /* objects not decoded, and in how many trials */
	STORE_REPORT_AGREEMENT,  /* of trials, by directory */
	STORE_REPORT_LEAST,      /* see store_stability_at_least(), by directory, of one union */
};

/* The rows of a table that are meant. */
struct store_report_rows {
	enum store_report_table table;
	int64_t kernel_id;
	int64_t analysis_id;
	int64_t workload_id; /* of a table of one union; 0: all united */
};

/**
 * store_report_table() - hand out rows of a table, each as JSON: an object, or a list.
 * @take: gets each row; its result below 0 ends this
 *
 * Texts stand in it as the database has them, which need not be UTF-8.
 *
 * Return: 0; COV_ERR_STORE; what @take returned.
 */
int store_report_table(struct store *store, const struct store_report_rows *rows,
		       int (*take)(void *context, const char *json, size_t length,
				   struct cov_error *err),
		       void *context, struct cov_error *err);

#endif
