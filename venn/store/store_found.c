/* store_found.c - which lines, and how many of each file, are of linked objects. */
#include "venn/store/store_found.h"

#include <string.h>

#include "collector/base/error.h"
#include "venn/store/statement.h"

int store_found_list(struct store *store, const struct store_query *query,
		     const struct cov_kernel *kernel, int64_t *found, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int64_t end = query->line_first + query->line_count;
	int result = statement_prepare(store,
				       "SELECT count(*) FROM line WHERE kernel_id = ?1"
				       " AND line_id >= ?2 AND line_id < ?3",
				       &statement, err);

	for (size_t i = 0; result == 0 && i < kernel->file_count; i++) {
		int64_t first = kernel->file_line_first[i], next = kernel->file_line_first[i + 1];

		if (first < query->line_first || next > end || first == next)
			continue;
		sqlite3_bind_int64(statement, 1, query->kernel_id);
		sqlite3_bind_int64(statement, 2, first);
		sqlite3_bind_int64(statement, 3, next);
		result = statement_step(store, statement, err);
		if (result > 0) {
			found[i] = sqlite3_column_int64(statement, 0);
			result = 0;
		}
		sqlite3_reset(statement);
	}
	return result;
}

int store_found_lines(struct store *store, int64_t kernel_id, size_t line_count, unsigned char *ret,
		      struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT line_id FROM line WHERE kernel_id = ?1"
				       " AND line_id >= 0 AND line_id < ?2",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	sqlite3_bind_int64(statement, 2, (int64_t)line_count);
	memset(ret, 0, line_count);
	struct statement_row row = { store, statement, err, 0 };
	while ((result = statement_step(store, statement, err)) > 0) {
		size_t line = statement_row_index(&row, 0, 0, line_count);

		if (row.result)
			return row.result;
		ret[line] = 1;
	}
	return result;
}
