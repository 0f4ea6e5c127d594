/* paper_find.c - ask a study for a panel of a paper. */
#include "venn/paper/paper_find.h"

#include <math.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "venn/paper/paper_chart.h"
#include "venn/paper/paper_calls.h"
#include "venn/paper/paper_code.h"
#include "venn/paper/paper_metric.h"
#include "venn/paper/paper_profile.h"

static const char *verdict(const struct paper_answer *answer, const struct paper_row *row)
{
	bool is_of_time = answer->panel->kind == PAPER_METRIC ||
			  answer->panel->kind == PAPER_HITS || answer->panel->kind == PAPER_PROFILE;
	double factor = answer->panel->factor;

	if (isnan(row->here))
		return "not measured";
	if (is_of_time && answer->is_emulated)
		return "not comparable";
	if (isnan(row->paper))
		return "for information";
	return row->here <= row->paper * factor && row->here * factor >= row->paper ? "holds"
										    : "differs";
}

/* What the paper prints of rows that are not there: of platforms that were not measured. */
static void add_unmeasured(const struct paper_study *study, struct paper_answer *answer)
{
	for (size_t i = 0; i < answer->panel->value_count; i++) {
		const struct paper_value *value = &answer->panel->values[i];

		for (size_t j = 0; value->platform && j < study->book->label_count; j++) {
			const struct paper_label *label = &study->book->labels[j];

			if (strcmp(label->role, value->platform) == 0)
				paper_answer_add(answer, cov_xstrdup(value->at ? value->at : ""),
						 label->label, NULL)
				    ->paper = value->value;
		}
	}
}

static int ask(const struct paper_study *study, struct paper_answer *answer, struct cov_error *err)
{
	switch ((enum paper_kind)answer->panel->kind) {
	case PAPER_LINES:
	case PAPER_COVERAGE:
	case PAPER_REGIONS:
		return paper_code_lines(study, answer, err);
	case PAPER_HITS:
		return paper_code_hits(study, answer, err);
	case PAPER_METRIC:
		return paper_metric(study, answer, err);
	case PAPER_PROFILE:
		return paper_profile(study, answer, err);
	case PAPER_CALLS:
		return paper_calls(study, answer, err);
	case PAPER_UNMEASURED:
		break;
	}
	return cov_fail(err, COV_ERR_MISMATCH, "%s", answer->panel->reason);
}

int paper_find(const struct paper_study *study, const struct paper_panel *panel,
	       struct paper_answer *ret, struct cov_error *err)
{
	bool is_measured = false;
	struct cov_error cause;
	int result;

	*ret = (struct paper_answer){ .panel = panel };
	/* As for claims, all workloads stand for those of the paper where these have no group. */
	bool is_united = panel->kind == PAPER_LINES || panel->kind == PAPER_COVERAGE;
	if (panel->workload && panel->kind != PAPER_PROFILE && !is_united &&
	    !paper_answer_name(study, panel->workload))
		result = cov_fail(&cause, COV_ERR_MISMATCH, "the study has no workload %s",
				  panel->workload);
	else
		result = ask(study, ret, &cause);
	if (result && result != COV_ERR_MISMATCH)
		return cov_fail(err, result, "%s: %s", panel->name, cause.message);
	for (size_t i = 0; i < ret->count; i++)
		is_measured |= !isnan(ret->rows[i].here);
	if (!ret->count)
		add_unmeasured(study, ret);
	for (size_t i = 0; i < ret->count; i++)
		ret->rows[i].verdict = verdict(ret, &ret->rows[i]);
	if (!is_measured)
		ret->reason = cov_xstrdup(result ? cause.message : "no trial has it");
	else if (!ret->svg)
		ret->svg = paper_chart(ret);
	return 0;
}
