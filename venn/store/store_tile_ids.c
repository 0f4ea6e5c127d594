/* store_tile_ids.c - which lines and functions trials executed and footprints keep, without their
 * numbers. */
#include "venn/store/store_tile_ids.h"

#include <stdbool.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/collector.h"
#include "venn/store/statement.h"
#include "venn/store/store_pattern.h"

enum { KEPT_MAX = 1 << 12 }; /* patterns of a tile from this number on are read each time */

struct store_tile_pattern {
	uint64_t ids;         /* a bit for each that is there; 0: not met yet */
	uint32_t class_count; /* from 1 */
	char marks[TILE_IDS]; /* as in struct tile, 0 behind the last */
};

void store_tile_ids_deinit(struct store_tile_ids *ids)
{
	for (size_t i = 0; ids->tiles && i < (ids->line_count + 63) / 64; i++)
		free(ids->tiles[i]);
	free(ids->tiles);
	free(ids->counts);
	sqlite3_finalize(ids->pattern);
	for (size_t i = 0; i < STORE_TILE_IDS_QUERIES; i++)
		sqlite3_finalize(ids->queries[i]);
	memset(ids, 0, sizeof(*ids));
}

static int fail_damaged(const struct store_tile_ids *ids, int64_t tile, struct cov_error *err)
{
	return cov_fail(err, COV_ERR_STORE, "%s: is damaged: tile %lld of %s is no tile",
			ids->store->path, (long long)tile,
			ids->is_of_functions ? "functions" : "lines");
}

/* @marks: as they are in the database */
static int unpack_pattern(const struct store_tile_ids *ids, int64_t tile, int64_t classes,
			  const char *marks, struct store_tile_pattern *ret, struct cov_error *err)
{
	size_t length = marks ? strlen(marks) : 0;

	if (!length || length > TILE_IDS || classes < 1 || classes > TILE_IDS)
		return fail_damaged(ids, tile, err);
	*ret = (struct store_tile_pattern){ .class_count = (uint32_t)classes };
	memcpy(ret->marks, marks, length);
	for (size_t i = 0; i < length; i++) {
		int class = tile_class(marks[i]);

		if (class < -1 || class >= classes)
			return fail_damaged(ids, tile, err);
		ret->ids |= class < 0 ? 0 : (uint64_t)1 << i;
	}
	return ret->ids ? 0 : fail_damaged(ids, tile, err);
}

static int read_pattern(struct store_tile_ids *ids, int64_t tile, int64_t number,
			struct store_tile_pattern *ret, struct cov_error *err)
{
	const struct known_pattern *known =
	    ids->patterns ? pattern_cache_at(ids->patterns, (uint32_t)tile, number) : NULL;

	if (known)
		return unpack_pattern(ids, tile, known->class_count, known->marks, ret, err);
	sqlite3_reset(ids->pattern);
	sqlite3_bind_int64(ids->pattern, 1, ids->kernel_id);
	sqlite3_bind_int64(ids->pattern, 2, tile);
	sqlite3_bind_int64(ids->pattern, 3, number);
	int result = statement_step(ids->store, ids->pattern, err);
	if (result < 0)
		return result;
	return unpack_pattern(ids, tile, sqlite3_column_int64(ids->pattern, 0),
			      result ? statement_column_peek(ids->pattern, 1) : NULL, ret, err);
}

/* What writes tiles knows patterns; what only reads does not. */
static int open_known(struct store_tile_ids *ids, struct cov_error *err)
{
	struct store_known *known = &ids->store->known;

	if (known->kernel_id != ids->kernel_id)
		return 0;
	ids->patterns =
	    &known->patterns[ids->is_of_functions ? STORE_PATTERN_FUNCTIONS : STORE_PATTERN_LINES];
	return statement_know(ids->store, ids->kernel_id, err);
}

