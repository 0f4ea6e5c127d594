/*
 * report_data.h - what the modules of the report share: the study in memory, and how it is written.
 *
 * A page opened from disk can load nothing but scripts. So each part of the data is a script,
 * data/NAME.js, that hands the page a name and a text: JSON, compressed by gzip, in base64. Parts
 * are loaded when a view needs them. venn/report/page/data.js reads what these modules write; a
 * change of either is a new REPORT_FORMAT.
 */
#ifndef VENN_REPORT_REPORT_DATA_H
#define VENN_REPORT_REPORT_DATA_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "collector/collector.h"
#include "venn/report/report.h"
#include "venn/store/store.h"
#include "venn/store/store_analysis.h"
#include "venn/store/store_code.h"
#include "venn/store/store_function.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_query.h"
#include "venn/store/store_report.h"

struct cov_error;

enum {
	REPORT_FORMAT = 1,
	REPORT_PLATFORMS_MAX = 30, /* of the page's masks, which are 32-bit numbers with a sign */
	REPORT_CHUNK_LINES = 4000, /* instrumented lines of a chunk, about */
	REPORT_BRANCHES = 50, /* of a view: that decide about the most executed conditional code */
};

/* The footprints of one workload, or of all united. */
struct report_view {
	struct store_query query;
	size_t places[STORE_PLATFORMS_MAX]; /* [query.platform_count], index into platforms */
	struct store_code code;
	struct store_functions functions; /* that some platform called */
};

/* Files one after the other whose lines, or sources, are one part of the data. */
struct report_chunk {
	size_t file_first;
	size_t file_count;
};

struct report_study {
	const struct store_kernel *kernel; /* borrowed */
	struct store_analysis analysis;
	struct store_report_names platforms; /* owned */
	struct store_report_names workloads; /* owned */
	struct report_view *views; /* [view_count]: all united, then one a workload; owned */
	size_t view_count;
	struct store_functions functions; /* all there are */
	unsigned char *is_linked;         /* [line_count], by line id; owned */
	struct report_chunk *chunks;      /* [chunk_count]; owned */
	size_t chunk_count;
};

/** report_files() - files and lines of the kernel. */
static inline const struct cov_kernel *report_files(const struct report_study *study)
{
	return &study->views[0].code.kernel;
}

/**
 * report_study_read() - all of a study but its texts.
 * @ret: free with report_study_deinit(), also on failure
 */
int report_study_read(struct store *store, const struct report_asked *asked,
		      struct report_study *ret, struct cov_error *err);

void report_study_deinit(struct report_study *study);
COV_DEFINE_AUTO_STRUCT(struct report_study, report_study_deinit)

/** report_study_json() - what the page needs at once: the experiment, its files, its figures. */
int report_study_json(struct store *store, const struct report_study *study, bool has_source,
		      json_t **ret, struct cov_error *err);

/** report_trust_json() - how far the figures can be trusted. */
int report_trust_json(struct store *store, const struct report_study *study, json_t **ret,
		      struct cov_error *err);

/** report_claims_json() - what a file of claims says, and what this study says to each. */
int report_claims_json(struct store *store, const struct report_study *study, const char *path,
		       json_t **ret, struct cov_error *err);

/**
 * report_branches_json() - the branches that decide about the most executed conditional code of
 * each view, where all of its platforms are compared.
 */
int report_branches_json(struct store *store, struct report_study *study, json_t **ret,
			 struct cov_error *err);

/** report_functions_json() - all functions: names and places. */
json_t *report_functions_json(const struct report_study *study);

/** report_lines_json() - who executed which line, of view @view. */
json_t *report_lines_json(const struct report_study *study, size_t view);

/** report_counts_json() - how often, line by line of report_lines_json(). */
json_t *report_counts_json(const struct report_study *study, size_t view);

/** report_calls_json() - how often functions were called, of view @view. */
json_t *report_calls_json(const struct report_study *study, size_t view);

/** report_chunk_json() - instrumented lines and all counts of a chunk's files. */
json_t *report_chunk_json(const struct report_study *study, size_t chunk);

/**
 * report_source_json() - the sources of a chunk's files.
 * @count:   those that are there are added
 * @missing: those that are not, and have linked code, are added
 */
json_t *report_source_json(const struct report_study *study, const char *directory, size_t chunk,
			   size_t *count, size_t *missing);

/** report_text() - a text as JSON; what in it is no UTF-8 becomes U+FFFD. */
json_t *report_text(const char *text);

/**
 * report_part_write() - write one part of the data.
 * @value: its reference is taken
 * @size:  bytes written are added
 */
int report_part_write(const char *directory, const char *name, json_t *value, size_t *size,
		      struct cov_error *err);

/* A file of the page itself, as it was built into the program. */
struct report_asset {
	const char *name;
	const unsigned char *data; /* [size] */
	size_t size;
};

/** report_assets() - all of them. */
const struct report_asset *report_assets(size_t *count);

#endif
