/* store_repack.c - kernels as databases before schema version 7 have them, packed anew. */
#include "venn/store/store_repack.h"

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/collector.h"
#include "venn/store/statement.h"
#include "venn/store/store_limits.h"

/* A row of object, or of kernel, where object_id is of no meaning. */
struct row_key {
	int64_t kernel_id, object_id;
};

struct row_keys {
	struct row_key *items; /* [count]; owned */
	size_t count, capacity;
};

static void row_keys_deinit(struct row_keys *keys)
{
	free(keys->items);
}

COV_DEFINE_AUTO_STRUCT(struct row_keys, row_keys_deinit)

/* What reads and writes the rows of a table one by one. */
struct repacking {
	struct store *store;
	sqlite3_stmt *read;
	sqlite3_stmt *write;
	struct cov_decompressor head, body;
};

static void repacking_deinit(struct repacking *repacking)
{
	sqlite3_finalize(repacking->read);
	sqlite3_finalize(repacking->write);
	cov_decompressor_deinit(&repacking->head);
	cov_decompressor_deinit(&repacking->body);
}

COV_DEFINE_AUTO_STRUCT(struct repacking, repacking_deinit)

static int fail_damaged(const struct repacking *repacking, const char *what, struct cov_error *err)
{
	return cov_fail(err, COV_ERR_STORE, "%s: %s is damaged", repacking->store->path, what);
}

static int list_keys(struct store *store, const char *sql, struct row_keys *ret,
		     struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store, sql, &statement, err);

	if (result)
		return result;
	while ((result = statement_step(store, statement, err)) > 0) {
		ret->items = cov_grow(ret->items, ret->count, &ret->capacity, sizeof(*ret->items));
		ret->items[ret->count++] = (struct row_key){
			sqlite3_column_int64(statement, 0),
			sqlite3_column_int64(statement, 1),
		};
	}
	return result;
}

static const void *unpack(struct cov_decompressor *decompressor, sqlite3_stmt *statement,
			  int column, size_t *size_out)
{
	const void *bytes = sqlite3_column_blob(statement, column);

	return cov_decompress(decompressor, bytes, (size_t)sqlite3_column_bytes(statement, column),
			      size_out);
}

/* The list of ids in @column, as it is stored now; free() it. */
static void *repack_ids(struct repacking *repacking, int column, size_t count, size_t *size_out)
{
	const void *bytes = sqlite3_column_blob(repacking->read, column);
	size_t size = (size_t)sqlite3_column_bytes(repacking->read, column);
	COV_AUTO(free)
	uint32_t *ids = cov_decompress_ids(&repacking->head, bytes, size, count);

	return ids ? cov_ids_pack(ids, count, size_out) : NULL;
}

static int write_row(const struct repacking *repacking, const struct row_key *key, int column,
		     struct cov_error *err)
{
	sqlite3_bind_int64(repacking->write, column, key->kernel_id);
	if (column < sqlite3_bind_parameter_count(repacking->write))
		sqlite3_bind_int64(repacking->write, column + 1, key->object_id);
	return statement_insert(repacking->store, repacking->write, err);
}

static int repack_kernel(struct repacking *repacking, const struct row_key *key,
			 struct cov_error *err)
{
	struct statement_row row = { repacking->store, repacking->read, err, 0 };
	int64_t count = statement_row_number(&row, 1, 0, STORE_LINES_MAX);
	size_t size;

	if (row.result)
		return row.result;
	COV_AUTO(free) void *lines = repack_ids(repacking, 0, (size_t)count, &size);
	if (!lines)
		return fail_damaged(repacking, "the list of lines", err);
	statement_bind_blob(repacking->write, 1, lines, size);
	return write_row(repacking, key, 2, err);
}

static int repack_object(struct repacking *repacking, const struct row_key *key,
			 struct cov_error *err)
{
	COV_AUTO(free) char *path = statement_column_text(repacking->read, 0);
	COV_AUTO(plan_deinit) struct plan plan = { 0 };
	COV_AUTO(plan_packed_deinit) struct plan_packed packed = { 0 };
	struct cov_error reason;
	struct pack_old old;
	size_t size;

	old.head = unpack(&repacking->head, repacking->read, 1, &old.head_bytes);
	old.body = unpack(&repacking->body, repacking->read, 3, &old.body_bytes);
	if (!old.head || !old.body || pack_old_read(&old, &plan, &reason) != 0)
		return fail_damaged(repacking, path, err);
	COV_AUTO(free) void *lines = repack_ids(repacking, 2, plan.line_count, &size);
	if (!lines)
		return fail_damaged(repacking, path, err);
	plan_pack(&plan, NULL, &packed);
	statement_bind_blob(repacking->write, 1, packed.head, packed.head_bytes);
	statement_bind_blob(repacking->write, 2, lines, size);
	statement_bind_blob(repacking->write, 3, packed.body, packed.body_bytes);
	return write_row(repacking, key, 4, err);
}

/* How the rows of one table are brought to the current form. */
struct repack_table {
	const char *list, *read, *write; /* SQL */
	int (*repack)(struct repacking *repacking, const struct row_key *key,
		      struct cov_error *err);
};

static int repack_table(struct store *store, const struct repack_table *table,
			struct cov_error *err)
{
	COV_AUTO(row_keys_deinit) struct row_keys keys = { 0 };
	COV_AUTO(repacking_deinit) struct repacking repacking = { .store = store };
	int result = list_keys(store, table->list, &keys, err);

	if (result == 0)
		result = statement_prepare(store, table->read, &repacking.read, err);
	if (result == 0)
		result = statement_prepare(store, table->write, &repacking.write, err);
	for (size_t i = 0; result == 0 && i < keys.count; i++) {
		sqlite3_reset(repacking.read);
		sqlite3_bind_int64(repacking.read, 1, keys.items[i].kernel_id);
		if (sqlite3_bind_parameter_count(repacking.read) > 1)
			sqlite3_bind_int64(repacking.read, 2, keys.items[i].object_id);
		result = statement_step(store, repacking.read, err);
		if (result > 0)
			result = table->repack(&repacking, &keys.items[i], err);
	}
	return result;
}

int store_repack(struct store *store, struct cov_error *err)
{
	static const struct repack_table tables[] = {
		{ "SELECT kernel_id, 0 FROM kernel",
		  "SELECT lines, line_count FROM kernel WHERE kernel_id = ?",
		  "UPDATE kernel SET lines = ? WHERE kernel_id = ?", repack_kernel },
		{ "SELECT kernel_id, object_id FROM object",
		  "SELECT path, functions, lines, plan FROM object"
		  " WHERE kernel_id = ? AND object_id = ?",
		  "UPDATE object SET functions = ?, lines = ?, plan = ?"
		  " WHERE kernel_id = ? AND object_id = ?",
		  repack_object },
	};
	int result = 0;

	for (size_t i = 0; result == 0 && i < sizeof(tables) / sizeof(*tables); i++)
		result = repack_table(store, &tables[i], err);
	return result;
}
