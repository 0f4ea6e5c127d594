/* store_trial.c - trials in the database: their counters, counts and problems. */
#include "venn/store/store_trial.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "venn/store/statement.h"
#include "venn/store/store_forget.h"
#include "venn/store/store_limits.h"
#include "venn/store/store_platform.h"
#include "venn/store/store_tile.h"
#include "venn/store/store_tracefile.h"
#include "venn/store/store_universe.h"

int store_trial_has(struct store *store, const struct store_trial *trial, bool *ret,
		    struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT 1 FROM trial JOIN platform p USING (platform_id)"
				       " JOIN workload w USING (workload_id)"
				       " WHERE kernel_id = ?1 AND p.name = ?2 AND w.name = ?3"
				       " AND started_at IS ?4 AND duration_ns = ?5"
				       " AND (?4 IS NOT NULL OR manifest IS ?6)",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, trial->kernel_id);
	statement_bind_text(statement, 2, trial->platform);
	statement_bind_text(statement, 3, trial->workload);
	statement_bind_text(statement, 4, trial->started_at);
	sqlite3_bind_int64(statement, 5, trial->duration_ns);
	statement_bind_text(statement, 6, trial->manifest);
	result = statement_step(store, statement, err);
	*ret = result > 0;
	return result < 0 ? result : 0;
}

/* The number asked for if it is free, or the next free one. */
static int find_number(struct store *store, const struct store_trial *trial, int64_t platform_id,
		       int64_t workload_id, int64_t *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result =
	    statement_prepare(store,
			      "SELECT ifnull(max(number), 0) + 1, ifnull(sum(number = ?4), 0)"
			      " FROM trial WHERE kernel_id = ?1 AND platform_id = ?2"
			      " AND workload_id = ?3",
			      &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, trial->kernel_id);
	sqlite3_bind_int64(statement, 2, platform_id);
	sqlite3_bind_int64(statement, 3, workload_id);
	sqlite3_bind_int64(statement, 4, trial->number);
	result = statement_step(store, statement, err);
	if (result < 0)
		return result;
	*ret = trial->number ? trial->number : sqlite3_column_int64(statement, 0);
	if (trial->number && sqlite3_column_int64(statement, 1))
		return cov_fail(err, COV_ERR_MISMATCH, "%s: trial %lld of %s on %s exists already",
				store->path, (long long)trial->number, trial->workload,
				trial->platform);
	return 0;
}

static void bind_results(sqlite3_stmt *statement, const struct store_results *results)
{
	sqlite3_bind_int64(statement, 11, (int64_t)results->counters->decoded_count);
	sqlite3_bind_int64(statement, 12, (int64_t)results->problems->count);
	sqlite3_bind_int64(statement, 13, (int64_t)results->counts->found_count);
	sqlite3_bind_int64(statement, 14, (int64_t)results->counts->hit_count);
	sqlite3_bind_int64(statement, 15, (int64_t)results->counts->negative_count);
	sqlite3_bind_int64(statement, 19, (int64_t)results->counts->partly_count);
	sqlite3_bind_int64(statement, 20, (int64_t)results->counts->contradicting_count);
}

static int insert_trial(struct store *store, const struct store_trial *trial, int64_t platform_id,
			int64_t workload_id, const struct store_results *results,
			struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int64_t number = 0;
	int result = find_number(store, trial, platform_id, workload_id, &number, err);

	if (result == 0)
		result = statement_prepare(
		    store,
		    "INSERT INTO trial (kernel_id, platform_id, workload_id,"
		    " is_emulated, number, status, failure, duration_ns, started_at,"
		    " snapshot, objects_decoded, objects_bad, lines_found,"
		    " lines_hit, lines_negative, counters, object_states, manifest,"
		    " lines_partly, functions_contradicting, capture, captures_within)"
		    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
		    " ?, ?, ?, ?, ?, ?, ?, ?)",
		    &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, trial->kernel_id);
	sqlite3_bind_int64(statement, 2, platform_id);
	sqlite3_bind_int64(statement, 3, workload_id);
	if (trial->is_emulated)
		sqlite3_bind_int(statement, 4, *trial->is_emulated);
	sqlite3_bind_int64(statement, 5, number);
	statement_bind_text(statement, 6, trial->status);
	statement_bind_text(statement, 7, trial->failure);
	sqlite3_bind_int64(statement, 8, trial->duration_ns);
	statement_bind_text(statement, 9, trial->started_at);
	statement_bind_text(statement, 10, trial->snapshot);
	if (results) {
		bind_results(statement, results);
		statement_bind_blob(statement, 16, results->packed->counters,
				    results->packed->counters_bytes);
		statement_bind_blob(statement, 17, results->packed->states,
				    results->packed->states_bytes);
	}
	statement_bind_text(statement, 18, trial->manifest);
	if (trial->capture) {
		statement_bind_text(statement, 21, cov_manifest_way_names[trial->capture->way]);
		sqlite3_bind_int(statement, 22, trial->capture->within);
	}
	return statement_insert(store, statement, err);
}

