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

/* What all claims are asked with, and the answers. */
struct checking {
	struct store_asker *asker;
	const struct claims_asked *asked; /* [count] */
	struct claims_checked *checks;    /* [count] */
	size_t count;
};

static int ask_claim(const struct checking *checking, size_t index, struct cov_error *err)
{
	const struct claims *claims = &checking->checks->claims;
	const struct claims_asked *asked = checking->asked;
	struct claims_checked *checks = checking->checks;
	size_t count = checking->count;
	const struct claim *claim = &claims->items[index];
	const struct store_question question = { claim->query, claim->expected, asked->limit_ns };
	COV_AUTO(free) struct store_claim_asked *with = cov_xcalloc(count, sizeof(*with));
	COV_AUTO(free) struct store_answer *answers = cov_xcalloc(count, sizeof(*answers));
	struct cov_error cause;

	for (size_t i = 0; i < count; i++)
		with[i] = (struct store_claim_asked){ asked[i].analysis_id, checks[i].values,
						      checks[i].value_count };
	int result = store_claim_ask(checking->asker, &question, with, count, answers, &cause);
	for (size_t i = 0; i < count; i++)
		checks[i].answers[index] = answers[i];
	if (result)
		return cov_fail(err, result, "%s:%d: claim %s: %s", claims->path, claim->line,
				claim->name, cause.message);
	return 0;
}

static int begin(struct store *store, const struct claims_asked *asked, struct claims_checked *ret,
		 struct cov_error *err)
{
	ret->answers = cov_xcalloc(ret->claims.count, sizeof(*ret->answers));
	return choose_names(ret, store, asked->phase, err);
}

static int ask_all(struct store *store, const struct claims_asked *asked, size_t count,
		   struct claims_checked *ret, struct cov_error *err)
{
	COV_AUTO(store_claim_end) struct store_asker *asker = NULL;
	int result = store_claim_begin(store, &asker, err);
	const struct checking checking = { asker, asked, ret, count };

	for (size_t i = 0; result == 0 && i < ret->claims.count; i++)
		result = ask_claim(&checking, i, err);
	return result;
}

int claims_check_begin(const struct claims *claims, struct store *store,
		       const struct claims_asked *asked, struct claims_checked *ret,
		       struct cov_error *err)
{
	ret->claims = *claims;
	memset(&ret->claims.arena, 0, sizeof(ret->claims.arena)); /* whose it is stays */
	return begin(store, asked, ret, err);
}

int claims_check_all(const char *path, struct store *store, const struct claims_asked *asked,
		     size_t count, struct claims_checked *ret, struct cov_error *err)
{
	int result = claims_read(path, &ret->claims, err);

	if (result == 0)
		result = begin(store, asked, ret, err);
	for (size_t i = 1; result == 0 && i < count; i++)
		result = claims_check_begin(&ret->claims, store, &asked[i], &ret[i], err);
	return result ? result : ask_all(store, asked, count, ret, err);
}

int claims_check(const char *path, struct store *store, const struct claims_asked *asked,
		 struct claims_checked *ret, struct cov_error *err)
{
	return claims_check_all(path, store, asked, 1, ret, err);
}

int claims_check_ask(struct store_asker *asker, const struct claims_asked *asked, size_t index,
		     struct claims_checked *ret, struct cov_error *err)
{
	return ask_claim(&(const struct checking){ asker, asked, ret, 1 }, index, err);
}
