/* store_unused.h - patterns of tiles that nothing has any more. */
#ifndef VENN_STORE_STORE_UNUSED_H
#define VENN_STORE_STORE_UNUSED_H

#include <stddef.h>
#include <stdint.h>

struct cov_error;
struct store;

/*
 * What deletes footprints notes their patterns, since most of them are had again by the footprints
 * that are made in their place. Who has made those deletes what is left. That what was noted is all
 * there can be is known of a kernel whose analyses were all current before; else, as after a
 * command that was killed in between, all tiles are read.
 */

/**
 * store_unused_know() - find out whether no pattern of a kernel is unused, unless noted.
 *
 * To be called before analyses are made outdated or current, within the same transaction.
 */
int store_unused_know(struct store *store, int64_t kernel_id, struct cov_error *err);

/**
 * store_unused_note() - the patterns of footprints that are about to be deleted.
 * @footprints: SQL, a list of their ids in parentheses; of the kernel of store_unused_know()
 * @ids:        [@count], its parameters
 */
int store_unused_note(struct store *store, const char *footprints, const int64_t *ids, int count,
		      struct cov_error *err);

/** store_unused_doubt() - others may be unused as well: tiles are deleted that are not noted. */
void store_unused_doubt(struct store *store);

/** store_unused_delete() - delete the patterns of a kernel that no trial and no footprint has. */
int store_unused_delete(struct store *store, int64_t kernel_id, struct cov_error *err);

#endif
