/* store_source.c - the source text of a kernel's files, kept with it. */
#include "venn/store/store_source.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/collector.h"
#include "venn/store/statement.h"

int store_source_add(struct store *store, int64_t kernel_id, int64_t file_id, const void *text,
		     size_t size, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(
	    store, "INSERT INTO source (kernel_id, file_id, text) VALUES (?, ?, ?)", &statement,
	    err);
	size_t packed_bytes;

	if (result)
		return result;
	COV_AUTO(free) void *packed = cov_compress(text, size, &packed_bytes);
	sqlite3_bind_int64(statement, 1, kernel_id);
	sqlite3_bind_int64(statement, 2, file_id);
	statement_bind_blob(statement, 3, packed, packed_bytes);
	return statement_insert(store, statement, err);
}

int store_source_read(struct store *store, int64_t kernel_id, int64_t file_id, char **ret,
		      size_t *size_out, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(cov_decompressor_deinit) struct cov_decompressor decompressor = { 0 };
	int result = statement_prepare(
	    store, "SELECT text FROM source WHERE kernel_id = ? AND file_id = ?", &statement, err);

	*ret = NULL;
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	sqlite3_bind_int64(statement, 2, file_id);
	result = statement_step(store, statement, err);
	if (result <= 0)
		return result;
	const void *text = cov_decompress(&decompressor, sqlite3_column_blob(statement, 0),
					  (size_t)sqlite3_column_bytes(statement, 0), size_out);
	if (!text)
		return cov_fail(err, COV_ERR_STORE, "%s: the source of a file is damaged",
				store->path);
	*ret = cov_xmalloc(*size_out + 1);
	memcpy(*ret, text, *size_out);
	(*ret)[*size_out] = '\0';
	return 0;
}
