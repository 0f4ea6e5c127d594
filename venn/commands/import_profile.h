/* import_profile.h - a profile that collect left, into the database. */
#ifndef VENN_COMMANDS_IMPORT_PROFILE_H
#define VENN_COMMANDS_IMPORT_PROFILE_H

#include "venn/commands/import.h"

/** import_profile_is() - whether a manifest is of one, rather than of a trial that was counted. */
bool import_profile_is(const struct cov_manifest *manifest);

/** import_profile_has() - whether it is in the database. */
int import_profile_has(const struct import *import, const struct cov_manifest *manifest, bool *ret,
		       struct cov_error *err);

/**
 * import_profile_add() - write it, in a transaction of its own. One that failed is said and left.
 * @file: that the manifest names
 *
 * Return: 0; COV_ERR_FORMAT naming file and line; COV_ERR_SYSTEM; COV_ERR_STORE.
 */
int import_profile_add(struct import *import, const struct cov_manifest *manifest,
		       const struct import_file *file, struct cov_error *err);

#endif
