/* store_record.c - what was recorded beside the counters, by name: profiles, system calls. */
#include "venn/store/store_record.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/store/statement.h"

/* Its table, whose key is named after it. */
static const char *const tables[] = {
	[STORE_RECORD_PROFILE] = "profile",
	[STORE_RECORD_SYSCALLS] = "syscalls",
};

int store_record_has(struct store *store, int64_t kernel_id, enum store_record_kind kind,
		     const struct store_record_key *key, bool *ret, struct cov_error *err)
{
	COV_AUTO(free)
	char *query = cov_format("SELECT 1 FROM %s WHERE kernel_id = ? AND platform = ?"
				 " AND workload = ? AND started_at IS ? AND duration_ns = ?",
				 tables[kind]);
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store, query, &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	statement_bind_text(statement, 2, key->platform);
	statement_bind_text(statement, 3, key->workload);
	statement_bind_text(statement, 4, key->started_at);
	sqlite3_bind_int64(statement, 5, key->duration_ns);
	result = statement_step(store, statement, err);
	*ret = result > 0;
	return result < 0 ? result : 0;
}

void store_record_list_deinit(struct store_records *records)
{
	for (size_t i = 0; i < records->count; i++)
		free(records->items[i].name);
	free(records->items);
	memset(records, 0, sizeof(*records));
}

int store_record_list(struct store *store, int64_t kernel_id, enum store_record_kind kind,
		      struct store_records *ret, struct cov_error *err)
{
	COV_AUTO(free)
	char *query = cov_format("SELECT %s_id, platform || '/' || workload || '/' || number"
				 " FROM %s WHERE kernel_id = ? ORDER BY 1",
				 tables[kind], tables[kind]);
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_record_list_deinit) struct store_records list = { 0 };
	int result = statement_prepare(store, query, &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	while ((result = statement_step(store, statement, err)) > 0) {
		list.items = cov_grow(list.items, list.count, &list.capacity, sizeof(*list.items));
		list.items[list.count++] = (struct store_record){
			.id = sqlite3_column_int64(statement, 0),
			.name = statement_column_text(statement, 1),
		};
	}
	if (result < 0)
		return result;
	*ret = list;
	memset(&list, 0, sizeof(list));
	return 0;
}

int store_record_remove(struct store *store, enum store_record_kind kind, int64_t id,
			struct cov_error *err)
{
	COV_AUTO(free)
	char *query = cov_format("DELETE FROM %s WHERE %s_id = ?", tables[kind], tables[kind]);
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store, query, &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, id);
	result = statement_step(store, statement, err);
	return result < 0 ? result : 0;
}
