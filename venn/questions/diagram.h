/* diagram.h - the exclusive regions of platforms' footprints, in one directory or several. */
#ifndef VENN_QUESTIONS_DIAGRAM_H
#define VENN_QUESTIONS_DIAGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "differ/differ.h"
#include "venn/store/store.h"
#include "venn/store/store_analysis.h"
#include "venn/store/store_query.h"
#include "venn/store/store_region.h"

struct cov_error;

/*
 * How far a number of lines would be another. Over the trials: in resamples, each of which lacks
 * some trials of every platform (differ/resample.h); over the rules: in the current footprints by
 * other rules against the same baseline. Both have the number itself in them.
 */
struct diagram_range {
	size_t resample_count; /* 0: too few trials, low and high are not to be used */
	int64_t low, high;
	int64_t rule_low, rule_high; /* only of use if there is another rule */
};

/* The lines of exactly some of the platforms. */
struct diagram_region {
	uint64_t mask; /* bit: place of the platform */
	int64_t lines;
	int64_t without[COV_RESAMPLE_MAX]; /* in each resample */
	struct diagram_range range;
};

/* The regions of one directory or file. */
struct diagram_row {
	char *directory; /* as it is shown: "net/", "net/core/dev.c", "."; or a subsystem; owned */
	int64_t found;   /* instrumented lines */
	/* [region_count], largest first, none empty; owned */
	struct diagram_region *regions;
	size_t region_count;
	int64_t united; /* lines of all regions */
	struct diagram_range united_range;
	int64_t totals[STORE_PLATFORMS_MAX]; /* by place, lines of each footprint */
	struct diagram_range total_ranges[STORE_PLATFORMS_MAX];
	double at_least[STORE_PLATFORMS_MAX]; /* the same, see store_stability_at_least() */
};

struct diagram {
	struct store_query query; /* owned; its platforms are those of the diagram */
	struct diagram_row *rows; /* [row_count]; the first is what was asked for; owned */
	size_t row_count;
	struct store_analyses others; /* by other rules, which the ranges are over; owned */
	int64_t objects_left_out;     /* by whoever shows it, see store_query_left_out() */
};

void diagram_deinit(struct diagram *diagram);
COV_DEFINE_AUTO_STRUCT(struct diagram, diagram_deinit)

/** diagram_keep_rows() - drop the rows after the first @count. */
void diagram_keep_rows(struct diagram *diagram, size_t count);

/**
 * diagram_read() - the regions of what is asked for.
 * @depth: also those of all directories down to this depth below the one asked for, in order of
 *         path, if there are lines of a footprint in them
 * @ret:   filled on success; free with diagram_deinit()
 *
 * Return: 0; what store_query_open() returns.
 */
int diagram_read(struct store *store, const struct store_asked *asked, size_t depth,
		 struct diagram *ret, struct cov_error *err);

/** diagram_read_alone() - the same by one rule, without ranges over the rules. */
int diagram_read_alone(struct store *store, const struct store_asked *asked, size_t depth,
		       struct diagram *ret, struct cov_error *err);

/**
 * diagram_row_fill() - the regions, numbers of lines and ranges over the trials of a row.
 * @regions: masks by platform.bit
 */
void diagram_row_fill(const struct store_query *query, const struct store_regions *regions,
		      struct diagram_row *row);

/**
 * diagram_add_rules() - the ranges over the rules, of all rows.
 * @asked: what the diagram was read for
 * @read:  reads the same diagram by another rule, of which only this is asked for: its rows, and
 *         their numbers of lines
 *
 * Return: 0; what @read returns; COV_ERR_STORE.
 */
int diagram_add_rules(struct store *store, const struct store_asked *asked, struct diagram *diagram,
		      int (*read)(void *context, struct store *store,
				  const struct store_asked *asked, struct diagram *ret,
				  struct cov_error *err),
		      void *context, struct cov_error *err);

/** diagram_platform() - name of the platform at @place. */
const char *diagram_platform(const struct diagram *diagram, size_t place);

/** diagram_region_name() - "runc+gvisor"; free() it. */
char *diagram_region_name(const struct diagram *diagram, uint64_t mask);

/** diagram_exclusive() - lines that only the platform at @place executes. */
int64_t diagram_exclusive(const struct diagram_row *row, size_t place);

#endif
