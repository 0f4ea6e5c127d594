/* store_option.c - which options of a kernel's configuration its objects need. */
#include "venn/store/store_option.h"

#include "collector/base/error.h"
#include "collector/base/text.h"
#include "venn/store/statement.h"

int store_option_add(struct store *store, int64_t kernel_id,
		     const struct cov_kernel_options *options, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(
	    store, "INSERT INTO object_option (kernel_id, option, path) VALUES (?, ?, ?)",
	    &statement, err);

	for (size_t i = 0; result == 0 && i < options->count; i++) {
		sqlite3_bind_int64(statement, 1, kernel_id);
		statement_bind_text(statement, 2, options->items[i].option);
		statement_bind_text(statement, 3, options->items[i].object);
		result = statement_insert(store, statement, err);
	}
	return result;
}

/* As a list of the same form, so that what the database has is checked as a file is. */
int store_option_list(struct store *store, int64_t kernel_id, struct cov_kernel_options *ret,
		      struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(cov_text_deinit) struct cov_text text = { 0 };
	int result = statement_prepare(
	    store, "SELECT path || ' ' || option FROM object_option WHERE kernel_id = ?",
	    &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	while ((result = statement_step(store, statement, err)) > 0)
		cov_text_print(&text, "%s\n", statement_column_peek(statement, 0));
	if (result || !text.length)
		return result;
	return kernel_options_parse(text.data, text.length, store->path, ret, err);
}
