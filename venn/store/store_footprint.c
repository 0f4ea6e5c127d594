/* store_footprint.c - footprints in the database: their lines, functions and counters. */
#include "venn/store/store_footprint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "venn/store/statement.h"
#include "venn/store/store_limits.h"
#include "venn/store/store_observer.h"
#include "venn/store/store_tile.h"

void store_footprint_deinit(struct store_footprint *footprint)
{
	store_footprint_drop_lines(footprint);
	memset(footprint, 0, sizeof(*footprint));
}

void store_footprint_drop_lines(struct store_footprint *footprint)
{
	cov_footprint_deinit(&footprint->lines);
	for (size_t i = 0; i < COV_RESAMPLE_MAX; i++)
		free(footprint->without[i].lines);
	memset(footprint->without, 0, sizeof(footprint->without));
}

static int compare_reals(const void *a, const void *b)
{
	double first = *(const double *)a, second = *(const double *)b;

	return (first > second) - (first < second);
}

/* The different p-values of lines, sorted. @p: [count] */
static void list_p_values(const double *p, size_t count, struct store_packed *packed)
{
	size_t kept = 0;

	packed->p_values = cov_xcopy(p, count, sizeof(*packed->p_values));
	packed->p_value_count = count;
	if (count)
		qsort(packed->p_values, count, sizeof(double), compare_reals);
	for (size_t i = 0; i < count; i++) {
		if (!kept || packed->p_values[i] != packed->p_values[kept - 1])
			packed->p_values[kept++] = packed->p_values[i];
	}
	packed->p_value_count = kept;
}

/* By line the number of its p-value, from 1; 0: it has none; NULL: none has. free() it. */
static uint32_t *number_p_values(const struct cov_line_p *line_p, const uint32_t *ids, size_t count,
				 size_t line_count, struct store_packed *packed)
{
	if (!line_p)
		return NULL;
	uint32_t *numbers = cov_xcalloc(line_count, sizeof(*numbers));
	COV_AUTO(free) double *p = cov_xcalloc(count, sizeof(*p));
	struct cov_line_p rest = *line_p;

	for (size_t i = 0; i < count; i++)
		p[i] = cov_line_p_next(&rest, ids[i]);
	list_p_values(p, count, packed);
	for (size_t i = 0; i < count; i++) {
		const double *found = bsearch(&p[i], packed->p_values, packed->p_value_count,
					      sizeof(double), compare_reals);

		numbers[ids[i]] = (uint32_t)(found - packed->p_values) + 1;
	}
	return numbers;
}

/* All lines that were executed: those kept, and those removed. */
static void pack_lines(const struct store_footprint *footprint, const struct store_sums *sums,
		       struct store_packed *packed)
{
	size_t line_count = footprint->lines.line_count, count = 0;
	COV_AUTO(free) unsigned char *kept = cov_xcalloc(line_count, 1);

	for (size_t i = 0; i < line_count; i++) {
		kept[i] = cov_footprint_has(&footprint->lines, i);
		count += kept[i] || sums->states[i] >= COV_LINE_PARTLY;
	}
	COV_AUTO(free) uint32_t *ids = cov_xcalloc(count, sizeof(*ids));
	count = 0;
	for (size_t i = 0; i < line_count; i++) {
		if (kept[i] || sums->states[i] >= COV_LINE_PARTLY)
			ids[count++] = (uint32_t)i;
	}
	COV_AUTO(free)
	uint32_t *p_values = number_p_values(footprint->line_p, ids, count, line_count, packed);
	struct tile_column columns[] = {
		{ .integers = sums->counts },
		{ .bytes = kept },
		{ .integers = sums->baseline },
		{ .words = p_values },
	};
	store_tile_pack(STORE_TILE_FOOTPRINT_LINES, ids, count, columns, &packed->lines);
}

