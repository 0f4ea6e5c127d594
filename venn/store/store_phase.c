/* store_phase.c - the phases of workloads: what a question about one means, and their groups. */
#include "venn/store/store_phase.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/store/statement.h"

/* Whether the workload p is a phase, and that of the parameter 1. */
#define IS_PHASE "p.kind = 'phase' AND substr(p.name, -length(?1) - 1) = '.' || ?1"

void store_phase_deinit(struct store_phases *phases)
{
	free(phases->ids);
	memset(phases, 0, sizeof(*phases));
}

static int fail_missing(struct store *store, const char *name, const char *phase,
			struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(
	    store, "SELECT group_concat(name, ', ') FROM workload WHERE kind = 'phase'", &statement,
	    err);

	if (result == 0)
		result = statement_step(store, statement, err);
	if (result < 0)
		return result;
	COV_AUTO(free) char *list = statement_column_text(statement, 0);
	return cov_fail(err, COV_ERR_MISMATCH, "%s: there is no phase %s of %s%s%s", store->path,
			phase, name ? name : "any workload", *list ? ", only " : ", nor any other",
			list);
}

/* Of each whole workload that is meant, the phase. */
static int find_parts(struct store *store, const char *name, const char *phase,
		      struct store_phases *ret, struct cov_error *err)
{
	static const char of_all[] =
	    "SELECT p.name, p.workload_id FROM workload p WHERE ?2 IS NULL AND " IS_PHASE
	    " ORDER BY p.workload_id";
	static const char of_name[] =
	    "WITH whole(name) AS (SELECT ?2"
	    "  WHERE NOT EXISTS (SELECT 1 FROM workload WHERE name = ?2 AND kind = 'group')"
	    " UNION ALL SELECT w.name FROM workload g"
	    "  JOIN workload_member m ON m.group_id = g.workload_id"
	    "  JOIN workload w ON w.workload_id = m.workload_id WHERE g.name = ?2)"
	    " SELECT whole.name, ifnull((SELECT p.workload_id FROM workload p"
	    "   WHERE p.kind = 'phase' AND p.name = whole.name || '.' || ?1),"
	    "  (SELECT p.workload_id FROM workload p WHERE " IS_PHASE " AND p.name = whole.name))"
	    " FROM whole";
	COV_AUTO(statement_rest) sqlite3_stmt *statement = NULL;
	int result = statement_keep(store, name ? of_name : of_all, &statement, err);

	if (result)
		return result;
	statement_bind_text(statement, 1, phase);
	statement_bind_text(statement, 2, name);
	while ((result = statement_step(store, statement, err)) > 0) {
		if (sqlite3_column_type(statement, 1) == SQLITE_NULL)
			return fail_missing(store, statement_column_peek(statement, 0), phase, err);
		ret->ids = cov_grow(ret->ids, ret->count, &ret->capacity, sizeof(*ret->ids));
		ret->ids[ret->count++] = sqlite3_column_int64(statement, 1);
	}
	if (result < 0)
		return result;
	return ret->count ? 0 : fail_missing(store, name, phase, err);
}

/* In place of @phases the group that has just these, if there is one. */
static int find_group(struct store *store, const char *name, const char *phase,
		      struct store_phases *phases, struct cov_error *err)
{
	COV_AUTO(cov_text_deinit) struct cov_text ids = { 0 };
	COV_AUTO(statement_rest) sqlite3_stmt *statement = NULL;

	for (size_t i = 0; i < phases->count; i++)
		cov_text_print(&ids, "%s%lld", i ? "," : "", (long long)phases->ids[i]);
	COV_AUTO(free)
	char *group = cov_format("%s%s%s", name ? name : "", name ? "." : "", phase);
	COV_AUTO(free)
	char *sql = cov_format("SELECT g.workload_id FROM workload g"
			       " JOIN workload_member m ON m.group_id = g.workload_id"
			       " WHERE g.name = ?1 AND g.kind = 'group' GROUP BY g.workload_id"
			       " HAVING count(*) = ?2 AND sum(m.workload_id IN (%s)) = ?2",
			       ids.data);
	int result = statement_keep(store, sql, &statement, err);

