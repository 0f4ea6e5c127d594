/* report_hits.h - consecutive files and what was executed of them in all views, as parts. */
#ifndef VENN_REPORT_REPORT_HITS_H
#define VENN_REPORT_REPORT_HITS_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/text.h"
#include "venn/report/report_study.h"

struct cov_error;
struct store;

/* A line of a chunk that a platform executed. */
struct report_hit {
	uint32_t line_id;
	bool is_kept;
	int64_t count;
};

/* What one platform executed of a chunk in one view. */
struct report_hit_list {
	struct report_hit *items; /* [count], by line id; owned */
	size_t count;
	size_t capacity;
};

/* A zeroed struct has none. */
struct report_hits {
	struct report_hit_list *lists; /* [list_count], by view, then place in its query; owned */
	size_t list_count;
};

void report_hits_deinit(struct report_hits *hits);
COV_DEFINE_AUTO_STRUCT(struct report_hits, report_hits_deinit)

/** report_hits_read() - what all platforms executed of the files of a chunk in all views. */
int report_hits_read(struct store *store, const struct report_study *study, size_t chunk,
		     struct report_hits *ret, struct cov_error *err);

/** report_hits_json() - instrumented lines, functions and @hits of the files of a chunk. */
void report_hits_json(const struct report_study *study, size_t chunk,
		      const struct report_hits *hits, struct cov_text *ret);

#endif
