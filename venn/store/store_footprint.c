/* store_footprint.c - footprints in the database: their lines, functions and counters. */
#include "venn/store/store_footprint.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "venn/store/bulk.h"
#include "venn/store/statement.h"

/* All lines that were executed: those kept, and those removed. */
static int insert_footprint_lines(struct store *store, int64_t footprint_id,
				  const struct cov_footprint *lines, const double *line_p,
				  const struct store_sums *sums, struct cov_error *err)
{
	COV_AUTO(bulk_deinit) struct bulk kept = { 0 };
	COV_AUTO(bulk_deinit) struct bulk removed = { 0 };
	const struct bulk_column columns[] = { { .integers = sums->counts },
					       { .reals = line_p },
					       { .reals = sums->ratios } };

	bulk_init(&kept, lines->line_count);
	bulk_init(&removed, lines->line_count);
	for (size_t i = 0; i < lines->line_count; i++) {
		if (cov_footprint_has(lines, i))
			bulk_add(&kept, i);
		else if (sums->states[i] >= COV_LINE_PARTLY)
			bulk_add(&removed, i);
	}
	memcpy(kept.columns, columns, sizeof(columns));
	memcpy(removed.columns, columns, sizeof(columns));
	int result = bulk_insert(store,
				 "INSERT INTO footprint_line (footprint_id, line_id, count,"
				 " p_value, ratio) SELECT ?1, id, a, b, c FROM bulk(?2)",
				 footprint_id, &kept, err);
	if (result)
		return result;
	return bulk_insert(store,
			   "INSERT INTO footprint_removed (footprint_id, line_id, count, p_value,"
			   " ratio) SELECT ?1, id, a, b, c FROM bulk(?2)",
			   footprint_id, &removed, err);
}

static bool has_run(const int64_t *counters, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (counters[i])
			return true;
	}
	return false;
}

void store_footprint_pack(const struct cov_kernel *kernel, const int64_t *counters,
			  struct store_packed *ret)
{
	COV_AUTO(cov_compressor_deinit) struct cov_compressor compressor = { 0 };

	*ret = (struct store_packed){
		.items = cov_xcalloc(kernel->object_count, sizeof(*ret->items)),
		.sizes = cov_xcalloc(kernel->object_count, sizeof(*ret->sizes)),
		.count = kernel->object_count,
	};
	for (size_t i = 0; i < kernel->object_count; i++) {
		const struct cov_object *object = &kernel->objects[i];
		size_t count = object->plan.counter_count;

		if (has_run(counters + object->counter_first, count))
			ret->items[i] =
			    cov_compress_next(&compressor, counters + object->counter_first,
					      count * sizeof(int64_t), &ret->sizes[i]);
	}
}

void store_footprint_packed_deinit(struct store_packed *packed)
{
	for (size_t i = 0; i < packed->count; i++)
		free(packed->items[i]);
	free(packed->items);
	free(packed->sizes);
	memset(packed, 0, sizeof(*packed));
}

static int insert_footprint_objects(struct store *store, int64_t footprint_id,
				    const struct store_packed *packed, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "INSERT INTO footprint_object (footprint_id, object_id,"
				       " counters) VALUES (?, ?, ?)",
				       &statement, err);

	for (size_t i = 0; result == 0 && i < packed->count; i++) {
		if (!packed->items[i])
			continue;
		sqlite3_bind_int64(statement, 1, footprint_id);
		sqlite3_bind_int64(statement, 2, (int64_t)i);
		statement_bind_blob(statement, 3, packed->items[i], packed->sizes[i]);
		result = statement_insert(store, statement, err);
	}
	return result;
}

static int insert_footprint_functions(struct store *store, int64_t footprint_id,
				      const struct store_sums *sums, struct cov_error *err)
{
	COV_AUTO(bulk_deinit) struct bulk bulk = { 0 };

	bulk_init(&bulk, sums->kernel->function_count);
	for (size_t i = 0; i < sums->kernel->function_count; i++) {
		if (sums->calls[i] || (sums->baseline_calls && sums->baseline_calls[i] != 0))
			bulk_add(&bulk, i);
	}
	bulk.columns[0].integers = sums->calls;
	bulk.columns[1].reals = sums->baseline_calls;
	return bulk_insert(store,
			   "INSERT INTO footprint_function (footprint_id, function_id, calls,"
			   " baseline_calls) SELECT ?1, id, a, b FROM bulk(?2)",
			   footprint_id, &bulk, err);
}

