/* store_cve_git.h - what a git says of the fixes of records, for a kernel. */
#ifndef VENN_STORE_STORE_CVE_GIT_H
#define VENN_STORE_STORE_CVE_GIT_H

#include "venn/store/store_cve.h"

/* A record that names instrumented files. */
struct store_cve_fixed {
	int64_t id;
	struct store_cve_texts files; /* those that are instrumented; owned */
	struct store_cve_fix *fixes;  /* [fix_count], by version; owned */
	size_t fix_count, fix_capacity;
};

struct store_cve_fixes {
	struct store_cve_fixed *items; /* [count]; owned */
	size_t count, capacity;
};

void store_cve_git_deinit(struct store_cve_fixes *records);
COV_DEFINE_AUTO_STRUCT(struct store_cve_fixes, store_cve_git_deinit)

/**
 * store_cve_git_begin() - forget what a git said of a kernel, and list what to ask another.
 * @ret: free with store_cve_git_deinit()
 */
int store_cve_git_begin(struct store *store, int64_t kernel_id, struct store_cve_fixes *ret,
			struct cov_error *err);

/* What was found. All borrowed. */
struct store_cve_git {
	int64_t cve_id;
	const char *commit;
	bool is_in_source;
	const struct store_cve_line *lines; /* [line_count] */
	size_t line_count;
};

/** store_cve_git_put() - store it. */
int store_cve_git_put(struct store *store, int64_t kernel_id, const struct store_cve_git *found,
		      struct cov_error *err);

#endif
