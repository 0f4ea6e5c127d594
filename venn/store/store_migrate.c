/* store_migrate.c - bring a database of an older schema to the current one. */
#include "venn/store/store_migrate.h"

#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "venn/store/statement.h"
#include "venn/store/store_repack.h"
#include "venn/store/store_limits.h"
#include "venn/store/store_schema.h"
#include "venn/store/store_tile.h"
#include "venn/store/store_transaction.h"

/* What a database of an older version consists of, and how it becomes the current one. */
struct version {
	int64_t number;
	/* What is else in it would be lost, so there may be nothing. As values of SQL. */
	const char *objects;
	const char *set_aside; /* what is derived goes; what changed makes room for the new tables;
				  NULL: footprints and all else stay */
	/* What was set aside, into the tables of store_schema; NULL: nothing was, what was measured
	   stays where it is. */
	const char *bring;
	const char *drop; /* what was set aside */
};

/* What stayed as it is since version 4. */
#define SET_ASIDE                                                                                  \
	"DROP VIEW trial_line_named;"                                                              \
	"DROP VIEW footprint_line_named;"                                                          \
	"DROP INDEX kernel_build_id;"                                                              \
	"DROP INDEX trial_object_trial;"                                                           \
	"DROP TABLE region;"                                                                       \
	"DROP TABLE footprint_line;"                                                               \
	"DROP TABLE footprint;"                                                                    \
	"DROP TABLE analysis;"                                                                     \
	"ALTER TABLE kernel RENAME TO old_kernel;"                                                 \
	"ALTER TABLE object RENAME TO old_object;"                                                 \
	"ALTER TABLE file RENAME TO old_file;"                                                     \
	"ALTER TABLE line RENAME TO old_line;"                                                     \
	"ALTER TABLE function RENAME TO old_function;"                                             \
	"ALTER TABLE directory RENAME TO old_directory;"                                           \
	"ALTER TABLE platform RENAME TO old_platform;"                                             \
	"ALTER TABLE workload RENAME TO old_workload;"                                             \
	"ALTER TABLE trial RENAME TO old_trial;"                                                   \
	"ALTER TABLE trial_object RENAME TO old_trial_object;"                                     \
	"ALTER TABLE trial_line RENAME TO old_trial_line;"                                         \
	"ALTER TABLE trial_function RENAME TO old_trial_function;"
#define BRING                                                                                      \
	"INSERT INTO kernel (kernel_id, name, release, build_id, profile_update, build_root,"      \
	"  source_root, object_count, line_count, counter_count, lines)"                           \
	" SELECT kernel_id, name, release, build_id, profile_update, build_root,"                  \
	"  source_root, object_count, line_count, counter_count, lines FROM old_kernel;"           \
	"INSERT INTO object (kernel_id, object_id, path, stamp, is_linked, functions, lines,"      \
	"  plan)"                                                                                  \
	" SELECT kernel_id, object_id, path, stamp, is_linked, functions, lines, plan"             \
	"  FROM old_object;"                                                                       \
	"INSERT INTO file (kernel_id, file_id, path, line_first, line_count)"                      \
	" SELECT kernel_id, file_id, path, line_first, line_count FROM old_file;"                  \
	"INSERT INTO line (kernel_id, line_id, file_id, line)"                                     \
	" SELECT kernel_id, line_id, file_id, line FROM old_line;"                                 \
	"INSERT INTO function (kernel_id, function_id, object_id, file_id, name, start_line,"      \
	"  end_line)"                                                                              \
	" SELECT kernel_id, function_id, object_id, file_id, name, start_line, end_line"           \
	"  FROM old_function;"                                                                     \
	"INSERT INTO directory (directory_id, kernel_id, path, line_first, line_count, found)"     \
	" SELECT directory_id, kernel_id, path, line_first, line_count, found"                     \
	"  FROM old_directory;"                                                                    \
	"INSERT INTO trial_object (trial_id, path, state, message)"                                \
	" SELECT trial_id, path, state, message FROM old_trial_object;"
