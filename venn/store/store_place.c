/* store_place.c - directories and files of a kernel, by name. */
#include "venn/store/store_place.h"

#include <stdlib.h>

#include "collector/base/error.h"
#include "collector/base/suggest.h"
#include "venn/store/statement.h"

static const char by_kernel[] = "SELECT path FROM directory WHERE kernel_id = ?1"
				" UNION ALL SELECT path FROM file WHERE kernel_id = ?1";

int store_place_fail(struct store *store, int64_t kernel_id, const char *path,
		     struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(cov_suggestion_deinit) struct cov_suggestion suggestion = { .word = path };
	int result = statement_prepare(store, by_kernel, &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	while ((result = statement_step(store, statement, err)) > 0) {
		COV_AUTO(free) char *name = statement_column_text(statement, 0);

		cov_suggest(&suggestion, name);
	}
	if (result)
		return result;
	COV_AUTO(free) char *meant = cov_suggest_text(&suggestion);
	return cov_fail(err, COV_ERR_MISMATCH,
			"%s: the kernel has no instrumented directory or file %s%s", store->path,
			path, meant);
}

int store_place_check(struct store *store, int64_t kernel_id, const char *path,
		      struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT 1 FROM directory WHERE kernel_id = ?1 AND path = ?2"
				       " UNION ALL SELECT 1 FROM file"
				       " WHERE kernel_id = ?1 AND path = ?2",
				       &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	statement_bind_text(statement, 2, path);
	result = statement_step(store, statement, err);
	if (result == 0)
		return store_place_fail(store, kernel_id, path, err);
	return result < 0 ? result : 0;
}