static void pack_functions(const struct store_sums *sums, struct store_packed *packed)
{
	size_t function_count = sums->kernel->function_count, count = 0;
	COV_AUTO(free) uint32_t *ids = cov_xcalloc(function_count, sizeof(*ids));
	struct tile_column columns[] = { { .integers = sums->calls },
					 { .integers = sums->baseline_calls } };

	for (size_t i = 0; i < function_count; i++) {
		if (store_observer_divide(sums->calls[i], sums->scale) || sums->baseline_calls[i])
			ids[count++] = (uint32_t)i;
	}
	store_tile_pack(STORE_TILE_FOOTPRINT_FUNCTIONS, ids, count, columns, &packed->functions);
}

static bool has_run(const int64_t *counters, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (counters[i])
			return true;
	}
	return false;
}

void store_footprint_pack_counters(const struct cov_kernel *kernel, const int64_t *counters,
				   struct store_packed *ret)
{
	COV_AUTO(cov_compressor_deinit) struct cov_compressor compressor = { 0 };

	ret->items = cov_xcalloc(kernel->object_count, sizeof(*ret->items));
	ret->sizes = cov_xcalloc(kernel->object_count, sizeof(*ret->sizes));
	ret->count = kernel->object_count;
	for (size_t i = 0; i < ret->count; i++) {
		const struct cov_object *object = &kernel->objects[i];
		const int64_t *first = counters + object->counter_first;
		size_t count = object->plan.counter_count;

		if (has_run(first, count))
			ret->items[i] = cov_compress_next(&compressor, first,
							  count * sizeof(*first), &ret->sizes[i]);
	}
}

/* What is instrumented is the same in most trials: almost all bits are alike. */
static void pack_found(const struct store_sums *sums, struct store_packed *packed)
{
	COV_AUTO(cov_footprint_deinit) struct cov_footprint found = { 0 };
	size_t line_count = sums->kernel->line_count;

	cov_footprint_init(&found, line_count);
	for (size_t i = 0; i < line_count; i++) {
		if (sums->states[i] != COV_LINE_NOT_INSTRUMENTED)
			cov_footprint_add(&found, i);
	}
	packed->found = cov_compress(found.words, (line_count + 63) / 64 * sizeof(*found.words),
				     &packed->found_bytes);
}

void store_footprint_pack(const struct store_footprint *footprint, const struct store_sums *sums,
			  struct store_packed *ret)
{
	ret->baseline_share = sums->baseline ? sums->baseline_share : NAN;
	pack_lines(footprint, sums, ret);
	pack_functions(sums, ret);
	if (sums->baseline)
		pack_found(sums, ret);
}

void store_footprint_packed_deinit(struct store_packed *packed)
{
	for (size_t i = 0; i < packed->count; i++)
		free(packed->items[i]);
	free(packed->items);
	free(packed->sizes);
	free(packed->p_values);
	free(packed->found);
	tile_list_deinit(&packed->lines);
	tile_list_deinit(&packed->functions);
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

static int insert_p_values(struct store *store, int64_t footprint_id,
			   const struct store_packed *packed, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "INSERT INTO footprint_p_value (footprint_id, number,"
				       " p_value) VALUES (?, ?, ?)",
				       &statement, err);

	for (size_t i = 0; result == 0 && i < packed->p_value_count; i++) {
		sqlite3_bind_int64(statement, 1, footprint_id);
		sqlite3_bind_int64(statement, 2, (int64_t)i + 1);
		sqlite3_bind_double(statement, 3, packed->p_values[i]);
		result = statement_insert(store, statement, err);
	}
	return result;
}

static int insert_without(struct store *store, const struct store_footprint *footprint,
			  struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "INSERT INTO footprint_without (footprint_id, resample,"
				       " line_count, lines) VALUES (?, ?, ?, ?)",
				       &statement, err);

	for (size_t i = 0; result == 0 && i < footprint->resample_count; i++) {
		const struct cov_footprint_changes *changes = &footprint->without[i];
		size_t size;
		COV_AUTO(free) void *lines = cov_ids_pack(changes->lines, changes->count, &size);

		sqlite3_bind_int64(statement, 1, footprint->id);
		sqlite3_bind_int64(statement, 2, (int64_t)i + 1);
		sqlite3_bind_int64(statement, 3, (int64_t)changes->count);
		statement_bind_blob(statement, 4, lines, size);
		result = statement_insert(store, statement, err);
	}
	return result;
}

