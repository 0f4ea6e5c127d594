/* store_pattern.h - which ids of a tile are there and which are alike: found and added. */
#ifndef VENN_STORE_STORE_PATTERN_H
#define VENN_STORE_STORE_PATTERN_H

#include <sqlite3.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "venn/store/pattern_cache.h"

struct cov_error;
struct store;

enum store_pattern_kind { STORE_PATTERN_LINES, STORE_PATTERN_FUNCTIONS, STORE_PATTERN_KINDS };

/* Statements that find and add patterns of one kernel. */
struct store_pattern_writer {
	struct store *store;
	enum store_pattern_kind kind;
	struct pattern_cache *cache; /* the store's */
	sqlite3_stmt *list;          /* of a tile; owned, as is the next */
	sqlite3_stmt *add;           /* NULL: nothing was added yet */
};

/** store_pattern_open() - @ret: release with store_pattern_close() */
int store_pattern_open(struct store *store, enum store_pattern_kind kind, int64_t kernel_id,
		       struct store_pattern_writer *ret, struct cov_error *err);

void store_pattern_close(struct store_pattern_writer *writer);
COV_DEFINE_AUTO_STRUCT(struct store_pattern_writer, store_pattern_close)

/** store_pattern_number() - the number of a pattern within its tile; it is added if it is new. */
int store_pattern_number(struct store_pattern_writer *writer, uint32_t tile, uint32_t class_count,
			 const char *marks, int64_t *ret, struct cov_error *err);

/**
 * store_pattern_at() - the pattern of a tile that has a number.
 * @ret: the store's, until it forgets what it knows; NULL if there is none
 */
int store_pattern_at(struct store_pattern_writer *writer, uint32_t tile, int64_t number,
		     const struct known_pattern **ret, struct cov_error *err);

#endif
