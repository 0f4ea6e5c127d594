/* store_analysis.c - analyses in the database: a kernel, a rule, a baseline. */
#include "venn/store/store_analysis.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/store/statement.h"

/* The analysis of those three, and whether it was made as this one would be. */
static int find_same(struct store *store, int64_t kernel_id, struct store_analysis *about,
		     bool *is_kept, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT analysis_id, ifnull(false_discovery_rate, 0) = ?4"
				       " AND scale = ?5 AND covdb_version = '" COVDB_VERSION "'"
				       " FROM analysis WHERE kernel_id = ?1 AND rule = ?2"
				       " AND baseline = ?3",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	statement_bind_text(statement, 2, about->rule);
	statement_bind_text(statement, 3, about->baseline);
	sqlite3_bind_double(statement, 4, about->false_discovery_rate);
	sqlite3_bind_int64(statement, 5, about->scale);
	result = statement_step(store, statement, err);
	about->id = result > 0 ? sqlite3_column_int64(statement, 0) : 0;
	*is_kept = result > 0 && sqlite3_column_int(statement, 1);
	return result < 0 ? result : 0;
}

/* Ids grow with time, so the newest gets another. */
static int make_newest(struct store *store, struct store_analysis *about, struct cov_error *err)
{
	static const char *const parts[] = {
		"UPDATE footprint SET analysis_id = ?2 WHERE analysis_id = ?1",
		"UPDATE region SET analysis_id = ?2 WHERE analysis_id = ?1",
		"UPDATE analysis SET analysis_id = ?2 WHERE analysis_id = ?1",
	};
	int64_t newest = 0;
	int result = statement_number(store, "SELECT max(analysis_id) FROM analysis", &newest, err);

	if (result || newest == about->id)
		return result;
	/* Until the transaction ends, parts of it refer to what is not there. */
	result = statement_run(store, "PRAGMA defer_foreign_keys = ON", err);
	for (size_t i = 0; result == 0 && i < sizeof(parts) / sizeof(*parts); i++) {
		COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;

		result = statement_prepare(store, parts[i], &statement, err);
		if (result)
			return result;
		sqlite3_bind_int64(statement, 1, about->id);
		sqlite3_bind_int64(statement, 2, newest + 1);
		result = statement_insert(store, statement, err);
	}
	about->id = newest + 1;
	return result;
}

static int set_current(struct store *store, int64_t id, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(
	    store, "UPDATE analysis SET is_current = 1 WHERE analysis_id = ?", &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, id);
	return statement_insert(store, statement, err);
}

/* @about: with the id that it gets; 0: the next */
static int replace(struct store *store, int64_t kernel_id, struct store_analysis *about,
		   struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *remove = NULL;
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *add = NULL;
	int result = statement_prepare(store,
				       "DELETE FROM analysis WHERE kernel_id = ?1 AND rule = ?2"
				       " AND baseline = ?3",
				       &remove, err);

	if (result == 0)
		result =
		    statement_prepare(store,
				      "INSERT INTO analysis (analysis_id, kernel_id, rule,"
				      " baseline, false_discovery_rate, scale, covdb_version)"
				      " SELECT ifnull(?6, ifnull(max(analysis_id), 0) + 1), ?1,"
				      " ?2, ?3, ?4, ?5, '" COVDB_VERSION "' FROM analysis",
				      &add, err);
	if (result)
		return result;
	sqlite3_bind_int64(remove, 1, kernel_id);
	statement_bind_text(remove, 2, about->rule);
	statement_bind_text(remove, 3, about->baseline);
	result = statement_insert(store, remove, err);
	if (result)
		return result;
	sqlite3_bind_int64(add, 1, kernel_id);
	statement_bind_text(add, 2, about->rule);
	statement_bind_text(add, 3, about->baseline);
	if (about->false_discovery_rate > 0)
		sqlite3_bind_double(add, 4, about->false_discovery_rate);
	sqlite3_bind_int64(add, 5, about->scale);
	if (about->id)
		sqlite3_bind_int64(add, 6, about->id);
	result = statement_insert(store, add, err);
	about->id = sqlite3_last_insert_rowid(store->database);
	return result;
}

int store_analysis_open(struct store *store, int64_t kernel_id, struct store_analysis *about,
			bool is_newest, bool *is_known, struct cov_error *err)
{
	bool is_kept;
	int result = find_same(store, kernel_id, about, &is_kept, err);

	if (result)
		return result;
	*is_known = about->id != 0;
	if (!is_kept) {
		about->id = is_newest ? 0 : about->id;
		return replace(store, kernel_id, about, err);
	}
	result = set_current(store, about->id, err);
	return result || !is_newest ? result : make_newest(store, about, err);
}

void store_analysis_deinit(struct store_analysis *analysis)
{
	free(analysis->rule);
	free(analysis->baseline);
	memset(analysis, 0, sizeof(*analysis));
}

void store_analysis_list_deinit(struct store_analyses *analyses)
{
	for (size_t i = 0; i < analyses->count; i++)
		store_analysis_deinit(&analyses->items[i]);
	free(analyses->items);
	memset(analyses, 0, sizeof(*analyses));
}