/* As manifests of that time are read: run/manifest.c. */
#define CAPTURE                                                                                    \
	"  iif(manifest IS NULL, NULL, iif(manifest ->> '$.trial.phase' IS NULL, 'reset',"         \
	"   'difference')), iif(manifest IS NULL, NULL, iif(manifest ->> '$.trial.phase' IS NULL"  \
	"   AND EXISTS (SELECT 1 FROM json_each(manifest, '$.steps') s"                            \
	"   WHERE s.value ->> '$.step' = 'start'), 3, 0)),"
#define DROP                                                                                       \
	"DROP TABLE old_trial_function;"                                                           \
	"DROP TABLE old_trial_line;"                                                               \
	"DROP TABLE old_trial_object;"                                                             \
	"DROP TABLE old_trial;"                                                                    \
	"DROP TABLE old_workload;"                                                                 \
	"DROP TABLE old_platform;"                                                                 \
	"DROP TABLE old_directory;"                                                                \
	"DROP TABLE old_function;"                                                                 \
	"DROP TABLE old_line;"                                                                     \
	"DROP TABLE old_file;"                                                                     \
	"DROP TABLE old_object;"                                                                   \
	"DROP TABLE old_kernel;"
#define OBJECTS                                                                                    \
	"('table', 'kernel'), ('table', 'object'), ('table', 'file'), ('table', 'line'),"          \
	" ('table', 'function'), ('table', 'directory'), ('table', 'platform'),"                   \
	" ('table', 'workload'), ('table', 'trial'), ('table', 'trial_object'),"                   \
	" ('table', 'trial_line'), ('table', 'trial_function'), ('table', 'analysis'),"            \
	" ('table', 'footprint'), ('table', 'footprint_line'), ('table', 'region'),"               \
	" ('index', 'kernel_build_id'), ('index', 'trial_object_trial'),"                          \
	" ('view', 'trial_line_named'), ('view', 'footprint_line_named')"

/* Of version 7, whose footprints alone are made otherwise now. */
#define OBJECTS_7                                                                                  \
	"('table', 'kernel'), ('table', 'object'), ('table', 'file'), ('table', 'line'),"          \
	" ('table', 'function'), ('table', 'directory'), ('table', 'platform'),"                   \
	" ('table', 'workload'), ('table', 'workload_member'), ('table', 'trial'),"                \
	" ('table', 'metric'), ('table', 'trial_object'), ('table', 'line_pattern'),"              \
	" ('table', 'function_pattern'), ('table', 'trial_line_tile'),"                            \
	" ('table', 'trial_function_tile'), ('table', 'trial_tracefile'),"                         \
	" ('table', 'analysis'), ('table', 'footprint'), ('table', 'footprint_line_tile'),"        \
	" ('table', 'footprint_p_value'), ('table', 'footprint_function_tile'),"                   \
	" ('table', 'footprint_object'), ('table', 'agreement'), ('table', 'region'),"             \
	" ('table', 'place'), ('index', 'kernel_build_id'), ('index', 'function_name'),"           \
	" ('index', 'trial_object_trial'), ('index', 'trial_function_contradiction'),"             \
	" ('view', 'trial_line'), ('view', 'trial_function'), ('view', 'footprint_line'),"         \
	" ('view', 'footprint_removed'), ('view', 'footprint_function'),"                          \
	" ('view', 'trial_line_named'), ('view', 'footprint_line_named'),"                         \
	" ('view', 'footprint_or_union'), ('view', 'footprint_directory'),"                        \
	" ('view', 'footprint_pair'), ('view', 'function_calls'),"                                 \
	" ('view', 'trial_line_agreement'), ('view', 'metric_named')"
