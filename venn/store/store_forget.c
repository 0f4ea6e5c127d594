/* store_forget.c - what was made of trials goes when there are others; all else stays. */
#include "venn/store/store_forget.h"

#include <stddef.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
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
