/* report_claims.c - a file of claims, and what a study says about each, as a part of the report. */
#include "venn/report/report_claims.h"

#include <jansson.h>

#include "collector/base/json.h"
#include "venn/questions/claims.h"
#include "venn/questions/claims_check.h"
#include "venn/report/report_json.h"

static json_t *text_or_null(const char *text)
{
	return text ? cov_json_name(text) : json_null();
}

int report_claims_json(struct store *store, const struct report_study *study, const char *path,
		       struct cov_text *ret, struct cov_error *err)
{
	COV_AUTO(claims_check_deinit) struct claims_checked check = { 0 };
	int result = claims_check(path, store,
				  &(struct claims_asked){ .analysis_id = study->analysis.id,
							  .limit_ns = claims_check_limit_ns },
				  &check, err);

	if (result)
		return result;
	report_json_begin(ret, '{');
	report_json_set(ret, "name", cov_json_name(check.claims.name));
	report_json_key(ret, "claims");
	report_json_begin(ret, '[');
	for (size_t i = 0; i < check.claims.count; i++) {
		const struct claim *claim = &check.claims.items[i];

		report_json_begin(ret, '{');
		report_json_set(ret, "name", cov_json_name(claim->name));
		report_json_set(ret, "place", cov_json_name(claim->place));
		report_json_set(ret, "class", cov_json_name(claim->class_name));
		report_json_set(ret, "claim", cov_json_name(claim->text));
		report_json_set(ret, "expected", text_or_null(claim->expected));
		report_json_set(ret, "got", cov_json_name(check.answers[i].got));
		report_json_set(ret, "verdict", cov_json_name(claims_check_verdict(&check, i)));
		report_json_set(ret, "note", text_or_null(claim->note));
		report_json_end(ret, '}');
	}
	report_json_end(ret, ']');
	report_json_end(ret, '}');
	return 0;
}
