/* import_archive.h - the trials of studies in an archive, without unpacking it. */
#ifndef VENN_COMMANDS_IMPORT_ARCHIVE_H
#define VENN_COMMANDS_IMPORT_ARCHIVE_H

#include "venn/commands/import.h"

struct cov_error;

/**
 * import_archive() - all trials of an archive of folders that collect wrote.
 * @path:   a tar, plain or compressed by gzip, xz or zstd, in which manifests are trials/NAME.json,
 *          in whatever folders
 * @kernel: name, or NULL
 *
 * Folders with an experiment file come first, then the others, both by name; the trials of each by
 * their start, as import_folder() has them. The archive is read once to know what is in it, and
 * once more for as many trials as have their packed counters in 32 MiB. One member at a time, for
 * each thread, is in memory.
 *
 * Return: 0, even if some could not be imported, which is said; COV_ERR_FORMAT if there is no trial
 * in it, or if it is damaged: nothing is imported of it then; COV_ERR_SYSTEM; COV_ERR_STORE.
 */
int import_archive(struct import *import, const char *path, const char *kernel,
		   struct cov_error *err);

#endif
