/* store_migrate.c - bring a database of an older schema to the current one. */
#include "venn/store/store_migrate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/base/error.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "venn/store/statement.h"
#include "venn/store/store_schema.h"

/*
 * All that was measured, into the tables of store_schema; what is derived from it is made anew.
 * Until version 4 a baseline was a column of its trials.
 */
static const char from_version_4[] =
    "BEGIN;"
    "INSERT INTO kernel (kernel_id, name, release, build_id, profile_update, build_root,"
    "  source_root, object_count, line_count, counter_count, lines)"
    " SELECT kernel_id, name, release, build_id, profile_update, build_root,"
    "  source_root, object_count, line_count, counter_count, lines FROM old.kernel;"
    "INSERT INTO object (kernel_id, object_id, path, stamp, is_linked, functions, lines, plan)"
    " SELECT kernel_id, object_id, path, stamp, is_linked, functions, lines, plan FROM old.object;"
    "INSERT INTO file (kernel_id, file_id, path, line_first, line_count)"
    " SELECT kernel_id, file_id, path, line_first, line_count FROM old.file;"
    "INSERT INTO line (kernel_id, line_id, file_id, line)"
    " SELECT kernel_id, line_id, file_id, line FROM old.line;"
    "INSERT INTO function (kernel_id, function_id, object_id, file_id, name, start_line, end_line)"
    " SELECT kernel_id, function_id, object_id, file_id, name, start_line, end_line"
    " FROM old.function;"
    "INSERT INTO directory (directory_id, kernel_id, path, line_first, line_count, found)"
    " SELECT directory_id, kernel_id, path, line_first, line_count, found FROM old.directory;"
    "INSERT INTO platform (platform_id, name, bit, driver)"
    " SELECT platform_id, name, bit, (SELECT manifest ->> '$.trial.driver' FROM old.trial t"
    "  WHERE t.platform_id = p.platform_id AND manifest IS NOT NULL LIMIT 1)"
    " FROM old.platform p;"
    "INSERT INTO workload (workload_id, name, kind)"
    " SELECT workload_id, name, CASE WHEN EXISTS (SELECT 1 FROM old.trial t"
    "  WHERE t.workload_id = w.workload_id AND manifest ->> '$.trial.phase' IS NOT NULL)"
    "  THEN 'phase' ELSE 'workload' END FROM old.workload w;"
    "INSERT INTO workload (name, kind)"
    " SELECT DISTINCT baseline, iif(manifest ->> '$.trial.kind' = 'observer', 'observer', 'idle')"
    " FROM old.trial WHERE baseline IS NOT NULL ORDER BY trial_id;"
    "INSERT INTO trial (trial_id, kernel_id, platform_id, workload_id, number, status, failure,"
    "  duration_ns, started_at, snapshot, manifest, is_emulated, objects_decoded, objects_bad,"
    "  lines_found, lines_hit, lines_partly, lines_negative, functions_contradicting, counters,"
    "  object_states)"
    " SELECT trial_id, kernel_id, platform_id, ifnull(workload_id, (SELECT w.workload_id"
    "   FROM workload w WHERE w.name = baseline)), number, status, failure,"
    "  duration_ns, started_at, snapshot, manifest, manifest ->> '$.kernel.emulated',"
    "  objects_decoded, objects_bad, lines_found, lines_hit, lines_partly, lines_negative,"
    "  functions_contradicting, counters, object_states FROM old.trial;"
    "INSERT INTO metric (trial_id, place, name, labels, value, unit)"
    " SELECT trial_id, m.key + 1, m.value ->> '$.metric', m.value -> '$.labels',"
    "  m.value ->> '$.value', m.value ->> '$.unit'"
    " FROM old.trial, json_each(manifest, '$.metrics') m WHERE manifest IS NOT NULL;"
    "INSERT INTO trial_object (trial_id, path, state, message)"
    " SELECT trial_id, path, state, message FROM old.trial_object;"
    "INSERT INTO trial_line (trial_id, line_id, count, state)"
    " SELECT trial_id, line_id, count, state FROM old.trial_line;"
    "INSERT INTO trial_function (trial_id, function_id, calls, contradiction)"
    " SELECT trial_id, function_id, calls, contradiction FROM old.trial_function;"
    "COMMIT;";

/* Make the new file at @path out of the old one. */
static int copy_database(const char *path, const char *old, struct cov_error *err)
{
	COV_AUTO(statement_close) struct store *store = NULL;
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *attach = NULL;

	int result = statement_open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &store, err);

	if (result == 0)
		result = statement_run(store, "PRAGMA page_size = 16384", err);
	if (result == 0)
		result = statement_run(store, store_schema, err);
	if (result == 0)
		result = statement_prepare(store, "ATTACH ? AS old", &attach, err);
	if (result)
		return result;
	statement_bind_text(attach, 1, old);
	result = statement_insert(store, attach, err);
	return result ? result : statement_run(store, from_version_4, err);
}

int store_migrate(const char *path, int64_t version, struct cov_error *err)
{
	COV_AUTO(free) char *copy = cov_format("%s.migrating", path);
	struct stat status;

	if (version != STORE_MIGRATED_VERSION)
		return cov_fail(
		    err, COV_ERR_STORE,
		    "%s: schema version %lld, this covdb knows %d and %d: create it again from the "
		    "notes and trials",
		    path, (long long)version, STORE_MIGRATED_VERSION, STORE_SCHEMA_VERSION);
	if (stat(path, &status) != 0)
		return cov_fail_errno(err, "cannot look at %s", path);
	unlink(copy); /* what an interrupted one left */
	int result = copy_database(copy, path, err);
	if (result == 0 && (chmod(copy, status.st_mode & 07777) != 0 || rename(copy, path) != 0))
		result = cov_fail_errno(err, "cannot replace %s", path);
	if (result) {
		unlink(copy);
		return result;
	}
	cov_say("%s: migrated from schema version %lld to %d; 'covdb diff' makes its "
		"footprints again",
		path, (long long)version, STORE_SCHEMA_VERSION);
	return 0;
}
