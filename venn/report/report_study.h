/* report_study.h - a study as the report has it, and what its page needs at once. */
#ifndef VENN_REPORT_REPORT_STUDY_H
#define VENN_REPORT_REPORT_STUDY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/store/store.h"
#include "venn/store/store_analysis.h"
#include "venn/store/store_function.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_query.h"
#include "venn/store/store_report.h"

struct cov_error;

enum {
	REPORT_PLATFORMS_MAX = 30, /* of the page's masks, which are signed 32-bit numbers */
	REPORT_CHUNK_LINES = 4000, /* instrumented lines of a chunk, about */
};

/* The footprints of one workload, or of all united: which they are, not what is in them. */
struct report_view {
	struct store_query query;
	size_t places[STORE_PLATFORMS_MAX]; /* [query.platform_count], index into platforms */
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
	struct cov_kernel files;          /* files and lines of the kernel, no objects */
	struct store_functions functions; /* all there are, without calls */
	unsigned char *is_linked;         /* [files.line_count], by line id; owned */
	struct report_chunk *chunks;      /* [chunk_count]; owned */
	size_t chunk_count;
};

/**
 * report_study_read() - all that is small, or needed by several parts.
 * @kernel: borrowed by @ret
 * @ret:    free with report_study_deinit(), also on failure
 */
int report_study_read(struct store *store, const struct store_kernel *kernel,
		      const struct store_choice *choice, struct report_study *ret,
		      struct cov_error *err);

void report_study_deinit(struct report_study *study);
COV_DEFINE_AUTO_STRUCT(struct report_study, report_study_deinit)

/** report_study_place() - the place of a platform of the study among those of a view; -1: none. */
int report_study_place(const struct report_view *view, size_t platform);

/** report_study_json() - what the page needs at once: the experiment, its files, its figures. */
int report_study_json(struct store *store, const struct report_study *study, bool has_source,
		      struct cov_text *ret, struct cov_error *err);

/** report_study_least() - how many lines of each directory a view's footprints have at least. */
int report_study_least(struct store *store, const struct report_study *study, size_t view,
		       struct cov_text *ret, struct cov_error *err);

/** report_study_functions() - all functions: names and places. */
void report_study_functions(const struct report_study *study, struct cov_text *ret);

#endif
