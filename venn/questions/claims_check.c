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
	for (size_t i = 0; i < check->value_count; i++)
		free(check->values[i].text);
	free(check->answers);
	free(check->values);
	claims_deinit(&check->claims);
	memset(check, 0, sizeof(*check));
}

enum claims_verdict claims_check_kind(const struct claims_checked *check, size_t index)
{
	static const enum claims_verdict kinds[] = {
		[STORE_UNKNOWN] = CLAIMS_UNMEASURED,
		[STORE_HOLDS] = CLAIMS_HOLDS,
		[STORE_DIFFERS] = CLAIMS_DIFFERS,
	};

	if (check->answers[index].is_emulated)
		return CLAIMS_NOT_COMPARABLE;
	if (!check->claims.items[index].expected)
		return CLAIMS_INFORMATIONAL;
	return kinds[check->answers[index].verdict];
}

const char *claims_check_verdict(const struct claims_checked *check, size_t index)
{
	static const char *const names[CLAIMS_VERDICTS] = {
		[CLAIMS_HOLDS] = "holds",
		[CLAIMS_DIFFERS] = "differs",
		[CLAIMS_UNMEASURED] = "not measured",
		[CLAIMS_NOT_COMPARABLE] = "not comparable",
		[CLAIMS_INFORMATIONAL] = "for information",
	};

	return names[claims_check_kind(check, index)];
}

static int choose_names(struct claims_checked *check, struct store *store, const char *phase,
			struct cov_error *err)
{
	const struct claims *claims = &check->claims;
	int result = 0;

	check->values = cov_xcalloc(1 + claims->platform_count + claims->workload_count,
				    sizeof(*check->values));
	check->values[check->value_count++] =
	    (struct store_value){ STORE_NAME_PHASE, "phase", phase ? cov_xstrdup(phase) : NULL };
	for (size_t i = 0; result == 0 && i < claims->platform_count; i++) {
		const struct yaml_named_words *role = &claims->platforms[i];
		struct store_value *value = &check->values[check->value_count++];

		value->kind = STORE_NAME_PLATFORM;
		value->name = role->name;
		result = store_claim_choose_platform(store, role->words.texts, role->words.count,
						     &value->text, err);
	}
	for (size_t i = 0; result == 0 && i < claims->workload_count; i++) {
		const struct yaml_named_words *role = &claims->workloads[i];
		struct store_value *value = &check->values[check->value_count++];

		value->kind = STORE_NAME_WORKLOAD;
		value->name = role->name;
		result = store_claim_choose_workload(store, phase, role->words.texts,
						     role->words.count, &value->text, err);
	}
	return result;
}

static int ask_all(struct claims_checked *check, struct store *store,
		   const struct claims_asked *asked, struct cov_error *err)
{
	const struct claims *claims = &check->claims;
	int result = choose_names(check, store, asked->phase, err);

	check->answers = cov_xcalloc(claims->count, sizeof(*check->answers));
	for (size_t i = 0; result == 0 && i < claims->count; i++) {
		const struct claim *claim = &claims->items[i];
		struct store_question question = {
			.query = claim->query,
			.expected = claim->expected,
			.values = check->values,
			.value_count = check->value_count,
			.limit_ns = asked->limit_ns,
		};
		struct cov_error cause;

		result = store_claim_ask(store, asked->analysis_id, &question, &check->answers[i],
					 &cause);
		if (result)
			return cov_fail(err, result, "%s:%d: claim %s: %s", claims->path,
					claim->line, claim->name, cause.message);
	}
	return result;
}

int claims_check(const char *path, struct store *store, const struct claims_asked *asked,
		 struct claims_checked *ret, struct cov_error *err)
{
	int result = claims_read(path, &ret->claims, err);

	return result ? result : ask_all(ret, store, asked, err);
}
