/* store_cve.c - records of known vulnerabilities, and which of them concern a kernel. */
#include "venn/store/store_cve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/store/statement.h"
#include "venn/store/store_limits.h"
#include "venn/store/store_query.h"

static void free_texts(struct store_cve_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		free(texts->items[i]);
	free(texts->items);
}

void store_cve_deinit(struct store_cve *cve)
{
	free(cve->name);
	free(cve->title);
	free(cve->vector);
	free(cve->words);
	free_texts(&cve->files);
	version_ranges_deinit(&cve->affected);
	for (size_t i = 0; i < cve->fix_count; i++)
		free(cve->fixes[i].commit);
	free(cve->fixes);
	memset(cve, 0, sizeof(*cve));
}

/* What writes a record: owned. */
struct writer {
	struct store *store;
	sqlite3_stmt *remove, *cve, *version, *fix, *file;
	sqlite3_stmt *clear[3]; /* of a record that was there: versions, fixes, files */
};

static void writer_deinit(struct writer *writer)
{
	sqlite3_finalize(writer->remove);
	sqlite3_finalize(writer->cve);
	sqlite3_finalize(writer->version);
	sqlite3_finalize(writer->fix);
	sqlite3_finalize(writer->file);
	for (size_t i = 0; i < 3; i++)
		sqlite3_finalize(writer->clear[i]);
}

COV_DEFINE_AUTO_STRUCT(struct writer, writer_deinit)

static int writer_open(struct store *store, struct writer *writer, struct cov_error *err)
{
	struct {
		sqlite3_stmt **statement;
		const char *sql;
	} const parts[] = {
		{ &writer->remove, "DELETE FROM cve WHERE name = ?" },
		/* It keeps its number, and what a git said of it. */
		{ &writer->cve, "INSERT INTO cve (name, title, score, vector, words)"
				" VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
				" title = excluded.title, score = excluded.score,"
				" vector = excluded.vector, words = excluded.words"
				" RETURNING cve_id" },
		{ &writer->version,
		  "INSERT INTO cve_version (cve_id, first, behind) VALUES (?, ?, ?)" },
		{ &writer->fix,
		  "INSERT OR IGNORE INTO cve_fix (cve_id, version, commit_id) VALUES (?, ?, ?)" },
		{ &writer->file, "INSERT INTO cve_file (cve_id, path) VALUES (?, ?)" },
		{ &writer->clear[0], "DELETE FROM cve_version WHERE cve_id = ?" },
		{ &writer->clear[1], "DELETE FROM cve_fix WHERE cve_id = ?" },
		{ &writer->clear[2], "DELETE FROM cve_file WHERE cve_id = ?" },
	};
	int result = 0;

	writer->store = store;
	for (size_t i = 0; result == 0 && i < sizeof(parts) / sizeof(*parts); i++)
		result = statement_prepare(store, parts[i].sql, parts[i].statement, err);
	return result;
}

static int put_parts(struct writer *writer, const struct store_cve *cve, int64_t id,
		     struct cov_error *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < 3; i++) {
		sqlite3_bind_int64(writer->clear[i], 1, id);
		result = statement_insert(writer->store, writer->clear[i], err);
	}
	for (size_t i = 0; result == 0 && i < cve->affected.count; i++) {
		sqlite3_bind_int64(writer->version, 1, id);
		sqlite3_bind_int64(writer->version, 2, cve->affected.items[i].first);
		sqlite3_bind_int64(writer->version, 3, cve->affected.items[i].behind);
		result = statement_insert(writer->store, writer->version, err);
	}
	for (size_t i = 0; result == 0 && i < cve->fix_count; i++) {
		sqlite3_bind_int64(writer->fix, 1, id);
		sqlite3_bind_int64(writer->fix, 2, cve->fixes[i].version);
		statement_bind_text(writer->fix, 3, cve->fixes[i].commit);
		result = statement_insert(writer->store, writer->fix, err);
	}
	for (size_t i = 0; result == 0 && i < cve->files.count; i++) {
		sqlite3_bind_int64(writer->file, 1, id);
		statement_bind_text(writer->file, 2, cve->files.items[i]);
		result = statement_insert(writer->store, writer->file, err);
	}
	return result;
}

