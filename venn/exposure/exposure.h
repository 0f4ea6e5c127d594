/* exposure.h - which known vulnerabilities lie in which platform's footprint. */
#ifndef VENN_EXPOSURE_EXPOSURE_H
#define VENN_EXPOSURE_EXPOSURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/collector.h"
#include "venn/store/store_cve.h"
#include "venn/store/store_query.h"

struct cov_error;
struct store;

/* What of the kernel a record is about, from coarse to fine. */
enum exposure_level {
	EXPOSURE_FILE,     /* a file that it names */
	EXPOSURE_FUNCTION, /* of such a file, those that its text or its fix names */
	EXPOSURE_LINE,     /* lines that its fix changes */
	EXPOSURE_FINEST,   /* each by the finest that there is */
};

enum exposure_state {
	EXPOSURE_EXECUTED,         /* some of it is in the footprint */
	EXPOSURE_NOT_OBSERVED,     /* instrumented, and none of it is: no more than that */
	EXPOSURE_NOT_INSTRUMENTED, /* compiled without counters */
	EXPOSURE_NOT_COMPILED,     /* no command of the build read any of its files */
	EXPOSURE_UNKNOWN,          /* not instrumented, and what was compiled is not known */
	EXPOSURE_STATES,
};

/* "line"; "not observed". The words are fixed. */
extern const char *const exposure_level_names[];
extern const char *const exposure_state_names[];

struct exposure_item {
	const struct store_cve_concern *concern; /* borrowed */
	const struct store_cve_file **files;     /* [file_count], in the directory; owned */
	size_t file_count;
	const char **functions; /* [function_count], sorted, each once; owned, the names borrowed */
	size_t function_count;
	enum exposure_level level; /* of what is instrumented */
	uint64_t executed;         /* places of platforms */
	enum exposure_state rest;  /* of all others */
};

/* The records that apply to a version, and what of a kernel they may be about. */
struct exposure_records {
	int64_t version; /* that records are chosen by, see version.h */
	struct store_cve_state state;
	bool is_compiled_known;
	struct cov_kernel kernel;           /* its files and lines; owned, as is all that follows */
	struct store_cve_concerns concerns; /* in whatever directory */
	struct store_cve_functions functions; /* of the files that they name */
};

void exposure_records_deinit(struct exposure_records *records);
COV_DEFINE_AUTO_STRUCT(struct exposure_records, exposure_records_deinit)

/**
 * exposure_records_read() - the records that apply to a version.
 * @directory: whose files are of interest
 * @ret:       free with exposure_records_deinit()
 *
 * Return: 0; COV_ERR_STORE; COV_ERR_MISMATCH if there are no records.
 */
int exposure_records_read(struct store *store, int64_t kernel_id, const char *directory,
			  int64_t version, struct exposure_records *ret, struct cov_error *err);

/* How much there is to find something in. */
struct exposure_extent {
	int64_t lines[STORE_PLATFORMS_MAX];  /* of the footprint in the directory */
	int64_t trials[STORE_PLATFORMS_MAX]; /* of the workload with the fewest */
	double
	    at_least[STORE_PLATFORMS_MAX]; /* lines executed, seen or not (Chao2); NAN: unknown */
};

/* What of it is in footprints. */
struct exposure {
	struct exposure_item
	    *items; /* [count]: those executed first, then by score, then by name; owned */
	size_t count;
	size_t fixed_count;            /* left out: the source has the fix */
	size_t coarse_count;           /* left out: nothing as fine as asked for is known */
	struct exposure_extent extent; /* by exposure_open() alone */
};

/**
 * exposure_decide() - which records lie in whose footprint; no database is needed.
 * @records: outlive @ret
 * @query:   directory and platforms
 * @masks:   [query->line_count], places of the platforms in whose footprint each line is
 * @level:   EXPOSURE_FINEST: each by its own
 * @ret:     free with exposure_deinit()
 */
void exposure_decide(const struct exposure_records *records, const struct store_query *query,
		     const uint64_t *masks, enum exposure_level level, struct exposure *ret);

/** exposure_open() - exposure_decide() of a query, and how much there is of it. */
int exposure_open(struct store *store, const struct exposure_records *records,
		  const struct store_query *query, enum exposure_level level, struct exposure *ret,
		  struct cov_error *err);

/** exposure_state_of() - on the platform at @place. */
enum exposure_state exposure_state_of(const struct exposure_item *item, size_t place);

/**
 * exposure_chance() - what a trial executes with a chance up to this may be missing in all of
 * @trials, at 95 % confidence.
 * Source: the exact (Clopper-Pearson) bound for none of n, 1 - 0.05^(1/n).
 */
double exposure_chance(int64_t trials);

void exposure_deinit(struct exposure *exposure);
COV_DEFINE_AUTO_STRUCT(struct exposure, exposure_deinit)

#endif
