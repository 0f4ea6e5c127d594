/* store_migrate.c - bring a database of an older schema to the current one. */
#include "venn/store/store_migrate.h"

#include <libgen.h>
#include <stdlib.h>
#include <unistd.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "venn/store/statement.h"
#include "venn/store/store_repack.h"
#include "venn/store/store_schema.h"
#include "venn/store/store_transaction.h"

/* What a database of version 4 consists of. What is else in it would be lost, so there may be
 * nothing. */
static const char first_difference[] =
    "WITH own (type, name) AS (VALUES ('table', 'kernel'), ('table', 'object'), ('table', 'file'),"
    " ('table', 'line'), ('table', 'function'), ('table', 'directory'), ('table', 'platform'),"
    " ('table', 'workload'), ('table', 'trial'), ('table', 'trial_object'),"
    " ('table', 'trial_line'), ('table', 'trial_function'), ('table', 'analysis'),"
    " ('table', 'footprint'), ('table', 'footprint_line'), ('table', 'region'),"
    " ('index', 'kernel_build_id'), ('index', 'trial_number'), ('index', 'trial_object_trial'),"
    " ('view', 'trial_line_named'), ('view', 'footprint_line_named')),"
    " there (type, name) AS (SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%'"
    "  ESCAPE '\\')"
    " SELECT * FROM (SELECT type, name, 'is missing' FROM own EXCEPT"
    "  SELECT type, name, 'is missing' FROM there)"
    " UNION ALL SELECT * FROM (SELECT type, name, 'is not covdb''s' FROM there EXCEPT"
    "  SELECT type, name, 'is not covdb''s' FROM own) LIMIT 1";

/* Out of the way of the new ones. */
static const char set_aside[] = "DROP VIEW trial_line_named;"
				"DROP VIEW footprint_line_named;"
				"DROP INDEX kernel_build_id;"
				"DROP INDEX trial_number;"
				"DROP INDEX trial_object_trial;"
				"DROP TABLE region;"
				"DROP TABLE footprint_line;"
				"DROP TABLE footprint;"
				"DROP TABLE analysis;"
				"ALTER TABLE kernel RENAME TO old_kernel;"
				"ALTER TABLE object RENAME TO old_object;"
				"ALTER TABLE file RENAME TO old_file;"
				"ALTER TABLE line RENAME TO old_line;"
				"ALTER TABLE function RENAME TO old_function;"
				"ALTER TABLE directory RENAME TO old_directory;"
				"ALTER TABLE platform RENAME TO old_platform;"
				"ALTER TABLE workload RENAME TO old_workload;"
				"ALTER TABLE trial RENAME TO old_trial;"
				"ALTER TABLE trial_object RENAME TO old_trial_object;"
				"ALTER TABLE trial_line RENAME TO old_trial_line;"
				"ALTER TABLE trial_function RENAME TO old_trial_function;";

/*
 * All that was measured, into the tables of store_schema; what is derived from it is made anew.
 * Until version 4 a baseline was a column of its trials.
 */
