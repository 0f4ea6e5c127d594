/* version.h - versions of the kernel as numbers that sort, and ranges of them. */
#ifndef VENN_SETS_VERSION_H
#define VENN_SETS_VERSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

/* 6.1.192 is 6,001,192,000, 2.6.12.3 is 2,006,012,003: each part has three digits. */
enum { VERSION_PARTS = 4 };

/* Behind all versions. */
static const int64_t version_end = INT64_C(1000000000000);

/**
 * version_parse() - the number of a version or of a release.
 * @text: "6.1.192", "6.1.192-covdb", "6.9-rc1", which counts as 6.9
 * @ret:  untouched on failure
 *
 * Return: whether @text begins with one.
 */
bool version_parse(const char *text, int64_t *ret);

/** version_branch() - 6.1.192 is of the branch that begins with 6.1, 2.6.12.3 of 2.6.12. */
int64_t version_branch(int64_t version);

/** version_branch_end() - the first version behind the branch of @version. */
int64_t version_branch_end(int64_t version);

/** version_text() - "6.1.192"; a mainline release without its zero: "6.1"; free() it. */
char *version_text(int64_t version);

/* From first on, below behind. */
struct version_range {
	int64_t first, behind;
};

/* Some versions; a zeroed struct is none. */
struct version_ranges {
	struct version_range *items; /* [count], sorted, apart from each other; owned */
	size_t count, capacity;
};

/** version_set() - the versions of @range are among @ranges, or not, from now on. */
void version_set(struct version_ranges *ranges, struct version_range range, bool is_in);

void version_ranges_deinit(struct version_ranges *ranges);
COV_DEFINE_AUTO_STRUCT(struct version_ranges, version_ranges_deinit)

#endif
