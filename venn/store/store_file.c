/* store_file.c - the files of a kernel, as ranges of its lines. */
#include "venn/store/store_file.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "venn/store/statement.h"

void store_file_list_deinit(struct store_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		free(files->items[i].path);
	free(files->items);
	memset(files, 0, sizeof(*files));
}

int store_file_list(struct store *store, int64_t kernel_id, const struct store_range *within,
		    struct store_files *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_file_list_deinit) struct store_files list = { 0 };
	size_t first = within->line_first, end = first + within->line_count;
	int result = statement_prepare(store,
				       "SELECT path, line_first, line_count FROM file"
				       " WHERE kernel_id = ?1 AND line_first >= ?2"
				       " AND line_first < ?3 ORDER BY file_id",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	sqlite3_bind_int64(statement, 2, (int64_t)first);
	sqlite3_bind_int64(statement, 3, (int64_t)end);
	struct statement_row row = { store, statement, err, 0 };
	while ((result = statement_step(store, statement, err)) > 0) {
		size_t line_first = (size_t)sqlite3_column_int64(statement, 1);
		int64_t line_count = statement_row_number(&row, 2, 0, (int64_t)(end - line_first));

		if (row.result)
			return row.result;
		list.items = cov_grow(list.items, list.count, &list.capacity, sizeof(*list.items));
		list.items[list.count++] = (struct store_file){
			.path = statement_column_text(statement, 0),
			.range = { line_first, (size_t)line_count },
		};
	}
	if (result < 0)
		return result;
	*ret = list;
	memset(&list, 0, sizeof(list));
	return 0;
}
