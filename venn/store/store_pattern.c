/* store_pattern.c - which ids of a tile are there and which are alike: found and added. */
#include "venn/store/store_pattern.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/store/statement.h"
#include "venn/store/tile.h"

static const char *const names[] = {
	[STORE_PATTERN_LINES] = "line", [STORE_PATTERN_FUNCTIONS] = "function"
};

void store_pattern_close(struct store_pattern_writer *writer)
{
	sqlite3_finalize(writer->list);
	sqlite3_finalize(writer->add);
	memset(writer, 0, sizeof(*writer));
}

/* @sql: free()d */
static int prepare(struct store_pattern_writer *writer, char *sql, sqlite3_stmt **ret,
		   struct cov_error *err)
{
	int result = statement_prepare(writer->store, sql, ret, err);

	free(sql);
	if (result == 0)
		sqlite3_bind_int64(*ret, 1, writer->store->known.kernel_id);
	return result;
}

int store_pattern_open(struct store *store, enum store_pattern_kind kind, int64_t kernel_id,
		       struct store_pattern_writer *ret, struct cov_error *err)
{
	int result = statement_know(store, kernel_id, err);

	*ret = (struct store_pattern_writer){ .store = store,
					      .kind = kind,
					      .cache = &store->known.patterns[kind] };
	if (result == 0)
		result = prepare(ret,
				 cov_format("SELECT pattern, classes, marks FROM %s_pattern"
					    " WHERE kernel_id = ?1 AND tile = ?2",
					    names[kind]),
				 &ret->list, err);
	return result;
}

/* All patterns of a tile, the first time that one is looked for. */
static int read_tile(struct store_pattern_writer *writer, uint32_t tile, struct cov_error *err)
{
	int result;

	if (pattern_cache_knows(writer->cache, tile))
		return 0;
	pattern_cache_begin(writer->cache, tile);
	sqlite3_bind_int64(writer->list, 2, tile);
	struct statement_row row = { writer->store, writer->list, err, 0 };
	while ((result = statement_step(writer->store, writer->list, err)) > 0) {
		int64_t pattern = statement_row_number(&row, 0, 1, UINT32_MAX - 1);
		int64_t classes = statement_row_number(&row, 1, 1, TILE_IDS);
		const char *marks = statement_column_peek(writer->list, 2);

		if (row.result)
			return row.result;
		pattern_cache_add(writer->cache, tile, (uint32_t)pattern, (uint32_t)classes,
				  marks ? marks : "");
	}
	sqlite3_reset(writer->list);
	return result;
}

/* What only looks for patterns does without it. */
static int open_add(struct store_pattern_writer *writer, struct cov_error *err)
{
	return writer->add ? 0
			   : prepare(writer,
				     cov_format("INSERT INTO %s_pattern"
						" (kernel_id, tile, pattern, classes, marks)"
						" VALUES (?1, ?2, ?3, ?4, ?5)",
						names[writer->kind]),
				     &writer->add, err);
}

static int add(struct store_pattern_writer *writer, uint32_t tile, uint32_t class_count,
	       const char *marks, int64_t *ret, struct cov_error *err)
{
	uint32_t pattern = pattern_cache_end(writer->cache, tile);
	int result = open_add(writer, err);

	if (result)
		return result;
	*ret = pattern;
	pattern_cache_add(writer->cache, tile, pattern, class_count, marks);
	sqlite3_bind_int64(writer->add, 2, tile);
	sqlite3_bind_int64(writer->add, 3, pattern);
	sqlite3_bind_int64(writer->add, 4, class_count);
	statement_bind_text(writer->add, 5, marks);
	return statement_insert(writer->store, writer->add, err);
}

int store_pattern_number(struct store_pattern_writer *writer, uint32_t tile, uint32_t class_count,
			 const char *marks, int64_t *ret, struct cov_error *err)
{
	int result = read_tile(writer, tile, err);

	if (result)
		return result;
	const struct known_pattern *found = pattern_cache_find(writer->cache, tile, marks);
	if (!found)
		return add(writer, tile, class_count, marks, ret, err);
	*ret = found->number;
	return 0;
}

int store_pattern_at(struct store_pattern_writer *writer, uint32_t tile, int64_t number,
		     const struct known_pattern **ret, struct cov_error *err)
{
	int result = read_tile(writer, tile, err);

	if (result == 0)
		*ret = pattern_cache_at(writer->cache, tile, number);
	return result;
}