static int insert_metrics(struct store *store, int64_t trial_id, const struct store_trial *trial,
			  struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result =
	    statement_prepare(store,
			      "INSERT INTO metric (trial_id, place, name, labels, value, unit)"
			      " VALUES (?, ?, ?, ?, ?, ?)",
			      &statement, err);

	for (size_t i = 0; result == 0 && i < trial->metric_count; i++) {
		const struct cov_metric *metric = &trial->metrics[i];

		sqlite3_bind_int64(statement, 1, trial_id);
		sqlite3_bind_int64(statement, 2, (int64_t)i + 1);
		statement_bind_text(statement, 3, metric->name);
		statement_bind_text(statement, 4, metric->labels);
		sqlite3_bind_double(statement, 5, metric->value);
		statement_bind_text(statement, 6, metric->unit);
		result = statement_insert(store, statement, err);
	}
	return result;
}

static void pack_lines(const struct store_results *results, struct tiles *ret)
{
	const struct cov_counts *counts = results->counts;
	size_t line_count = results->kernel->line_count, count = 0;
	COV_AUTO(free) uint32_t *ids = cov_xcalloc(line_count, sizeof(*ids));
	struct tile_column columns[] = { { .integers = counts->lines },
					 { .bytes = counts->states } };

	for (size_t i = 0; i < line_count; i++) {
		if (counts->lines[i] || counts->states[i] >= COV_LINE_PARTLY)
			ids[count++] = (uint32_t)i;
	}
	store_tile_pack(STORE_TILE_TRIAL_LINES, ids, count, columns, ret);
}

static void pack_functions(const struct store_results *results, struct tiles *ret)
{
	const struct cov_counts *counts = results->counts;
	size_t function_count = results->kernel->function_count, count = 0;
	COV_AUTO(free) uint32_t *ids = cov_xcalloc(function_count, sizeof(*ids));
	struct tile_column columns[] = { { .integers = counts->functions },
					 { .integers = counts->contradictions } };

	for (size_t i = 0; i < function_count; i++) {
		if (counts->functions[i] || counts->contradictions[i])
			ids[count++] = (uint32_t)i;
	}
	store_tile_pack(STORE_TILE_TRIAL_FUNCTIONS, ids, count, columns, ret);
}

void store_trial_pack_counters(const struct cov_kernel *kernel, const struct cov_counters *counters,
			       struct store_trial_packed *ret)
{
	ret->counters = cov_compress(counters->values, kernel->counter_count * sizeof(int64_t),
				     &ret->counters_bytes);
	ret->states = cov_compress(counters->states, kernel->object_count, &ret->states_bytes);
}

void store_trial_pack_counts(const struct store_results *results, struct store_trial_packed *ret)
{
	pack_lines(results, &ret->lines);
	pack_functions(results, &ret->functions);
}

void store_trial_packed_deinit(struct store_trial_packed *packed)
{
	tile_list_deinit(&packed->lines);
	tile_list_deinit(&packed->functions);
	free(packed->counters);
	free(packed->states);
	memset(packed, 0, sizeof(*packed));
}

/* A row for every object that was not decoded: it has a problem, or is not linked. */
static int insert_objects(struct store *store, int64_t trial_id,
			  const struct store_results *results, struct cov_error *err)
{
	const struct cov_problems *problems = results->problems;
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "INSERT INTO trial_object (trial_id, path, state, message)"
				       " VALUES (?, ?, ?, ?)",
				       &statement, err);

	for (size_t i = 0; result == 0 && i < problems->count; i++) {
		sqlite3_bind_int64(statement, 1, trial_id);
		statement_bind_text(statement, 2, problems->items[i].path);
		statement_bind_text(statement, 3, cov_problem_kind_name(problems->items[i].kind));
		statement_bind_text(statement, 4, problems->items[i].message);
		result = statement_insert(store, statement, err);
	}
	for (size_t i = 0; result == 0 && i < results->kernel->object_count; i++) {
		if (results->counters->states[i] != COV_OBJECT_ABSENT)
			continue;
		sqlite3_bind_int64(statement, 1, trial_id);
		statement_bind_text(statement, 2, results->kernel->objects[i].path);
		statement_bind_text(statement, 3, "not linked");
		statement_bind_text(statement, 4, "the snapshot has no .gcda of it");
		result = statement_insert(store, statement, err);
	}
	return result;
}

