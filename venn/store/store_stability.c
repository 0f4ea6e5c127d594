/* store_stability.c - what repeated trials say, into the database and out of it. */
#include "venn/store/store_stability.h"

#include <math.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/store/statement.h"
#include "venn/store/store_limits.h"
#include "venn/store/store_tile.h"
#include "venn/store/store_tile_ids.h"

int store_stability_trial_ids(struct store *store, const struct store_stability_trials *trials,
			      int64_t *ids, size_t *count, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *find = NULL;
	int result = statement_prepare(store,
				       "SELECT trial_id FROM trial WHERE kernel_id = ?"
				       " AND platform_id = ? AND workload_id = ? AND status = 'ok'"
				       " AND lines_hit IS NOT NULL ORDER BY trial_id LIMIT ?",
				       &find, err);

	*count = 0;
	if (result)
		return result;
	sqlite3_bind_int64(find, 1, trials->kernel_id);
	sqlite3_bind_int64(find, 2, trials->platform_id);
	sqlite3_bind_int64(find, 3, trials->workload_id);
	sqlite3_bind_int64(find, 4, COV_STABILITY_TRIALS_MAX);
	while ((result = statement_step(store, find, err)) > 0)
		ids[(*count)++] = sqlite3_column_int64(find, 0);
	return result;
}

int store_stability_trial_masks(struct store_tile_ids *tiles,
				const struct store_stability_trials *trials, uint64_t *masks,
				size_t *count, struct cov_error *err)
{
	int64_t ids[COV_STABILITY_TRIALS_MAX];
	size_t word_count = (tiles->line_count + 63) / 64;
	COV_AUTO(free) uint64_t *words = cov_xcalloc(word_count, sizeof(*words));
	int result = store_stability_trial_ids(tiles->store, trials, ids, count, err);

	for (size_t i = 0; result == 0 && tiles->range.line_count && i < *count; i++) {
		memset(words, 0, word_count * sizeof(*words));
		result = store_tile_ids_trial(tiles, ids[i], words, err);
		store_tile_ids_mark(words, &tiles->range, (uint64_t)1 << i, masks);
	}
	return result;
}

void store_stability_cells_deinit(struct store_stability_cells *cells)
{
	for (size_t i = 0; i < cells->count; i++) {
		free(cells->items[i].platform);
		free(cells->items[i].workload);
	}
	free(cells->items);
	memset(cells, 0, sizeof(*cells));
}

int store_stability_cells(struct store *store, int64_t kernel_id,
			  const struct store_union *workloads, struct store_stability_cells *ret,
			  struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_stability_cells_deinit) struct store_stability_cells cells = { 0 };
	COV_AUTO(free) char *members = cov_format("workload_id IN (%s)", workloads->ids);
	COV_AUTO(free)
	char *sql = cov_format("SELECT platform_id, workload_id, p.name, w.name, count(*),"
			       " sum(duration_ns) FROM trial JOIN platform p USING (platform_id)"
			       " JOIN workload w USING (workload_id) WHERE kernel_id = ?1"
			       " AND status = 'ok' AND lines_hit IS NOT NULL AND %s"
			       " GROUP BY platform_id, workload_id ORDER BY 1, 2",
			       workloads->name ? members : "w.kind <> 'phase'");
	int result = statement_prepare(store, sql, &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	struct statement_row row = { store, statement, err, 0 };
	while (!row.result && (result = statement_step(store, statement, err)) > 0) {
		cells.items =
		    cov_grow(cells.items, cells.count, &cells.capacity, sizeof(*cells.items));
		cells.items[cells.count++] = (struct store_stability_cell){
			.trials = { kernel_id, sqlite3_column_int64(statement, 0),
				    sqlite3_column_int64(statement, 1) },
			.platform = statement_column_text(statement, 2),
			.workload = statement_column_text(statement, 3),
			.trial_count = sqlite3_column_int64(statement, 4),
			.duration_ns = statement_row_number(&row, 5, 0, store_duration_ns_max),
		};
	}
	if (row.result || result)
		return row.result ? row.result : result;
	*ret = cells;
	memset(&cells, 0, sizeof(cells));
	return 0;
}

static void bind_number(sqlite3_stmt *statement, int index, double number)
{
	if (!isnan(number))
		sqlite3_bind_double(statement, index, number);
}

int store_stability_add_agreement(struct store *store, int64_t footprint_id, int64_t directory_id,
				  const struct cov_stability *stability, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result =
	    statement_prepare(store,
			      "INSERT INTO agreement (footprint_id, directory_id, lines_any,"
			      " lines_most, lines_all, jaccard, chao2)"
			      " VALUES (?, ?, ?, ?, ?, ?, ?)",
			      &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, footprint_id);
	sqlite3_bind_int64(statement, 2, directory_id);
	sqlite3_bind_int64(statement, 3, stability->any);
	sqlite3_bind_int64(statement, 4, stability->most);
	sqlite3_bind_int64(statement, 5, stability->all);
	bind_number(statement, 6, stability->jaccard);
	bind_number(statement, 7, stability->chao2);
	return statement_insert(store, statement, err);
}