static int open_patterns(struct store_tile_ids *ids, struct cov_error *err)
{
	size_t tile_count = (ids->line_count + 63) / 64;

	if (ids->pattern)
		return 0;
	int result = open_known(ids, err);
	if (result)
		return result;
	ids->tiles = cov_xcalloc(tile_count, sizeof(*ids->tiles));
	ids->counts = cov_xcalloc(tile_count, sizeof(*ids->counts));
	return statement_prepare(
	    ids->store,
	    ids->is_of_functions
		? "SELECT classes, marks FROM function_pattern WHERE kernel_id = ? AND tile = ?"
		  " AND pattern = ?"
		: "SELECT classes, marks FROM line_pattern WHERE kernel_id = ? AND tile = ?"
		  " AND pattern = ?",
	    &ids->pattern, err);
}

/* @room: for one that is not kept. */
static int find_pattern(struct store_tile_ids *ids, int64_t tile, int64_t number,
			struct store_tile_pattern *room, const struct store_tile_pattern **ret,
			struct cov_error *err)
{
	*ret = room;
	if (number < 0 || number >= KEPT_MAX)
		return read_pattern(ids, tile, number, room, err);
	size_t count = ids->counts[tile];
	if ((size_t)number >= count) {
		size_t wanted = (size_t)number + (size_t)number / 4 + 2; /* most tiles have few */

		ids->tiles[tile] =
		    cov_xreallocarray(ids->tiles[tile], wanted, sizeof(**ids->tiles));
		memset(ids->tiles[tile] + count, 0, (wanted - count) * sizeof(**ids->tiles));
		ids->counts[tile] = wanted;
	}
	struct store_tile_pattern *pattern = &ids->tiles[tile][number];
	*ret = pattern;
	return pattern->ids ? 0 : read_pattern(ids, tile, number, pattern, err);
}

/*
 * Those of a pattern whose class has a number of at least @least; without numbers all have.
 * Return: whether these are numbers.
 */
static bool select_ids(const struct store_tile_pattern *pattern, const char *numbers, int64_t least,
		       uint64_t *ret)
{
	int64_t values[TILE_IDS];

	if (!numbers) {
		*ret |= pattern->ids;
		return true;
	}
	if (!tile_read(numbers, pattern->class_count, least, values))
		return false;
	for (size_t i = 0; i < TILE_IDS && pattern->marks[i]; i++) {
		int class = tile_class(pattern->marks[i]);

		if (class >= 0 && values[class] >= least)
			*ret |= (uint64_t)1 << i;
	}
	return true;
}

/* What is read: rows of (tile, pattern, numbers) of ?1, of tiles from ?2 to below ?3. */
enum query { TRIAL_LINES, TRIAL_FUNCTIONS, FOOTPRINT_LINES, FOOTPRINT_HIT };

static const char *const queries[STORE_TILE_IDS_QUERIES] = {
	[TRIAL_LINES] = "SELECT tile, pattern, states FROM trial_line_tile WHERE trial_id = ?1"
			" AND tile >= ?2 AND tile < ?3",
	[TRIAL_FUNCTIONS] = "SELECT tile, pattern, calls FROM trial_function_tile"
			    " WHERE trial_id = ?1 AND tile >= ?2 AND tile < ?3",
	[FOOTPRINT_LINES] = "SELECT tile, pattern, kept FROM footprint_line_tile"
			    " WHERE footprint_id = ?1 AND tile >= ?2 AND tile < ?3",
	[FOOTPRINT_HIT] = "SELECT tile, pattern, NULL FROM footprint_line_tile"
			  " WHERE footprint_id = ?1 AND tile >= ?2 AND tile < ?3",
};

static int open_query(struct store_tile_ids *ids, enum query query, int64_t owner,
		      struct cov_error *err)
{
	size_t end = ids->range.line_first + ids->range.line_count;
	sqlite3_stmt **statement = &ids->queries[query];
	int result = open_patterns(ids, err);

