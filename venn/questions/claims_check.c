/* claims_check.c - what a study says about claims: each one's query and its condition. */
#include "venn/questions/claims_check.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"

void claims_check_deinit(struct claims_checked *check)
{
	for (size_t i = 0; check->answers && i < check->claims.count; i++)
		store_claim_answer_deinit(&check->answers[i]);
	free(check->answers);
	free(check->values);
	claims_deinit(&check->claims);
	memset(check, 0, sizeof(*check));
}

const char *claims_check_verdict(const struct claims_checked *check, size_t index)
{
	static const char *const names[] = {
		[STORE_UNKNOWN] = "not measured",
		[STORE_HOLDS] = "holds",
		[STORE_DIFFERS] = "differs",
	};

	if (!check->claims.items[index].expected)
		return "for information";
	return names[check->answers[index].verdict];
}

static int choose_names(struct claims_checked *check, struct store *store,
			enum store_name_kind kind, const struct claim_role *roles, size_t count,
			struct cov_error *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < count; i++) {
		struct store_value *value = &check->values[check->value_count++];

		value->name = roles[i].name;
		result = store_claim_choose_name(store, kind, roles[i].names.texts,
						 roles[i].names.count, &value->text, err);
	}
	return result;
}

static int ask_all(struct claims_checked *check, struct store *store, int64_t analysis_id,
		   int64_t limit_ns, struct cov_error *err)
{
	const struct claims *claims = &check->claims;
	int result;

	check->values =
	    cov_xcalloc(claims->platform_count + claims->workload_count, sizeof(*check->values));
	check->answers = cov_xcalloc(claims->count, sizeof(*check->answers));
	result = choose_names(check, store, STORE_NAME_PLATFORM, claims->platforms,
			      claims->platform_count, err);
	if (result == 0)
		result = choose_names(check, store, STORE_NAME_WORKLOAD, claims->workloads,
				      claims->workload_count, err);
	for (size_t i = 0; result == 0 && i < claims->count; i++) {
		const struct claim *claim = &claims->items[i];
		struct store_question question = {
			.query = claim->query,
			.expected = claim->expected,
			.values = check->values,
			.value_count = check->value_count,
			.limit_ns = limit_ns,
		};
		struct cov_error cause;

		result = store_claim_ask(store, analysis_id, &question, &check->answers[i], &cause);
		if (result)
			return cov_fail(err, result, "%s:%d: claim %s: %s", claims->path,
					claim->line, claim->name, cause.message);
	}
	return result;
}

int claims_check(const char *path, struct store *store, int64_t analysis_id, int64_t limit_ns,
		 struct claims_checked *ret, struct cov_error *err)
{
	int result = claims_read(path, &ret->claims, err);

	return result ? result : ask_all(ret, store, analysis_id, limit_ns, err);
}