int store_footprint_add(struct store *store, int64_t analysis_id, struct store_footprint *footprint,
			const struct store_sums *sums, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result =
	    statement_prepare(store,
			      "INSERT INTO footprint (analysis_id, platform_id, workload_id,"
			      " trials, duration_ns, found, hit, removed, kept,"
			      " objects_left_out, trials_observed, functions_below)"
			      " VALUES (?, ?, nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			      &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, analysis_id);
	sqlite3_bind_int64(statement, 2, footprint->group->platform_id);
	sqlite3_bind_int64(statement, 3, footprint->group->workload_id);
	sqlite3_bind_int64(statement, 4, footprint->group->trial_count);
	sqlite3_bind_int64(statement, 5, footprint->group->duration_ns);
	sqlite3_bind_int64(statement, 6, (int64_t)footprint->totals.found);
	sqlite3_bind_int64(statement, 7, (int64_t)footprint->totals.hit);
	sqlite3_bind_int64(statement, 8, (int64_t)footprint->totals.removed);
	sqlite3_bind_int64(statement, 9, (int64_t)footprint->totals.kept);
	sqlite3_bind_int64(statement, 10, (int64_t)footprint->objects_left_out);
	sqlite3_bind_int64(statement, 11, (int64_t)footprint->trials_observed);
	sqlite3_bind_int64(statement, 12, (int64_t)footprint->functions_below);
	result = statement_insert(store, statement, err);
	if (result)
		return result;
	int64_t footprint_id = sqlite3_last_insert_rowid(store->database);
	footprint->id = footprint_id;
	result = insert_footprint_lines(store, footprint_id, &footprint->lines, footprint->line_p,
					sums, err);
	if (result == 0)
		result = insert_footprint_functions(store, footprint_id, sums, err);
	return result ? result : insert_footprint_objects(store, footprint_id, sums->objects, err);
}

int store_footprint_lines(struct store *store, int64_t analysis_id, const struct store_group *group,
			  struct cov_footprint *lines, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT line_id FROM footprint JOIN footprint_line"
				       " USING (footprint_id) WHERE analysis_id = ?"
				       " AND platform_id = ? AND workload_id = ?",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, analysis_id);
	sqlite3_bind_int64(statement, 2, group->platform_id);
	sqlite3_bind_int64(statement, 3, group->workload_id);
	struct statement_row row = { store, statement, err, 0 };
	while ((result = statement_step(store, statement, err)) > 0) {
		size_t line_id = statement_row_index(&row, 0, 0, lines->line_count);

		if (row.result)
			return row.result;
		cov_footprint_add(lines, line_id);
	}
	return result;
}

int store_footprint_counters(struct store *store, int64_t footprint_id, int64_t object_id,
			     size_t count, int64_t *sum, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(cov_decompressor_deinit) struct cov_decompressor decompressor = { 0 };
	size_t size = 0;
	int result = statement_prepare(store,
				       "SELECT counters FROM footprint_object"
				       " WHERE footprint_id = ? AND object_id = ?",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, footprint_id);
	sqlite3_bind_int64(statement, 2, object_id);
	result = statement_step(store, statement, err);
	if (result <= 0)
		return result;
	const void *bytes = cov_decompress(&decompressor, sqlite3_column_blob(statement, 0),
					   (size_t)sqlite3_column_bytes(statement, 0), &size);
	if (!bytes || size != count * sizeof(*sum))
		return cov_fail(err, COV_ERR_STORE, "%s: the counters of a footprint are damaged",
				store->path);
	for (size_t i = 0; i < count; i++) {
		int64_t counter;

		memcpy(&counter, (const char *)bytes + i * sizeof(counter), sizeof(counter));
		sum[i] = cov_number_add(sum[i], counter);
	}
	return 0;
}

int store_footprint_masks(struct store *store, int64_t footprint_id,
			  const struct store_range *range, uint64_t bit, uint64_t *masks,
			  struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT line_id FROM footprint_line WHERE footprint_id = ?"
				       " AND line_id >= ? AND line_id < ?",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, footprint_id);
	sqlite3_bind_int64(statement, 2, (int64_t)range->line_first);
	sqlite3_bind_int64(statement, 3, (int64_t)(range->line_first + range->line_count));
	return statement_mark_rows(store, statement, range, bit, masks, err);
}
