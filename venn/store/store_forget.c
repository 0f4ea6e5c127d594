/* store_forget.c - what was made of trials goes when there are others; all else stays. */
#include "venn/store/store_forget.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "venn/store/statement.h"

static int run(struct store *store, const char *const *sql, const int64_t *ids, int count,
	       struct cov_error *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && sql[i]; i++) {
		COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;

		result = statement_prepare(store, sql[i], &statement, err);
		for (int j = 0;
		     result == 0 && j < sqlite3_bind_parameter_count(statement) && j < count; j++)
			sqlite3_bind_int64(statement, j + 1, ids[j]);
		if (result == 0)
			result = statement_insert(store, statement, err);
	}
	return result;
}

/* Of kernel ?1, platform ?2 and workload ?3. */
#define GROUP                                                                                      \
	" FROM analysis a CROSS JOIN platform p ON p.platform_id = ?2"                             \
	" CROSS JOIN workload w ON w.workload_id = ?3"
/* Whether all of the analysis is set against the group. */
#define IS_BASELINE                                                                                \
	" (w.kind = 'observer' OR (w.kind = 'idle' AND a.baseline = p.name || '/' || w.name))"
#define IS_OWN_BASELINE " (w.kind = 'idle' AND a.baseline = 'own')"
#define UNIONS          " (SELECT group_id FROM workload_member WHERE workload_id = ?3)"

static const char *const forget_group[] = {
	"DELETE FROM footprint WHERE footprint_id IN (SELECT f.footprint_id" GROUP
	" CROSS JOIN footprint f ON f.analysis_id = a.analysis_id WHERE a.kernel_id = ?1"
	" AND (" IS_BASELINE " OR (f.platform_id = ?2 AND (" IS_OWN_BASELINE
	"  OR f.workload_id = ?3 OR f.workload_id IN" UNIONS
	"  OR (f.workload_id IS NULL AND w.kind = 'workload')))))",
	"DELETE FROM region WHERE (analysis_id, workload_id) IN (SELECT a.analysis_id, r.id" GROUP
	" CROSS JOIN (SELECT 0 AS id UNION SELECT workload_id FROM workload) r"
	" WHERE a.kernel_id = ?1 AND (" IS_BASELINE " OR " IS_OWN_BASELINE
	"  OR p.driver IS 'set' OR r.id = ?3 OR r.id IN" UNIONS
	" OR (r.id = 0 AND w.kind = 'workload')))",
	"UPDATE analysis SET is_current = 0 WHERE kernel_id = ?1",
	NULL,
};

int store_forget_group(struct store *store, int64_t kernel_id, int64_t platform_id,
		       int64_t workload_id, struct cov_error *err)
{
	return run(store, forget_group, (int64_t[]){ kernel_id, platform_id, workload_id }, 3, err);
}

int store_forget_union(struct store *store, int64_t group_id, struct cov_error *err)
{
	static const char *const sql[] = {
		"UPDATE analysis SET is_current = 0 WHERE analysis_id IN"
		" (SELECT analysis_id FROM footprint f JOIN workload_member m USING (workload_id)"
		"  WHERE m.group_id = ?1)",
		"DELETE FROM region WHERE workload_id = ?1",
		"DELETE FROM footprint WHERE workload_id = ?1",
		NULL,
	};

	return run(store, sql, &group_id, 1, err);
}

/* A pattern, and whether something has it. */
struct pattern {
	int64_t tile, number;
	bool is_used;
};

struct patterns {
	struct store *store;
	int64_t kernel_id;
	struct pattern *items; /* [count], by tile, then number; owned */
	size_t count, capacity;
};

static void patterns_deinit(struct patterns *patterns)
{
	free(patterns->items);
}

COV_DEFINE_AUTO_STRUCT(struct patterns, patterns_deinit)

static int compare_patterns(const void *a, const void *b)
{
	const struct pattern *first = a, *second = b;

	if (first->tile != second->tile)
		return first->tile < second->tile ? -1 : 1;
	return (first->number > second->number) - (first->number < second->number);
}

static void add_pattern(struct patterns *patterns, const struct pattern *pattern)
{
	patterns->items = cov_grow(patterns->items, patterns->count, &patterns->capacity,
				   sizeof(*patterns->items));
	patterns->items[patterns->count++] = *pattern;
}

static void use_pattern(struct patterns *patterns, const struct pattern *pattern)
{
	struct pattern *found = patterns->count
				    ? bsearch(pattern, patterns->items, patterns->count,
					      sizeof(*patterns->items), compare_patterns)
				    : NULL;

	if (found)
		found->is_used = true;
}

/* @sql: gives tile and number of patterns of kernel ?1 */
static int each_pattern(struct patterns *patterns, const char *sql,
			void (*visit)(struct patterns *patterns, const struct pattern *pattern),
			struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(patterns->store, sql, &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, patterns->kernel_id);
	while ((result = statement_step(patterns->store, statement, err)) > 0)
		visit(patterns, &(struct pattern){ .tile = sqlite3_column_int64(statement, 0),
						   .number = sqlite3_column_int64(statement, 1) });
	return result;
}

static int delete_unused(struct patterns *patterns, const char *sql, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(patterns->store, sql, &statement, err);

	for (size_t i = 0; result == 0 && i < patterns->count; i++) {
		if (patterns->items[i].is_used)
			continue;
		sqlite3_bind_int64(statement, 1, patterns->kernel_id);
		sqlite3_bind_int64(statement, 2, patterns->items[i].tile);
		sqlite3_bind_int64(statement, 3, patterns->items[i].number);
		result = statement_insert(patterns->store, statement, err);
	}
	return result;
}

/*
 * @sql: what lists the patterns, those of trials and those of footprints, and deletes one. Looked
 * up in memory, which takes a fifth of the time of a subquery that SQLite would make a table of.
 */
static int forget_unused(struct store *store, int64_t kernel_id, const char *const sql[4],
			 struct cov_error *err)
{
	COV_AUTO(patterns_deinit)
	struct patterns patterns = { .store = store, .kernel_id = kernel_id };
	int result = each_pattern(&patterns, sql[0], add_pattern, err);

	if (result == 0)
		result = each_pattern(&patterns, sql[1], use_pattern, err);
	if (result == 0)
		result = each_pattern(&patterns, sql[2], use_pattern, err);
	return result ? result : delete_unused(&patterns, sql[3], err);
}

#define OF_KERNEL(which)                                                                           \
	{                                                                                          \
		"SELECT tile, pattern FROM " which "_pattern WHERE kernel_id = ?1"                 \
		" ORDER BY tile, pattern",                                                         \
		    "SELECT tile, pattern FROM trial JOIN trial_" which "_tile USING (trial_id)"   \
		    " WHERE kernel_id = ?1",                                                       \
		    "SELECT tile, pattern FROM analysis JOIN footprint USING (analysis_id)"        \
		    " JOIN footprint_" which "_tile USING (footprint_id) WHERE kernel_id = ?1",    \
		    "DELETE FROM " which "_pattern WHERE kernel_id = ?1 AND tile = ?2"             \
		    " AND pattern = ?3",                                                           \
	}

int store_forget_patterns(struct store *store, int64_t kernel_id, struct cov_error *err)
{
	static const char *const sql[2][4] = { OF_KERNEL("line"), OF_KERNEL("function") };
	int result = 0;

	statement_forget(store);
	for (size_t i = 0; result == 0 && i < 2; i++)
		result = forget_unused(store, kernel_id, sql[i], err);
	return result;
}
