/* store_gate.c - whether a database is one of ours: a file from elsewhere is input like any other.
 */
#include "venn/store/store_gate.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "collector/base/error.h"
#include "venn/store/statement.h"
#include "venn/store/store_schema.h"

/* What ANALYZE makes, for the planner of SQLite. */
static const char *const analyze_tables[] = {
	"CREATE TABLE sqlite_stat1(tbl,idx,stat)",
	"CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)",
};

/* The statement of store_schema after @sql, which begins one; NULL after the last. */
static const char *next_statement(const char *sql)
{
	const char *end = strchr(sql, ';');

	return end && end[1] ? end + 1 : NULL;
}

static bool makes_object(const char *sql)
{
	return strncmp(sql, "CREATE ", 7) == 0;
}

/* SQLite keeps statements as they were written, up to the semicolon. */
static bool is_ours(const char *text)
{
	size_t length = strlen(text);

	for (const char *sql = store_schema; sql; sql = next_statement(sql)) {
		if (makes_object(sql) && strncmp(sql, text, length) == 0 && sql[length] == ';')
			return true;
	}
	return false;
}

static bool is_of_analyze(const char *text)
{
	for (size_t i = 0; i < sizeof(analyze_tables) / sizeof(*analyze_tables); i++) {
		if (strcmp(analyze_tables[i], text) == 0)
			return true;
	}
	return false;
}

static size_t count_objects(void)
{
	size_t count = 0;

	for (const char *sql = store_schema; sql; sql = next_statement(sql))
		count += makes_object(sql);
	return count;
}

static int fail_object(const struct store *store, sqlite3_stmt *statement, struct cov_error *err)
{
	const char *type = statement_column_peek(statement, 0);
	const char *name = statement_column_peek(statement, 1);

	return cov_fail(
	    err, COV_ERR_STORE,
	    "%s: the %s %s is not one that covdb makes: not a covdb database, or changed by "
	    "another program; tables and views of your own belong in another file",
	    store->path, type ? type : "object", name ? name : "without a name");
}

int store_gate_check(struct store *store, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	size_t found = 0;
	/* An index without SQL is that of a table's own constraint: SQLite knows no other. */
	int result = statement_prepare(store,
				       "SELECT type, name, sql FROM sqlite_schema"
				       " WHERE sql IS NOT NULL",
				       &statement, err);

	if (result)
		return result;
	while ((result = statement_step(store, statement, err)) > 0) {
		const char *sql = statement_column_peek(statement, 2);

		if (!sql || (!is_ours(sql) && !is_of_analyze(sql)))
			return fail_object(store, statement, err);
		found += is_ours(sql);
	}
	if (result)
		return result;
	/* None can be there twice, which SQLite itself would refuse. */
	if (found != count_objects())
		return cov_fail(
		    err, COV_ERR_STORE,
		    "%s: a table, view or index is missing: not a covdb database, or changed "
		    "by another program",
		    store->path);
	sqlite3_limit(store->database, SQLITE_LIMIT_ATTACHED, 0);
	return 0;
}
