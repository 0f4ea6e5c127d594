/* store_names.c - the names that a database knows: of platforms, workloads, files, functions... */
#include "venn/store/store_names.h"

#include <stdint.h>
#include <stdlib.h>

#include "collector/base/memory.h"
#include "venn/store/statement.h"

#define BEGINS(column) column " BETWEEN ?1 AND ?1 || char(1114111)"

/* By enum store_names_kind; ?1 is what they begin with, ?2 how many there are at most. */
static const char *const queries[] = {
	"SELECT name FROM platform WHERE " BEGINS("name") " ORDER BY platform_id LIMIT ?2",
	"SELECT name FROM workload WHERE " BEGINS("name") " ORDER BY workload_id LIMIT ?2",
	"SELECT name FROM kernel WHERE " BEGINS("name") " ORDER BY kernel_id LIMIT ?2",
	"SELECT name FROM (SELECT DISTINCT p.name || '/' || w.name || '/' || number AS name"
	" FROM trial JOIN platform p USING (platform_id) JOIN workload w USING (workload_id))"
	" WHERE " BEGINS("name") " ORDER BY name LIMIT ?2",
	"SELECT DISTINCT shown FROM (SELECT path, path || '/' AS shown FROM directory"
	"  WHERE path <> '.' UNION ALL SELECT path, path FROM file)"
	" WHERE " BEGINS(
	    "shown") " AND shown <> ?1"
		     " AND instr(substr(path, length(?1) + 1), '/') = 0 ORDER BY shown LIMIT ?2",
	"SELECT DISTINCT name FROM function WHERE " BEGINS("name") " ORDER BY name LIMIT ?2",
};

int store_names_read(struct store *store, enum store_names_kind kind, const char *prefix,
		     size_t most, struct store_names *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_names_deinit) struct store_names names = { 0 };
	int result = statement_prepare(store, queries[kind], &statement, err);

	if (result)
		return result;
	statement_bind_text(statement, 1, prefix);
	sqlite3_bind_int64(statement, 2, most ? (int64_t)most : -1);
	while ((result = statement_step(store, statement, err)) > 0) {
		names.items =
		    cov_grow(names.items, names.count, &names.capacity, sizeof(*names.items));
		names.items[names.count++] = statement_column_text(statement, 0);
	}
	if (result < 0)
		return result;
	*ret = names;
	names = (struct store_names){ 0 };
	return 0;
}

void store_names_deinit(struct store_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
	*names = (struct store_names){ 0 };
}
