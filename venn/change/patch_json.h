/* patch_json.h - what executed a patch, as JSON and as rows. */
#ifndef VENN_CHANGE_PATCH_JSON_H
#define VENN_CHANGE_PATCH_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "venn/change/patch.h"
#include "venn/print/rows.h"

/**
 * patch_json_summary() - "patch: 212 changed lines with code, 148 executed by runc/stream, 31 by
 * none"; free() it.
 */
char *patch_json_summary(const struct patch *patch);

/**
 * patch_json_commits() - a row for each commit of the range, and one for lines that git blame gives
 * to none of them.
 * @is_short: whether ids are cut
 * @rows:     empty; borrows of the patch
 */
void patch_json_commits(const struct patch *patch, bool is_short, struct rows *rows);

/** patch_json_functions() - a row for each function that lines were added to, in order of the diff.
 */
void patch_json_functions(const struct patch *patch, struct rows *rows);

/** patch_json() - all of it, as 'covdb patch --format json' prints it. */
json_t *patch_json(const struct patch *patch, const struct cov_kernel *kernel);

#endif