static int put_one(struct writer *writer, const struct store_cve *cve, struct cov_error *err)
{
	sqlite3_reset(writer->cve);
	statement_bind_text(writer->cve, 1, cve->name);
	statement_bind_text(writer->cve, 2, cve->title);
	if (isnan(cve->score))
		sqlite3_bind_null(writer->cve, 3);
	else
		sqlite3_bind_double(writer->cve, 3, cve->score);
	statement_bind_text(writer->cve, 4, cve->vector);
	statement_bind_text(writer->cve, 5, cve->words);
	int result = statement_step(writer->store, writer->cve, err);
	if (result < 0)
		return result;
	int64_t id = sqlite3_column_int64(writer->cve, 0);
	sqlite3_reset(writer->cve);
	return put_parts(writer, cve, id, err);
}

static int remove_rejected(struct writer *writer, const struct store_cve_texts *names,
			   size_t *removed, struct cov_error *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < names->count; i++) {
		statement_bind_text(writer->remove, 1, names->items[i]);
		result = statement_insert(writer->store, writer->remove, err);
		*removed += (size_t)sqlite3_changes(writer->store->database);
	}
	return result;
}

/* Lines of a commit that is no fix of its record any more. */
static const char forget_lines[] =
    "DELETE FROM cve_line WHERE (kernel_id, cve_id) IN (SELECT kernel_id, cve_id FROM cve_git g"
    " WHERE NOT EXISTS (SELECT 1 FROM cve_fix f WHERE f.cve_id = g.cve_id"
    "  AND f.commit_id = g.commit_id));"
    "DELETE FROM cve_git WHERE NOT EXISTS (SELECT 1 FROM cve_fix f"
    " WHERE f.cve_id = cve_git.cve_id AND f.commit_id = cve_git.commit_id)";

int store_cve_put(struct store *store, const struct store_cve *cves, size_t count,
		  const struct store_cve_texts *rejected, size_t *removed, struct cov_error *err)
{
	COV_AUTO(writer_deinit) struct writer writer = { 0 };
	int result = writer_open(store, &writer, err);

	*removed = 0;
	if (result == 0)
		result = remove_rejected(&writer, rejected, removed, err);
	for (size_t i = 0; result == 0 && i < count; i++)
		result = put_one(&writer, &cves[i], err);
	return result ? result : statement_run(store, forget_lines, err);
}

int store_cve_state(struct store *store, int64_t version, struct store_cve_state *ret,
		    struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT (SELECT count(*) FROM cve), (SELECT max(version)"
				       " FROM cve_fix WHERE version >= ? AND version < ?)",
				       &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, version_branch(version));
	sqlite3_bind_int64(statement, 2, version_branch_end(version));
	result = statement_step(store, statement, err);
	if (result < 0)
		return result;
	ret->records = sqlite3_column_int64(statement, 0);
	ret->newest_fix = sqlite3_column_int64(statement, 1);
	return 0;
}

void store_cve_concern_deinit(struct store_cve_concerns *concerns)
{
	for (size_t i = 0; i < concerns->count; i++) {
		struct store_cve_concern *concern = &concerns->items[i];

		free(concern->name);
		free(concern->title);
		free(concern->vector);
		free(concern->words);
		for (size_t j = 0; j < concern->file_count; j++)
			free(concern->files[j].path);
		for (size_t j = 0; j < concern->line_count; j++)
			free(concern->lines[j].path);
		free(concern->files);
		free(concern->lines);
	}
	free(concerns->items);
	memset(concerns, 0, sizeof(*concerns));
}

static int read_files(struct store *store, sqlite3_stmt *statement,
		      struct store_cve_concern *concern, struct cov_error *err)
{
	struct statement_row row = { store, statement, err, 0 };
	int result;

