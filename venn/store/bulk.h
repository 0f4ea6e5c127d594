/* bulk.h - many rows of numbers written by one statement, out of arrays in memory. */
#ifndef VENN_STORE_BULK_H
#define VENN_STORE_BULK_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct store;

enum { BULK_COLUMNS_MAX = 3 };

/* A column beside the id; one of the arrays, each [largest id + 1]. With none it is NULL in all. */
struct bulk_column {
	const int64_t *integers;
	const uint32_t *words;
	const unsigned char *bytes;
	const double *reals; /* NULL where it is not a number */
};

/* Rows (owner, id, columns). */
struct bulk {
	uint32_t *ids; /* [count], growing; owned */
	size_t count;
	struct bulk_column columns[BULK_COLUMNS_MAX]; /* borrowed */
};

/** bulk_init() - no rows; @most: how many there can be. Free with bulk_deinit(). */
void bulk_init(struct bulk *bulk, size_t most);

void bulk_deinit(struct bulk *bulk);
COV_DEFINE_AUTO_STRUCT(struct bulk, bulk_deinit)

/** bulk_add() - a row, whose id is above those before. */
static inline void bulk_add(struct bulk *bulk, size_t id)
{
	bulk->ids[bulk->count++] = (uint32_t)id;
}

/**
 * bulk_insert() - write the rows.
 * @sql:   "INSERT INTO t (owner, id, ...) SELECT ?1, id, a, b, c FROM bulk(?2)": a, b and c are the
 *         columns
 * @owner: what the rows belong to, which this transaction wrote or found
 *
 * A row a statement costs SQLite three times as much: the way down the tree, and a look for the
 * owner by the foreign key, which is left out here.
 */
int bulk_insert(struct store *store, const char *sql, int64_t owner, const struct bulk *bulk,
		struct cov_error *err);

#endif
