/* config.h - configuration files: the database, the kernel's sources, the order of platforms. */
#ifndef VENN_HISTORY_CONFIG_H
#define VENN_HISTORY_CONFIG_H

struct cov_error;

/**
 * config_load() - what the user's file and covdb.ini in the working directory say becomes the
 * environment, where that says nothing: $COVDB, $COVDB_KERNEL_SRC, $COVDB_PLATFORMS.
 *
 * The user's file is $XDG_CONFIG_HOME/covdb/config, or ~/.config/covdb/config. Both are in git's
 * syntax; docs/configuration.md has the keys. Paths are relative to the file.
 *
 * Return: 0, also without such files; COV_ERR_FORMAT with file and line, or file and key;
 *         COV_ERR_SYSTEM.
 */
int config_load(struct cov_error *err);

#endif
