/* patch_ask.h - a patch, and what trials of a database executed of it. */
#ifndef VENN_CHANGE_PATCH_ASK_H
#define VENN_CHANGE_PATCH_ASK_H

#include <stdint.h>

#include "venn/change/patch.h"

struct cov_error;
struct store;

/**
 * patch_ask_changes() - read a patch.
 * @operand:    a diff in a file, or REVISION..REVISION
 * @repository: of the range; NULL: the working directory's
 * @ret:        free with history_changes_deinit()
 *
 * Return: 0; COV_ERR_USAGE; what history_changes_read() and history_changes_range() return.
 */
int patch_ask_changes(const char *operand, const char *repository, struct history_changes *ret,
		      struct cov_error *err);

/* Whom a patch is looked for in; all borrowed. */
struct patch_asked {
	struct store *store;
	int64_t kernel_id;
	const char *kernel_src; /* as struct sources_from has it; NULL: where it was built */
	const char *trials;     /* "PLATFORM/WORKLOAD,..."; NULL: all but phases */
};

/**
 * patch_ask() - find a patch in the kernel of a database, and take what its trials executed.
 * @patch:  its changes are filled; what patch_conclude() does is still to be done
 * @kernel: free with kernel_deinit(), also on failure; the patch borrows of it
 *
 * Return: 0; COV_ERR_MISMATCH if there are no such trials; what patch_locate() returns;
 *         COV_ERR_STORE.
 */
int patch_ask(const struct patch_asked *asked, struct patch *patch, struct cov_kernel *kernel,
	      struct cov_error *err);

/** patch_ask_warn() - say on stderr of how many files the measured source is missing. */
void patch_ask_warn(const struct patch *patch);

#endif