	sqlite3_reset(statement);
	sqlite3_bind_int64(statement, 1, concern->id);
	while ((result = statement_step(store, statement, err)) > 0) {
		bool has_lines = sqlite3_column_type(statement, 1) != SQLITE_NULL;

		concern->files = cov_grow(concern->files, concern->file_count,
					  &concern->file_capacity, sizeof(*concern->files));
		concern->files[concern->file_count++] = (struct store_cve_file){
			.path = statement_column_text(statement, 0),
			.file_id =
			    has_lines ? statement_row_number(&row, 1, 0, STORE_LINES_MAX) : -1,
			.line_first =
			    has_lines ? statement_row_number(&row, 2, 0, STORE_LINES_MAX) : 0,
			.line_count =
			    has_lines ? statement_row_number(&row, 3, 0, STORE_LINES_MAX) : 0,
			.is_compiled = sqlite3_column_int(statement, 4),
		};
		if (row.result)
			return row.result;
	}
	return result;
}

static int read_lines(struct store *store, sqlite3_stmt *statement,
		      struct store_cve_concern *concern, struct cov_error *err)
{
	struct statement_row row = { store, statement, err, 0 };
	int result;

	sqlite3_reset(statement);
	sqlite3_bind_int64(statement, 1, concern->id);
	while ((result = statement_step(store, statement, err)) > 0) {
		concern->lines = cov_grow(concern->lines, concern->line_count,
					  &concern->line_capacity, sizeof(*concern->lines));
		concern->lines[concern->line_count++] = (struct store_cve_line){
			.path = statement_column_text(statement, 0),
			.first = statement_row_number(&row, 1, 0, UINT32_MAX),
			.last = statement_row_number(&row, 2, 0, UINT32_MAX),
			.is_exact = sqlite3_column_int(statement, 3),
		};
		if (row.result)
			return row.result;
	}
	return result;
}

/* What reads the parts of a record, for one kernel. */
struct reader {
	struct store *store;
	sqlite3_stmt *concerns, *files, *lines; /* owned */
};

static void reader_deinit(struct reader *reader)
{
	sqlite3_finalize(reader->concerns);
	sqlite3_finalize(reader->files);
	sqlite3_finalize(reader->lines);
}

COV_DEFINE_AUTO_STRUCT(struct reader, reader_deinit)

static int reader_open(struct store *store, int64_t kernel_id, int64_t version,
		       struct reader *reader, struct cov_error *err)
{
	int result = statement_prepare(
	    store,
	    "SELECT cve_id, name, title, vector, words, score, (SELECT min(version) FROM cve_fix f"
	    "  WHERE f.cve_id = c.cve_id AND f.version > ?1),"
	    " (SELECT is_in_source FROM cve_git g WHERE g.kernel_id = ?2 AND g.cve_id = c.cve_id)"
	    " FROM cve c WHERE EXISTS (SELECT 1 FROM cve_version v WHERE v.cve_id = c.cve_id"
	    "  AND v.first <= ?1 AND v.behind > ?1) ORDER BY name",
	    &reader->concerns, err);

	if (result == 0)
		result = statement_prepare(
		    store,
		    "SELECT f.path, k.file_id, k.line_first, k.line_count, m.path IS NOT NULL"
		    " FROM cve_file f LEFT JOIN file k ON k.kernel_id = ?2 AND k.path = f.path"
		    " LEFT JOIN compiled_file m ON m.kernel_id = ?2 AND m.path = f.path"
		    " WHERE f.cve_id = ?1 ORDER BY f.path",
		    &reader->files, err);
	if (result == 0)
		result = statement_prepare(store,
					   "SELECT path, first, last, is_exact FROM cve_line"
					   " WHERE cve_id = ?1 AND kernel_id = ?2"
					   " ORDER BY path, first, last",
					   &reader->lines, err);
	if (result)
		return result;
	reader->store = store;
	sqlite3_bind_int64(reader->concerns, 1, version);
	sqlite3_bind_int64(reader->concerns, 2, kernel_id);
	sqlite3_bind_int64(reader->files, 2, kernel_id);
	sqlite3_bind_int64(reader->lines, 2, kernel_id);
	return 0;
}

