/* import.c - the kernel that trials are of, and the footprints that are made of them. */
#include "venn/commands/import.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "differ/differ.h"
#include "venn/analysis/analysis.h"
#include "venn/store/store.h"
#include "venn/store/store_analysis.h"
#include "venn/store/store_group.h"
#include "venn/store/store_load.h"
#include "venn/store/store_transaction.h"

void import_deinit(struct import *import)
{
	store_kernel_deinit(&import->about);
	kernel_deinit(&import->kernel);
	store_close(import->store);
}

/* A kernel that was registered without a build id fits any: the stamps of its objects decide. */
static int look_up(struct import *import, const char *build_id, const char *name,
		   struct store_kernel *ret, struct cov_error *err)
{
	struct cov_error other_err;
	int result = store_kernel_find(import->store, build_id, name, ret, err);

	if (result == COV_ERR_MISMATCH && build_id &&
	    store_kernel_find(import->store, "", name, ret, &other_err) == 0)
		result = 0;
	return result;
}

/* Within a transaction, so that what is loaded is of one moment. */
static int find_kernel(struct import *import, const char *build_id, const char *name,
		       struct cov_error *err)
{
	COV_AUTO(store_kernel_deinit) struct store_kernel about = { 0 };
	bool is_loaded = false;
	int result = look_up(import, build_id, name, &about, err);

	if (result == 0 && about.id == import->about.id)
		result = store_load_is_current(import->store, about.id, &import->kernel, &is_loaded,
					       err);
	if (result)
		return result;
	store_kernel_deinit(&import->about);
	if (!is_loaded) {
		kernel_deinit(&import->kernel);
		result = store_load_kernel(import->store, about.id, &import->kernel, err);
		if (result)
			return result;
	}
	import->about = about;
	memset(&about, 0, sizeof(about));
	return 0;
}

/* The same, in a transaction of its own: decoding is done outside of any. */
int import_choose_kernel(struct import *import, const char *build_id, const char *name,
			 struct cov_error *err)
{
	int result = store_transaction_read(import->store, err);

	if (result == 0)
		result = find_kernel(import, build_id, name, err);
	store_transaction_end(import->store);
	return result;
}

int import_has_kernel(struct import *import, const char *build_id, const char *name, bool *ret,
		      struct cov_error *err)
{
	COV_AUTO(store_kernel_deinit) struct store_kernel about = { 0 };
	int result = store_transaction_read(import->store, err);

	*ret = false;
	if (result == 0)
		result = look_up(import, build_id, name, &about, err);
	if (result == 0 && about.id == import->about.id)
		result = store_load_is_current(import->store, about.id, &import->kernel, ret, err);
	store_transaction_end(import->store);
	return result == COV_ERR_STORE ? result : 0;
}

/* Why footprints were not made. */
enum lack {
	LACK_TRIALS,   /* of a workload, or of a baseline: there is nothing to compare yet */
	LACK_FOR_RULE, /* there is, but the rule asks for more, or for others */
	LACK_OTHER,    /* footprints are to be expected */
};

static int find_lack(struct store *store, int64_t kernel_id, const char *baseline, enum lack *ret,
		     struct cov_error *err)
{
	COV_AUTO(store_group_list_deinit) struct store_groups groups = { 0 };
	COV_AUTO(pair_deinit) struct pairs pairs = { 0 };
	struct cov_error ignored;
	bool has_baseline = false, has_workload = false;
	int result = store_group_list(store, kernel_id, &groups, err);

	for (size_t i = 0; i < groups.count; i++) {
		has_baseline |= store_workload_is_baseline(groups.items[i].kind);
		has_workload |= groups.items[i].kind == STORE_WORKLOAD;
	}
	*ret = LACK_TRIALS;
	if (has_baseline && has_workload)
		*ret =
		    pair_groups(&groups, baseline, &pairs, &ignored) ? LACK_OTHER : LACK_FOR_RULE;
	return result;
}

/* Whether there are footprints by the paper's rule as well, which takes one trial of each. */
static bool has_rate(const struct store_analyses *list, const struct analysis_options *wanted)
{
	for (size_t i = 0; i < list->count; i++) {
		if (cov_rule_find(list->items[i].rule) == COV_RULE_RATE && wanted->baseline &&
		    strcmp(list->items[i].baseline, wanted->baseline) == 0)
			return wanted->rule != COV_RULE_RATE;
	}
	return false;
}

/* What was imported stays, though there are no footprints by @wanted of it. */
static int say_lack(struct import *import, const struct analysis_options *wanted,
		    const struct store_analyses *list, const char *reason, struct cov_error *err)
{
	enum lack lack = LACK_OTHER;
	int result = find_lack(import->store, import->about.id, wanted->baseline, &lack, err);

	if (result)
		return result;
	if (lack == LACK_FOR_RULE)
		cov_say("kernel %s: stored, but not yet in the footprints by rule %s: %s%s",
			import->about.name, cov_rule_name(wanted->rule), reason,
			has_rate(list, wanted) ? "; --rule rate has it" : "");
	else
		cov_say("kernel %s: %s: %s", import->about.name,
			lack == LACK_OTHER ? "footprints were not made" : "no footprints yet",
			reason);
	import->stale_count += lack == LACK_OTHER;
	return 0;
}

