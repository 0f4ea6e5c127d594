/* diagram.h - the exclusive regions of chosen platforms' footprints, in one directory or several.
 */
#ifndef VENN_QUESTIONS_DIAGRAM_H
#define VENN_QUESTIONS_DIAGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "venn/store/store.h"
#include "venn/store/store_analysis.h"
#include "venn/store/store_region.h"

struct cov_arguments;
struct cov_error;

/* The regions of one directory or file. */
struct diagram_row {
	char *directory; /* as it is shown: "net/", "net/core/dev.c", "."; or a subsystem; owned */
	int64_t found;   /* instrumented lines */
	/* [region_count], bits by place of the platform, largest first, none empty; owned */
	struct store_region *regions;
	size_t region_count;
	int64_t united;                      /* lines of all regions */
	int64_t totals[STORE_PLATFORMS_MAX]; /* [platform_count], lines of each footprint */
};

struct diagram {
	const char *workload; /* borrowed; NULL: all united */
	struct store_venn venn;
	size_t chosen[STORE_PLATFORMS_MAX]; /* [platform_count], index into venn.platforms */
	size_t platform_count;
	struct diagram_row *rows; /* [row_count]; the first is what was asked for; owned */
	size_t row_count;
};

void diagram_deinit(struct diagram *diagram);
COV_DEFINE_AUTO_STRUCT(struct diagram, diagram_deinit)

/**
 * diagram_read() - the regions that --dir, --workload, --platforms, --rule and --baseline ask for.
 * @depth: also those of all directories so far below --dir, in order of their paths, as far as
 *         there are lines of a footprint in them
 * @ret:   filled on success; free with diagram_deinit()
 *
 * Return: 0; COV_ERR_MISMATCH, COV_ERR_USAGE, COV_ERR_STORE.
 */
int diagram_read(struct store *store, const struct cov_arguments *arguments,
		 const struct store_choice *choice, size_t depth, struct diagram *ret,
		 struct cov_error *err);

/** diagram_row_finish() - bring the regions of a row into order. */
void diagram_row_finish(struct diagram_row *row);

/** diagram_rows_replace() - other rows instead of those there are; @rows is handed over. */
void diagram_rows_replace(struct diagram *diagram, struct diagram_row *rows, size_t count);

/** diagram_platform() - name of the platform at @place. */
const char *diagram_platform(const struct diagram *diagram, size_t place);

/** diagram_region_name() - "runc+gvisor"; free() it. */
char *diagram_region_name(const struct diagram *diagram, uint64_t mask);

/** diagram_exclusive() - lines that only the platform at @place executes. */
int64_t diagram_exclusive(const struct diagram_row *row, size_t place);

#endif
