/* report_branches.c - the branches that decide whether the most executed conditional code runs. */
#include "venn/report/report_branches.h"

#include <math.h>

#include "collector/base/json.h"
#include "venn/questions/branch.h"
#include "venn/questions/conditional.h"
#include "venn/report/report_json.h"

enum { BRANCHES_MAX = 50 }; /* of a view */

/* A list: line id of the hunk's first line, file and line of the branch, taken by each platform. */
static void add_branch(const struct report_study *study, const struct report_view *view,
		       const struct conditional_hunk *hunk, const struct branch *branch,
		       struct cov_text *ret)
{
	report_json_begin(ret, '[');
	report_json_number(ret, view->query.line_first + hunk->first);
	report_json_value(ret, cov_json_name(branch->file));
	report_json_number(ret, branch->line);
	report_json_begin(ret, '[');
	for (size_t i = 0; i < study->platforms.count; i++) {
		int place = report_study_place(view, i);

		report_json_value(ret, cov_json_real(place < 0 ? NAN : branch->taken[place]));
	}
	report_json_end(ret, ']');
	report_json_end(ret, ']');
}

static int add_branches(struct store *store, const struct report_study *study, size_t index,
			struct report_code *code, struct cov_text *ret, struct cov_error *err)
{
	const struct report_view *view = &study->views[index];
	COV_AUTO(conditional_hunks_deinit) struct conditional_hunks hunks = { 0 };
	struct branch_search search = { store, &view->query, &code->lines };
	int result = 0;

	conditional_find(
	    &(struct conditional_search){ .query = &view->query, .code = &code->lines }, &hunks);
	for (size_t i = 0; result == 0 && i < hunks.count && i < BRANCHES_MAX; i++) {
		const struct conditional_hunk *hunk = &hunks.items[i];
		struct branch branch;

		result = branch_find(&search, hunk->function,
				     (uint32_t)(view->query.line_first + hunk->first), hunk->mask,
				     &branch, err);
		if (result == 0 && branch.file)
			add_branch(study, view, hunk, &branch, ret);
	}
	return result;
}

int report_branches_json(struct store *store, const struct report_study *study, size_t view,
			 struct report_code *code, struct cov_text *ret, struct cov_error *err)
{
	int result = 0;

	report_json_begin(ret, '[');
	if (study->views[view].query.platform_count > 1)
		result = add_branches(store, study, view, code, ret, err);
	report_json_end(ret, ']');
	return result;
}