int store_footprint_add(struct store *store, int64_t kernel_id, int64_t analysis_id,
			struct store_footprint *footprint, const struct store_packed *packed,
			struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result =
	    statement_prepare(store,
			      "INSERT INTO footprint (analysis_id, platform_id, workload_id,"
			      " trials, duration_ns, found, hit, removed, kept,"
			      " objects_left_out, trials_observed, functions_below,"
			      " baseline_share, found_lines, resamples)"
			      " VALUES (?, ?, nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
	if (packed && !isnan(packed->baseline_share))
		sqlite3_bind_double(statement, 13, packed->baseline_share);
	if (packed)
		statement_bind_blob(statement, 14, packed->found, packed->found_bytes);
	sqlite3_bind_int64(statement, 15, (int64_t)footprint->resample_count);
	result = statement_insert(store, statement, err);
	if (result)
		return result;
	int64_t footprint_id = sqlite3_last_insert_rowid(store->database);
	footprint->id = footprint_id;
	if (!packed)
		return 0;
	result = store_tile_insert(store, STORE_TILE_FOOTPRINT_LINES, kernel_id, footprint_id,
				   &packed->lines, err);
	if (result == 0)
		result = insert_without(store, footprint, err);
	if (result == 0)
		result = insert_p_values(store, footprint_id, packed, err);
	if (result == 0)
		result = store_tile_insert(store, STORE_TILE_FOOTPRINT_FUNCTIONS, kernel_id,
					   footprint_id, &packed->functions, err);
	return result ? result : insert_footprint_objects(store, footprint_id, packed, err);
}

void store_footprint_list_deinit(struct store_footprints_stored *list)
{
	free(list->items);
	memset(list, 0, sizeof(*list));
}

int store_footprint_list(struct store *store, int64_t analysis_id,
			 struct store_footprints_stored *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_footprint_list_deinit) struct store_footprints_stored list = { 0 };
	int result = statement_prepare(
	    store,
	    "SELECT footprint_id, platform_id, ifnull(workload_id, 0), found, hit, removed, kept,"
	    " objects_left_out, trials_observed, functions_below, resamples FROM footprint"
	    " WHERE analysis_id = ?",
	    &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, analysis_id);
	struct statement_row row = { store, statement, err, 0 };
	while ((result = statement_step(store, statement, err)) > 0) {
		size_t numbers[7];

		for (size_t i = 0; i < 7; i++)
			numbers[i] =
			    (size_t)statement_row_number(&row, (int)i + 3, 0, STORE_LINES_MAX);
		size_t resamples = (size_t)statement_row_number(&row, 10, 0, COV_RESAMPLE_MAX);
		if (row.result)
			return row.result;
		list.items = cov_grow(list.items, list.count, &list.capacity, sizeof(*list.items));
		list.items[list.count++] = (struct store_footprint_stored){
			.id = sqlite3_column_int64(statement, 0),
			.platform_id = sqlite3_column_int64(statement, 1),
			.workload_id = sqlite3_column_int64(statement, 2),
			.totals = { numbers[0], numbers[1], numbers[2], numbers[3] },
			.objects_left_out = numbers[4],
			.trials_observed = numbers[5],
			.functions_below = numbers[6],
			.resample_count = resamples,
		};
	}
	if (result < 0)
		return result;
	*ret = list;
	memset(&list, 0, sizeof(list));
	return 0;
}

const struct store_footprint_stored *
store_footprint_find(const struct store_footprints_stored *list, int64_t platform_id,
		     int64_t workload_id)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].platform_id == platform_id &&
		    list->items[i].workload_id == workload_id)
			return &list->items[i];
	}
	return NULL;
}

static int fetch_objects(struct store *store, int64_t footprint_id, struct store_packed *packed,
			 struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT object_id, counters FROM footprint_object"
				       " WHERE footprint_id = ?",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, footprint_id);
	struct statement_row row = { store, statement, err, 0 };
	while ((result = statement_step(store, statement, err)) > 0) {
		size_t object = statement_row_index(&row, 0, 0, packed->count);

		if (row.result)
			return row.result;
		packed->items[object] = statement_column_copy(statement, 1, &packed->sizes[object]);
	}
	return result;
}

