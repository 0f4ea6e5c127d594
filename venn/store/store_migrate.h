/* store_migrate.h - bring a database of an older schema to the current one. */
#ifndef VENN_STORE_STORE_MIGRATE_H
#define VENN_STORE_STORE_MIGRATE_H

#include <stdint.h>

struct cov_error;

/**
 * store_migrate() - bring a database of version 4, 6, 7, 8 or 9 to the current schema, with the
 * same content.
 * @path:    not open
 * @number:  its schema version, older than the current one
 *
 * It happens in the file itself, in one transaction. Programs that have it open see it as it was
 * or as it is; if another one has migrated it by now, that is fine. It is said on stderr.
 *
 * Return: 0; COV_ERR_STORE if it is too old, is not as covdb makes it or is locked for too long;
 *         COV_ERR_SYSTEM if it cannot be written to. It stays as it is then.
 */
int store_migrate(const char *path, int64_t number, struct cov_error *err);

#endif
