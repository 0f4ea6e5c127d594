/* report_table.h - tables of the database as parts of the report. */
#ifndef VENN_REPORT_REPORT_TABLE_H
#define VENN_REPORT_REPORT_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/text.h"
#include "venn/store/store_report.h"

struct cov_error;
struct store;

/* A table and its key. */
struct report_table {
	const char *key;
	enum store_report_table table;
};

struct report_tables {
	const struct report_table *items; /* [count] */
	size_t count;
	int64_t kernel_id;
	int64_t analysis_id;
	int64_t workload_id; /* of a table of one union; 0: all united */
};

/** report_table_add() - tables with their keys, each a list of its rows. @object: is begun */
int report_table_add(struct store *store, const struct report_tables *tables,
		     struct cov_text *object, struct cov_error *err);

#endif