#define OBJECTS_8 OBJECTS_7 ", ('table', 'profile'), ('table', 'profile_stack')"
#define OBJECTS_9 OBJECTS_8 ", ('table', 'footprint_without')"
#define OBJECTS_10                                                                                 \
	OBJECTS_9                                                                                  \
	", ('table', 'compiled_object'), ('table', 'compiled_file'), ('table', 'source'),"         \
	" ('table', 'object_option'), ('table', 'cve'), ('table', 'cve_version'),"                 \
	" ('table', 'cve_fix'), ('table', 'cve_file'), ('table', 'cve_git'),"                      \
	" ('table', 'cve_line'), ('index', 'cve_fix_version'), ('table', 'syscalls'),"             \
	" ('table', 'syscalls_program'), ('table', 'syscalls_thread'),"                            \
	" ('table', 'syscalls_filter'), ('table', 'syscalls_call')"
#define FORGET                                                                                     \
	"DROP TABLE region;"                                                                       \
	"DROP TABLE agreement;"                                                                    \
	"DROP TABLE footprint_object;"                                                             \
	"DROP TABLE footprint_function_tile;"                                                      \
	"DROP TABLE footprint_p_value;"                                                            \
	"DROP TABLE footprint_line_tile;"                                                          \
	"DROP TABLE footprint;"                                                                    \
	"DROP TABLE analysis;"

