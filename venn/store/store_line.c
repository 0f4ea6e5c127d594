/* store_line.c - counts of the lines of a file. */
#include "venn/store/store_line.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "venn/store/statement.h"
#include "venn/store/store_limits.h"
#include "venn/store/store_tile.h"

void store_line_list_deinit(struct store_lines *lines)
{
	free(lines->items);
	free(lines->counts);
	memset(lines, 0, sizeof(*lines));
}

/* Lines of a query's range, with their ids, which lie between those of others that are not linked.
 */
struct reading {
	struct store *store;
	const struct store_query *query;
	struct store_lines lines;
	int64_t *places; /* [query->line_count], by line id: which of lines, or -1; owned */
};

static void reading_deinit(struct reading *reading)
{
	store_line_list_deinit(&reading->lines);
	free(reading->places);
}

COV_DEFINE_AUTO_STRUCT(struct reading, reading_deinit)

/* Give a statement with ?1 = @id and the range of line ids as ?2 and ?3 its values. */
static void bind_range(const struct reading *reading, sqlite3_stmt *statement, int64_t id)
{
	sqlite3_reset(statement);
	sqlite3_bind_int64(statement, 1, id);
	sqlite3_bind_int64(statement, 2, reading->query->line_first);
	sqlite3_bind_int64(statement, 3, reading->query->line_count);
}

static int read_numbers(struct reading *reading, struct cov_error *err)
{
	const struct store_query *query = reading->query;
	struct store_lines *lines = &reading->lines;
	size_t line_count = (size_t)query->line_count;
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(reading->store,
				       "SELECT line_id, line FROM line WHERE kernel_id = ?1"
				       " AND line_id >= ?2 AND line_id < ?2 + ?3 ORDER BY line_id",
				       &statement, err);
	if (result)
		return result;
	bind_range(reading, statement, query->kernel_id);
	lines->items = cov_xcalloc(line_count, sizeof(*lines->items));
	lines->counts = cov_xcalloc(line_count, query->platform_count * sizeof(int64_t));
	reading->places = cov_xcalloc(line_count, sizeof(int64_t));
	for (size_t i = 0; i < line_count; i++)
		reading->places[i] = -1;
	struct statement_row row = { reading->store, statement, err, 0 };
	while ((result = statement_step(reading->store, statement, err)) > 0) {
		size_t offset = statement_row_index(&row, 0, (size_t)query->line_first, line_count);
		int64_t line = statement_row_number(&row, 1, 0, store_line_number_max);

		if (row.result)
			return row.result;
		if (reading->places[offset] >= 0)
			return cov_fail(err, COV_ERR_STORE, "%s: is damaged: a line is there twice",
					reading->store->path);
		reading->places[offset] = (int64_t)lines->count;
		lines->items[lines->count] = (struct store_line){
			.line = line,
			.counts = lines->counts + lines->count * query->platform_count,
		};
		lines->count++;
	}
	return result;
}

/* The line that was read, or NULL if it is not linked. */
static struct store_line *find_line(struct reading *reading, const struct store_tile_reader *tiles)
{
	int64_t place = reading->places[tiles->id - (size_t)reading->query->line_first];

	return place < 0 ? NULL : &reading->lines.items[place];
}

static int open_tiles(const struct reading *reading, int64_t footprint,
		      struct store_tile_reader *ret, struct cov_error *err)
{
	const struct store_range range = store_query_range(reading->query);

	return store_tile_open(reading->store, STORE_TILE_FOOTPRINT_LINES, footprint, &range, ret,
			       err);
}

/* What a footprint of the platform at @place keeps and removes. */
static int read_footprint(struct reading *reading, int64_t footprint, size_t place,
			  struct cov_error *err)
{
	COV_AUTO(store_tile_close) struct store_tile_reader tiles = { 0 };
	uint64_t bit = (uint64_t)1 << place;
	int result = open_tiles(reading, footprint, &tiles, err);

	if (result)
		return result;
	while ((result = store_tile_next(&tiles, err)) > 0) {
		struct store_line *line = find_line(reading, &tiles);
		int64_t count = store_tile_number(&tiles, 0) > 1 ? store_tile_number(&tiles, 0) : 1;

		if (!line)
			continue;
		line->executed |= bit;
		line->kept |= store_tile_number(&tiles, 1) ? bit : 0;
		line->counts[place] = cov_number_add(line->counts[place], count);
	}
	return result;
}

static int read_counts(struct reading *reading, struct cov_error *err)
{
	const struct store_query *query = reading->query;
	int result = 0;

	for (size_t i = 0; i < query->platform_count; i++) {
		const struct store_query_platform *platform = &query->platforms[i];

		for (size_t j = 0; result == 0 && j < platform->footprint_count; j++)
			result = read_footprint(reading, platform->footprints[j], i, err);
	}
	return result;
}

int store_line_list(struct store *store, const struct store_query *query, struct store_lines *ret,
		    struct cov_error *err)
{
	COV_AUTO(reading_deinit) struct reading reading = { .store = store, .query = query };
	int result = read_numbers(&reading, err);

	if (result == 0)
		result = read_counts(&reading, err);
	if (result)
		return result;
	*ret = reading.lines;
	memset(&reading.lines, 0, sizeof(reading.lines));
	return 0;
}
