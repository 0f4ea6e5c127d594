/* store_remove.c - what was registered or imported by mistake leaves the database. */
#include "venn/store/store_remove.h"

#include <stdbool.h>

#include "collector/base/error.h"
#include "collector/collector.h"
#include "venn/store/statement.h"
#include "venn/store/store_forget.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_load.h"
#include "venn/store/store_transaction.h"
#include "venn/store/store_universe.h"
#include "venn/store/store_unused.h"

/* Run a statement about ?1. */
static int run_about(struct store *store, const char *sql, int64_t id, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store, sql, &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, id);
	return statement_insert(store, statement, err);
}

static int run_all(struct store *store, const char *const *sql, int64_t id, struct cov_error *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && sql[i]; i++)
		result = run_about(store, sql[i], id, err);
	return result;
}

#define FOOTPRINTS                                                                                 \
	" (SELECT footprint_id FROM footprint JOIN analysis USING (analysis_id)"                   \
	" WHERE kernel_id = ?1)"
#define ANALYSES " (SELECT analysis_id FROM analysis WHERE kernel_id = ?1)"

/* All that footprints of kernel ?1 consist of. */
static const char *const remove_footprints[] = {
	"DELETE FROM footprint_line_tile WHERE footprint_id IN" FOOTPRINTS,
	"DELETE FROM footprint_p_value WHERE footprint_id IN" FOOTPRINTS,
	"DELETE FROM footprint_function_tile WHERE footprint_id IN" FOOTPRINTS,
	"DELETE FROM footprint_object WHERE footprint_id IN" FOOTPRINTS,
	"DELETE FROM agreement WHERE footprint_id IN" FOOTPRINTS,
	"DELETE FROM footprint_without WHERE footprint_id IN" FOOTPRINTS,
	"DELETE FROM footprint WHERE analysis_id IN" ANALYSES,
	"DELETE FROM region WHERE analysis_id IN" ANALYSES,
	NULL,
};

#define SYSCALLS " (SELECT syscalls_id FROM syscalls WHERE kernel_id = ?1)"

static int remove_found(struct store *store, const char *name, struct cov_error *err)
{
	static const char *const parts[] = {
		"DELETE FROM analysis WHERE kernel_id = ?1",
		"DELETE FROM directory WHERE kernel_id = ?1",
		"DELETE FROM function WHERE kernel_id = ?1",
		"DELETE FROM function_pattern WHERE kernel_id = ?1",
		"DELETE FROM line_pattern WHERE kernel_id = ?1",
		"DELETE FROM line WHERE kernel_id = ?1",
		"DELETE FROM file WHERE kernel_id = ?1",
		"DELETE FROM object WHERE kernel_id = ?1",
		"DELETE FROM compiled_object WHERE kernel_id = ?1",
		"DELETE FROM compiled_file WHERE kernel_id = ?1",
		"DELETE FROM cve_git WHERE kernel_id = ?1",
		"DELETE FROM cve_line WHERE kernel_id = ?1",
		"DELETE FROM object_option WHERE kernel_id = ?1",
		"DELETE FROM source WHERE kernel_id = ?1",
		"DELETE FROM profile_stack WHERE profile_id IN"
		" (SELECT profile_id FROM profile WHERE kernel_id = ?1)",
		"DELETE FROM profile WHERE kernel_id = ?1",
		"DELETE FROM syscalls_call WHERE syscalls_id IN" SYSCALLS,
		"DELETE FROM syscalls_filter WHERE syscalls_id IN" SYSCALLS,
		"DELETE FROM syscalls_thread WHERE syscalls_id IN" SYSCALLS,
		"DELETE FROM syscalls_program WHERE syscalls_id IN" SYSCALLS,
		"DELETE FROM syscalls WHERE kernel_id = ?1",
		"DELETE FROM kernel WHERE kernel_id = ?1",
		NULL,
	};
	COV_AUTO(store_kernel_deinit) struct store_kernel about = { 0 };
	int result = store_kernel_find(store, NULL, name, &about, err);

	if (result == 0 && about.trial_count)
		result = cov_fail(err, COV_ERR_MISMATCH,
				  "%s: kernel %s has %lld trials; 'covdb trial list' names them, "
				  "'covdb trial remove' removes them",
				  store->path, name, (long long)about.trial_count);
	if (result == 0)
		result = run_all(store, remove_footprints, about.id, err);
	return result ? result : run_all(store, parts, about.id, err);
}