static const struct version versions[] = {
	{
	    .number = 4,
	    .objects = OBJECTS ", ('index', 'trial_number')",
	    .set_aside = "DROP INDEX trial_number;" SET_ASIDE,
	    /* A baseline was a column of its trials. */
	    .bring = BRING
	    "INSERT INTO platform (platform_id, name, bit, driver)"
	    " SELECT platform_id, name, bit, (SELECT manifest ->> '$.trial.driver' FROM old_trial t"
	    "  WHERE t.platform_id = p.platform_id AND manifest IS NOT NULL LIMIT 1)"
	    " FROM old_platform p;"
	    "INSERT INTO workload (workload_id, name, kind)"
	    " SELECT workload_id, name, CASE WHEN EXISTS (SELECT 1 FROM old_trial t"
	    "  WHERE t.workload_id = w.workload_id AND manifest ->> '$.trial.phase' IS NOT NULL)"
	    "  THEN 'phase' ELSE 'workload' END FROM old_workload w;"
	    "INSERT INTO workload (name, kind)"
	    " SELECT DISTINCT baseline, iif(manifest ->> '$.trial.kind' = 'observer', 'observer',"
	    "  'idle') FROM old_trial WHERE baseline IS NOT NULL ORDER BY trial_id;"
	    "INSERT INTO trial (trial_id, kernel_id, platform_id, workload_id, number, status,"
	    "  failure, duration_ns, started_at, snapshot, manifest, is_emulated, capture,"
	    "  captures_within, objects_decoded, objects_bad, lines_found, lines_hit, lines_partly,"
	    "  lines_negative, functions_contradicting, counters, object_states)"
	    " SELECT trial_id, kernel_id, platform_id, ifnull(workload_id, (SELECT w.workload_id"
	    "   FROM workload w WHERE w.name = baseline)), number, status, failure,"
	    "  duration_ns, started_at, snapshot, manifest,"
	    "  manifest ->> '$.kernel.emulated'," CAPTURE
	    "  objects_decoded, objects_bad, lines_found, lines_hit, lines_partly, lines_negative,"
	    "  functions_contradicting, counters, object_states FROM old_trial;"
	    "INSERT INTO metric (trial_id, place, name, labels, value, unit)"
	    " SELECT trial_id, m.key + 1, m.value ->> '$.metric', m.value -> '$.labels',"
	    "  m.value ->> '$.value', m.value ->> '$.unit'"
	    " FROM old_trial, json_each(manifest, '$.metrics') m WHERE manifest IS NOT NULL;",
	    .drop = DROP,
	},
	{
	    .number = 6,
	    .objects = OBJECTS ", ('index', 'function_name'), ('table', 'metric'),"
			       " ('index', 'trial_function_contradiction'),"
			       " ('table', 'trial_tracefile'), ('table', 'footprint_removed'),"
			       " ('table', 'footprint_function'), ('table', 'footprint_object'),"
			       " ('table', 'agreement'), ('view', 'footprint_or_union'),"
			       " ('view', 'footprint_directory'), ('view', 'footprint_pair'),"
			       " ('view', 'function_calls'), ('view', 'trial_line_agreement'),"
			       " ('view', 'metric_named')",
	    .set_aside =
		"DROP VIEW metric_named;"
		"DROP VIEW trial_line_agreement;"
		"DROP VIEW function_calls;"
		"DROP VIEW footprint_pair;"
		"DROP VIEW footprint_directory;"
		"DROP VIEW footprint_or_union;"
		"DROP INDEX function_name;"
		"DROP INDEX trial_function_contradiction;"
		"DROP TABLE agreement;"
		"DROP TABLE footprint_object;"
		"DROP TABLE footprint_function;"
		"DROP TABLE footprint_removed;" SET_ASIDE "ALTER TABLE metric RENAME TO old_metric;"
		"ALTER TABLE trial_tracefile RENAME TO old_trial_tracefile;",
	    .bring = BRING
	    "INSERT INTO platform (platform_id, name, driver, bit)"
	    " SELECT platform_id, name, driver, bit FROM old_platform;"
	    "INSERT INTO workload (workload_id, name, kind)"
	    " SELECT workload_id, name, kind FROM old_workload;"
	    "INSERT INTO trial (trial_id, kernel_id, platform_id, workload_id, number, status,"
	    "  failure, duration_ns, started_at, snapshot, manifest, is_emulated, capture,"
	    "  captures_within, objects_decoded, objects_bad, lines_found, lines_hit, lines_partly,"
	    "  lines_negative, functions_contradicting, counters, object_states)"
	    " SELECT trial_id, kernel_id, platform_id, workload_id, number, status,"
	    "  failure, duration_ns, started_at, snapshot, manifest, is_emulated," CAPTURE
	    "  objects_decoded, objects_bad, lines_found, lines_hit, lines_partly,"
	    "  lines_negative, functions_contradicting, counters, object_states FROM old_trial;"
	    "INSERT INTO metric (trial_id, place, name, labels, value, unit)"
	    " SELECT trial_id, place, name, labels, value, unit FROM old_metric;"
	    "INSERT INTO trial_tracefile (trial_id, lines, functions, branches)"
	    " SELECT trial_id, lines, functions, branches FROM old_trial_tracefile;",
	    .drop = "DROP TABLE old_metric; DROP TABLE old_trial_tracefile;" DROP,
	},
	{
	    .number = 7,
	    .objects = OBJECTS_7,
	    .set_aside = FORGET,
	},
	{
	    .number = 8,
	    .objects = OBJECTS_8,
	    .set_aside = FORGET,
	},
	{
	    .number = 9,
	    .objects = OBJECTS_9,
	},
	{
	    .number = 10,
	    .objects = OBJECTS_10,
	},
};

static const struct version *find_version(int64_t number)
{
	for (size_t i = 0; i < sizeof(versions) / sizeof(*versions); i++) {
		if (versions[i].number == number)
			return &versions[i];
	}
	return NULL;
}

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