int store_analysis_list(struct store *store, const struct store_choice *choice,
			struct store_analyses *ret, struct cov_error *err)
{
	COV_AUTO(statement_rest) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_analysis_list_deinit) struct store_analyses list = { 0 };
	int result = statement_keep(store,
				    "SELECT analysis_id, rule, baseline, is_current,"
				    " false_discovery_rate, scale FROM analysis"
				    " WHERE kernel_id = ?1 AND rule = ifnull(?2, rule)"
				    " AND (?3 IS NULL OR baseline = ?3 OR"
				    " substr(baseline, -length(?3) - 1) = '/' || ?3)"
				    " ORDER BY analysis_id",
				    &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, choice->kernel_id);
	statement_bind_text(statement, 2, choice->rule);
	statement_bind_text(statement, 3, choice->baseline);
	while ((result = statement_step(store, statement, err)) > 0) {
		list.items = cov_grow(list.items, list.count, &list.capacity, sizeof(*list.items));
		list.items[list.count++] = (struct store_analysis){
			.id = sqlite3_column_int64(statement, 0),
			.rule = statement_column_text(statement, 1),
			.baseline = statement_column_text(statement, 2),
			.is_current = sqlite3_column_int(statement, 3),
			.false_discovery_rate = sqlite3_column_double(statement, 4),
			.scale = sqlite3_column_int64(statement, 5),
		};
	}
	if (result < 0)
		return result;
	*ret = list;
	memset(&list, 0, sizeof(list));
	return 0;
}

/* "covdb diff --rule rate --baseline own", which makes what was asked for. */
static char *diff_command(const struct store_choice *choice)
{
	return cov_format("covdb diff%s%s%s%s", choice->rule ? " --rule " : "",
			  choice->rule ? choice->rule : "", choice->baseline ? " --baseline " : "",
			  choice->baseline ? choice->baseline : "");
}

/* "; those by rule rate are ('--rule rate')" of other footprints that are up to date; "": there are
 * none, or nothing of them can be told. free() it. */
static char *others(struct store *store, const struct store_choice *choice)
{
	COV_AUTO(store_analysis_list_deinit) struct store_analyses list = { 0 };
	const struct store_choice all = { .kernel_id = choice->kernel_id };
	struct cov_error err;

	if (store_analysis_list(store, &all, &list, &err))
		return cov_xstrdup("");
	for (size_t i = list.count; i > 0; i--) {
		const struct store_analysis *other = &list.items[i - 1];

		if (other->is_current)
			return cov_format("; those by rule %s are ('--rule %s --baseline %s')",
					  other->rule, other->rule, other->baseline);
	}
	return cov_xstrdup("");
}

/* What an imported trial of the kernel lacks for footprints: the next thing to do. */
static int fail_none(struct store *store, const struct store_choice *choice, struct cov_error *err)
{
	COV_AUTO(free) char *command = diff_command(choice);
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT count(*), total(kind IN ('idle', 'observer')) FROM"
				       " trial JOIN workload USING (workload_id)"
				       " WHERE kernel_id = ?1 AND status = 'ok'",
				       &statement, err);

	if (result == 0)
		sqlite3_bind_int64(statement, 1, choice->kernel_id);
	if (result == 0)
		result = statement_step(store, statement, err);
	if (result < 0)
		return result;
	if (!sqlite3_column_int64(statement, 0))
		return cov_fail(err, COV_ERR_MISMATCH,
				"%s: there are no footprints, since no good trial was imported: "
				"'covdb import' takes trials",
				store->path);
	if (!sqlite3_column_int64(statement, 1))
		return cov_fail(err, COV_ERR_MISMATCH,
				"%s: there are no footprints, since no baseline was imported: see "
				"--baseline of 'covdb import --help'",
				store->path);
	return cov_fail(err, COV_ERR_MISMATCH, "%s: there are no %sfootprints; '%s' makes them",
			store->path, choice->rule || choice->baseline ? "such " : "", command);
}

static int fail_outdated(struct store *store, const struct store_choice *choice,
			 const struct store_analysis *newest, struct cov_error *err)
{
	COV_AUTO(free) char *current = others(store, choice);

	return cov_fail(err, COV_ERR_MISMATCH,
			"%s: since the footprints by rule %s against baseline %s were made, trials "
			"were imported or removed; 'covdb diff --rule %s --baseline %s' brings "
			"them up to date%s",
			store->path, newest->rule, newest->baseline, newest->rule, newest->baseline,
			current);
}

int store_analysis_find(struct store *store, const struct store_choice *choice,
			struct store_analysis *ret, struct cov_error *err)
{
	COV_AUTO(store_analysis_list_deinit) struct store_analyses list = { 0 };
	int result = store_analysis_list(store, choice, &list, err);

	if (result)
		return result;
	if (!list.count)
		return fail_none(store, choice, err);
	struct store_analysis *newest = &list.items[list.count - 1];
	if (!newest->is_current)
		return fail_outdated(store, choice, newest, err);
	*ret = *newest;
	list.count--;
	return 0;
}