int store_cve_concern(struct store *store, int64_t kernel_id, int64_t version,
		      struct store_cve_concerns *ret, struct cov_error *err)
{
	COV_AUTO(reader_deinit) struct reader reader = { 0 };
	COV_AUTO(store_cve_concern_deinit) struct store_cve_concerns list = { 0 };
	int result = reader_open(store, kernel_id, version, &reader, err);
	sqlite3_stmt *statement = reader.concerns;

	if (result)
		return result;
	while ((result = statement_step(store, statement, err)) > 0) {
		list.items = cov_grow(list.items, list.count, &list.capacity, sizeof(*list.items));
		struct store_cve_concern *concern = &list.items[list.count++];
		*concern = (struct store_cve_concern){
			.id = sqlite3_column_int64(statement, 0),
			.name = statement_column_text(statement, 1),
			.title = statement_column_text(statement, 2),
			.vector = statement_column_text(statement, 3),
			.words = statement_column_text(statement, 4),
			.score = sqlite3_column_type(statement, 5) == SQLITE_NULL
				     ? NAN
				     : sqlite3_column_double(statement, 5),
			.fixed = sqlite3_column_int64(statement, 6),
			.is_in_source = sqlite3_column_int(statement, 7),
		};
		result = read_files(store, reader.files, concern, err);
		if (result == 0)
			result = read_lines(store, reader.lines, concern, err);
		if (result)
			return result;
	}
	if (result)
		return result;
	*ret = list;
	memset(&list, 0, sizeof(list));
	return 0;
}

void store_cve_functions_deinit(struct store_cve_functions *functions)
{
	for (size_t i = 0; i < functions->count; i++)
		free(functions->items[i].name);
	free(functions->items);
	memset(functions, 0, sizeof(*functions));
}

static int compare_functions(const void *a, const void *b)
{
	const struct store_cve_function *first = a, *second = b;
	int order = (first->file_id > second->file_id) - (first->file_id < second->file_id);

	if (!order)
		order = strcmp(first->name, second->name);
	return order ? order : (first->first > second->first) - (first->first < second->first);
}

int store_cve_functions(struct store *store, int64_t kernel_id, const bool *is_wanted,
			size_t file_count, struct store_cve_functions *ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(store_cve_functions_deinit) struct store_cve_functions list = { 0 };
	int result = statement_prepare(store,
				       "SELECT file_id, start_line, end_line, name FROM function"
				       " WHERE kernel_id = ?",
				       &statement, err);
	struct statement_row row = { store, statement, err, 0 };

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, kernel_id);
	while ((result = statement_step(store, statement, err)) > 0) {
		size_t file = statement_row_index(&row, 0, 0, file_count);

		if (row.result)
			return row.result;
		if (!is_wanted[file])
			continue;
		list.items = cov_grow(list.items, list.count, &list.capacity, sizeof(*list.items));
		list.items[list.count++] = (struct store_cve_function){
			.file_id = (int64_t)file,
			.first = statement_row_number(&row, 1, 0, UINT32_MAX),
			.last = statement_row_number(&row, 2, 0, UINT32_MAX),
			.name = statement_column_text(statement, 3),
		};
		if (row.result)
			return row.result;
	}
	if (result)
		return result;
	if (list.count)
		qsort(list.items, list.count, sizeof(*list.items), compare_functions);
	*ret = list;
	memset(&list, 0, sizeof(list));
	return 0;
}

int store_cve_trials(struct store *store, const struct store_query *query, int64_t *ret,
		     struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(free)
	char *sql = cov_format("SELECT ifnull(min(trials), 0) FROM footprint WHERE analysis_id = ?1"
			       " AND platform_id = ?2 AND workload_id IN (%s)",
			       query->workloads.ids);
	int result = statement_prepare(store, sql, &statement, err);
	struct statement_row row = { store, statement, err, 0 };

	for (size_t i = 0; result == 0 && i < query->platform_count; i++) {
		sqlite3_reset(statement);
		sqlite3_bind_int64(statement, 1, query->analysis.id);
		sqlite3_bind_int64(statement, 2, query->platforms[i].id);
		result = statement_step(store, statement, err);
		if (result > 0) {
			ret[i] = statement_row_number(&row, 0, 0, INT32_MAX);
			result = row.result;
		}
	}
	return result;
}
