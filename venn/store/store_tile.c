/* store_tile.c - counts of lines and functions in the database, packed by 64 ids. */
#include "venn/store/store_tile.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/collector.h"
#include "venn/store/statement.h"
#include "venn/store/store_limits.h"
#include "venn/store/store_observer.h"
#include "venn/store/store_pattern.h"

/* A table of tiles, as it is in store_schema. */
struct layout {
	const char *name;
	const char *owner;    /* column with the id of what the tiles belong to */
	const char *patterns; /* table */
	enum store_pattern_kind kind;
	const char *kernel;                    /* SQL: the one row that has the kernel's id, as k */
	const char *owned;                     /* SQL: what of t is of it */
	const char *scale;                     /* SQL, of the first column */
	const char *columns[TILE_COLUMNS_MAX]; /* NULL behind the last */
	int64_t usual[TILE_COLUMNS_MAX];
	int64_t most[TILE_COLUMNS_MAX]; /* what is not from 0 to this is damage; 0: any number */
};

#define OF_TRIAL "trial k", "t.trial_id = k.trial_id"
#define OF_FOOTPRINT                                                                               \
	"footprint f CROSS JOIN analysis k ON k.analysis_id = f.analysis_id",                      \
	    "t.footprint_id = f.footprint_id"

static const struct layout layouts[] = {
	[STORE_TILE_TRIAL_LINES] = { "trial_line_tile",
				     "trial_id",
				     "line_pattern",
				     STORE_PATTERN_LINES,
				     OF_TRIAL,
				     "1",
				     { "counts", "states" },
				     { 1, COV_LINE_EXECUTED },
				     { 0, COV_LINE_EXECUTED } },
	[STORE_TILE_TRIAL_FUNCTIONS] = { "trial_function_tile",
					 "trial_id",
					 "function_pattern",
					 STORE_PATTERN_FUNCTIONS,
					 OF_TRIAL,
					 "1",
					 { "calls", "contradictions" },
					 { 1, 0 },
					 { 0 } },
	[STORE_TILE_FOOTPRINT_LINES] = { "footprint_line_tile",
					 "footprint_id",
					 "line_pattern",
					 STORE_PATTERN_LINES,
					 OF_FOOTPRINT,
					 "k.scale",
					 { "counts", "kept", "baselines", "p_values" },
					 { 1, 1, 0, 0 },
					 { 0, 1, 0, STORE_LINES_MAX } },
	[STORE_TILE_FOOTPRINT_FUNCTIONS] = { "footprint_function_tile",
					     "footprint_id",
					     "function_pattern",
					     STORE_PATTERN_FUNCTIONS,
					     OF_FOOTPRINT,
					     "k.scale",
					     { "calls", "baselines" },
					     { 1, 0 },
					     { 0 } },
};

static size_t column_count(const struct layout *layout)
{
	size_t count = 0;

	while (count < TILE_COLUMNS_MAX && layout->columns[count])
		count++;
	return count;
}

void store_tile_pack(enum store_tile_table table, const uint32_t *ids, size_t count,
		     struct tile_column *columns, struct tiles *ret)
{
	const struct layout *layout = &layouts[table];
	size_t used = column_count(layout);

	for (size_t i = 0; i < used; i++)
		columns[i].usual = layout->usual[i];
	tile_pack(ids, count, columns, used, ret);
}

static int prepare_insert(struct store *store, const struct layout *layout, sqlite3_stmt **ret,
			  struct cov_error *err)
{
	COV_AUTO(cov_text_deinit) struct cov_text insert = { 0 };
	size_t columns = column_count(layout);

	cov_text_print(&insert, "INSERT INTO %s (%s, tile, pattern", layout->name, layout->owner);
	for (size_t i = 0; i < columns; i++)
		cov_text_print(&insert, ", %s", layout->columns[i]);
	cov_text_print(&insert, ") VALUES (?, ?, ?%.*s)", (int)columns * 3, ", ?, ?, ?, ?");
	return statement_prepare(store, insert.data, ret, err);
}

int store_tile_insert(struct store *store, enum store_tile_table table, int64_t kernel_id,
		      int64_t owner, const struct tiles *tiles, struct cov_error *err)
{
	const struct layout *layout = &layouts[table];
	COV_AUTO(store_pattern_close) struct store_pattern_writer patterns = { 0 };
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *insert = NULL;
	int result = store_pattern_open(store, layout->kind, kernel_id, &patterns, err);

	if (result == 0)
		result = prepare_insert(store, layout, &insert, err);
	for (size_t i = 0; result == 0 && i < tiles->count; i++) {
		const struct tile *tile = &tiles->items[i];
		int64_t pattern = 0;

		result = store_pattern_number(&patterns, tile->number, tile->class_count,
					      tile_text(tiles, tile->marks), &pattern, err);
		if (result)
			return result;
		sqlite3_bind_int64(insert, 1, owner);
		sqlite3_bind_int64(insert, 2, tile->number);
		sqlite3_bind_int64(insert, 3, pattern);
		for (size_t j = 0; j < column_count(layout); j++)
			statement_bind_text(insert, (int)j + 4, tile_text(tiles, tile->columns[j]));
		result = statement_insert(store, insert, err);
	}
	return result;
}

