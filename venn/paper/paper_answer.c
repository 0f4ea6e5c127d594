/* paper_answer.c - what a study has of each panel of a paper, beside what the paper prints. */
#include "venn/paper/paper_answer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/text.h"

void paper_answer_deinit(struct paper_answer *answer)
{
	for (size_t i = 0; i < answer->count; i++)
		free(answer->rows[i].item);
	free(answer->rows);
	free(answer->svg);
	free(answer->csv);
	free(answer->section);
	free(answer->command);
	free(answer->note);
	free(answer->reason);
	memset(answer, 0, sizeof(*answer));
}

const char *paper_answer_name(const struct paper_study *study, const char *role)
{
	for (size_t i = 0; i < study->check->value_count; i++) {
		if (strcmp(study->check->values[i].name, role) == 0)
			return study->check->values[i].text;
	}
	return NULL;
}

struct paper_row *paper_answer_add(struct paper_answer *answer, char *item, const char *label,
				   const char *platform)
{
	answer->rows =
	    cov_grow(answer->rows, answer->count, &answer->capacity, sizeof(*answer->rows));
	answer->rows[answer->count] = (struct paper_row){
		.item = item,
		.label = label,
		.platform = platform ? platform : "",
		.paper = NAN,
		.here = NAN,
		.low = NAN,
		.high = NAN,
		.by_rate = NAN,
		.steady = NAN,
	};
	return &answer->rows[answer->count++];
}

int64_t paper_answer_trials(const struct paper_study *study, const struct store_union *workloads,
			    const char *platform, bool *is_emulated)
{
	int64_t count = 0;

	for (size_t i = 0; i < study->trials->count; i++) {
		const struct store_listed_trial *trial = &study->trials->items[i];

		if (trial->has_counters && strcmp(trial->status, "ok") == 0 &&
		    strcmp(trial->platform, platform) == 0 &&
		    store_union_has(workloads, trial->workload)) {
			count++;
			*is_emulated |= trial->is_emulated;
		}
	}
	return count;
}

char *paper_answer_scope(const struct paper_study *study)
{
	return cov_format(" --rule %s --baseline %s", study->analysis.rule,
			  study->analysis.baseline);
}

const char *paper_answer_label(const struct paper_book *book, const char *role)
{
	for (size_t i = 0; i < book->label_count; i++) {
		if (strcmp(book->labels[i].role, role) == 0)
			return book->labels[i].label;
	}
	return role;
}
