/* flame_profiles.h - the profiles of a platform, or of two that are compared, as one tree. */
#ifndef VENN_QUESTIONS_FLAME_PROFILES_H
#define VENN_QUESTIONS_FLAME_PROFILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "venn/questions/flame.h"
#include "venn/store/store_profile.h"

struct cov_error;
struct store;

/* What is asked is set before flame_profiles_read(), as are functions and side_count of the tree.
 */
struct flame_profiles {
	const struct store_profiles *list;      /* all of the kernel */
	const char *platforms[FLAME_SIDES_MAX]; /* of the sides; borrowed */
	const char *workloads;                  /* "a,b"; NULL: of all; borrowed */
	struct flame flame;                     /* owned */
	char *names[FLAME_SIDES_MAX];           /* of the sides, with what has to be known; owned */
	int64_t counts[FLAME_SIDES_MAX];        /* profiles of each side */
	int64_t lost[FLAME_SIDES_MAX];          /* samples that perf could not keep */
	bool is_emulated;                       /* some profile of those asked for */
};

/**
 * flame_profiles_read() - the sorted tree of what was asked, from the profiles of its list.
 *
 * Return: 0; COV_ERR_MISMATCH if a platform has no such profile, or no sample is in the functions;
 *         COV_ERR_STORE.
 */
int flame_profiles_read(struct store *store, struct flame_profiles *profiles,
			struct cov_error *err);

/** flame_profiles_has() - whether a profile is one of those asked for, of this platform. */
bool flame_profiles_has(const struct flame_profiles *profiles, const struct store_profile *profile,
			const char *platform);

/** flame_profiles_has_workload() - whether it is of a workload asked for. */
bool flame_profiles_has_workload(const struct flame_profiles *profiles,
				 const struct store_profile *profile);

/** flame_profiles_describe() - "host, emulated: 2,860 of 4,113 samples in ksys_write"; free() it.
 */
char *flame_profiles_describe(const struct flame_profiles *profiles, size_t side);

/** flame_profiles_heading() - what a picture of the tree is of; free() it. */
char *flame_profiles_heading(const struct flame_profiles *profiles);

/** flame_profiles_remark() - all sides described, in a line; free() it. */
char *flame_profiles_remark(const struct flame_profiles *profiles);

void flame_profiles_deinit(struct flame_profiles *profiles);
COV_DEFINE_AUTO_STRUCT(struct flame_profiles, flame_profiles_deinit)

#endif
