/* store_tracefile.c - what trials imported from tracefiles have instead of counters. */
#include "venn/store/store_tracefile.h"

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "venn/store/statement.h"
#include "venn/store/store_tile.h"

/* The indices whose element is not 0, compressed; free() it. */
static void *pack_indices(const unsigned char *is_in, size_t count, size_t *size_out)
{
	COV_AUTO(free) uint32_t *ids = cov_xcalloc(count, sizeof(*ids));
	size_t id_count = 0;

	for (size_t i = 0; i < count; i++) {
		if (is_in[i])
			ids[id_count++] = (uint32_t)i;
	}
	return cov_compress_ids(ids, id_count, size_out);
}

/* A branch as it is stored, in this machine's byte order. */
struct packed_branch {
	uint32_t line_id;
	uint32_t block;
	uint32_t flags;
	uint32_t unused;
	int64_t taken;
};

static void *pack_branches(const struct cov_branches *branches, size_t *size_out)
{
	COV_AUTO(free)
	struct packed_branch *packed = cov_xcalloc(branches->count, sizeof(*packed));

	for (size_t i = 0; i < branches->count; i++) {
		const struct cov_branch *branch = &branches->items[i];

		packed[i] = (struct packed_branch){ branch->line, branch->block, branch->flags, 0,
						    branch->taken };
	}
	return cov_compress(packed, branches->count * sizeof(*packed), size_out);
}

int store_tracefile_insert(struct store *store, int64_t trial_id,
			   const struct store_results *results, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	size_t lines_bytes, functions_bytes, branches_bytes;
	int result = statement_prepare(store,
				       "INSERT INTO trial_tracefile (trial_id, lines, functions,"
				       " branches) VALUES (?, ?, ?, ?)",
				       &statement, err);
	if (result)
		return result;
	COV_AUTO(free)
	void *lines =
	    pack_indices(results->counts->states, results->kernel->line_count, &lines_bytes);
	COV_AUTO(free)
	void *functions =
	    pack_indices(results->is_listed, results->kernel->function_count, &functions_bytes);
	COV_AUTO(free) void *branches = pack_branches(results->branches, &branches_bytes);
	sqlite3_bind_int64(statement, 1, trial_id);
	statement_bind_blob(statement, 4, branches, branches_bytes);
	statement_bind_blob(statement, 2, lines, lines_bytes);
	statement_bind_blob(statement, 3, functions, functions_bytes);
	return statement_insert(store, statement, err);
}

/* What adding up the trials of one group needs. */
struct adding {
	struct store *store;
	const struct cov_kernel *kernel;
	const struct store_tracefile_sums *sums;
	sqlite3_stmt *trials; /* owned */
};

static void adding_deinit(struct adding *adding)
{
	sqlite3_finalize(adding->trials);
}

COV_DEFINE_AUTO_STRUCT(struct adding, adding_deinit)

static int fail_damaged(const struct adding *adding, struct cov_error *err)
{
	return cov_fail(err, COV_ERR_STORE, "%s: the counts of a trial are damaged",
			adding->store->path);
}

/* Raise what @marks has at the ids of a column to at least @mark. */
static int mark_listed(struct adding *adding, int column, unsigned char *marks, size_t mark_count,
		       unsigned char mark, struct cov_error *err)
{
	COV_AUTO(cov_decompressor_deinit) struct cov_decompressor decompressor = { 0 };
	const void *bytes = sqlite3_column_blob(adding->trials, column);
	size_t size = (size_t)sqlite3_column_bytes(adding->trials, column);
	size_t count = cov_decompressed_bytes(bytes, size) / sizeof(uint32_t);
	COV_AUTO(free) uint32_t *ids = NULL;

	if (count <= mark_count)
		ids = cov_decompress_ids(&decompressor, bytes, size, count);
	if (!ids)
		return fail_damaged(adding, err);
	for (size_t i = 0; i < count; i++) {
		if (ids[i] >= mark_count)
			return fail_damaged(adding, err);
		if (marks[ids[i]] < mark)
			marks[ids[i]] = mark;
	}
	return 0;
}

static int add_branches(struct adding *adding, int column, struct cov_error *err)
{
	COV_AUTO(cov_decompressor_deinit) struct cov_decompressor decompressor = { 0 };
	uint32_t source = branches_next_source(adding->sums->branches);
	size_t size;
	const struct packed_branch *packed =
	    cov_decompress(&decompressor, sqlite3_column_blob(adding->trials, column),
			   (size_t)sqlite3_column_bytes(adding->trials, column), &size);

	if (!packed || size % sizeof(*packed))
		return fail_damaged(adding, err);
	for (size_t i = 0; i < size / sizeof(*packed); i++) {
		if (packed[i].line_id >= adding->kernel->line_count ||
		    packed[i].taken < COV_BRANCH_NOT_EVALUATED)
			return fail_damaged(adding, err);
		branches_add(adding->sums->branches,
			     (struct cov_branch){ packed[i].line_id, source, packed[i].block,
						  packed[i].flags, packed[i].taken });
	}
	return 0;
}

