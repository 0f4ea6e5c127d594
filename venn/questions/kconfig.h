/* kconfig.h - how much of what each option of a kernel's configuration adds was executed. */
#ifndef VENN_QUESTIONS_KCONFIG_H
#define VENN_QUESTIONS_KCONFIG_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/collector.h"
#include "venn/store/store_query.h"

struct cov_error;
struct store;

struct kconfig_option {
	const char *name; /* without CONFIG_; in kconfig.options */
	size_t objects;   /* that need it */
	size_t unknown;   /* of these, not instrumented */
	int64_t lines;    /* that only objects have which need it */
	/* Of these, executed in trials of each platform of the query, whatever the rule says; and
	 * on any of them. */
	int64_t executed[STORE_PLATFORMS_MAX];
	int64_t any;
	uint64_t platforms; /* those that executed one, by their place in the query */
};

struct kconfig {
	struct kconfig_option *items; /* [count], by name; owned */
	size_t count;
	struct cov_kernel_options options; /* owned */
};

void kconfig_deinit(struct kconfig *kconfig);
COV_DEFINE_AUTO_STRUCT(struct kconfig, kconfig_deinit)

/**
 * kconfig_read() - all options that objects of the query's kernel need.
 * @ret: zeroed; filled on success, free with kconfig_deinit()
 *
 * Return: 0; COV_ERR_MISMATCH if the kernel was registered without them; COV_ERR_STORE.
 */
int kconfig_read(struct store *store, const struct store_query *query, struct kconfig *ret,
		 struct cov_error *err);

#endif