static int check_tables(struct store *store, const struct version *version, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(free)
	char *sql = cov_format(
	    "WITH own (type, name) AS (VALUES %s), there (type, name) AS (SELECT type, name"
	    "  FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%%' ESCAPE '\\')"
	    " SELECT * FROM (SELECT type, name, 'is missing' FROM own EXCEPT"
	    "  SELECT type, name, 'is missing' FROM there)"
	    " UNION ALL SELECT * FROM (SELECT type, name, 'is not covdb''s' FROM there EXCEPT"
	    "  SELECT type, name, 'is not covdb''s' FROM own) LIMIT 1",
	    version->objects);
	int result = statement_prepare(store, sql, &statement, err);

	if (result == 0)
		result = statement_step(store, statement, err);
	if (result <= 0)
		return result;
	return cov_fail(
	    err, COV_ERR_STORE, "%s: schema version %lld is not as covdb makes it: the %s %s %s",
	    store->path, (long long)version->number, statement_column_peek(statement, 0),
	    statement_column_peek(statement, 1), statement_column_peek(statement, 2));
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
			store->path, statement_column_peek(statement, 0),
			statement_column_peek(statement, 2));
}

/* Rows of (id, first number, second number) of one trial, which are still as they were. */
struct rows {
	struct store *store;
	sqlite3_stmt *read; /* owned */
	uint32_t *ids;      /* [capacity], owned as the next two, which are by id */
	int64_t *numbers[2];
	size_t capacity;
};

static void rows_deinit(struct rows *rows)
{
	sqlite3_finalize(rows->read);
	free(rows->ids);
	free(rows->numbers[0]);
	free(rows->numbers[1]);
}

COV_DEFINE_AUTO_STRUCT(struct rows, rows_deinit)

static void make_room(struct rows *rows, size_t id)
{
	if (id < rows->capacity)
		return;
	rows->capacity = 2 * (id + 512);
	rows->ids = cov_xreallocarray(rows->ids, rows->capacity, sizeof(*rows->ids));
	for (size_t i = 0; i < 2; i++)
		rows->numbers[i] =
		    cov_xreallocarray(rows->numbers[i], rows->capacity, sizeof(*rows->numbers[i]));
}

static int pack_trial(struct rows *rows, enum store_tile_table table, int64_t kernel_id,
		      int64_t trial_id, struct cov_error *err)
{
	COV_AUTO(tile_list_deinit) struct tiles tiles = { 0 };
	struct statement_row row = { rows->store, rows->read, err, 0 };
	size_t count = 0;
	int result;

	sqlite3_reset(rows->read);
	sqlite3_bind_int64(rows->read, 1, trial_id);
	while ((result = statement_step(rows->store, rows->read, err)) > 0) {
		size_t id = statement_row_index(&row, 0, 0, STORE_LINES_MAX);

		if (row.result)
			return row.result;
		make_room(rows, id);
		rows->ids[count++] = (uint32_t)id;
		for (int i = 0; i < 2; i++)
			rows->numbers[i][id] = sqlite3_column_int64(rows->read, i + 1);
	}
	if (result)
		return result;
	struct tile_column columns[] = { { .integers = rows->numbers[0] },
					 { .integers = rows->numbers[1] } };
	store_tile_pack(table, rows->ids, count, columns, &tiles);
	return store_tile_insert(rows->store, table, kernel_id, trial_id, &tiles, err);
}

/* A row for each line and function became a tile for 64 with version 7. */
static int pack_rows(struct store *store, enum store_tile_table table, const char *sql,
		     struct cov_error *err)
{
	COV_AUTO(rows_deinit) struct rows rows = { .store = store };
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *trials = NULL;
	int result = statement_prepare(store, sql, &rows.read, err);

	if (result == 0)
		result = statement_prepare(
		    store, "SELECT trial_id, kernel_id FROM trial ORDER BY trial_id", &trials, err);
	if (result)
		return result;
	while ((result = statement_step(store, trials, err)) > 0) {
		result = pack_trial(&rows, table, sqlite3_column_int64(trials, 1),
				    sqlite3_column_int64(trials, 0), err);
		if (result)
			return result;
	}
	return result;
}