/* @count times the scale, which ends where sums end. */
static int64_t scaled(const struct adding *adding, int64_t count)
{
	int64_t result;

	if (!__builtin_mul_overflow(count, adding->sums->scale, &result))
		return result;
	return count > 0 ? INT64_MAX : INT64_MIN;
}

static int add_lines(struct adding *adding, int64_t trial_id, struct cov_error *err)
{
	const struct store_range range = { 0, adding->kernel->line_count };
	struct cov_counts *counts = adding->sums->counts;
	COV_AUTO(store_tile_close) struct store_tile_reader tiles = { 0 };
	int result =
	    store_tile_open(adding->store, STORE_TILE_TRIAL_LINES, trial_id, &range, &tiles, err);

	if (result)
		return result;
	while ((result = store_tile_next(&tiles, err)) > 0) {
		size_t id = tiles.id;

		counts->lines[id] =
		    cov_number_add(counts->lines[id], scaled(adding, store_tile_number(&tiles, 0)));
		if (counts->states[id] < store_tile_number(&tiles, 1))
			counts->states[id] = (unsigned char)store_tile_number(&tiles, 1);
	}
	return result;
}

static int add_functions(struct adding *adding, int64_t trial_id, struct cov_error *err)
{
	const struct store_range range = { 0, adding->kernel->function_count };
	int64_t *functions = adding->sums->counts->functions;
	COV_AUTO(store_tile_close) struct store_tile_reader tiles = { 0 };
	int result = store_tile_open(adding->store, STORE_TILE_TRIAL_FUNCTIONS, trial_id, &range,
				     &tiles, err);

	if (result)
		return result;
	while ((result = store_tile_next(&tiles, err)) > 0)
		functions[tiles.id] = cov_number_add(functions[tiles.id],
						     scaled(adding, store_tile_number(&tiles, 0)));
	return result;
}

static int add_trial(struct adding *adding, struct cov_error *err)
{
	const struct store_tracefile_sums *sums = adding->sums;
	int64_t trial_id = sqlite3_column_int64(adding->trials, 0);
	int result = mark_listed(adding, 1, sums->counts->states, adding->kernel->line_count,
				 COV_LINE_NOT_EXECUTED, err);

	if (result == 0 && sums->is_listed)
		result =
		    mark_listed(adding, 2, sums->is_listed, adding->kernel->function_count, 1, err);
	if (result == 0 && sums->branches)
		result = add_branches(adding, 3, err);
	if (result == 0)
		result = add_lines(adding, trial_id, err);
	return result ? result : add_functions(adding, trial_id, err);
}

static int prepare_trials(struct adding *adding, struct cov_error *err)
{
	return statement_prepare(adding->store,
				 "SELECT trial_id, lines, functions, branches FROM trial"
				 " JOIN trial_tracefile USING (trial_id) WHERE kernel_id = ?1"
				 " AND platform_id = ?2 AND workload_id = ?3 AND status = 'ok'"
				 " AND (?4 = 0 OR number = ?4)",
				 &adding->trials, err);
}

int store_tracefile_add(struct store *store, const struct cov_kernel *kernel, int64_t kernel_id,
			const struct store_group *group, const struct store_tracefile_sums *sums,
			struct cov_error *err)
{
	COV_AUTO(adding_deinit)
	struct adding adding = { .store = store, .kernel = kernel, .sums = sums };
	int result = prepare_trials(&adding, err);

	if (result)
		return result;
	sqlite3_bind_int64(adding.trials, 1, kernel_id);
	sqlite3_bind_int64(adding.trials, 2, group->platform_id);
	sqlite3_bind_int64(adding.trials, 3, group->workload_id);
	sqlite3_bind_int64(adding.trials, 4, group->number);
	while ((result = statement_step(store, adding.trials, err)) > 0) {
		result = add_trial(&adding, err);
		if (result)
			return result;
	}
	return result;
}

int store_tracefile_mark(struct store *store, const struct cov_kernel *kernel, int64_t kernel_id,
			 unsigned char *states, struct cov_error *err)
{
	COV_AUTO(adding_deinit) struct adding adding = { .store = store, .kernel = kernel };
	int result = statement_prepare(store,
				       "SELECT lines FROM trial JOIN trial_tracefile"
				       " USING (trial_id) WHERE kernel_id = ?",
				       &adding.trials, err);

	if (result)
		return result;
	sqlite3_bind_int64(adding.trials, 1, kernel_id);
	while ((result = statement_step(store, adding.trials, err)) > 0) {
		result =
		    mark_listed(&adding, 0, states, kernel->line_count, COV_LINE_NOT_EXECUTED, err);
		if (result)
			return result;
	}
	return result;
}
