/* store_trial_list.c - which trials there are, and what they are called. */
#include "venn/store/store_trial_list.h"

#include <string.h>

#include "collector/base/memory.h"
#include "venn/store/statement.h"

void store_trial_list_deinit(struct store_listed_trials *trials)
{
	for (size_t i = 0; i < trials->count; i++) {
		struct store_listed_trial *trial = &trials->items[i];
		char *const texts[] = { trial->name,    trial->platform, trial->workload,
					trial->kind,    trial->status,   trial->started_at,
					trial->snapshot };

		for (size_t j = 0; j < sizeof(texts) / sizeof(*texts); j++)
			free(texts[j]);
	}
	free(trials->items);
	memset(trials, 0, sizeof(*trials));
}

int store_trial_list_read(struct store *store, int64_t kernel_id, struct store_listed_trials *ret,
			  struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_trial_list_deinit) struct store_listed_trials list = { 0 };
	/* As a value, 'IS NOT NULL' has SQLite read all of the counters. */
	int result = statement_prepare(store,
				       "SELECT trial_id, p.name || '/' || w.name || '/' || number,"
				       " p.name, w.name, w.kind, number, status, duration_ns,"
				       " started_at, snapshot, is_emulated,"
				       " iif(counters IS NULL, 0, 1) FROM trial"
				       " JOIN platform p USING (platform_id)"
				       " JOIN workload w USING (workload_id)"
				       " WHERE kernel_id = ? ORDER BY trial_id",
				       &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	while ((result = statement_step(store, statement, err)) > 0) {
		list.items = cov_grow(list.items, list.count, &list.capacity, sizeof(*list.items));
		list.items[list.count++] = (struct store_listed_trial){
			.id = sqlite3_column_int64(statement, 0),
			.name = statement_column_text(statement, 1),
			.platform = statement_column_text(statement, 2),
			.workload = statement_column_text(statement, 3),
			.kind = statement_column_text(statement, 4),
			.number = sqlite3_column_int64(statement, 5),
			.status = statement_column_text(statement, 6),
			.duration_ns = sqlite3_column_int64(statement, 7),
			.started_at = statement_column_text(statement, 8),
			.snapshot = statement_column_text(statement, 9),
			.is_emulated = sqlite3_column_int(statement, 10),
			.has_counters = sqlite3_column_int(statement, 11),
		};
	}
	if (result < 0)
		return result;
	*ret = list;
	memset(&list, 0, sizeof(list));
	return 0;
}
