/* store_boot.c - when the machine was booted that a trial ran on. */
#include "venn/store/store_boot.h"

#include <math.h>

#include "venn/store/statement.h"

int store_boot_find(struct store *store, int64_t trial_id, double *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(
	    store,
	    "SELECT unixepoch(o.started_at) - max(s.value ->> '$.start_ns') / 1e9"
	    " FROM trial t JOIN trial o ON o.kernel_id = t.kernel_id"
	    "  AND o.platform_id = t.platform_id AND o.started_at = t.started_at,"
	    " json_each(iif(json_valid(o.manifest), o.manifest, '{}'), '$.steps') s"
	    " WHERE t.trial_id = ? AND s.value ->> '$.step' = 'reset'",
	    &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, trial_id);
	result = statement_step(store, statement, err);
	if (result < 0)
		return result;
	*ret = sqlite3_column_type(statement, 0) == SQLITE_NULL
		   ? NAN
		   : sqlite3_column_double(statement, 0);
	return 0;
}
