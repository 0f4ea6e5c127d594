/* store_region.c - footprints and regions in the database, and what a Venn diagram reads. */
#include "venn/store/store_region.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/sets/regions.h"
#include "venn/store/statement.h"
#include "venn/store/store_workload.h"

int store_region_add(struct store *store, int64_t analysis_id, const struct store_region *region,
		     struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "INSERT INTO region (analysis_id, directory_id, workload_id,"
				       " mask, lines) VALUES (?, ?, ?, ?, ?)",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, analysis_id);
	sqlite3_bind_int64(statement, 2, region->directory_id);
	sqlite3_bind_int64(statement, 3, region->workload_id);
	sqlite3_bind_int64(statement, 4, (int64_t)region->mask);
	sqlite3_bind_int64(statement, 5, region->lines);
	return statement_insert(store, statement, err);
}

void store_venn_deinit(struct store_venn *venn)
{
	for (size_t i = 0; i < venn->platform_count; i++)
		free(venn->platforms[i].name);
	store_analysis_deinit(&venn->analysis);
	free(venn->regions);
	memset(venn, 0, sizeof(*venn));
}

static int read_left_out(struct store *store, struct store_venn *venn, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT max(objects_left_out) FROM footprint"
				       " WHERE analysis_id = ?",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, venn->analysis.id);
	result = statement_step(store, statement, err);
	venn->objects_left_out = sqlite3_column_int64(statement, 0);
	return result < 0 ? result : 0;
}

/* Platforms with a footprint of the workload, in the order they were imported. */
static int read_platforms(struct store *store, int64_t workload_id, struct store_venn *venn,
			  struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT DISTINCT p.name, p.bit FROM footprint"
				       " JOIN platform p USING (platform_id)"
				       " JOIN workload w USING (workload_id) WHERE analysis_id = ?1"
				       " AND iif(?2 = 0, w.kind = 'workload', workload_id = ?2)"
				       " ORDER BY p.platform_id",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, venn->analysis.id);
	sqlite3_bind_int64(statement, 2, workload_id);
	while ((result = statement_step(store, statement, err)) > 0 &&
	       venn->platform_count < STORE_PLATFORMS_MAX) {
		venn->platforms[venn->platform_count].name = statement_column_text(statement, 0);
		venn->platforms[venn->platform_count++].bit = sqlite3_column_int(statement, 1);
	}
	return result < 0 ? result : 0;
}

static void add_region(struct store_venn *venn, size_t *capacity, uint64_t mask, int64_t lines)
{
	venn->regions =
	    cov_grow(venn->regions, venn->region_count, capacity, sizeof(*venn->regions));
	venn->regions[venn->region_count++] = (struct store_region){ .mask = mask, .lines = lines };
}

/* The stored regions of a directory. Return: 1, or 0 if there is no such directory. */
static int read_directory(struct store *store, int64_t kernel_id, const char *directory,
			  int64_t workload_id, struct store_venn *venn, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *find = NULL;
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *read = NULL;
	size_t capacity = 0;
	int result = statement_prepare(store,
				       "SELECT directory_id, found FROM directory"
				       " WHERE kernel_id = ? AND path = ?",
				       &find, err);
	if (result)
		return result;
	sqlite3_bind_int64(find, 1, kernel_id);
	statement_bind_text(find, 2, directory);
	result = statement_step(store, find, err);
	if (result <= 0)
		return result;
	venn->found = sqlite3_column_int64(find, 1);
	result = statement_prepare(store,
				   "SELECT mask, lines FROM region WHERE analysis_id = ?"
				   " AND directory_id = ? AND workload_id = ?",
				   &read, err);
	if (result)
		return result;
	sqlite3_bind_int64(read, 1, venn->analysis.id);
	sqlite3_bind_int64(read, 2, sqlite3_column_int64(find, 0));
	sqlite3_bind_int64(read, 3, workload_id);
	while ((result = statement_step(store, read, err)) > 0)
		add_region(venn, &capacity, (uint64_t)sqlite3_column_int64(read, 0),
			   sqlite3_column_int64(read, 1));
	return result < 0 ? result : 1;
}

