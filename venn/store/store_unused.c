/* store_unused.c - patterns of tiles that nothing has any more. */
#include "venn/store/store_unused.h"

#include <stdbool.h>
#include <stdlib.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "venn/store/statement.h"
#include "venn/store/store_pattern.h"

/* By tile, then number. */
struct patterns {
	struct pattern {
		int64_t tile, number;
		bool is_used; /* something has it */
	} * items;            /* [count]; owned */
	size_t count, capacity;
};

static void patterns_deinit(struct patterns *patterns)
{
	free(patterns->items);
}

COV_DEFINE_AUTO_STRUCT(struct patterns, patterns_deinit)

static void add_pattern(struct patterns *patterns, int64_t tile, int64_t number)
{
	patterns->items = cov_grow(patterns->items, patterns->count, &patterns->capacity,
				   sizeof(*patterns->items));
	patterns->items[patterns->count++] = (struct pattern){ .tile = tile, .number = number };
}

static int compare(const void *a, const void *b)
{
	const struct pattern *first = a, *second = b;

	if (first->tile != second->tile)
		return first->tile < second->tile ? -1 : 1;
	return (first->number > second->number) - (first->number < second->number);
}

static void use_pattern(struct patterns *patterns, int64_t tile, int64_t number)
{
	const struct pattern pattern = { .tile = tile, .number = number };
	struct pattern *found = patterns->count ? bsearch(&pattern, patterns->items,
							  patterns->count, sizeof(pattern), compare)
						: NULL;

	if (found)
		found->is_used = true;
}

/* What asks about the patterns of lines, and of functions; ?1: the kernel. */
struct queries {
	const char *all;     /* tile and number of patterns, in order */
	const char *used[2]; /* tile and pattern that footprints have, and trials */
	const char *remove;  /* pattern ?3 of tile ?2 */
};

#define QUERIES(which)                                                                             \
	{                                                                                          \
		.all = "SELECT tile, pattern FROM " which "_pattern WHERE kernel_id = ?1"          \
		       " ORDER BY tile, pattern",                                                  \
		.used = { "SELECT tile, pattern FROM analysis CROSS JOIN footprint f"              \
			  " USING (analysis_id) CROSS JOIN footprint_" which "_tile"               \
			  " USING (footprint_id) WHERE kernel_id = ?1",                            \
			  "SELECT tile, pattern FROM trial CROSS JOIN trial_" which "_tile"        \
			  " USING (trial_id) WHERE kernel_id = ?1" },                              \
		.remove = "DELETE FROM " which "_pattern WHERE kernel_id = ?1 AND tile = ?2"       \
			  " AND pattern = ?3",                                                     \
	}

static const struct queries queries[STORE_PATTERN_KINDS] = {
	[STORE_PATTERN_LINES] = QUERIES("line"),
	[STORE_PATTERN_FUNCTIONS] = QUERIES("function"),
};

/* @sql: gives tile and number of patterns */
static int each_pattern(struct store *store, const char *sql,
			void (*visit)(struct patterns *patterns, int64_t tile, int64_t number),
			struct patterns *patterns, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store, sql, &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, store->known.kernel_id);
	while ((result = statement_step(store, statement, err)) > 0)
		visit(patterns, sqlite3_column_int64(statement, 0),
		      sqlite3_column_int64(statement, 1));
	return result;
}

/* Looked up in memory, which takes a fifth of the time of a subquery that SQLite would make a table
 * of. */
static int list_unused(struct store *store, const struct queries *of, struct patterns *ret,
		       struct cov_error *err)
{
	int result = each_pattern(store, of->all, add_pattern, ret, err);

	for (int i = 0; result == 0 && i < 2; i++)
		result = each_pattern(store, of->used[i], use_pattern, ret, err);
	return result;
}

static int delete_unused(struct store *store, const struct queries *of,
			 const struct patterns *patterns, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store, of->remove, &statement, err);

	for (size_t i = 0; result == 0 && i < patterns->count; i++) {
		if (patterns->items[i].is_used)
			continue;
		sqlite3_bind_int64(statement, 1, store->known.kernel_id);
		sqlite3_bind_int64(statement, 2, patterns->items[i].tile);
		sqlite3_bind_int64(statement, 3, patterns->items[i].number);
		result = statement_insert(store, statement, err);
	}
	return result;
}

int store_unused_delete(struct store *store, int64_t kernel_id, struct cov_error *err)
{
	int result = statement_know(store, kernel_id, err);

	for (int kind = 0; result == 0 && kind < STORE_PATTERN_KINDS; kind++) {
		COV_AUTO(patterns_deinit) struct patterns patterns = { 0 };

		result = list_unused(store, &queries[kind], &patterns, err);
		if (result == 0)
			result = delete_unused(store, &queries[kind], &patterns, err);
	}
	/* Numbers of patterns that are not there are known, too. */
	statement_forget(store);
	return result;
}