static const char from_version_4[] =
    "INSERT INTO kernel (kernel_id, name, release, build_id, profile_update, build_root,"
    "  source_root, object_count, line_count, counter_count, lines)"
    " SELECT kernel_id, name, release, build_id, profile_update, build_root,"
    "  source_root, object_count, line_count, counter_count, lines FROM old_kernel;"
    "INSERT INTO object (kernel_id, object_id, path, stamp, is_linked, functions, lines, plan)"
    " SELECT kernel_id, object_id, path, stamp, is_linked, functions, lines, plan FROM old_object;"
    "INSERT INTO file (kernel_id, file_id, path, line_first, line_count)"
    " SELECT kernel_id, file_id, path, line_first, line_count FROM old_file;"
    "INSERT INTO line (kernel_id, line_id, file_id, line)"
    " SELECT kernel_id, line_id, file_id, line FROM old_line;"
    "INSERT INTO function (kernel_id, function_id, object_id, file_id, name, start_line, end_line)"
    " SELECT kernel_id, function_id, object_id, file_id, name, start_line, end_line"
    " FROM old_function;"
    "INSERT INTO directory (directory_id, kernel_id, path, line_first, line_count, found)"
    " SELECT directory_id, kernel_id, path, line_first, line_count, found FROM old_directory;"
    "INSERT INTO platform (platform_id, name, bit, driver)"
    " SELECT platform_id, name, bit, (SELECT manifest ->> '$.trial.driver' FROM old_trial t"
    "  WHERE t.platform_id = p.platform_id AND manifest IS NOT NULL LIMIT 1)"
    " FROM old_platform p;"
    "INSERT INTO workload (workload_id, name, kind)"
    " SELECT workload_id, name, CASE WHEN EXISTS (SELECT 1 FROM old_trial t"
    "  WHERE t.workload_id = w.workload_id AND manifest ->> '$.trial.phase' IS NOT NULL)"
    "  THEN 'phase' ELSE 'workload' END FROM old_workload w;"
    "INSERT INTO workload (name, kind)"
    " SELECT DISTINCT baseline, iif(manifest ->> '$.trial.kind' = 'observer', 'observer', 'idle')"
    " FROM old_trial WHERE baseline IS NOT NULL ORDER BY trial_id;"
    "INSERT INTO trial (trial_id, kernel_id, platform_id, workload_id, number, status, failure,"
    "  duration_ns, started_at, snapshot, manifest, is_emulated, capture, captures_within,"
    "  objects_decoded, objects_bad,"
    "  lines_found, lines_hit, lines_partly, lines_negative, functions_contradicting, counters,"
    "  object_states)"
    " SELECT trial_id, kernel_id, platform_id, ifnull(workload_id, (SELECT w.workload_id"
    "   FROM workload w WHERE w.name = baseline)), number, status, failure,"
    "  duration_ns, started_at, snapshot, manifest, manifest ->> '$.kernel.emulated',"
    "  iif(manifest IS NULL, NULL, iif(manifest ->> '$.trial.phase' IS NULL, 'reset',"
    "   'difference')), iif(manifest IS NULL, NULL, iif(manifest ->> '$.trial.phase' IS NULL"
    "   AND EXISTS (SELECT 1 FROM json_each(manifest, '$.steps') s"
    "   WHERE s.value ->> '$.step' = 'start'), 3, 0)),"
    "  objects_decoded, objects_bad, lines_found, lines_hit, lines_partly, lines_negative,"
    "  functions_contradicting, counters, object_states FROM old_trial;"
    "INSERT INTO metric (trial_id, place, name, labels, value, unit)"
    " SELECT trial_id, m.key + 1, m.value ->> '$.metric', m.value -> '$.labels',"
    "  m.value ->> '$.value', m.value ->> '$.unit'"
    " FROM old_trial, json_each(manifest, '$.metrics') m WHERE manifest IS NOT NULL;"
    "INSERT INTO trial_object (trial_id, path, state, message)"
    " SELECT trial_id, path, state, message FROM old_trial_object;"
    "INSERT INTO trial_line (trial_id, line_id, count, state)"
    " SELECT trial_id, line_id, count, state FROM old_trial_line;"
    "INSERT INTO trial_function (trial_id, function_id, calls, contradiction)"
    " SELECT trial_id, function_id, calls, contradiction FROM old_trial_function;";

static const char drop_old[] = "DROP TABLE old_trial_function;"
			       "DROP TABLE old_trial_line;"
			       "DROP TABLE old_trial_object;"
			       "DROP TABLE old_trial;"
			       "DROP TABLE old_workload;"
			       "DROP TABLE old_platform;"
			       "DROP TABLE old_directory;"
			       "DROP TABLE old_function;"
			       "DROP TABLE old_line;"
			       "DROP TABLE old_file;"
			       "DROP TABLE old_object;"
			       "DROP TABLE old_kernel;";

