/* store_report.c - tables of a study as JSON, for the report; SQLite writes the JSON. */
#include "venn/store/store_report.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "venn/store/statement.h"

/* One row is one JSON value. ?1 is the kernel, ?2 the analysis, ?3 the workload. */
static const char *const queries[] = {
	[STORE_REPORT_PLATFORMS] = "SELECT json_object('name', name, 'driver', driver)"
				   " FROM platform WHERE platform_id IN (SELECT platform_id"
				   " FROM footprint WHERE analysis_id = ?2) ORDER BY platform_id",
	[STORE_REPORT_WORKLOADS] = "SELECT json_object('name', name, 'kind', kind)"
				   " FROM workload WHERE workload_id IN (SELECT workload_id"
				   " FROM footprint WHERE analysis_id = ?2) ORDER BY workload_id",
	[STORE_REPORT_MACHINES] =
	    "SELECT DISTINCT json(json_extract(manifest, '$.kernel')) FROM trial"
	    " WHERE kernel_id = ?1 AND json_valid(manifest)"
	    " AND json_type(manifest, '$.kernel') = 'object'",
	[STORE_REPORT_TRIALS] =
	    "SELECT json_object('platform', p.name, 'driver', p.driver, 'workload', w.name,"
	    " 'kind', kind, 'number', number, 'status', status, 'failure', failure,"
	    " 'duration_ns', duration_ns, 'started_at', started_at, 'is_emulated', is_emulated,"
	    " 'objects_decoded', objects_decoded, 'objects_bad', objects_bad,"
	    " 'lines_found', lines_found, 'lines_hit', lines_hit, 'lines_partly', lines_partly,"
	    " 'lines_negative', lines_negative,"
	    " 'functions_contradicting', functions_contradicting,"
	    " 'versions', json_extract(iif(json_valid(manifest), manifest, '{}'), '$.versions'),"
	    " 'settings', json_extract(iif(json_valid(manifest), manifest, '{}'), '$.settings'),"
	    " 'command', json_extract(iif(json_valid(manifest), manifest, '{}'), '$.command'))"
	    " FROM trial JOIN platform p USING (platform_id) JOIN workload w USING (workload_id)"
	    " WHERE kernel_id = ?1 ORDER BY platform_id, workload_id, number",
	[STORE_REPORT_FOOTPRINTS] =
	    "SELECT json_object('platform', p.name, 'workload', w.name, 'trials', trials,"
	    " 'duration_ns', duration_ns, 'found', found, 'hit', hit, 'removed', removed,"
	    " 'kept', kept, 'objects_left_out', objects_left_out)"
	    " FROM footprint JOIN platform p USING (platform_id)"
	    " LEFT JOIN workload w USING (workload_id)"
	    " WHERE analysis_id = ?2 ORDER BY platform_id, workload_id",
	[STORE_REPORT_ANALYSES] =
	    "SELECT json_object('rule', rule, 'baseline', baseline, 'false_discovery_rate',"
	    " false_discovery_rate, 'is_current', is_current, 'is_shown', analysis_id = ?2,"
	    " 'platform', p.name, 'hit', hit, 'removed', removed, 'kept', kept)"
	    " FROM analysis JOIN footprint USING (analysis_id)"
	    " JOIN platform p USING (platform_id)"
	    " WHERE kernel_id = ?1 AND workload_id IS NULL ORDER BY analysis_id, platform_id",
	[STORE_REPORT_METRICS] =
	    "SELECT json_object('platform', p.name, 'workload', w.name, 'trial', number,"
	    " 'metric', m.name, 'labels', json(iif(json_valid(labels), labels, '{}')),"
	    " 'value', value, 'unit', unit, 'is_emulated', is_emulated)"
	    " FROM metric m JOIN trial USING (trial_id) JOIN platform p USING (platform_id)"
	    " JOIN workload w USING (workload_id)"
	    " WHERE kernel_id = ?1 AND status = 'ok'"
	    " ORDER BY workload_id, m.name, labels, platform_id, number",
	[STORE_REPORT_PROBLEMS] =
	    "SELECT json_object('path', path, 'state', state, 'message', max(message),"
	    " 'trials', count(DISTINCT trial_id)) FROM trial_object JOIN trial USING (trial_id)"
	    " WHERE kernel_id = ?1 GROUP BY path, state ORDER BY state, path",
	[STORE_REPORT_AGREEMENT] =
	    "SELECT json_array(d.path, p.name, w.name, trials, lines_any, lines_most, lines_all,"
	    " jaccard, chao2) FROM agreement JOIN footprint USING (footprint_id)"
	    " JOIN directory d USING (directory_id) JOIN platform p USING (platform_id)"
	    " JOIN workload w USING (workload_id)"
	    " WHERE analysis_id = ?2 ORDER BY d.path, platform_id, workload_id",
	[STORE_REPORT_LEAST] =
	    "SELECT json_array(d.path, p.name, max(chao2, lines_any)) FROM footprint"
	    " JOIN agreement USING (footprint_id) JOIN directory d USING (directory_id)"
	    " JOIN platform p USING (platform_id)"
	    " WHERE analysis_id = ?2 AND workload_id IS nullif(?3, 0) AND chao2 IS NOT NULL"
	    " ORDER BY platform_id, d.path",
};

int store_report_table(struct store *store, const struct store_report_rows *rows,
		       int (*take)(void *context, const char *json, size_t length,
				   struct cov_error *err),
		       void *context, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store, queries[rows->table], &statement, err);

	if (result)
		return result;
	if (sqlite3_bind_parameter_count(statement) > 0)
		sqlite3_bind_int64(statement, 1, rows->kernel_id);
	if (sqlite3_bind_parameter_count(statement) > 1)
		sqlite3_bind_int64(statement, 2, rows->analysis_id);
	if (sqlite3_bind_parameter_count(statement) > 2)
		sqlite3_bind_int64(statement, 3, rows->workload_id);
	while ((result = statement_step(store, statement, err)) > 0) {
		const char *json = statement_column_peek(statement, 0);

		if (!json)
			return cov_fail(err, COV_ERR_STORE, "%s: is damaged: a row has no JSON",
					store->path);
		result = take(context, json, (size_t)sqlite3_column_bytes(statement, 0), err);
		if (result)
			return result;
	}
	return result;
}

void store_report_names_deinit(struct store_report_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i].name);
	free(names->items);
	memset(names, 0, sizeof(*names));
}

int store_report_name_list(struct store *store, enum store_name_kind kind, int64_t analysis_id,
			   struct store_report_names *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_report_names_deinit) struct store_report_names names = { 0 };
	int result = statement_prepare(
	    store,
	    kind == STORE_NAME_PLATFORM
		? "SELECT platform_id, name FROM platform WHERE platform_id IN (SELECT platform_id"
		  " FROM footprint WHERE analysis_id = ?1) ORDER BY platform_id"
		: "SELECT workload_id, name FROM workload WHERE workload_id IN (SELECT workload_id"
		  " FROM footprint WHERE analysis_id = ?1) ORDER BY workload_id",
	    &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, analysis_id);
	while ((result = statement_step(store, statement, err)) > 0) {
		names.items =
		    cov_grow(names.items, names.count, &names.capacity, sizeof(*names.items));
		names.items[names.count++] = (struct store_report_name){
			.id = sqlite3_column_int64(statement, 0),
			.name = statement_column_text(statement, 1),
		};
	}
	if (result)
		return result;
	*ret = names;
	memset(&names, 0, sizeof(names));
	return 0;
}
