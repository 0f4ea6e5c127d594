/* store_directory.c - the directories of a kernel, as ranges of its lines. */
#include "venn/store/store_directory.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "venn/store/statement.h"
#include "venn/store/store_limits.h"

void store_directory_list_deinit(struct store_directories *directories)
{
	for (size_t i = 0; i < directories->count; i++)
		free(directories->items[i].path);
	free(directories->items);
	memset(directories, 0, sizeof(*directories));
}

int store_directory_list(struct store *store, int64_t kernel_id, struct store_directories *ret,
			 struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_directory_list_deinit) struct store_directories list = { 0 };
	int result = statement_prepare(store,
				       "SELECT directory_id, d.line_first, d.line_count,"
				       " k.line_count AS kernel_lines, path FROM directory d"
				       " JOIN kernel k USING (kernel_id)"
				       " WHERE kernel_id = ? ORDER BY path",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	struct statement_row row = { store, statement, err, 0 };
	while ((result = statement_step(store, statement, err)) > 0) {
		int64_t line_count = statement_row_number(&row, 3, 0, STORE_LINES_MAX);
		int64_t line_first = statement_row_number(&row, 1, 0, line_count);

		list.items = cov_grow(list.items, list.count, &list.capacity, sizeof(*list.items));
		list.items[list.count++] = (struct store_directory){
			.id = sqlite3_column_int64(statement, 0),
			.path = statement_column_text(statement, 4),
			.line_first = (size_t)line_first,
			.line_count =
			    (size_t)statement_row_number(&row, 2, 0, line_count - line_first),
		};
		if (row.result)
			return row.result;
	}
	if (result < 0)
		return result;
	*ret = list;
	memset(&list, 0, sizeof(list));
	return 0;
}
