/* store_migrate.h - bring a database of an older schema to the current one. */
#ifndef VENN_STORE_STORE_MIGRATE_H
#define VENN_STORE_STORE_MIGRATE_H

#include <stdint.h>

struct cov_error;

enum { STORE_MIGRATED_VERSION = 4 }; /* the oldest that is */

/**
 * store_migrate() - replace a database by one of the current schema with the same content.
 * @path:    not open
 * @version: its schema version, older than the current one
 *
 * The new file is made beside the old one, which stays as it is until the new one is whole.
 *
 * Return: 0; COV_ERR_STORE if it is too old or cannot be read, COV_ERR_SYSTEM.
 */
int store_migrate(const char *path, int64_t version, struct cov_error *err);

#endif
