/* store_profile.c - profiles: stacks that were sampled while a workload ran. */
#include "venn/store/store_profile.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "venn/store/statement.h"
#include "venn/store/store_limits.h"

/* So that no sum of samples is beyond 64 bits. */
static const int64_t samples_max = INT64_C(1) << 40;

void store_profile_list_deinit(struct store_profiles *profiles)
{
	for (size_t i = 0; i < profiles->count; i++) {
		free(profiles->items[i].platform);
		free(profiles->items[i].workload);
		free(profiles->items[i].started_at);
		free(profiles->items[i].event);
	}
	free(profiles->items);
	memset(profiles, 0, sizeof(*profiles));
}

int store_profile_list(struct store *store, int64_t kernel_id, struct store_profiles *ret,
		       struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_profile_list_deinit) struct store_profiles list = { 0 };
	int result = statement_prepare(
	    store,
	    "SELECT profile_id, f.platform, f.workload, number, started_at, duration_ns, event,"
	    "  frequency_hz, samples, lost, is_emulated FROM profile f"
	    " LEFT JOIN platform p ON p.name = f.platform"
	    " WHERE kernel_id = ? ORDER BY p.platform_id IS NULL, p.platform_id, profile_id",
	    &statement, err);
	struct statement_row row = { store, statement, err, 0 };

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	while ((result = statement_step(store, statement, err)) > 0) {
		list.items = cov_grow(list.items, list.count, &list.capacity, sizeof(*list.items));
		list.items[list.count++] = (struct store_profile){
			.id = sqlite3_column_int64(statement, 0),
			.platform = statement_column_text(statement, 1),
			.workload = statement_column_text(statement, 2),
			.number = sqlite3_column_int64(statement, 3),
			.started_at = statement_column_text(statement, 4),
			.duration_ns = statement_row_number(&row, 5, 0, store_duration_ns_max),
			.event = statement_column_text(statement, 6),
			.frequency_hz = statement_row_number(&row, 7, 0, samples_max),
			.samples = statement_row_number(&row, 8, 0, samples_max),
			.lost = statement_row_number(&row, 9, 0, samples_max),
			.is_emulated = sqlite3_column_int(statement, 10),
		};
		if (row.result)
			return row.result;
	}
	if (result < 0)
		return result;
	*ret = list;
	memset(&list, 0, sizeof(list));
	return 0;
}

void store_profile_stacks_deinit(struct store_profile_stacks *stacks)
{
	for (size_t i = 0; i < stacks->count; i++)
		free(stacks->items[i].frames);
	free(stacks->items);
	memset(stacks, 0, sizeof(*stacks));
}

int store_profile_read(struct store *store, int64_t profile_id, struct store_profile_stacks *stacks,
		       struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(
	    store, "SELECT stack, samples FROM profile_stack WHERE profile_id = ? ORDER BY stack",
	    &statement, err);
	struct statement_row row = { store, statement, err, 0 };

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, profile_id);
	while ((result = statement_step(store, statement, err)) > 0) {
		stacks->items = cov_grow(stacks->items, stacks->count, &stacks->capacity,
					 sizeof(*stacks->items));
		stacks->items[stacks->count++] = (struct store_profile_stack){
			.frames = statement_column_text(statement, 0),
			.samples = statement_row_number(&row, 1, 1, samples_max),
		};
		if (row.result)
			return row.result;
	}
	return result;
}

static int add_stacks(struct store *store, int64_t profile_id,
		      const struct store_profile_stacks *stacks, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(
	    store, "INSERT INTO profile_stack (profile_id, stack, samples) VALUES (?, ?, ?)",
	    &statement, err);

	for (size_t i = 0; result == 0 && i < stacks->count; i++) {
		sqlite3_bind_int64(statement, 1, profile_id);
		statement_bind_text(statement, 2, stacks->items[i].frames);
		sqlite3_bind_int64(statement, 3, stacks->items[i].samples);
		result = statement_insert(store, statement, err);
	}
	return result;
}

