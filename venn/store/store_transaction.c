/* store_transaction.c - all or nothing when writing, one moment when reading. */
#include "venn/store/store_transaction.h"

#include <stdbool.h>
#include <stdint.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "venn/store/statement.h"
#include "venn/store/store_gate.h"
#include "venn/store/store_schema.h"

int store_transaction_read(struct store *store, struct cov_error *err)
{
	int64_t version;
	int result = statement_run(store, "BEGIN", err);

	/* It is the first read that decides which moment it is. */
	return result ? result : statement_number(store, "PRAGMA user_version", &version, err);
}

/* Make the tables if there are none, and look again at what was seen when it was opened. */
static int check_schema(struct store *store, struct cov_error *err)
{
	int64_t table_count = 0, version = 0;
	int result =
	    statement_number(store, "SELECT count(*) FROM sqlite_schema", &table_count, err);

	if (result == 0 && !table_count && store->is_created)
		return statement_run(store, store_schema, err);
	if (result == 0)
		result = statement_number(store, "PRAGMA user_version", &version, err);
	if (result == 0 && version != STORE_SCHEMA_VERSION)
		result = cov_fail(err, COV_ERR_STORE,
				  "%s: another program changed its schema meanwhile; try again",
				  store->path);
	return result ? result : store_gate_check(store, err);
}

int store_transaction_write(struct store *store, struct cov_error *err)
{
	int result = statement_run(store, "BEGIN IMMEDIATE", err);

	if (result == 0)
		result = check_schema(store, err);
	if (result)
		store_transaction_end(store);
	return result;
}

int store_transaction_commit(struct store *store, struct cov_error *err)
{
	int result = statement_run(store, "COMMIT", err);

	if (result)
		store_transaction_end(store);
	return result;
}

int store_transaction_mark(struct store *store, struct cov_error *err)
{
	return statement_run(store, "SAVEPOINT mark", err);
}

int store_transaction_undo(struct store *store, struct cov_error *err)
{
	statement_forget(store);
	return statement_run(store, "ROLLBACK TO mark", err);
}

void store_transaction_end(struct store *store)
{
	/*
	 * SQLite has ended it by itself after some failures. One that cannot be undone now is
	 * undone by the next program that opens the file, and this one has to end without memory:
	 * it would be told that it is within a transaction.
	 */
	if (!sqlite3_get_autocommit(store->database) &&
	    sqlite3_exec(store->database, "ROLLBACK", NULL, NULL, NULL) == SQLITE_NOMEM)
		cov_out_of_memory();
}
