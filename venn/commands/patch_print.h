/* patch_print.h - what executed a patch, as its diff, as JSON, as a tracefile. */
#ifndef VENN_COMMANDS_PATCH_PRINT_H
#define VENN_COMMANDS_PATCH_PRINT_H

#include "venn/change/patch.h"

/** patch_print_text() - one line of summary, the diff with what is known of each line, tables. */
void patch_print_text(const struct patch *patch);

/** patch_print_json() - all that is known of each added line, by commit and function as well. */
void patch_print_json(const struct patch *patch, const struct cov_kernel *kernel);

/** patch_print_info() - the added lines that are instrumented, in an lcov tracefile. */
void patch_print_info(const struct patch *patch, const struct cov_kernel *kernel);

#endif