static int pack_all(struct store *store, struct cov_error *err)
{
	int result = pack_rows(store, STORE_TILE_TRIAL_LINES,
			       "SELECT line_id, count, state FROM old_trial_line"
			       " WHERE trial_id = ? ORDER BY line_id",
			       err);

	return result ? result
		      : pack_rows(store, STORE_TILE_TRIAL_FUNCTIONS,
				  "SELECT function_id, calls, contradiction FROM old_trial_function"
				  " WHERE trial_id = ? ORDER BY function_id",
				  err);
}

static int make_missing(struct store *store, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *find = NULL;
	int result =
	    statement_prepare(store, "SELECT 1 FROM sqlite_schema WHERE sql = ?", &find, err);

	for (const char *sql = store_schema; result == 0 && sql;) {
		const char *end = strchr(sql, ';');
		COV_AUTO(free) char *text = cov_format("%.*s", (int)(end - sql), sql);

		sqlite3_reset(find);
		statement_bind_text(find, 1, text);
		result = statement_step(store, find, err);
		/* Rows that a new database begins with are there. */
		if (result == 0 && strncmp(text, "WITH ", 5) != 0)
			result = statement_run(store, text, err);
		else if (result > 0)
			result = 0;
		sql = end[1] ? end + 1 : NULL;
	}
	return result;
}

/* The tables of the current version, filled with what was set aside. */
static int rebuild(struct store *store, const struct version *version, struct cov_error *err)
{
	const char *const steps[] = { version->set_aside, store_schema, version->bring };
	int result = 0;

	for (size_t i = 0; result == 0 && i < sizeof(steps) / sizeof(*steps); i++)
		result = statement_run(store, steps[i], err);
	if (result == 0)
		result = pack_all(store, err);
	if (result == 0)
		result = statement_run(store, version->drop, err);
	return result ? result : store_repack(store, err);
}

/* Views hold nothing: those of each version are the new ones. Names are those that are known. */
static int drop_views(struct store *store, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT group_concat('DROP VIEW ' || name, ';')"
				       " FROM sqlite_schema WHERE type = 'view'",
				       &statement, err);

	if (result == 0)
		result = statement_step(store, statement, err);
	if (result < 0)
		return result;
	COV_AUTO(free) char *sql = statement_column_text(statement, 0);
	/* A table cannot be dropped while a statement reads it. */
	sqlite3_reset(statement);
	return statement_run(store, sql, err);
}

/* Without the tables that changed, of which nothing is kept, and with the new ones. */
static int renew(struct store *store, const struct version *version, struct cov_error *err)
{
	int result = version->set_aside ? statement_run(store, version->set_aside, err) : 0;

	if (result == 0)
		result = drop_views(store, err);
	return result ? result : make_missing(store, err);
}

/* Within the transaction. @number: of the schema now; another program may have been quicker */
static int convert(struct store *store, const struct version *version, int64_t number,
		   struct cov_error *err)
{
	if (number != version->number)
		return cov_fail(err, COV_ERR_STORE,
				"%s: another program changed its schema meanwhile; try again",
				store->path);
	int result = check_tables(store, version, err);
	if (result == 0)
		result = version->bring ? rebuild(store, version, err) : renew(store, version, err);
	if (result == 0)
		result = check_references(store, err);
	return result ? result : store_transaction_commit(store, err);
}

int store_migrate(const char *path, int64_t number, struct cov_error *err)
{
	const struct version *version = find_version(number);
	COV_AUTO(statement_close) struct store *store = NULL;
	int64_t now = 0;

	if (!version)
		return cov_fail(err, COV_ERR_STORE,
				"%s: schema version %lld, this covdb knows 4, 6 to %d: create it "
				"again from the notes and trials",
				path, (long long)number, STORE_SCHEMA_VERSION);
	int result = check_writable(path, number, err);
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
	result = convert(store, version, now, err);
	if (result)
		return result;
	cov_say("%s: migrated from schema version %lld to %d%s", path, (long long)number,
		STORE_SCHEMA_VERSION,
		version->set_aside ? "; 'covdb diff' makes its footprints again" : "");
	return 0;
}
