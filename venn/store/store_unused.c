/* store_unused.c - patterns of tiles that nothing has any more. */
#include "venn/store/store_unused.h"

#include <stdbool.h>
#include <stdlib.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/text.h"
#include "venn/store/statement.h"
#include "venn/store/store_pattern.h"

/* Beyond, as when a baseline changes, reading all tiles takes less than looking for so many. */
enum { NOTED_MAX = 1 << 15 };

/* What asks about the patterns of lines, and of functions; ?1: the kernel. */
struct queries {
	const char *of_footprints; /* tile and pattern of footprints, which follow */
	const char *all;           /* tile and number of patterns */
	const char *used[2];       /* tile and pattern that footprints have, and trials */
	const char *used_of[2];    /* the same of the tiles in a list, ?2 */
	const char *remove;        /* pattern ?3 of tile ?2 */
};

#define FOOTPRINTS(which)                                                                          \
	"SELECT tile, pattern FROM analysis CROSS JOIN footprint f USING (analysis_id)"            \
	" CROSS JOIN footprint_" which "_tile USING (footprint_id) WHERE kernel_id = ?1"
#define TRIALS(which)                                                                              \
	"SELECT tile, pattern FROM trial CROSS JOIN trial_" which "_tile USING (trial_id)"         \
	" WHERE kernel_id = ?1"
#define OF_TILES " AND tile IN (SELECT value FROM json_each(?2))"

#define QUERIES(which)                                                                             \
	{                                                                                          \
		.of_footprints =                                                                   \
		    "SELECT tile, pattern FROM footprint_" which "_tile WHERE footprint_id IN ",   \
		.all = "SELECT tile, pattern FROM " which "_pattern WHERE kernel_id = ?1",         \
		.used = { FOOTPRINTS(which), TRIALS(which) },                                      \
		.used_of = { FOOTPRINTS(which) OF_TILES, TRIALS(which) OF_TILES },                 \
		.remove = "DELETE FROM " which "_pattern WHERE kernel_id = ?1 AND tile = ?2"       \
			  " AND pattern = ?3",                                                     \
	}

static const struct queries queries[STORE_PATTERN_KINDS] = {
	[STORE_PATTERN_LINES] = QUERIES("line"),
	[STORE_PATTERN_FUNCTIONS] = QUERIES("function"),
};

int store_unused_know(struct store *store, int64_t kernel_id, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_know(store, kernel_id, err);

	if (result || store->known.has_noted_all)
		return result;
	result = statement_prepare(store,
				   "SELECT 1 FROM analysis WHERE kernel_id = ? AND NOT is_current",
				   &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	result = statement_step(store, statement, err);
	store->known.has_noted_all = result == 0;
	return result < 0 ? result : 0;
}

void store_unused_doubt(struct store *store)
{
	store->known.has_noted_all = false;
}

static int note(struct store *store, enum store_pattern_kind kind, const char *footprints,
		const int64_t *ids, int count, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(free) char *sql = cov_format("%s%s", queries[kind].of_footprints, footprints);
	struct pattern_list *noted = &store->known.noted[kind];
	int result = statement_prepare(store, sql, &statement, err);

	if (result)
		return result;
	for (int i = 0; i < count; i++)
		sqlite3_bind_int64(statement, i + 1, ids[i]);
	while ((result = statement_step(store, statement, err)) > 0 && noted->count < NOTED_MAX)
		pattern_list_add(noted, sqlite3_column_int64(statement, 0),
				 sqlite3_column_int64(statement, 1));
	if (result > 0)
		store_unused_doubt(store);
	pattern_list_sort(noted);
	return result < 0 ? result : 0;
}

int store_unused_note(struct store *store, const char *footprints, const int64_t *ids, int count,
		      struct cov_error *err)
{
	int result = 0;

	for (int kind = 0; result == 0 && kind < STORE_PATTERN_KINDS; kind++) {
		if (store->known.has_noted_all)
			result = note(store, kind, footprints, ids, count, err);
	}
	return result;
}

/* @sql: gives tile and number of patterns. @tiles: ?2, if it asks for one */
static int each_pattern(struct store *store, const char *sql, const char *tiles,
			void (*visit)(struct pattern_list *list, int64_t tile, int64_t number),
			struct pattern_list *list, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store, sql, &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, store->known.kernel_id);
	if (tiles)
		statement_bind_text(statement, 2, tiles);
	while ((result = statement_step(store, statement, err)) > 0)
		visit(list, sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1));
	return result;
}

/* Looked up in memory, which takes a fifth of the time of a subquery that SQLite would make a table
 * of. */
static int list_unused(struct store *store, const struct queries *of, struct pattern_list *ret,
		       struct cov_error *err)
{
	int result = each_pattern(store, of->all, NULL, pattern_list_add, ret, err);

	pattern_list_sort(ret);
	for (int i = 0; result == 0 && i < 2; i++)
		result = each_pattern(store, of->used[i], NULL, pattern_list_use, ret, err);
	return result;
}

/* The tiles of patterns, as json_each() reads them. free() it. */
static char *list_tiles(const struct pattern_list *list)
{
	struct cov_text text = { 0 };

	for (size_t i = 0; i < list->count; i++) {
		if (!i || list->items[i].tile != list->items[i - 1].tile)
			cov_text_print(&text, "%c%lld", i ? ',' : '[',
				       (long long)list->items[i].tile);
	}
	cov_text_print(&text, "%s", list->count ? "]" : "[]");
	return text.data;
}

/* Those that were made in place of what was deleted have most of them. */
static int check_noted(struct store *store, const struct queries *of, struct pattern_list *noted,
		       struct cov_error *err)
{
	int result = 0;

	for (int i = 0; result == 0 && i < 2; i++) {
		pattern_list_drop_used(noted);
		COV_AUTO(free) char *tiles = list_tiles(noted);

		if (noted->count)
			result = each_pattern(store, of->used_of[i], tiles, pattern_list_use, noted,
					      err);
	}
	return result;
}

static int delete_unused(struct store *store, const struct queries *of,
			 const struct pattern_list *list, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store, of->remove, &statement, err);

	for (size_t i = 0; result == 0 && i < list->count; i++) {
		if (list->items[i].is_used)
			continue;
		sqlite3_bind_int64(statement, 1, store->known.kernel_id);
		sqlite3_bind_int64(statement, 2, list->items[i].tile);
		sqlite3_bind_int64(statement, 3, list->items[i].number);
		result = statement_insert(store, statement, err);
	}
	return result;
}

int store_unused_delete(struct store *store, int64_t kernel_id, struct cov_error *err)
{
	struct store_known *known = &store->known;
	int result = statement_know(store, kernel_id, err);
	bool has_noted_all = known->has_noted_all;

	if (result || (has_noted_all && !known->noted[STORE_PATTERN_LINES].count &&
		       !known->noted[STORE_PATTERN_FUNCTIONS].count))
		return result;
	for (int kind = 0; result == 0 && kind < STORE_PATTERN_KINDS; kind++) {
		COV_AUTO(pattern_list_deinit) struct pattern_list list = { 0 };

		if (has_noted_all) {
			list = known->noted[kind];
			known->noted[kind] = (struct pattern_list){ 0 };
			result = check_noted(store, &queries[kind], &list, err);
		} else {
			result = list_unused(store, &queries[kind], &list, err);
		}
		if (result == 0)
			result = delete_unused(store, &queries[kind], &list, err);
	}
	/* Numbers of patterns that are not there are known, too. */
	statement_forget(store);
	if (result == 0)
		result = statement_know(store, kernel_id, err);
	known->has_noted_all = result == 0;
	return result;
}