int store_profile_add(struct store *store, int64_t kernel_id, const struct store_profile *profile,
		      const struct store_profile_stacks *stacks, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(
	    store,
	    "INSERT INTO profile (kernel_id, platform, workload, number, started_at, duration_ns,"
	    "  event, frequency_hz, samples, lost, is_emulated)"
	    " SELECT ?1, ?2, ?3, ifnull(max(number), 0) + 1, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM profile"
	    " WHERE kernel_id = ?1 AND platform = ?2 AND workload = ?3",
	    &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	statement_bind_text(statement, 2, profile->platform);
	statement_bind_text(statement, 3, profile->workload);
	statement_bind_text(statement, 4, profile->started_at);
	sqlite3_bind_int64(statement, 5, profile->duration_ns);
	statement_bind_text(statement, 6, profile->event);
	sqlite3_bind_int64(statement, 7, profile->frequency_hz);
	sqlite3_bind_int64(statement, 8, profile->samples);
	sqlite3_bind_int64(statement, 9, profile->lost);
	sqlite3_bind_int64(statement, 10, profile->is_emulated);
	result = statement_insert(store, statement, err);
	return result ? result
		      : add_stacks(store, sqlite3_last_insert_rowid(store->database), stacks, err);
}

void store_profile_counted_deinit(struct store_profile_counted *counted)
{
	free(counted->trials);
	memset(counted, 0, sizeof(*counted));
}

int store_profile_counted(struct store *store, int64_t kernel_id,
			  const struct store_profile *profile, struct store_profile_counted *ret,
			  struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_profile_counted_deinit) struct store_profile_counted counted = { 0 };
	size_t capacity = 0;
	int result = statement_prepare(
	    store,
	    "SELECT duration_ns, trial_id FROM trial JOIN platform p USING (platform_id)"
	    " JOIN workload w USING (workload_id) WHERE kernel_id = ? AND p.name = ?"
	    " AND w.name = ? AND status = 'ok' AND counters IS NOT NULL",
	    &statement, err);
	struct statement_row row = { store, statement, err, 0 };

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	statement_bind_text(statement, 2, profile->platform);
	statement_bind_text(statement, 3, profile->workload);
	while ((result = statement_step(store, statement, err)) > 0) {
		int64_t duration_ns = statement_row_number(&row, 0, 0, store_duration_ns_max);

		if (row.result)
			return row.result;
		counted.duration_ns = cov_number_add(counted.duration_ns, duration_ns);
		counted.trials =
		    cov_grow(counted.trials, counted.count, &capacity, sizeof(*counted.trials));
		counted.trials[counted.count++] = sqlite3_column_int64(statement, 1);
	}
	if (result < 0)
		return result;
	*ret = counted;
	memset(&counted, 0, sizeof(counted));
	return 0;
}

void store_profile_functions_close(struct store_profile_functions *functions)
{
	sqlite3_finalize(functions->statement);
	memset(functions, 0, sizeof(*functions));
}

int store_profile_functions_open(struct store *store, int64_t kernel_id, size_t file_count,
				 struct store_profile_functions *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *count = NULL;
	COV_AUTO(store_profile_functions_close)
	struct store_profile_functions functions = { .store = store, .file_count = file_count };
	int result =
	    statement_prepare(store,
			      "SELECT ifnull(max(function_id) + 1, 0) AS functions FROM function"
			      " WHERE kernel_id = ?",
			      &count, err);

	if (result == 0)
		result = statement_prepare(
		    store,
		    "SELECT function_id, f.file_id, start_line, end_line"
		    " FROM function f INDEXED BY function_name"
		    " CROSS JOIN object o USING (kernel_id, object_id) WHERE f.name = ?1"
		    " AND kernel_id = ?2 AND o.is_linked ORDER BY function_id",
		    &functions.statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(count, 1, kernel_id);
	sqlite3_bind_int64(functions.statement, 2, kernel_id);
	result = statement_step(store, count, err);
	if (result < 0)
		return result;
	struct statement_row row = { store, count, err, 0 };
	functions.function_count = (size_t)statement_row_number(&row, 0, 0, STORE_LINES_MAX);
	if (row.result)
		return row.result;
	*ret = functions;
	memset(&functions, 0, sizeof(functions));
	return 0;
}

int store_profile_functions_find(struct store_profile_functions *functions, const char *name,
				 struct store_profile_function **items, size_t *count,
				 size_t *capacity, struct cov_error *err)
{
	struct statement_row row = { functions->store, functions->statement, err, 0 };
	int result;

	sqlite3_reset(functions->statement);
	statement_bind_text(functions->statement, 1, name);
	while ((result = statement_step(functions->store, functions->statement, err)) > 0) {
		const struct store_profile_function function = {
			.id = statement_row_index(&row, 0, 0, functions->function_count),
			.file_id = statement_row_index(&row, 1, 0, functions->file_count),
			.start_line = statement_row_number(&row, 2, 0, store_line_number_max),
			.end_line = statement_row_number(&row, 3, 0, store_line_number_max),
		};

		if (row.result)
			return row.result;
		*items = cov_grow(*items, *count, capacity, sizeof(**items));
		(*items)[(*count)++] = function;
	}
	return result;
}
