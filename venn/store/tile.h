/*
 * tile.h - numbers of lines or functions, packed by 64 ids: those of which all is equal share them.
 *
 * Lines of one basic block follow each other and have the same count, and code that runs mostly
 * runs the same way: which of 64 lines are equal (a pattern) is often the same in many trials, and
 * is stored once. A tile then has a number for each class of equal ids:
 *
 *   ids 0 .. 6     not there  5  5  0  not there  5  17
 *   marks          " !!\" !#"      class 1, 2, ... as characters behind the space
 *   numbers        " 5 017"        of 3 classes, each as wide as the widest
 */
#ifndef VENN_STORE_TILE_H
#define VENN_STORE_TILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/text.h"

enum { TILE_IDS = 64, TILE_COLUMNS_MAX = 4 };

/* A column of numbers, by id; one of the arrays, or none, if all are usual. */
struct tile_column {
	const int64_t *integers;
	const uint32_t *words;
	const unsigned char *bytes;
	int64_t usual; /* a tile in which all ids have this number does not have the column */
};

struct tile {
	uint32_t number;                  /* ids number * TILE_IDS and on */
	uint32_t class_count;             /* 1 .. TILE_IDS */
	size_t marks;                     /* where in the texts, each with a 0 behind it */
	size_t columns[TILE_COLUMNS_MAX]; /* likewise; 0: not there */
};

struct tiles {
	struct tile *items; /* [count], by number; owned */
	size_t count, capacity;
	struct cov_text texts;
};

/**
 * tile_pack() - the tiles of many ids; no database is needed.
 * @ids:     [@count], growing
 * @columns: [@column_count], at most TILE_COLUMNS_MAX
 * @ret:     free with tile_list_deinit()
 */
void tile_pack(const uint32_t *ids, size_t count, const struct tile_column *columns,
	       size_t column_count, struct tiles *ret);

void tile_list_deinit(struct tiles *tiles);
COV_DEFINE_AUTO_STRUCT(struct tiles, tile_list_deinit)

/** tile_text() - marks or a column of a tile; NULL if it does not have the column. */
static inline const char *tile_text(const struct tiles *tiles, size_t place)
{
	return place ? tiles->texts.data + place : NULL;
}

/** tile_class() - the class that a mark stands for, from 0; -1: none. */
static inline int tile_class(char mark)
{
	return (unsigned char)mark - '!';
}

/**
 * tile_read() - the numbers of a column.
 * @text: as tile_text() gives it, of a database, so that anything may be in it; NULL: all @usual
 * @ret:  [@class_count]
 *
 * Return: whether it is a column of so many classes.
 */
bool tile_read(const char *text, size_t class_count, int64_t usual, int64_t *ret);

/* The ids of tiles, one after the other. Zeroed but for what is given, it is before the first. */
struct tile_walk {
	const struct tiles *tiles;       /* given, as are the next two; borrowed */
	size_t column_count;             /* the others are not looked at */
	int64_t usual[TILE_COLUMNS_MAX]; /* number of a column that is not there */
	int64_t numbers[TILE_COLUMNS_MAX][TILE_IDS];
	size_t next;       /* tile */
	const char *marks; /* of the tile before, those that are left; NULL: none */
	size_t next_id;    /* of the first of them */
	size_t id;         /* what tile_next() found */
	int64_t values[TILE_COLUMNS_MAX];
};

/** tile_next() - the next id and its numbers. Return: 1; 0 after the last; -1 at what is no tile.
 */
int tile_next(struct tile_walk *walk);

#endif