/*
 * What reads the tiles of ?1 from ?2 to below ?3: tile, classes, marks, scale, columns. free() it.
 */
static char *reading_sql(const struct layout *layout)
{
	struct cov_text sql = { 0 };

	cov_text_print(&sql, "SELECT t.tile, m.classes, m.marks, %s", layout->scale);
	for (size_t i = 0; i < column_count(layout); i++)
		cov_text_print(&sql, ", t.%s", layout->columns[i]);
	cov_text_print(&sql,
		       " FROM %s CROSS JOIN %s t ON %s CROSS JOIN %s m ON m.kernel_id = k.kernel_id"
		       " AND m.tile = t.tile AND m.pattern = t.pattern"
		       " WHERE t.%s = ?1 AND t.tile >= ?2 AND t.tile < ?3 ORDER BY t.tile",
		       layout->kernel, layout->name, layout->owned, layout->patterns,
		       layout->owner);
	return sql.data;
}

static int fail_tile(struct store *store, enum store_tile_table table, int64_t tile,
		     struct cov_error *err)
{
	return cov_fail(err, COV_ERR_STORE, "%s: is damaged: tile %lld of %s is no tile",
			store->path, (long long)tile, layouts[table].name);
}

static size_t add_text(struct tiles *tiles, const char *text)
{
	size_t place = tiles->texts.length;

	if (!text)
		return 0;
	cov_text_add(&tiles->texts, text, strlen(text) + 1);
	return place;
}

/* Tile, pattern and columns of ?1. free() it. */
static char *fetching_sql(const struct layout *layout)
{
	struct cov_text sql = { 0 };

	cov_text_print(&sql, "SELECT tile, pattern");
	for (size_t i = 0; i < column_count(layout); i++)
		cov_text_print(&sql, ", %s", layout->columns[i]);
	cov_text_print(&sql, " FROM %s WHERE %s = ?1 ORDER BY tile", layout->name, layout->owner);
	return sql.data;
}

/* @statement: at its row */
static int fetch_tile(struct store_pattern_writer *patterns, enum store_tile_table table,
		      sqlite3_stmt *statement, struct tiles *tiles, struct cov_error *err)
{
	struct statement_row row = { patterns->store, statement, err, 0 };
	int64_t number = statement_row_number(&row, 0, 0, STORE_LINES_MAX / TILE_IDS);
	const struct known_pattern *pattern = NULL;
	int result = row.result;

	if (result == 0)
		result = store_pattern_at(patterns, (uint32_t)number,
					  sqlite3_column_int64(statement, 1), &pattern, err);
	if (result)
		return result;
	if (!pattern || strlen(pattern->marks) > TILE_IDS)
		return fail_tile(patterns->store, table, number, err);
	tiles->items =
	    cov_grow(tiles->items, tiles->count, &tiles->capacity, sizeof(*tiles->items));
	struct tile *tile = &tiles->items[tiles->count++];
	*tile = (struct tile){ .number = (uint32_t)number,
			       .class_count = pattern->class_count,
			       .marks = add_text(tiles, pattern->marks) };
	for (size_t i = 0; i < column_count(&layouts[table]); i++)
		tile->columns[i] = add_text(tiles, statement_column_peek(statement, (int)i + 2));
	return 0;
}

int store_tile_fetch(struct store *store, enum store_tile_table table, int64_t kernel_id,
		     int64_t owner, struct tiles *ret, struct cov_error *err)
{
	const struct layout *layout = &layouts[table];
	COV_AUTO(store_pattern_close) struct store_pattern_writer patterns = { 0 };
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(tile_list_deinit) struct tiles tiles = { 0 };
	COV_AUTO(free) char *sql = fetching_sql(layout);
	int more = 0, result = store_pattern_open(store, layout->kind, kernel_id, &patterns, err);

	if (result == 0)
		result = statement_prepare(store, sql, &statement, err);
	if (result)
		return result;
	cov_text_add(&tiles.texts, "", 1);
	sqlite3_bind_int64(statement, 1, owner);
	while (result == 0 && (more = statement_step(store, statement, err)) > 0)
		result = fetch_tile(&patterns, table, statement, &tiles, err);
	if (result || more < 0)
		return result ? result : more;
	*ret = tiles;
	memset(&tiles, 0, sizeof(tiles));
	return 0;
}

