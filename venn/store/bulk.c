/* bulk.c - many rows of numbers written by one statement, out of arrays in memory. */
#include "venn/store/bulk.h"

#include <math.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "venn/store/statement.h"

/* A virtual table that has no name in the schema: bulk(POINTER) gives the rows of a struct bulk. */
static const char pointer_type[] = "bulk";

enum { COLUMN_ID, COLUMN_FIRST, COLUMN_ROWS = COLUMN_FIRST + BULK_COLUMNS_MAX };

struct cursor {
	sqlite3_vtab_cursor base; /* SQLite's part comes first */
	const struct bulk *bulk;
	size_t row;
};

void bulk_init(struct bulk *bulk, size_t most)
{
	memset(bulk, 0, sizeof(*bulk));
	bulk->ids = cov_xcalloc(most, sizeof(*bulk->ids));
}

void bulk_deinit(struct bulk *bulk)
{
	free(bulk->ids);
	memset(bulk, 0, sizeof(*bulk));
}

static int connect(sqlite3 *database, void *data, int argument_count, const char *const *arguments,
		   sqlite3_vtab **ret, char **message)
{
	(void)data, (void)argument_count, (void)arguments, (void)message;
	*ret = sqlite3_malloc(sizeof(**ret));
	if (!*ret)
		return SQLITE_NOMEM;
	memset(*ret, 0, sizeof(**ret));
	return sqlite3_declare_vtab(database, "CREATE TABLE x (id, a, b, c, rows HIDDEN)");
}

static int disconnect(sqlite3_vtab *table)
{
	sqlite3_free(table);
	return SQLITE_OK;
}

/* The rows have to be given. */
static int best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
	(void)table;
	for (int i = 0; i < info->nConstraint; i++) {
		if (info->aConstraint[i].iColumn != COLUMN_ROWS || !info->aConstraint[i].usable ||
		    info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ)
			continue;
		info->aConstraintUsage[i].argvIndex = 1;
		info->aConstraintUsage[i].omit = 1;
		return SQLITE_OK;
	}
	return SQLITE_CONSTRAINT;
}

static int open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **ret)
{
	struct cursor *cursor = sqlite3_malloc(sizeof(*cursor));

	(void)table;
	if (!cursor)
		return SQLITE_NOMEM;
	memset(cursor, 0, sizeof(*cursor));
	*ret = &cursor->base;
	return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *base)
{
	sqlite3_free(base);
	return SQLITE_OK;
}

static int filter(sqlite3_vtab_cursor *base, int number, const char *text, int argument_count,
		  sqlite3_value **arguments)
{
	struct cursor *cursor = (struct cursor *)base;

	(void)number, (void)text;
	cursor->row = 0;
	cursor->bulk = argument_count ? sqlite3_value_pointer(arguments[0], pointer_type) : NULL;
	return SQLITE_OK;
}

static int next_row(sqlite3_vtab_cursor *base)
{
	((struct cursor *)base)->row++;
	return SQLITE_OK;
}

static int is_at_end(sqlite3_vtab_cursor *base)
{
	const struct cursor *cursor = (const struct cursor *)base;

	return !cursor->bulk || cursor->row >= cursor->bulk->count;
}

static int give_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int index)
{
	const struct cursor *cursor = (const struct cursor *)base;
	uint32_t id = cursor->bulk->ids[cursor->row];

	if (index == COLUMN_ID) {
		sqlite3_result_int64(context, id);
		return SQLITE_OK;
	}
	if (index >= COLUMN_ROWS)
		return SQLITE_OK;
	const struct bulk_column *column = &cursor->bulk->columns[index - COLUMN_FIRST];
	if (column->integers)
		sqlite3_result_int64(context, column->integers[id]);
	else if (column->words)
		sqlite3_result_int64(context, column->words[id]);
	else if (column->bytes)
		sqlite3_result_int(context, column->bytes[id]);
	else if (column->reals && !isnan(column->reals[id]))
		sqlite3_result_double(context, column->reals[id]);
	return SQLITE_OK;
}

static int give_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *ret)
{
	*ret = (sqlite3_int64)((const struct cursor *)base)->row;
	return SQLITE_OK;
}

static const sqlite3_module module = {
	.xConnect = connect, /* without xCreate it cannot be made part of a schema */
	.xBestIndex = best_index,
	.xDisconnect = disconnect,
	.xOpen = open_cursor,
	.xClose = close_cursor,
	.xFilter = filter,
	.xNext = next_row,
	.xEof = is_at_end,
	.xColumn = give_column,
	.xRowid = give_rowid,
};

static int run(struct store *store, const char *sql, int64_t owner, const struct bulk *bulk,
	       struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store, sql, &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, owner);
	sqlite3_bind_pointer(statement, 2, (void *)bulk, pointer_type, NULL);
	return statement_insert(store, statement, err);
}

int bulk_insert(struct store *store, const char *sql, int64_t owner, const struct bulk *bulk,
		struct cov_error *err)
{
	sqlite3 *database = store->database;
	int has_keys = 0;

	if (!bulk->count)
		return 0;
	if (sqlite3_create_module(database, "bulk", &module, NULL) != SQLITE_OK ||
	    sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_FKEY, -1, &has_keys) != SQLITE_OK ||
	    sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL) != SQLITE_OK)
		return statement_fail(store, err);
	int result = run(store, sql, owner, bulk, err);
	if (sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_FKEY, has_keys, NULL) != SQLITE_OK &&
	    !result)
		result = statement_fail(store, err);
	/* Only what is written here can see it. */
	if (sqlite3_create_module(database, "bulk", NULL, NULL) != SQLITE_OK && !result)
		result = statement_fail(store, err);
	return result;
}
