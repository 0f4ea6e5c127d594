/* report_table.c - tables of the database as parts of the report. */
#include "venn/report/report_table.h"

#include <jansson.h>

#include "collector/base/error.h"
#include "collector/base/json.h"
#include "venn/report/report_json.h"

/* A row at a time: all of them as values of jansson would be most of the report's memory. */
static int add_row(void *context, const char *json, size_t length, struct cov_error *err)
{
	COV_AUTO(cov_text_deinit) struct cov_text clean = { 0 };
	json_error_t problem;

	cov_text_add_utf8(&clean, json, length);
	json_t *row = json_loadb(clean.data, clean.length, JSON_ALLOW_NUL, &problem);
	if (!row)
		return cov_fail(err, COV_ERR_STORE, "the database has a text that is not JSON: %s",
				problem.text);
	report_json_value(context, row);
	return 0;
}

int report_table_add(struct store *store, const struct report_tables *tables,
		     struct cov_text *object, struct cov_error *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < tables->count; i++) {
		const struct store_report_rows rows = { tables->items[i].table, tables->kernel_id,
							tables->analysis_id, tables->workload_id };

		report_json_key(object, tables->items[i].key);
		report_json_begin(object, '[');
		result = store_report_table(store, &rows, add_row, object, err);
		report_json_end(object, ']');
	}
	return result;
}
