/* store_workload.c - the names of workloads and baselines, and what kind each is. */
#include "venn/store/store_workload.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "venn/store/statement.h"
#include "venn/store/store_forget.h"

static const char *const kind_names[] = {
	[STORE_WORKLOAD] = "workload", [STORE_PHASE] = "phase",          [STORE_IDLE] = "idle",
	[STORE_OBSERVER] = "observer", [STORE_WORKLOAD_GROUP] = "group",
};

const char *store_workload_kind_name(enum store_kind kind)
{
	return kind_names[kind];
}

int store_workload_kind_find(struct store *store, const char *name, enum store_kind *ret,
			     struct cov_error *err)
{
	for (size_t i = 0; name && i < sizeof(kind_names) / sizeof(*kind_names); i++) {
		if (strcmp(kind_names[i], name) == 0) {
			*ret = (enum store_kind)i;
			return 0;
		}
	}
	return cov_fail(err, COV_ERR_STORE,
			"%s: a workload is of the kind '%s', which this covdb does not know",
			store->path, name ? name : "");
}

/* A name means one kind of thing: it is what --workload asks for. */
int store_workload_add(struct store *store, const char *name, enum store_kind kind, int64_t *ret,
		       struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *find = NULL;
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *add = NULL;
	int result = statement_find(store, "SELECT workload_id, kind FROM workload WHERE name = ?",
				    name, &find, err);

	if (result < 0)
		return result;
	if (result > 0) {
		enum store_kind other = kind;

		*ret = sqlite3_column_int64(find, 0);
		result =
		    store_workload_kind_find(store, statement_column_peek(find, 1), &other, err);
		if (result || other == kind)
			return result;
		return cov_fail(
		    err, COV_ERR_MISMATCH,
		    "%s: %s is already the name of something of kind %s, and cannot be of kind %s "
		    "as well",
		    store->path, name, store_workload_kind_name(other),
		    store_workload_kind_name(kind));
	}
	result =
	    statement_prepare(store, "INSERT INTO workload (name, kind) VALUES (?, ?)", &add, err);
	if (result)
		return result;
	statement_bind_text(add, 1, name);
	statement_bind_text(add, 2, store_workload_kind_name(kind));
	result = statement_insert(store, add, err);
	*ret = sqlite3_last_insert_rowid(store->database);
	return result;
}

int store_workload_join(struct store *store, const char *group, int64_t workload_id,
			struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int64_t group_id;
	int result = store_workload_add(store, group, STORE_WORKLOAD_GROUP, &group_id, err);

	if (result == 0)
		result = statement_prepare(store,
					   "INSERT OR IGNORE INTO workload_member"
					   " (group_id, workload_id) VALUES (?, ?)",
					   &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, group_id);
	sqlite3_bind_int64(statement, 2, workload_id);
	int before = sqlite3_total_changes(store->database);
	result = statement_insert(store, statement, err);
	/* Of other platforms, there may be footprints of the workload already. */
	if (result || sqlite3_total_changes(store->database) == before)
		return result;
	return store_forget_union(store, group_id, err);
}

void store_workload_members_deinit(struct store_members *members)
{
	free(members->items);
	memset(members, 0, sizeof(*members));
}

int store_workload_members(struct store *store, const char *group, struct store_members *ret,
			   struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_workload_members_deinit) struct store_members members = { 0 };
	int result = statement_prepare(
	    store,
	    "SELECT group_id, m.workload_id FROM workload_member m"
	    " JOIN workload w ON w.workload_id = group_id WHERE ?1 IS NULL OR w.name = ?1"
	    " ORDER BY 1, 2",
	    &statement, err);

	if (result)
		return result;
	statement_bind_text(statement, 1, group);
	while ((result = statement_step(store, statement, err)) > 0) {
		members.items = cov_grow(members.items, members.count, &members.capacity,
					 sizeof(*members.items));
		members.items[members.count++] = (struct store_member){
			.group_id = sqlite3_column_int64(statement, 0),
			.workload_id = sqlite3_column_int64(statement, 1),
		};
	}
	if (result)
		return result;
	*ret = members;
	memset(&members, 0, sizeof(members));
	return 0;
}
