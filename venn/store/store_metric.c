/* store_metric.c - the figures that workloads printed, out of the database. */
#include "venn/store/store_metric.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/store/statement.h"

void store_metric_list_deinit(struct store_metrics *metrics)
{
	for (size_t i = 0; i < metrics->count; i++) {
		free(metrics->items[i].workload);
		free(metrics->items[i].name);
		free(metrics->items[i].labels);
		free(metrics->items[i].unit);
		free(metrics->items[i].platform);
	}
	free(metrics->items);
	memset(metrics, 0, sizeof(*metrics));
}

int store_metric_list(struct store *store, int64_t kernel_id,
		      const struct store_union_asked *workloads, const char *metric,
		      struct store_metrics *ret, struct cov_error *err)
{
	COV_AUTO(statement_rest) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_metric_list_deinit) struct store_metrics list = { 0 };
	COV_AUTO(store_union_deinit) struct store_union set = { 0 };
	int result = store_union_find(store, workloads, &set, err);

	if (result)
		return result;
	COV_AUTO(free)
	char *sql = cov_format(
	    "SELECT w.name, m.name, m.labels, m.unit, p.name, m.value, t.is_emulated"
	    " FROM metric m JOIN trial t USING (trial_id) JOIN platform p USING (platform_id)"
	    " JOIN workload w USING (workload_id) WHERE t.kernel_id = ?1 AND t.status = 'ok'"
	    " AND workload_id IN (%s) AND m.name = ifnull(?2, m.name)"
	    " ORDER BY workload_id, m.name, m.labels, m.unit, platform_id, m.value",
	    set.name ? set.ids : "SELECT workload_id FROM workload");
	result = statement_keep(store, sql, &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	statement_bind_text(statement, 2, metric);
	while ((result = statement_step(store, statement, err)) > 0) {
		list.items = cov_grow(list.items, list.count, &list.capacity, sizeof(*list.items));
		list.items[list.count++] = (struct store_metric){
			.workload = statement_column_text(statement, 0),
			.name = statement_column_text(statement, 1),
			.labels = statement_column_text(statement, 2),
			.unit = statement_column_text(statement, 3),
			.platform = statement_column_text(statement, 4),
			.value = sqlite3_column_double(statement, 5),
			.is_emulated = sqlite3_column_int(statement, 6),
		};
	}
	if (result < 0)
		return result;
	*ret = list;
	memset(&list, 0, sizeof(list));
	return 0;
}
