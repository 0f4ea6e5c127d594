/* store_compiled.c - what a kernel's build compiled, instrumented or not. */
#include "venn/store/store_compiled.h"

#include "collector/base/error.h"
#include "venn/store/statement.h"

int store_compiled_add(struct store *store, int64_t kernel_id, const struct cov_compiled *compiled,
		       struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *object = NULL;
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *file = NULL;
	int result = statement_prepare(
	    store, "INSERT INTO compiled_object (kernel_id, path, source) VALUES (?, ?, ?)",
	    &object, err);

	if (result == 0)
		result = statement_prepare(
		    store, "INSERT INTO compiled_file (kernel_id, path) VALUES (?, ?)", &file, err);
	for (size_t i = 0; result == 0 && i < compiled->object_count; i++) {
		sqlite3_bind_int64(object, 1, kernel_id);
		statement_bind_text(object, 2, compiled->objects[i].path);
		statement_bind_text(object, 3, compiled->objects[i].source);
		result = statement_insert(store, object, err);
	}
	for (size_t i = 0; result == 0 && i < compiled->file_count; i++) {
		sqlite3_bind_int64(file, 1, kernel_id);
		statement_bind_text(file, 2, compiled->files[i]);
		result = statement_insert(store, file, err);
	}
	return result;
}

int store_compiled_is_known(struct store *store, int64_t kernel_id, bool *ret,
			    struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(
	    store, "SELECT 1 FROM compiled_file WHERE kernel_id = ? LIMIT 1", &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	result = statement_step(store, statement, err);
	*ret = result > 0;
	return result < 0 ? result : 0;
}