/*
 * The paper's rule has the better one beside it as soon as there are trials enough, which then is
 * the newest. @beside: just made; @list: what there was before
 */
static int add_usual(struct import *import, const struct analysis *beside,
		     const struct store_analyses *list, struct cov_error *err)
{
	COV_AUTO(analysis_deinit) struct analysis usual = { 0 };

	if (beside->rule != COV_RULE_RATE || beside->usual_rule == COV_RULE_RATE)
		return 0;
	for (size_t i = 0; i < list->count; i++) {
		if (cov_rule_find(list->items[i].rule) == beside->usual_rule &&
		    strcmp(list->items[i].baseline, beside->pairs.baseline) == 0)
			return 0;
	}
	const struct analysis_options wanted = { beside->usual_rule, beside->pairs.baseline,
						 analysis_false_discovery_rate, false };
	return analysis_run(import->store, import->about.id, &import->kernel, &wanted, &usual, err);
}

/*
 * Make the footprints of @import's kernel, or say why there are none yet; within a transaction.
 * @list: what there was before
 */
static int refresh_analysis(struct import *import, const struct analysis_options *wanted,
			    const struct store_analyses *list, struct cov_error *err)
{
	COV_AUTO(analysis_deinit) struct analysis analysis = { 0 };
	int result = store_transaction_mark(import->store, err);

	if (result == 0)
		result = analysis_run(import->store, import->about.id, &import->kernel, wanted,
				      &analysis, err);
	if (result == 0)
		analysis_print_notes(&analysis);
	if (result != COV_ERR_MISMATCH)
		return result ? result : add_usual(import, &analysis, list, err);
	COV_AUTO(free) char *reason = cov_xstrdup(err->message);
	result = store_transaction_undo(import->store, err);
	return result ? result : say_lack(import, wanted, list, reason, err);
}

/*
 * The first analysis after @last that lacks trials; without any analysis that of the paper's rule.
 * @ret: borrows from @list. Return: whether there is something to do.
 */
static bool find_outdated(const struct store_analyses *list, int64_t *last,
			  const struct store_analysis **ret)
{
	*ret = NULL;
	for (size_t i = 0; i < list->count && !*ret; i++) {
		if (!list->items[i].is_current && list->items[i].id > *last)
			*ret = &list->items[i];
	}
	bool is_first = !list->count && !*last;
	*last = *ret ? (*ret)->id : 1;
	return *ret || is_first;
}

/*
 * Bring the next footprints of a kernel up to date: what there is to do is looked up within the
 * transaction, because another program may have done it by now.
 * @last: id of the analysis done before; 0: none
 */
static int refresh_next(struct import *import, const char *name, int64_t *last, bool *is_done,
			struct cov_error *err)
{
	COV_AUTO(store_kernel_deinit) struct store_kernel about = { 0 };
	COV_AUTO(store_analysis_list_deinit) struct store_analyses list = { 0 };
	struct analysis_options wanted = { COV_RULE_RATE, NULL, analysis_false_discovery_rate,
					   false };
	const struct store_analysis *old = NULL;
	int result = store_kernel_find(import->store, NULL, name, &about, err);

	/* Removed meanwhile, or there is nothing to compare. */
	*is_done = result == COV_ERR_MISMATCH || (result == 0 && !about.trial_count);
	if (*is_done)
		return 0;
	if (result == 0)
		result = store_analysis_list(
		    import->store, &(struct store_choice){ .kernel_id = about.id }, &list, err);
	*is_done = result == 0 && !find_outdated(&list, last, &old);
	if (result || *is_done)
		return result;
	if (old) {
		wanted = (struct analysis_options){ cov_rule_find(old->rule), old->baseline,
						    old->false_discovery_rate, false };
		if (wanted.rule == COV_RULE_COUNT)
			return cov_fail(
			    err, COV_ERR_STORE,
			    "kernel %s: footprints against baseline %s are by the rule '%s', which this covdb does not know",
			    name, old->baseline, old->rule);
	}
	result = find_kernel(import, NULL, name, err);
	return result ? result : refresh_analysis(import, &wanted, &list, err);
}

/* Each analysis in a transaction of its own, or all @is_within that of a single snapshot. */
int import_refresh_kernel(struct import *import, const char *name, bool is_within,
			  struct cov_error *err)
{
	int64_t last = 0;
	bool is_done = false;
	int result = 0;

	while (result == 0 && !is_done) {
		if (!is_within)
			result = store_transaction_write(import->store, err);
		if (result == 0)
			result = refresh_next(import, name, &last, &is_done, err);
		if (result == 0 && !is_within)
			result = store_transaction_commit(import->store, err);
		if (!is_within)
			store_transaction_end(import->store);
	}
	return result;
}

/* Bring all footprints up to date. */
int import_refresh(struct import *import, struct cov_error *err)
{
	COV_AUTO(store_kernel_list_deinit) struct store_kernels kernels = { 0 };
	int result = store_kernel_list(import->store, &kernels, err);

	for (size_t i = 0; result == 0 && i < kernels.count; i++) {
		if (kernels.items[i].id != import->refreshed_id)
			result = import_refresh_kernel(import, kernels.items[i].name, false, err);
	}
	return result;
}
