/* store_tile.h - counts of lines and functions in the database, packed by 64 ids. */
#ifndef VENN_STORE_STORE_TILE_H
#define VENN_STORE_STORE_TILE_H

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "venn/store/store_range.h"
#include "venn/store/tile.h"

struct cov_error;
struct store;

/*
 * What has tiles, and of which columns. All numbers of footprints but kept and p-value are times
 * the scale of their analysis, see store_observer.h.
 */
enum store_tile_table {
	STORE_TILE_TRIAL_LINES,     /* count, enum cov_line_state */
	STORE_TILE_TRIAL_FUNCTIONS, /* calls, contradiction */
	STORE_TILE_FOOTPRINT_LINES, /* count, 1 if kept, count in the baseline, number of p-value */
	STORE_TILE_FOOTPRINT_FUNCTIONS, /* calls, calls in the baseline */
};

/** store_tile_pack() - tile_pack() for a table, whose usual numbers are filled in. */
void store_tile_pack(enum store_tile_table table, const uint32_t *ids, size_t count,
		     struct tile_column *columns, struct tiles *ret);

/**
 * store_tile_insert() - write the tiles of a trial or footprint, and the patterns that are new.
 * @owner: the id of the trial or footprint
 */
int store_tile_insert(struct store *store, enum store_tile_table table, int64_t kernel_id,
		      int64_t owner, const struct tiles *tiles, struct cov_error *err);

/**
 * store_tile_fetch() - the tiles of a trial or footprint as store_tile_pack() made them.
 * @ret: free with tile_list_deinit()
 *
 * Return: 0; COV_ERR_STORE if what is there are no tiles.
 */
int store_tile_fetch(struct store *store, enum store_tile_table table, int64_t kernel_id,
		     int64_t owner, struct tiles *ret, struct cov_error *err);

/** store_tile_walk() - begin with the first id of tiles. @columns: the first ones, that are looked
 * at */
struct tile_walk store_tile_walk(enum store_tile_table table, const struct tiles *tiles,
				 size_t columns);

/* Ids and numbers, one after the other; borrows nothing but the store. */
struct store_tile_reader {
	struct store *store;
	enum store_tile_table table;
	sqlite3_stmt *statement; /* owned */
	struct store_range range;
	size_t column_count; /* all, once it is open; lower it if only the first are wanted */

	/* The tile that is at hand: its ids within the range. */
	int64_t numbers[TILE_COLUMNS_MAX][TILE_IDS]; /* of each class; the first divided by the
							scale */
	int64_t scale;
	size_t first;                    /* what offsets are of */
	unsigned char offsets[TILE_IDS]; /* [id_count] */
	unsigned char classes[TILE_IDS]; /* [id_count] */
	size_t id_count;
	size_t next; /* of them */

	/* What store_tile_next() found. */
	size_t id;
	size_t class;
};

/**
 * store_tile_open() - read what is within a range.
 * @owner: the id of the trial or footprint, of which there may be none
 * @ret:   release with store_tile_close()
 */
int store_tile_open(struct store *store, enum store_tile_table table, int64_t owner,
		    const struct store_range *range, struct store_tile_reader *ret,
		    struct cov_error *err);

/** store_tile_move() - go on with another owner and range of the same table. */
void store_tile_move(struct store_tile_reader *reader, int64_t owner,
		     const struct store_range *range);

/** store_tile_read() - the next tile that has ids. Return: 1; 0 after the last; COV_ERR_STORE. */
int store_tile_read(struct store_tile_reader *reader, struct cov_error *err);

/** store_tile_next() - the next id and its numbers. Return: 1; 0 after the last; COV_ERR_STORE. */
static inline int store_tile_next(struct store_tile_reader *reader, struct cov_error *err)
{
	int result = reader->next < reader->id_count ? 1 : store_tile_read(reader, err);

	if (result > 0) {
		reader->id = reader->first + reader->offsets[reader->next];
		reader->class = reader->classes[reader->next++];
	}
	return result;
}

/** store_tile_number() - a number of the id that store_tile_next() found. */
static inline int64_t store_tile_number(const struct store_tile_reader *reader, size_t column)
{
	return reader->numbers[column][reader->class];
}

void store_tile_close(struct store_tile_reader *reader);
COV_DEFINE_AUTO_STRUCT(struct store_tile_reader, store_tile_close)

#endif