	if (result == 0 && !*statement)
		result = statement_prepare(ids->store, queries[query], statement, err);
	if (result)
		return result;
	sqlite3_reset(*statement); /* what went wrong before was reported before */
	sqlite3_bind_int64(*statement, 1, owner);
	sqlite3_bind_int64(*statement, 2, (int64_t)(ids->range.line_first / 64));
	sqlite3_bind_int64(*statement, 3, end ? (int64_t)(end + 63) / 64 : INT64_MAX);
	return 0;
}

/* Set the bits of ids whose number is at least @least; where all are usual, it is. */
static int read_ids(struct store_tile_ids *ids, enum query query, int64_t owner, int64_t least,
		    uint64_t *words, struct cov_error *err)
{
	int64_t tile_count = (int64_t)(ids->line_count + 63) / 64;
	int result = open_query(ids, query, owner, err);

	if (result)
		return result;
	sqlite3_stmt *statement = ids->queries[query];
	struct statement_row row = { ids->store, statement, err, 0 };
	while ((result = statement_step(ids->store, statement, err)) > 0) {
		struct store_tile_pattern room;
		const struct store_tile_pattern *pattern;
		int64_t tile = statement_row_number(&row, 0, 0, tile_count - 1);
		const char *numbers = statement_column_peek(statement, 2);

		if (row.result)
			return row.result;
		result = find_pattern(ids, tile, sqlite3_column_int64(statement, 1), &room,
				      &pattern, err);
		if (result)
			return result;
		if (!select_ids(pattern, numbers, least, &words[tile]))
			return fail_damaged(ids, tile, err);
	}
	/* None is beyond the last line, whatever is in the file. */
	if (result == 0 && ids->line_count % 64)
		words[tile_count - 1] &= ((uint64_t)1 << ids->line_count % 64) - 1;
	return result;
}

int store_tile_ids_trial(struct store_tile_ids *ids, int64_t trial_id, uint64_t *words,
			 struct cov_error *err)
{
	return read_ids(ids, TRIAL_LINES, trial_id, COV_LINE_PARTLY, words, err);
}

int store_tile_ids_called(struct store_tile_ids *ids, int64_t trial_id, uint64_t *words,
			  struct cov_error *err)
{
	return read_ids(ids, TRIAL_FUNCTIONS, trial_id, 1, words, err);
}

int store_tile_ids_footprint(struct store_tile_ids *ids, int64_t footprint_id, uint64_t *words,
			     struct cov_error *err)
{
	return read_ids(ids, FOOTPRINT_LINES, footprint_id, 1, words, err);
}

int store_tile_ids_hit(struct store_tile_ids *ids, int64_t footprint_id, uint64_t *words,
		       struct cov_error *err)
{
	return read_ids(ids, FOOTPRINT_HIT, footprint_id, 1, words, err);
}

void store_tile_ids_mark(const uint64_t *words, const struct store_range *range, uint64_t bit,
			 uint64_t *masks)
{
	size_t end = range->line_first + range->line_count;

	for (size_t i = range->line_first / 64; i * 64 < end; i++) {
		for (uint64_t rest = words[i]; rest; rest &= rest - 1) {
			size_t id = i * 64 + (size_t)__builtin_ctzll(rest);

			if (id >= range->line_first && id < end)
				masks[id - range->line_first] |= bit;
		}
	}
}

int store_tile_ids_masks(struct store_tile_ids *ids, int64_t footprint_id, uint64_t bit,
			 uint64_t *masks, struct cov_error *err)
{
	COV_AUTO(free) uint64_t *words = cov_xcalloc((ids->line_count + 63) / 64, sizeof(*words));
	int result =
	    ids->range.line_count ? store_tile_ids_footprint(ids, footprint_id, words, err) : 0;

	if (result == 0)
		store_tile_ids_mark(words, &ids->range, bit, masks);
	return result;
}