static int fetch_found(struct store *store, int64_t footprint_id, struct store_packed *packed,
		       struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(
	    store, "SELECT found_lines FROM footprint WHERE footprint_id = ?", &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, footprint_id);
	result = statement_step(store, statement, err);
	if (result > 0)
		packed->found = statement_column_copy(statement, 0, &packed->found_bytes);
	return result < 0 ? result : 0;
}

int store_footprint_fetch(struct store *store, int64_t kernel_id, int64_t footprint_id,
			  const struct cov_kernel *kernel, struct store_packed *ret,
			  struct cov_error *err)
{
	COV_AUTO(store_footprint_packed_deinit)
	struct store_packed packed = {
		.items = cov_xcalloc(kernel->object_count, sizeof(*packed.items)),
		.sizes = cov_xcalloc(kernel->object_count, sizeof(*packed.sizes)),
		.count = kernel->object_count,
	};
	int result = fetch_found(store, footprint_id, &packed, err);

	if (result == 0)
		result = store_tile_fetch(store, STORE_TILE_FOOTPRINT_LINES, kernel_id,
					  footprint_id, &packed.lines, err);
	if (result == 0)
		result = store_tile_fetch(store, STORE_TILE_FOOTPRINT_FUNCTIONS, kernel_id,
					  footprint_id, &packed.functions, err);
	if (result == 0)
		result = fetch_objects(store, footprint_id, &packed, err);
	if (result)
		return result;
	*ret = packed;
	memset(&packed, 0, sizeof(packed));
	return 0;
}

int store_footprint_lines(struct store *store, int64_t analysis_id, const struct store_group *group,
			  struct cov_footprint *lines, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_tile_close) struct store_tile_reader reader = { 0 };
	int result = statement_prepare(store,
				       "SELECT footprint_id FROM footprint WHERE analysis_id = ?"
				       " AND platform_id = ? AND workload_id = ?",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, analysis_id);
	sqlite3_bind_int64(statement, 2, group->platform_id);
	sqlite3_bind_int64(statement, 3, group->workload_id);
	result = statement_step(store, statement, err);
	if (result <= 0)
		return result;
	result =
	    store_tile_open(store, STORE_TILE_FOOTPRINT_LINES, sqlite3_column_int64(statement, 0),
			    &(struct store_range){ 0, lines->line_count }, &reader, err);
	if (result)
		return result;
	while ((result = store_tile_next(&reader, err)) > 0) {
		if (store_tile_number(&reader, 1))
			cov_footprint_add(lines, reader.id);
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

/* Whether all are lines of the kernel, each once. */
static bool is_ascending(const uint32_t *lines, size_t count, size_t line_count)
{
	for (size_t i = 0; i < count; i++) {
		if (lines[i] >= line_count || (i && lines[i] <= lines[i - 1]))
			return false;
	}
	return true;
}

int store_footprint_without(struct store *store, int64_t footprint_id, size_t line_count,
			    struct cov_footprint_changes *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT resample, line_count, lines FROM footprint_without"
				       " WHERE footprint_id = ?",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, footprint_id);
	struct statement_row row = { store, statement, err, 0 };
	while ((result = statement_step(store, statement, err)) > 0) {
		size_t index = statement_row_index(&row, 0, 1, COV_RESAMPLE_MAX);
		size_t count = (size_t)statement_row_number(&row, 1, 0, (int64_t)line_count);

		if (row.result)
			return row.result;
		const void *bytes = sqlite3_column_blob(statement, 2);
		uint32_t *lines =
		    cov_ids_unpack(bytes, (size_t)sqlite3_column_bytes(statement, 2), count);
		free(ret[index].lines);
		ret[index] = (struct cov_footprint_changes){ lines, lines ? count : 0 };
		if (!lines || !is_ascending(lines, count, line_count))
			return cov_fail(err, COV_ERR_STORE,
					"%s: the lines of a resample are damaged", store->path);
	}
	return result;
}