int store_remove_kernel(struct store *store, const char *name, struct cov_error *err)
{
	/*
	 * What refers to a directory has no index by it: for each of thousands, SQLite would look
	 * through all regions of the other kernels. Everything that refers to the kernel is named
	 * above.
	 */
	int result = statement_run(store, "PRAGMA foreign_keys = OFF", err);

	statement_forget(store);
	if (result == 0)
		result = store_transaction_write(store, err);
	if (result == 0)
		result = remove_found(store, name, err);
	if (result == 0)
		result = store_transaction_commit(store, err);
	store_transaction_end(store);
	return result;
}

/* What was derived from the trials of a kernel, apart from footprints. */
static int outdate(struct store *store, int64_t kernel_id, struct cov_error *err)
{
	static const char *const parts[] = {
		"DELETE FROM analysis WHERE kernel_id = ?1 AND baseline <> 'own' AND baseline NOT IN"
		" (SELECT p.name || '/' || w.name FROM trial JOIN platform p USING (platform_id)"
		"  JOIN workload w USING (workload_id) WHERE kernel_id = ?1)",
		NULL,
	};
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	int result = run_all(store, parts, kernel_id, err);

	if (result == 0)
		result = store_unused_delete(store, kernel_id, err);
	if (result == 0)
		result = store_load_kernel(store, kernel_id, &kernel, err);
	return result ? result : store_universe_shrink(store, kernel_id, &kernel, err);
}

/* Those that have no member left, unless footprints of another kernel are theirs. */
static const char remove_empty_groups[] =
    "DELETE FROM workload WHERE kind = 'group'"
    " AND workload_id NOT IN (SELECT group_id FROM workload_member)"
    " AND workload_id NOT IN (SELECT workload_id FROM footprint WHERE workload_id IS NOT NULL)";

/* Its platform and workload, if it was their last. */
static int remove_names(struct store *store, int64_t platform_id, int64_t workload_id,
			struct cov_error *err)
{
	int result = run_about(store,
			       "DELETE FROM platform WHERE platform_id = ?1"
			       " AND ?1 NOT IN (SELECT platform_id FROM trial)"
			       " AND ?1 NOT IN (SELECT platform_id FROM footprint)",
			       platform_id, err);

	if (result == 0)
		result = run_about(store,
				   "DELETE FROM workload WHERE workload_id = ?1"
				   " AND ?1 NOT IN (SELECT workload_id FROM trial)"
				   " AND ?1 NOT IN (SELECT workload_id FROM footprint"
				   "  WHERE workload_id IS NOT NULL)",
				   workload_id, err);
	return result ? result : statement_run(store, remove_empty_groups, err);
}

/* @has_counters: set if it has: one without a snapshot is part of nothing. */
static int remove_trial(struct store *store, int64_t kernel_id, int64_t id, bool *has_counters,
			struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT platform_id, workload_id, counters IS NOT NULL,"
				       " status = 'ok' FROM trial WHERE trial_id = ?1",
				       &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, id);
	result = statement_step(store, statement, err);
	if (result <= 0)
		return result;
	int64_t platform_id = sqlite3_column_int64(statement, 0);
	int64_t workload_id = sqlite3_column_int64(statement, 1);
	bool is_counted = sqlite3_column_int(statement, 2);
	bool is_ok = sqlite3_column_int(statement, 3);
	result = 0;
	sqlite3_reset(statement);
	*has_counters |= is_counted;
	/* Footprints first: they refer to platforms and workloads. */
	if (is_counted && is_ok)
		result = store_forget_group(store, kernel_id, platform_id, workload_id, err);
	if (result == 0)
		result = run_about(store, "DELETE FROM trial WHERE trial_id = ?1", id, err);
	return result ? result : remove_names(store, platform_id, workload_id, err);
}

int store_remove_trials(struct store *store, int64_t kernel_id, const int64_t *ids, size_t count,
			struct cov_error *err)
{
	bool has_counters = false;
	int result = 0;

	for (size_t i = 0; result == 0 && i < count; i++)
		result = remove_trial(store, kernel_id, ids[i], &has_counters, err);
	return result || !has_counters ? result : outdate(store, kernel_id, err);
}