	if (result)
		return result;
	statement_bind_text(statement, 1, group);
	sqlite3_bind_int64(statement, 2, (int64_t)phases->count);
	result = statement_step(store, statement, err);
	if (result <= 0)
		return result;
	phases->ids[0] = sqlite3_column_int64(statement, 0);
	phases->count = 1;
	return 0;
}

int store_phase_find(struct store *store, const char *name, const char *phase,
		     struct store_phases *ret, struct cov_error *err)
{
	COV_AUTO(store_phase_deinit) struct store_phases phases = { 0 };
	int result = find_parts(store, name, phase, &phases, err);

	if (result == 0)
		result = find_group(store, name, phase, &phases, err);
	if (result)
		return result;
	*ret = phases;
	memset(&phases, 0, sizeof(phases));
	return 0;
}

/*
 * Phases that their groups lack. A group that has anything else is not one of phases: it has the
 * name by chance.
 */
static const char with_missing[] =
    "WITH part AS (SELECT workload_id, substr(name, 1, length(name) - length(?1) - 1) AS"
    "  whole FROM workload p WHERE " IS_PHASE "),"
    " wanted AS (SELECT ?1 AS name, workload_id FROM part"
    "  UNION SELECT g.name || '.' || ?1, part.workload_id FROM part"
    "  JOIN workload w ON w.name = whole"
    "  JOIN workload_member m ON m.workload_id = w.workload_id"
    "  JOIN workload g ON g.workload_id = m.group_id),"
    " missing AS (SELECT name, workload_id FROM wanted WHERE NOT EXISTS"
    "  (SELECT 1 FROM workload o LEFT JOIN workload_member m ON m.group_id = o.workload_id"
    "   WHERE o.name = wanted.name AND (o.kind <> 'group'"
    "    OR m.workload_id = wanted.workload_id OR m.workload_id NOT IN"
    "     (SELECT w.workload_id FROM wanted w WHERE w.name = o.name)))) ";

/* @sql: about what groups of a phase are missing */
static int prepare_missing(struct store *store, const char *phase, const char *sql,
			   sqlite3_stmt **ret, struct cov_error *err)
{
	COV_AUTO(free) char *whole = cov_format("%s%s", with_missing, sql);
	int result = statement_prepare(store, whole, ret, err);

	if (result == 0)
		statement_bind_text(*ret, 1, phase);
	return result;
}

/* Return: 1 if groups of a phase lack some, mostly 0; COV_ERR_STORE */
static int is_missing(struct store *store, const char *phase, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = prepare_missing(store, phase, "SELECT 1 FROM missing", &statement, err);

	return result ? result : statement_step(store, statement, err);
}

static int add_missing(struct store *store, const char *phase, struct cov_error *err)
{
	static const char *const statements[] = {
		"UPDATE analysis SET is_current = 0 WHERE kernel_id IN"
		" (SELECT kernel_id FROM trial JOIN missing USING (workload_id))",
		/* As store_forget_union(): they are of other workloads now. */
		"DELETE FROM footprint WHERE workload_id IN"
		" (SELECT g.workload_id FROM missing JOIN workload g USING (name))",
		"DELETE FROM region WHERE workload_id IN"
		" (SELECT g.workload_id FROM missing JOIN workload g USING (name))",
		"INSERT INTO workload (name, kind) SELECT DISTINCT name, 'group'"
		" FROM missing WHERE name NOT IN (SELECT name FROM workload)",
		"INSERT INTO workload_member (group_id, workload_id)"
		" SELECT g.workload_id, missing.workload_id"
		" FROM missing JOIN workload g USING (name)",
	};
	int result = 0;

	for (size_t i = 0; result == 0 && i < sizeof(statements) / sizeof(*statements); i++) {
		COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;

		result = prepare_missing(store, phase, statements[i], &statement, err);
		if (result == 0)
			result = statement_insert(store, statement, err);
	}
	return result;
}

int store_phase_unite(struct store *store, struct cov_error *err)
{
	int result = 0;

	for (int i = 0; result == 0 && cov_manifest_phase_names[i]; i++) {
		result = is_missing(store, cov_manifest_phase_names[i], err);
		if (result > 0)
			result = add_missing(store, cov_manifest_phase_names[i], err);
	}
	return result;
}
