/* store_universe.c - which lines of a kernel its trials have found. */
#include "venn/store/store_universe.h"

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/collector.h"
#include "differ/differ.h"
#include "venn/store/bulk.h"
#include "venn/store/statement.h"
#include "venn/store/store_directory.h"
#include "venn/store/store_tracefile.h"

/* Read once: the row of an object is long, and each trial decodes nearly the same objects. */
static int read_linked(struct store *store, int64_t kernel_id, size_t object_count,
		       struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(free) unsigned char *linked = cov_xcalloc(object_count, 1);
	int result = statement_know(store, kernel_id, err);

	if (result || store->known.linked)
		return result;
	result = statement_prepare(store,
				   "SELECT object_id FROM object WHERE kernel_id = ? AND is_linked",
				   &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	struct statement_row row = { store, statement, err, 0 };
	while ((result = statement_step(store, statement, err)) > 0) {
		size_t object = statement_row_index(&row, 0, 0, object_count);

		if (row.result)
			return row.result;
		linked[object] = 1;
	}
	if (result)
		return result;
	store->known.linked = linked;
	linked = NULL;
	return 0;
}

/* Marks objects that were never decoded before as linked. @ret: whether there was one. */
static int link_objects(struct store *store, int64_t kernel_id, const struct store_results *results,
			bool *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	size_t object_count = results->kernel->object_count;
	int result = read_linked(store, kernel_id, object_count, err);

	if (result == 0)
		result = statement_prepare(store,
					   "UPDATE object SET is_linked = 1 WHERE kernel_id = ?"
					   " AND object_id = ?",
					   &statement, err);
	for (size_t i = 0; result == 0 && i < object_count; i++) {
		if (results->counters->states[i] != COV_OBJECT_DECODED || store->known.linked[i])
			continue;
		store->known.linked[i] = 1;
		*ret = true;
		sqlite3_bind_int64(statement, 1, kernel_id);
		sqlite3_bind_int64(statement, 2, (int64_t)i);
		result = statement_insert(store, statement, err);
	}
	return result;
}

/* The lines that are there. @ret: free with cov_footprint_deinit(), also on failure */
static int read_lines(struct store *store, int64_t kernel_id, size_t line_count,
		      struct cov_footprint *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store, "SELECT line_id FROM line WHERE kernel_id = ?",
				       &statement, err);

	cov_footprint_init(ret, line_count);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	struct statement_row row = { store, statement, err, 0 };
	while ((result = statement_step(store, statement, err)) > 0) {
		size_t line = statement_row_index(&row, 0, 0, line_count);

		if (row.result)
			return row.result;
		cov_footprint_add(ret, line);
	}
	return result;
}

/* Those that are not among @lines, which then has them. */
static int add_lines(struct store *store, int64_t kernel_id, const struct store_results *results,
		     struct cov_footprint *lines, struct cov_error *err)
{
	const struct cov_kernel *kernel = results->kernel;
	COV_AUTO(bulk_deinit) struct bulk bulk = { 0 };

	bulk_init(&bulk, kernel->line_count);
	for (size_t i = 0; i < kernel->line_count; i++) {
		if (!results->counts->states[i] || cov_footprint_has(lines, i))
			continue;
		cov_footprint_add(lines, i);
		bulk_add(&bulk, i);
	}
	bulk.columns[0].words = kernel->line_files;
	bulk.columns[1].words = kernel->line_numbers;
	return bulk_insert(store,
			   "INSERT INTO line (kernel_id, line_id, file_id, line)"
			   " SELECT ?1, id, a, b FROM bulk(?2)",
			   kernel_id, &bulk, err);
}

/* How many lines of each directory there are. */
static int count_found(struct store *store, int64_t kernel_id, const struct cov_footprint *lines,
		       struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_directory_list_deinit) struct store_directories directories = { 0 };
	int result = store_directory_list(store, kernel_id, &directories, err);

	if (result == 0)
		result = statement_prepare(store,
					   "UPDATE directory SET found = ? WHERE directory_id = ?",
					   &statement, err);
	for (size_t i = 0; result == 0 && i < directories.count; i++) {
		const struct store_directory *directory = &directories.items[i];
		size_t found =
		    cov_footprint_count_within(lines, directory->line_first, directory->line_count);

		sqlite3_bind_int64(statement, 1, (int64_t)found);
		sqlite3_bind_int64(statement, 2, directory->id);
		result = statement_insert(store, statement, err);
	}
	return result;
}

