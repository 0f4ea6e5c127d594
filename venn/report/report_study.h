/* report_study.h - a study read for the report, and what its page needs at once. */
#ifndef VENN_REPORT_REPORT_STUDY_H
#define VENN_REPORT_REPORT_STUDY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/collector.h"
#include "venn/store/store.h"
#include "venn/store/store_analysis.h"
#include "venn/store/store_code.h"
#include "venn/store/store_function.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_query.h"
#include "venn/store/store_report.h"

struct cov_error;

enum {
	REPORT_PLATFORMS_MAX = 30, /* of the page's masks, which are signed 32-bit numbers */
	REPORT_CHUNK_LINES = 4000, /* instrumented lines of a chunk, about */
};

/* The footprints of one workload, or of all united. */
struct report_view {
	struct store_query query;
	size_t places[STORE_PLATFORMS_MAX]; /* [query.platform_count], index into platforms */
	struct store_code code;
	struct store_functions functions; /* that some platform called */
};

/* Consecutive files whose lines, or sources, are one part of the data. */
struct report_chunk {
	size_t file_first;
	size_t file_count;
};

struct report_study {
	const struct store_kernel *kernel; /* borrowed */
	struct store_analysis analysis;
	struct store_report_names platforms; /* owned */
	struct store_report_names workloads; /* owned */
	struct report_view *views; /* [view_count]: all united, then one per workload; owned */
	size_t view_count;
	struct store_functions functions; /* all there are */
	unsigned char *is_linked;         /* [line_count], by line id; owned */
	struct report_chunk *chunks;      /* [chunk_count]; owned */
	size_t chunk_count;
};

/** report_study_files() - files and lines of the kernel. */
static inline const struct cov_kernel *report_study_files(const struct report_study *study)
{
	return &study->views[0].code.kernel;
}

/**
 * report_study_read() - all of a study but its texts.
 * @kernel: borrowed by @ret
 * @ret:    free with report_study_deinit(), also on failure
 */
int report_study_read(struct store *store, const struct store_kernel *kernel,
		      const struct store_choice *choice, struct report_study *ret,
		      struct cov_error *err);

void report_study_deinit(struct report_study *study);
COV_DEFINE_AUTO_STRUCT(struct report_study, report_study_deinit)

/** report_study_json() - what the page needs at once: the experiment, its files, its figures. */
int report_study_json(struct store *store, const struct report_study *study, bool has_source,
		      json_t **ret, struct cov_error *err);

/** report_study_trust_json() - how far the figures can be trusted. */
int report_study_trust_json(struct store *store, const struct report_study *study, json_t **ret,
			    struct cov_error *err);

/** report_study_claims_json() - what a file of claims says, and what this study says about each. */
int report_study_claims_json(struct store *store, const struct report_study *study,
			     const char *path, json_t **ret, struct cov_error *err);

#endif