/* One file's regions are counted from the footprints. Return: 1, or 0 if there is no such file. */
static int read_file(struct store *store, int64_t kernel_id, const char *file, int64_t workload_id,
		     struct store_venn *venn, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *find = NULL;
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *read = NULL;
	size_t capacity = 0;
	int result =
	    statement_prepare(store,
			      "SELECT f.line_first, f.line_count, (SELECT count(*) FROM line l"
			      " WHERE l.kernel_id = f.kernel_id AND l.line_id >= f.line_first"
			      " AND l.line_id < f.line_first + f.line_count) FROM file f"
			      " WHERE kernel_id = ? AND path = ?",
			      &find, err);
	if (result)
		return result;
	sqlite3_bind_int64(find, 1, kernel_id);
	statement_bind_text(find, 2, file);
	result = statement_step(store, find, err);
	if (result <= 0)
		return result;
	venn->found = sqlite3_column_int64(find, 2);
	venn->is_file = true;
	/* sum() of powers of two is their union, since a platform's bit comes once a line. */
	result = statement_prepare(
	    store,
	    "SELECT mask, count(*) FROM (SELECT sum(bit) AS mask FROM"
	    " (SELECT DISTINCT line_id, 1 << p.bit AS bit FROM footprint"
	    " JOIN footprint_line USING (footprint_id)"
	    " JOIN platform p USING (platform_id)"
	    " JOIN workload w USING (workload_id) WHERE analysis_id = ?1"
	    " AND iif(?2 = 0, w.kind = 'workload', workload_id = ?2) AND line_id >= ?3"
	    " AND line_id < ?3 + ?4) GROUP BY line_id) GROUP BY mask",
	    &read, err);
	if (result)
		return result;
	sqlite3_bind_int64(read, 1, venn->analysis.id);
	sqlite3_bind_int64(read, 2, workload_id);
	sqlite3_bind_int64(read, 3, sqlite3_column_int64(find, 0));
	sqlite3_bind_int64(read, 4, sqlite3_column_int64(find, 1));
	while ((result = statement_step(store, read, err)) > 0)
		add_region(venn, &capacity, (uint64_t)sqlite3_column_int64(read, 0),
			   sqlite3_column_int64(read, 1));
	return result < 0 ? result : 1;
}

int store_venn_read(struct store *store, const struct store_choice *choice, const char *directory,
		    const char *workload, struct store_venn *ret, struct cov_error *err)
{
	COV_AUTO(store_venn_deinit) struct store_venn venn = { 0 };
	int64_t workload_id = 0;
	int result = store_analysis_find(store, choice, &venn.analysis, err);

	if (result == 0)
		result = read_left_out(store, &venn, err);
	if (result == 0)
		result = store_workload_find(store, workload, &workload_id, err);
	if (result == 0)
		result = read_platforms(store, workload_id, &venn, err);
	if (result == 0)
		result =
		    read_directory(store, choice->kernel_id, directory, workload_id, &venn, err);
	if (result == 0)
		result = read_file(store, choice->kernel_id, directory, workload_id, &venn, err);
	if (result < 0)
		return result;
	if (result == 0)
		return cov_fail(err, COV_ERR_MISMATCH,
				"%s: the kernel has no instrumented directory or file %s",
				store->path, directory);
	*ret = venn;
	memset(&venn, 0, sizeof(venn));
	return 0;
}

void store_parts_deinit(struct store_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		free(parts->items[i].path);
		free(parts->items[i].regions);
	}
	free(parts->items);
	memset(parts, 0, sizeof(*parts));
}

static void add_part_region(struct store_parts *parts, sqlite3_stmt *statement)
{
	COV_AUTO(free) char *path = statement_column_text(statement, 0);
	struct store_part *part = parts->count ? &parts->items[parts->count - 1] : NULL;

	if (!part || strcmp(part->path, path) != 0) {
		parts->items =
		    cov_grow(parts->items, parts->count, &parts->capacity, sizeof(*parts->items));
		part = &parts->items[parts->count++];
		*part = (struct store_part){
			.path = cov_xstrdup(path),
			.found = sqlite3_column_int64(statement, 1),
		};
	}
	part->regions = cov_grow(part->regions, part->region_count, &part->region_capacity,
				 sizeof(*part->regions));
	part->regions[part->region_count++] = (struct store_region){
		.mask = (uint64_t)sqlite3_column_int64(statement, 2),
		.lines = sqlite3_column_int64(statement, 3),
	};
}

int store_part_list(struct store *store, int64_t kernel_id, int64_t analysis_id,
		    const char *directory, const char *workload, size_t depth,
		    struct store_parts *ret, struct cov_error *err)
{
	bool is_whole = strcmp(directory, ".") == 0;
	COV_AUTO(free)
	char *prefix = cov_format("%s%s", is_whole ? "" : directory, is_whole ? "" : "/");
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_parts_deinit) struct store_parts parts = { 0 };
	int64_t workload_id = 0;
	int result = store_workload_find(store, workload, &workload_id, err);

	/* What is behind the prefix has one slash less than it is deep. */
	if (result == 0)
		result =
		    statement_prepare(store,
				      "SELECT path, found, mask, lines FROM (SELECT *,"
				      " substr(path, length(?4) + 1) AS rest FROM directory"
				      " WHERE kernel_id = ?1 AND path <> '.'"
				      " AND substr(path, 1, length(?4)) = ?4)"
				      " JOIN region USING (directory_id) WHERE analysis_id = ?2"
				      " AND workload_id = ?3"
				      " AND length(rest) - length(replace(rest, '/', '')) < ?5"
				      " ORDER BY path, mask",
				      &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	sqlite3_bind_int64(statement, 2, analysis_id);
	sqlite3_bind_int64(statement, 3, workload_id);
	statement_bind_text(statement, 4, prefix);
	sqlite3_bind_int64(statement, 5, (int64_t)depth);
	while ((result = statement_step(store, statement, err)) > 0)
		add_part_region(&parts, statement);
	if (result < 0)
		return result;
	*ret = parts;
	memset(&parts, 0, sizeof(parts));
	return 0;
}