static int insert_results(struct store *store, int64_t kernel_id, int64_t trial_id,
			  const struct store_results *results, struct cov_error *err)
{
	int result = store_tile_insert(store, STORE_TILE_TRIAL_LINES, kernel_id, trial_id,
				       &results->packed->lines, err);

	if (result == 0)
		result = store_tile_insert(store, STORE_TILE_TRIAL_FUNCTIONS, kernel_id, trial_id,
					   &results->packed->functions, err);
	if (result == 0 && results->is_listed)
		result = store_tracefile_insert(store, trial_id, results, err);
	if (result == 0 && !results->is_listed)
		result = insert_objects(store, trial_id, results, err);
	return result ? result : store_universe_grow(store, kernel_id, results, err);
}

int store_trial_add(struct store *store, const struct store_trial *trial,
		    const struct store_results *results, struct cov_error *err)
{
	int64_t platform_id = 0, workload_id = 0;
	int result;

	if (trial->duration_ns < 0 || trial->duration_ns > store_duration_ns_max)
		return cov_fail(err, COV_ERR_FORMAT,
				"%s: a trial of %lld ns: they last at most 36 years",
				trial->snapshot, (long long)trial->duration_ns);
	result = store_platform_add(store, trial->platform, trial->driver, &platform_id, err);
	if (result == 0)
		result = store_workload_add(store, trial->workload, trial->kind, &workload_id, err);
	for (size_t i = 0; result == 0 && i < trial->group_count; i++)
		result = store_workload_join(store, trial->groups[i], workload_id, err);
	if (result == 0)
		result = insert_trial(store, trial, platform_id, workload_id, results, err);
	if (result)
		return result;
	int64_t trial_id = sqlite3_last_insert_rowid(store->database);
	result = insert_metrics(store, trial_id, trial, err);
	if (result || !results)
		return result;
	result = insert_results(store, trial->kernel_id, trial_id, results, err);
	/* Failed trials are in no footprint. */
	if (result || strcmp(trial->status, "ok") != 0)
		return result;
	return store_forget_group(store, trial->kernel_id, platform_id, workload_id, err);
}

void store_trial_object_states_deinit(struct store_object_states *states)
{
	for (size_t i = 0; i < states->count; i++) {
		free(states->items[i].platform);
		free(states->items[i].workload);
		free(states->items[i].state);
		free(states->items[i].path);
		free(states->items[i].message);
	}
	free(states->items);
	memset(states, 0, sizeof(*states));
}

int store_trial_object_states(struct store *store, int64_t kernel_id, bool is_listed,
			      struct store_object_states *ret, struct cov_error *err)
{
	static const char counts[] =
	    "SELECT p.name, w.name, number, s.state, s.count, '', ''"
	    " FROM trial JOIN platform p USING (platform_id)"
	    " JOIN workload w USING (workload_id)"
	    " JOIN (SELECT trial_id, 'decoded' AS state, objects_decoded AS count FROM trial"
	    "       UNION ALL"
	    "       SELECT trial_id, state, count(*) FROM trial_object GROUP BY trial_id, state) s"
	    " USING (trial_id) WHERE kernel_id = ?1 AND counters IS NOT NULL"
	    " ORDER BY trial_id, s.state";
	static const char objects[] =
	    "SELECT p.name, w.name, number, o.state, 1, o.path, o.message"
	    " FROM trial JOIN platform p USING (platform_id)"
	    " JOIN workload w USING (workload_id) JOIN trial_object o USING (trial_id)"
	    " WHERE kernel_id = ?1 ORDER BY trial_id, o.path";
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_trial_object_states_deinit) struct store_object_states list = { 0 };
	int result = statement_prepare(store, is_listed ? objects : counts, &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	while ((result = statement_step(store, statement, err)) > 0) {
		list.items = cov_grow(list.items, list.count, &list.capacity, sizeof(*list.items));
		list.items[list.count++] = (struct store_object_state){
			.platform = statement_column_text(statement, 0),
			.workload = statement_column_text(statement, 1),
			.number = sqlite3_column_int64(statement, 2),
			.state = statement_column_text(statement, 3),
			.count = sqlite3_column_int64(statement, 4),
			.path = statement_column_text(statement, 5),
			.message = statement_column_text(statement, 6),
		};
	}
	if (result < 0)
		return result;
	*ret = list;
	memset(&list, 0, sizeof(list));
	return 0;
}
