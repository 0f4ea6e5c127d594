/* import_folder.h - the trials of a folder that collect wrote. */
#ifndef VENN_COMMANDS_IMPORT_FOLDER_H
#define VENN_COMMANDS_IMPORT_FOLDER_H

#include "venn/commands/import.h"

struct cov_error;

/**
 * import_folder() - all trials of a folder that collect wrote, as many at once as there are
 * processors.
 * @kernel: name, or NULL
 *
 * Return: 0, even if some could not be imported, which is said; COV_ERR_FORMAT, COV_ERR_STORE.
 */
int import_folder(struct import *import, const char *directory, const char *kernel,
		  struct cov_error *err);

#endif
