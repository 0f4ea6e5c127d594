/* report_branches.c - the branches that decide whether the most executed conditional code runs. */
#include "venn/report/report_branches.h"

#include <math.h>

#include "collector/base/json.h"
#include "venn/questions/branch.h"
#include "venn/questions/conditional.h"
#include "venn/report/report_data.h"
#include "venn/report/report_study.h"

enum { BRANCHES_MAX = 50 }; /* of a view */

/* A list: line id of the hunk's first line, file and line of the branch, taken by each platform. */
static json_t *branch_json(const struct report_study *study, const struct report_view *view,
			   const struct conditional_hunk *hunk, const struct branch *branch)
{
	json_t *taken = cov_json_array();

	for (size_t i = 0; i < study->platforms.count; i++)
		cov_json_append(taken, json_null());
	for (size_t i = 0; i < view->query.platform_count; i++) {
		if (!isnan(branch->taken[i]))
			cov_json_replace(taken, view->places[i], cov_json_real(branch->taken[i]));
	}
	return cov_json_pack("[I, o, I, o]", (json_int_t)(view->query.line_first + hunk->first),
			     cov_json_name(branch->file), (json_int_t)branch->line, taken);
}

static int view_json(struct store *store, struct report_study *study, struct report_view *view,
		     json_t *list, struct cov_error *err)
{
	COV_AUTO(conditional_hunks_deinit) struct conditional_hunks hunks = { 0 };
	struct branch_search search = { store, &view->query, &view->code };
	int result = 0;

	if (view->query.platform_count < 2)
		return 0;
	conditional_find(&(struct conditional_search){ .query = &view->query, .code = &view->code },
			 &hunks);
	for (size_t i = 0; result == 0 && i < hunks.count && i < BRANCHES_MAX; i++) {
		const struct conditional_hunk *hunk = &hunks.items[i];
		struct branch branch;

		result = branch_find(&search, hunk->function,
				     (uint32_t)(view->query.line_first + hunk->first), hunk->mask,
				     &branch, err);
		if (result == 0 && branch.file)
			cov_json_append(list, branch_json(study, view, hunk, &branch));
	}
	return result;
}

int report_branches_json(struct store *store, struct report_study *study, json_t **ret,
			 struct cov_error *err)
{
	int result = 0;

	*ret = cov_json_array();
	for (size_t i = 0; result == 0 && i < study->view_count; i++) {
		json_t *list = cov_json_array();

		cov_json_append(*ret, list);
		result = view_json(store, study, &study->views[i], list, err);
	}
	return result;
}
