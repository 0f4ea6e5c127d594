/* diagram.h - the exclusive regions of platforms' footprints, in one directory or several. */
#ifndef VENN_QUESTIONS_DIAGRAM_H
#define VENN_QUESTIONS_DIAGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "venn/store/store.h"
#include "venn/store/store_query.h"
#include "venn/store/store_region.h"

struct cov_error;

/* The regions of one directory or file. */
struct diagram_row {
	char *directory; /* as it is shown: "net/", "net/core/dev.c", "."; or a subsystem; owned */
	int64_t found;   /* instrumented lines */
	/* [region_count], bits by place of the platform, largest first, none empty; owned */
	struct store_region *regions;
	size_t region_count;
	int64_t united;                       /* lines of all regions */
	int64_t totals[STORE_PLATFORMS_MAX];  /* by place, lines of each footprint */
	double at_least[STORE_PLATFORMS_MAX]; /* the same, see store_stability_at_least() */
};

struct diagram {
	struct store_query query; /* owned; its platforms are those of the diagram */
	struct diagram_row *rows; /* [row_count]; the first is what was asked for; owned */
	size_t row_count;
};

void diagram_deinit(struct diagram *diagram);
COV_DEFINE_AUTO_STRUCT(struct diagram, diagram_deinit)

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

/** diagram_row_finish() - put the regions of a row in order. */
void diagram_row_finish(struct diagram_row *row);

/** diagram_platform() - name of the platform at @place. */
const char *diagram_platform(const struct diagram *diagram, size_t place);

/** diagram_region_name() - "runc+gvisor"; free() it. */
char *diagram_region_name(const struct diagram *diagram, uint64_t mask);

/** diagram_exclusive() - lines that only the platform at @place executes. */
int64_t diagram_exclusive(const struct diagram_row *row, size_t place);

#endif