/* Writing needs the file and its folder, where SQLite keeps what undoes it; say so before it fails.
 */
static int check_writable(const char *path, int64_t version, struct cov_error *err)
{
	COV_AUTO(free) char *real = realpath(path, NULL);
	COV_AUTO(free) char *folder = real ? cov_xstrdup(real) : NULL;

	if (!real)
		return cov_fail_errno(err, "cannot look at %s", path);
	const char *places[] = { real, dirname(folder) };
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		if (access(places[i], W_OK) != 0)
			return cov_fail_errno(err,
					      "%s: its schema version %lld has to be brought to "
					      "%d first, and %s cannot be written to",
					      path, (long long)version, STORE_SCHEMA_VERSION,
					      places[i]);
	}
	return 0;
}

static int check_tables(struct store *store, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store, first_difference, &statement, err);

	if (result == 0)
		result = statement_step(store, statement, err);
	if (result <= 0)
		return result;
	return cov_fail(err, COV_ERR_STORE,
			"%s: schema version %d is not as covdb makes it: the %s %s %s", store->path,
			STORE_MIGRATED_VERSION, sqlite3_column_text(statement, 0),
			sqlite3_column_text(statement, 1), sqlite3_column_text(statement, 2));
}

static int check_references(struct store *store, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store, "PRAGMA foreign_key_check", &statement, err);

	if (result == 0)
		result = statement_step(store, statement, err);
	if (result <= 0)
		return result;
	return cov_fail(err, COV_ERR_STORE,
			"%s: it is damaged: a row of %s refers to one of %s that is missing",
			store->path, sqlite3_column_text(statement, 0),
			sqlite3_column_text(statement, 2));
}

/* Within the transaction. @version: what it is now; another program may have been quicker */
static int convert(struct store *store, int64_t version, struct cov_error *err)
{
	static const char *const steps[] = { set_aside, store_schema, from_version_4, drop_old };
	int result = 0;

	if (version != STORE_MIGRATED_VERSION)
		return cov_fail(err, COV_ERR_STORE,
				"%s: another program changed its schema meanwhile; try again",
				store->path);
	result = check_tables(store, err);
	for (size_t i = 0; result == 0 && i < sizeof(steps) / sizeof(*steps); i++)
		result = statement_run(store, steps[i], err);
	if (result == 0)
		result = check_references(store, err);
	if (result == 0)
		result = store_repack(store, err);
	return result ? result : store_transaction_commit(store, err);
}

int store_migrate(const char *path, int64_t version, struct cov_error *err)
{
	COV_AUTO(statement_close) struct store *store = NULL;
	int64_t now = 0;

	if (version != STORE_MIGRATED_VERSION)
		return cov_fail(
		    err, COV_ERR_STORE,
		    "%s: schema version %lld, this covdb knows %d and %d: create it again from the "
		    "notes and trials",
		    path, (long long)version, STORE_MIGRATED_VERSION, STORE_SCHEMA_VERSION);
	int result = check_writable(path, version, err);
	if (result == 0)
		result = statement_open(path, SQLITE_OPEN_READWRITE, &store, err);
	/* With these, a renamed table leaves those that refer to it as they are. */
	if (result == 0)
		result = statement_run(store,
				       "PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON;"
				       "PRAGMA trusted_schema = OFF; BEGIN EXCLUSIVE",
				       err);
	if (result == 0)
		result = statement_number(store, "PRAGMA user_version", &now, err);
	if (result || now == STORE_SCHEMA_VERSION)
		return result;
	result = convert(store, now, err);
	if (result)
		return result;
	cov_say("%s: migrated from schema version %lld to %d; 'covdb diff' makes its "
		"footprints again",
		path, (long long)version, STORE_SCHEMA_VERSION);
	return 0;
}