struct tile_walk store_tile_walk(enum store_tile_table table, const struct tiles *tiles,
				 size_t columns)
{
	struct tile_walk walk = { .tiles = tiles, .column_count = columns };

	memcpy(walk.usual, layouts[table].usual, sizeof(walk.usual));
	return walk;
}

int store_tile_open(struct store *store, enum store_tile_table table, int64_t owner,
		    const struct store_range *range, struct store_tile_reader *ret,
		    struct cov_error *err)
{
	COV_AUTO(free) char *sql = reading_sql(&layouts[table]);

	memset(ret, 0, sizeof(*ret));
	ret->store = store;
	ret->table = table;
	ret->column_count = column_count(&layouts[table]);
	int result = statement_prepare(store, sql, &ret->statement, err);
	if (result)
		return result;
	store_tile_move(ret, owner, range);
	return 0;
}

void store_tile_move(struct store_tile_reader *reader, int64_t owner,
		     const struct store_range *range)
{
	size_t end = range->line_first + range->line_count;

	sqlite3_reset(reader->statement); /* what went wrong before was reported before */
	sqlite3_bind_int64(reader->statement, 1, owner);
	sqlite3_bind_int64(reader->statement, 2, (int64_t)(range->line_first / TILE_IDS));
	sqlite3_bind_int64(reader->statement, 3, (int64_t)((end + TILE_IDS - 1) / TILE_IDS));
	reader->range = *range;
	reader->id_count = reader->next = 0;
}

void store_tile_close(struct store_tile_reader *reader)
{
	sqlite3_finalize(reader->statement);
	memset(reader, 0, sizeof(*reader));
}

static bool read_column(struct store_tile_reader *reader, size_t column, size_t class_count)
{
	const struct layout *layout = &layouts[reader->table];
	const char *text = statement_column_peek(reader->statement, (int)column + 4);
	int64_t *numbers = reader->numbers[column], most = layout->most[column];

	if (!tile_read(text, class_count, layout->usual[column], numbers))
		return false;
	for (size_t i = 0; most && i < class_count; i++) {
		if (numbers[i] < 0 || numbers[i] > most)
			return false;
	}
	return true;
}

/* The ids of a tile that are within the range. Return: whether all are of a class. */
static bool read_marks(struct store_tile_reader *reader, const char *marks, int64_t class_count)
{
	const struct store_range *range = &reader->range;

	reader->id_count = reader->next = 0;
	for (size_t i = 0; marks[i]; i++) {
		int class = tile_class(marks[i]);

		if (class >= class_count || class < -1)
			return false;
		if (class < 0 || reader->first + i < range->line_first ||
		    reader->first + i - range->line_first >= range->line_count)
			continue;
		reader->offsets[reader->id_count] = (unsigned char)i;
		reader->classes[reader->id_count++] = (unsigned char)class;
	}
	return true;
}

/* Return: 1 for a tile, 0 if there is none any more */
static int read_tile(struct store_tile_reader *reader, struct cov_error *err)
{
	sqlite3_stmt *statement = reader->statement;
	int result = statement_step(reader->store, statement, err);

	if (result <= 0)
		return result;
	struct statement_row row = { reader->store, statement, err, 0 };
	int64_t tile = statement_row_number(&row, 0, 0, STORE_LINES_MAX / TILE_IDS);
	int64_t classes = statement_row_number(&row, 1, 1, TILE_IDS);
	const char *marks = statement_column_peek(statement, 2);
	reader->scale = statement_row_number(&row, 3, 1, INT64_MAX);
	if (row.result)
		return row.result;
	reader->first = (size_t)tile * TILE_IDS;
	if (!marks || strlen(marks) > TILE_IDS || !read_marks(reader, marks, classes))
		return fail_tile(reader->store, reader->table, tile, err);
	for (size_t i = 0; i < reader->column_count; i++) {
		if (!read_column(reader, i, (size_t)classes))
			return fail_tile(reader->store, reader->table, tile, err);
	}
	for (size_t i = 0; i < (size_t)classes; i++)
		reader->numbers[0][i] = store_observer_divide(reader->numbers[0][i], reader->scale);
	return 1;
}

int store_tile_read(struct store_tile_reader *reader, struct cov_error *err)
{
	int result;

	while ((result = read_tile(reader, err)) > 0 && !reader->id_count)
		;
	return result;
}
