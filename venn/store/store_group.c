/* store_group.c - trials of one platform and workload together, and their counters. */
#include "venn/store/store_group.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "venn/store/statement.h"
#include "venn/store/store_limits.h"

void store_group_list_deinit(struct store_groups *groups)
{
	for (size_t i = 0; i < groups->count; i++) {
		free(groups->items[i].platform);
		free(groups->items[i].workload);
	}
	free(groups->items);
	memset(groups, 0, sizeof(*groups));
}

int store_group_list(struct store *store, int64_t kernel_id, struct store_groups *ret,
		     struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_group_list_deinit) struct store_groups groups = { 0 };
	int result = statement_prepare(
	    store,
	    "SELECT platform_id, workload_id, w.kind, count(*),"
	    " sum(duration_ns) AS duration_ns, p.driver IS 'host', p.name, w.name,"
	    " count(tt.trial_id), p.driver IS 'set'"
	    " FROM trial JOIN platform p USING (platform_id)"
	    " JOIN workload w USING (workload_id)"
	    " LEFT JOIN trial_tracefile tt USING (trial_id)"
	    " WHERE kernel_id = ?"
	    " AND status = 'ok' AND counters IS NOT NULL"
	    " GROUP BY platform_id, workload_id"
	    " ORDER BY platform_id, workload_id",
	    &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	struct statement_row row = { store, statement, err, 0 };
	while ((result = statement_step(store, statement, err)) > 0) {
		enum store_kind kind = STORE_WORKLOAD;

		result = store_workload_kind_find(store, statement_column_peek(statement, 2), &kind,
						  err);
		if (result)
			return result;
		bool is_set = sqlite3_column_int(statement, 9);
		groups.items =
		    cov_grow(groups.items, groups.count, &groups.capacity, sizeof(*groups.items));
		groups.items[groups.count++] = (struct store_group){
			.platform_id = sqlite3_column_int64(statement, 0),
			.workload_id = sqlite3_column_int64(statement, 1),
			.kind = kind,
			.trial_count = sqlite3_column_int64(statement, 3),
			.duration_ns =
			    statement_row_number(&row, 4, !is_set, store_duration_ns_max),
			.is_on_host = sqlite3_column_int(statement, 5),
			.platform = statement_column_text(statement, 6),
			.workload = statement_column_text(statement, 7),
			.tracefile_count = sqlite3_column_int64(statement, 8),
			.is_set = is_set,
		};
		if (row.result)
			return row.result;
	}
	if (result < 0)
		return result;
	*ret = groups;
	memset(&groups, 0, sizeof(groups));
	return 0;
}

void store_group_packed_deinit(struct store_packed_trials *trials)
{
	for (size_t i = 0; i < trials->count; i++) {
		free(trials->items[i].counters);
		free(trials->items[i].states);
	}
	free(trials->items);
	free(trials->path);
	memset(trials, 0, sizeof(*trials));
}

/* In the columns 3 and 4. A way that this covdb does not know is as one that nobody knows. */
static struct store_capture read_capture(struct statement_row *row)
{
	const char *name = statement_column_peek(row->statement, 3);
	struct store_capture capture = { .is_known = false };

	for (int way = 0; name && cov_manifest_way_names[way]; way++) {
		if (strcmp(cov_manifest_way_names[way], name) == 0)
			capture = (struct store_capture){ true, (enum cov_manifest_way)way,
							  statement_row_number(
							      row, 4, 0, STORE_CAPTURES_MAX) };
	}
	return capture;
}

int store_group_fetch(struct store *store, int64_t kernel_id, const struct store_group *group,
		      struct store_packed_trials *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_group_packed_deinit) struct store_packed_trials trials = { 0 };
	size_t capacity = 0;
	int result = statement_prepare(store,
				       "SELECT counters, object_states, duration_ns, capture,"
				       " captures_within FROM trial"
				       " WHERE kernel_id = ?1 AND platform_id = ?2"
				       " AND workload_id = ?3 AND status = 'ok'"
				       " AND (?4 = 0 OR number = ?4)"
				       " AND counters IS NOT NULL ORDER BY trial_id",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	sqlite3_bind_int64(statement, 2, group->platform_id);
	sqlite3_bind_int64(statement, 3, group->workload_id);
	sqlite3_bind_int64(statement, 4, group->number);
	struct statement_row row = { store, statement, err, 0 };
	while ((result = statement_step(store, statement, err)) > 0) {
		int64_t duration_ns =
		    statement_row_number(&row, 2, !group->is_set, store_duration_ns_max);

		if (row.result)
			return row.result;
		trials.items =
		    cov_grow(trials.items, trials.count, &capacity, sizeof(*trials.items));
		struct store_packed_trial *trial = &trials.items[trials.count++];
		trial->duration_ns = duration_ns;
		trial->capture = read_capture(&row);
		trial->counters = statement_column_copy(statement, 0, &trial->counters_bytes);
		trial->states = statement_column_copy(statement, 1, &trial->states_bytes);
		if (row.result)
			return row.result;
	}
	if (result < 0)
		return result;
	if (!trials.count)
		return cov_fail(err, COV_ERR_MISMATCH,
				"%s: there is no good trial %lld of %s on %s", store->path,
				(long long)group->number, group->workload, group->platform);
	trials.path = cov_xstrdup(store->path);
	trials.is_raw = group->kind == STORE_OBSERVER || group->is_set;
	*ret = trials;
	memset(&trials, 0, sizeof(trials));
	return 0;
}

int store_group_open_trial(const struct store_packed_trials *trials, size_t index,
			   const struct cov_kernel *kernel, struct cov_counters *ret,
			   struct cov_error *err)
{
	const struct store_packed_trial *trial = &trials->items[index];
	COV_AUTO(cov_decompressor_deinit) struct cov_decompressor decompressor = { 0 };

	/* All of it is written. */
	if (!ret->values) {
		ret->values = cov_block_take(kernel->counter_count * sizeof(int64_t));
		ret->states = cov_xmalloc(kernel->object_count);
	}
	if (!cov_decompress_to(&decompressor, trial->counters, trial->counters_bytes, ret->values,
			       kernel->counter_count * sizeof(int64_t)) ||
	    !cov_decompress_to(&decompressor, trial->states, trial->states_bytes, ret->states,
			       kernel->object_count))
		return cov_fail(err, COV_ERR_STORE, "%s: the counters of a trial are damaged",
				trials->path);
	ret->decoded_count = 0;
	for (size_t i = 0; i < kernel->object_count; i++)
		ret->decoded_count += ret->states[i] == COV_OBJECT_DECODED;
	return 0;
}

void store_group_snapshots_deinit(struct store_snapshots *snapshots)
{
	for (size_t i = 0; i < snapshots->count; i++)
		counters_few_deinit(&snapshots->items[i]);
	free(snapshots->items);
	free(snapshots->durations_ns);
	memset(snapshots, 0, sizeof(*snapshots));
}