static int grow(struct store *store, int64_t kernel_id, const struct store_results *results,
		struct cov_error *err)
{
	COV_AUTO(cov_footprint_deinit) struct cov_footprint lines = { 0 };
	int result = read_lines(store, kernel_id, results->kernel->line_count, &lines, err);

	if (result == 0)
		result = add_lines(store, kernel_id, results, &lines, err);
	return result ? result : count_found(store, kernel_id, &lines, err);
}

int store_universe_grow(struct store *store, int64_t kernel_id, const struct store_results *results,
			struct cov_error *err)
{
	bool has_new_lines = results->is_listed != NULL;
	int result = 0;

	if (!results->is_listed)
		result = link_objects(store, kernel_id, results, &has_new_lines, err);
	return result || !has_new_lines ? result : grow(store, kernel_id, results, err);
}

/* The objects that were decoded in any trial. @states: [kernel->object_count], zeroed */
static int mark_decoded(struct store *store, int64_t kernel_id, const struct cov_kernel *kernel,
			unsigned char *states, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(cov_decompressor_deinit) struct cov_decompressor decompressor = { 0 };
	int result = statement_prepare(store,
				       "SELECT object_states FROM trial WHERE kernel_id = ?"
				       " AND object_states IS NOT NULL",
				       &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	while ((result = statement_step(store, statement, err)) > 0) {
		size_t size;
		const unsigned char *of_trial =
		    cov_decompress(&decompressor, sqlite3_column_blob(statement, 0),
				   (size_t)sqlite3_column_bytes(statement, 0), &size);

		if (!of_trial || size != kernel->object_count)
			return cov_fail(err, COV_ERR_STORE,
					"%s: the counters of a trial are damaged", store->path);
		for (size_t i = 0; i < size; i++) {
			if (of_trial[i] == COV_OBJECT_DECODED)
				states[i] = COV_OBJECT_DECODED;
		}
	}
	return result;
}

static int unlink_objects(struct store *store, int64_t kernel_id, const struct cov_kernel *kernel,
			  const unsigned char *states, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "UPDATE object SET is_linked = 0 WHERE kernel_id = ? AND"
				       " object_id = ? AND is_linked = 1",
				       &statement, err);

	for (size_t i = 0; result == 0 && i < kernel->object_count; i++) {
		if (states[i] == COV_OBJECT_DECODED)
			continue;
		sqlite3_bind_int64(statement, 1, kernel_id);
		sqlite3_bind_int64(statement, 2, (int64_t)i);
		result = statement_insert(store, statement, err);
	}
	return result;
}

/* Remove the lines whose state is 0, run by run. */
static int remove_lines(struct store *store, int64_t kernel_id, const unsigned char *states,
			size_t line_count, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "DELETE FROM line WHERE kernel_id = ?1 AND line_id >= ?2"
				       " AND line_id < ?3",
				       &statement, err);

	for (size_t first = 0, end; result == 0 && first < line_count; first = end + 1) {
		end = first;
		while (end < line_count && !states[end])
			end++;
		if (end == first)
			continue;
		sqlite3_bind_int64(statement, 1, kernel_id);
		sqlite3_bind_int64(statement, 2, (int64_t)first);
		sqlite3_bind_int64(statement, 3, (int64_t)end);
		result = statement_insert(store, statement, err);
	}
	return result;
}

int store_universe_shrink(struct store *store, int64_t kernel_id, const struct cov_kernel *kernel,
			  struct cov_error *err)
{
	COV_AUTO(counters_deinit)
	struct cov_counters counters = {
		.values = cov_xcalloc(kernel->counter_count, sizeof(int64_t)),
		.states = cov_xcalloc(kernel->object_count, 1),
	};
	COV_AUTO(counts_deinit) struct cov_counts counts = { 0 };
	COV_AUTO(cov_footprint_deinit) struct cov_footprint lines = { 0 };
	int result = mark_decoded(store, kernel_id, kernel, counters.states, err);

	statement_forget(store);
	if (result == 0)
		result = counts_evaluate(kernel, &counters, &counts, err);
	if (result == 0)
		result = store_tracefile_mark(store, kernel, kernel_id, counts.states, err);
	if (result == 0)
		result = unlink_objects(store, kernel_id, kernel, counters.states, err);
	if (result == 0)
		result = remove_lines(store, kernel_id, counts.states, kernel->line_count, err);
	if (result == 0)
		result = read_lines(store, kernel_id, kernel->line_count, &lines, err);
	return result ? result : count_found(store, kernel_id, &lines, err);
}