void store_stability_agreements_deinit(struct store_agreements *agreements)
{
	for (size_t i = 0; i < agreements->count; i++) {
		free(agreements->items[i].platform);
		free(agreements->items[i].workload);
	}
	free(agreements->items);
	memset(agreements, 0, sizeof(*agreements));
}

static double number_of(sqlite3_stmt *statement, int column)
{
	return sqlite3_column_type(statement, column) == SQLITE_NULL
		   ? NAN
		   : sqlite3_column_double(statement, column);
}

int store_stability_agreements(struct store *store, int64_t analysis_id, const char *directory,
			       const struct store_union *workloads, struct store_agreements *ret,
			       struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_stability_agreements_deinit) struct store_agreements list = { 0 };
	COV_AUTO(free) char *members = cov_format("workload_id IN (%s)", workloads->ids);
	COV_AUTO(free)
	char *sql = cov_format("SELECT p.name, w.name, f.trials, lines_any, lines_most,"
			       " lines_all, jaccard, chao2 FROM footprint f"
			       " JOIN agreement USING (footprint_id)"
			       " JOIN directory d USING (directory_id)"
			       " JOIN platform p USING (platform_id)"
			       " JOIN workload w USING (workload_id)"
			       " WHERE analysis_id = ?1 AND d.path = ?2 AND %s"
			       " ORDER BY platform_id, workload_id",
			       workloads->name ? members : "w.kind NOT IN ('phase', 'group')");
	int result = statement_prepare(store, sql, &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, analysis_id);
	statement_bind_text(statement, 2, directory);
	struct statement_row row = { store, statement, err, 0 };
	while ((result = statement_step(store, statement, err)) > 0) {
		list.items = cov_grow(list.items, list.count, &list.capacity, sizeof(*list.items));
		list.items[list.count++] = (struct store_agreement){
			.platform = statement_column_text(statement, 0),
			.workload = statement_column_text(statement, 1),
			.trial_count = sqlite3_column_int64(statement, 2),
			.stability = {
				.any = statement_row_number(&row, 3, 0, STORE_LINES_MAX),
				.most = statement_row_number(&row, 4, 0, STORE_LINES_MAX),
				.all = statement_row_number(&row, 5, 0, STORE_LINES_MAX),
				.jaccard = number_of(statement, 6),
				.chao2 = number_of(statement, 7),
			},
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

int store_stability_at_least(struct store *store, const struct store_query *query,
			     const char *directory, double *ret, struct cov_error *err)
{
	COV_AUTO(statement_rest) sqlite3_stmt *statement = NULL;
	int result = statement_keep(store,
				    "SELECT max(chao2, lines_any) FROM footprint"
				    " JOIN agreement USING (footprint_id)"
				    " WHERE analysis_id = ?1 AND platform_id = ?2"
				    " AND workload_id IS nullif(?3, 0) AND directory_id ="
				    " (SELECT directory_id FROM directory WHERE kernel_id = ?4"
				    " AND path = ?5)",
				    &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, query->analysis.id);
	sqlite3_bind_int64(statement, 3, query->workloads.stored_id);
	sqlite3_bind_int64(statement, 4, query->kernel_id);
	statement_bind_text(statement, 5, directory);
	for (size_t i = 0; i < query->platform_count; i++) {
		sqlite3_reset(statement);
		sqlite3_bind_int64(statement, 2, query->platforms[i].id);
		result = statement_step(store, statement, err);
		if (result < 0)
			return result;
		ret[i] = result ? number_of(statement, 0) : NAN;
	}
	return 0;
}

void store_stability_removals_deinit(struct store_removals *removals)
{
	for (size_t i = 0; i < removals->count; i++) {
		free(removals->items[i].rule);
		free(removals->items[i].baseline);
		free(removals->items[i].platform);
	}
	free(removals->items);
	memset(removals, 0, sizeof(*removals));
}

static struct store_removal *add_removal(struct store_removals *list,
					 const struct statement_row *row)
{
	list->items = cov_grow(list->items, list->count, &list->capacity, sizeof(*list->items));
	struct store_removal *removal = &list->items[list->count++];
	*removal = (struct store_removal){
		.rule = statement_column_text(row->statement, 0),
		.baseline = statement_column_text(row->statement, 1),
		.platform = statement_column_text(row->statement, 2),
	};
	return removal;
}

/* As they are stored. */
static int read_removals(struct store *store, int64_t kernel_id, int64_t workload_id,
			 struct store_removals *list, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT a.rule, a.baseline, p.name, f.hit, f.removed, f.kept"
				       " FROM analysis a JOIN footprint f USING (analysis_id)"
				       " JOIN platform p USING (platform_id)"
				       " WHERE kernel_id = ?1 AND is_current"
				       " AND workload_id IS nullif(?2, 0)"
				       " ORDER BY a.rule, a.baseline, platform_id",
				       &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	sqlite3_bind_int64(statement, 2, workload_id);
	struct statement_row row = { store, statement, err, 0 };
	while ((result = statement_step(store, statement, err)) > 0) {
		struct store_removal *removal = add_removal(list, &row);

		removal->hit = statement_row_number(&row, 3, 0, STORE_LINES_MAX);
		removal->removed = statement_row_number(&row, 4, 0, STORE_LINES_MAX);
		removal->kept = statement_row_number(&row, 5, 0, STORE_LINES_MAX);
		if (row.result)
			return row.result;
	}
	return result;
}

/* A union of footprints that is not stored: a line is removed that some removed and none kept. */
struct uniting {
	struct store_tile_ids tiles; /* owned, as the next two */
	struct cov_footprint hit, kept;
	int64_t analysis_id, platform_id; /* whose footprints they are */
};

static void uniting_deinit(struct uniting *uniting)
{
	store_tile_ids_deinit(&uniting->tiles);
	cov_footprint_deinit(&uniting->hit);
	cov_footprint_deinit(&uniting->kept);
}

COV_DEFINE_AUTO_STRUCT(struct uniting, uniting_deinit)

static void start_union(struct uniting *uniting)
{
	cov_footprint_deinit(&uniting->hit);
	cov_footprint_deinit(&uniting->kept);
	cov_footprint_init(&uniting->hit, uniting->tiles.line_count);
	cov_footprint_init(&uniting->kept, uniting->tiles.line_count);
}

/* Another footprint of the last removal, or the first of a new one. */
static int unite_footprint(struct uniting *uniting, struct statement_row *row,
			   struct store_removals *list)
{
	int64_t footprint_id = sqlite3_column_int64(row->statement, 3);
	int64_t analysis_id = sqlite3_column_int64(row->statement, 4);
	int64_t platform_id = sqlite3_column_int64(row->statement, 5);

	if (analysis_id != uniting->analysis_id || platform_id != uniting->platform_id) {
		add_removal(list, row);
		uniting->analysis_id = analysis_id;
		uniting->platform_id = platform_id;
		start_union(uniting);
	}
	int result =
	    store_tile_ids_hit(&uniting->tiles, footprint_id, uniting->hit.words, row->err);
	if (result == 0)
		result = store_tile_ids_footprint(&uniting->tiles, footprint_id,
						  uniting->kept.words, row->err);
	struct store_removal *removal = &list->items[list->count - 1];
	removal->hit = (int64_t)cov_footprint_count(&uniting->hit);
	removal->kept = (int64_t)cov_footprint_count(&uniting->kept);
	removal->removed = removal->hit - removal->kept;
	return result;
}

static int unite_removals(struct store *store, const struct store_kernel *kernel,
			  const struct store_union *workloads, struct store_removals *list,
			  struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(uniting_deinit)
	struct uniting uniting = { .tiles = { .store = store,
					      .kernel_id = kernel->id,
					      .line_count = (size_t)kernel->line_count } };
	COV_AUTO(free)
	char *sql = cov_format("SELECT rule, baseline, name, footprint_id, analysis_id, platform_id"
			       " FROM analysis JOIN footprint USING (analysis_id)"
			       " JOIN platform USING (platform_id)"
			       " WHERE kernel_id = ? AND is_current AND workload_id IN (%s)"
			       " ORDER BY rule, baseline, platform_id",
			       workloads->ids);
	int result = statement_prepare(store, sql, &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel->id);
	struct statement_row row = { store, statement, err, 0 };
	while ((result = statement_step(store, statement, err)) > 0) {
		result = unite_footprint(&uniting, &row, list);
		if (result)
			return result;
	}
	return result;
}

int store_stability_removals(struct store *store, const struct store_kernel *kernel,
			     const struct store_union *workloads, struct store_removals *ret,
			     struct cov_error *err)
{
	COV_AUTO(store_stability_removals_deinit) struct store_removals list = { 0 };
	int result = workloads->stored_id == STORE_NOT_STORED
			 ? unite_removals(store, kernel, workloads, &list, err)
			 : read_removals(store, kernel->id, workloads->stored_id, &list, err);

	if (result)
		return result;
	*ret = list;
	memset(&list, 0, sizeof(list));
	return 0;
}

void store_stability_contradictions_deinit(struct store_contradictions *contradictions)
{
	for (size_t i = 0; i < contradictions->count; i++) {
		free(contradictions->items[i].function);
		free(contradictions->items[i].file);
	}
	free(contradictions->items);
	memset(contradictions, 0, sizeof(*contradictions));
}

/* What a tile of a trial has of contradictions: lists of trial, function, contradiction. */
static bool add_contradicting(struct statement_row *row, struct cov_text *rows)
{
	int64_t contradictions[TILE_IDS];
	int64_t trial_id = sqlite3_column_int64(row->statement, 0);
	int64_t tile = statement_row_number(row, 1, 0, STORE_LINES_MAX / TILE_IDS);
	int64_t classes = statement_row_number(row, 2, 1, TILE_IDS);
	const char *marks = statement_column_peek(row->statement, 3);

	if (row->result)
		return true;
	if (!marks || !tile_read(statement_column_peek(row->statement, 4), (size_t)classes, 0,
				 contradictions))
		return false;
	for (size_t i = 0; i < TILE_IDS && marks[i]; i++) {
		int class = tile_class(marks[i]);

		if (class >= classes || class < -1)
			return false;
		if (class >= 0 && contradictions[class] > 0)
			cov_text_print(rows, "%s[%lld,%lld,%lld]", rows->length > 1 ? "," : "",
				       (long long)trial_id,
				       (long long)(tile * TILE_IDS) + (long long)i,
				       (long long)contradictions[class]);
	}
	return true;
}

/*
 * Few functions contradict themselves: only tiles that have one are looked into, by the index that
 * has no others. A view, which has a row for every function, is asked for all of them.
 */
static int list_contradicting(struct store *store, int64_t kernel_id, struct cov_text *rows,
			      struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(
	    store,
	    "SELECT trial_id, t.tile, classes, marks, contradictions FROM trial k"
	    " CROSS JOIN trial_function_tile t INDEXED BY trial_function_contradiction"
	    " USING (trial_id) CROSS JOIN function_pattern m"
	    " ON m.kernel_id = k.kernel_id AND m.tile = t.tile AND m.pattern = t.pattern"
	    " WHERE k.kernel_id = ?1 AND contradictions IS NOT NULL",
	    &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	cov_text_print(rows, "[");
	struct statement_row row = { store, statement, err, 0 };
	while ((result = statement_step(store, statement, err)) > 0) {
		if (!add_contradicting(&row, rows))
			return cov_fail(err, COV_ERR_STORE,
					"%s: is damaged: tile %lld of functions is no tile",
					store->path, (long long)sqlite3_column_int64(statement, 1));
		if (row.result)
			return row.result;
	}
	cov_text_print(rows, "]");
	return result;
}

int store_stability_contradictions(struct store *store, int64_t kernel_id, int64_t line_first,
				   int64_t line_count, struct store_contradictions *ret,
				   struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_stability_contradictions_deinit) struct store_contradictions list = { 0 };
	COV_AUTO(cov_text_deinit) struct cov_text rows = { 0 };
	int result = list_contradicting(store, kernel_id, &rows, err);

	if (result == 0)
		result = statement_prepare(
		    store,
		    "SELECT f.name, file.path, f.start_line, count(DISTINCT value ->> 0),"
		    " max(value ->> 2) FROM json_each(?4) CROSS JOIN function f"
		    " ON f.kernel_id = ?1 AND f.function_id = value ->> 1"
		    " CROSS JOIN file USING (kernel_id, file_id)"
		    " WHERE file.line_first >= ?2 AND file.line_first < ?2 + ?3"
		    " GROUP BY f.name, file_id, f.start_line ORDER BY 5 DESC, 1, 2",
		    &statement, err);
	if (result)
		return result;
	statement_bind_text(statement, 4, rows.data);
	sqlite3_bind_int64(statement, 1, kernel_id);
	sqlite3_bind_int64(statement, 2, line_first);
	sqlite3_bind_int64(statement, 3, line_count);
	while ((result = statement_step(store, statement, err)) > 0) {
		list.items = cov_grow(list.items, list.count, &list.capacity, sizeof(*list.items));
		list.items[list.count++] = (struct store_contradiction){
			.function = statement_column_text(statement, 0),
			.file = statement_column_text(statement, 1),
			.start_line = sqlite3_column_int64(statement, 2),
			.trial_count = sqlite3_column_int64(statement, 3),
			.missing_max = sqlite3_column_int64(statement, 4),
		};
	}
	if (result < 0)
		return result;
	*ret = list;
	memset(&list, 0, sizeof(list));
	return 0;
}
