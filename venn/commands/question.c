/* question.c - what the commands that ask about platforms have in common: options, scope, limit. */
#include "venn/commands/question.h"

#include <errno.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/text.h"
#include "venn/commands/options.h"
#include "venn/store/store.h"

void question_deinit(struct question *question)
{
	store_query_deinit(&question->query);
	store_kernel_deinit(&question->kernel);
	store_close(question->store);
	question->store = NULL;
}

int question_open(const struct cov_arguments *arguments, const char *directory,
		  const char *platforms, struct question *ret, struct cov_error *err)
{
	COV_AUTO(free) char *canonical = kernel_directory_name(directory ? directory : ".");
	struct store_asked question = {
		.directory = canonical,
		.platforms = platforms ? platforms : cov_option_value(arguments, "platforms"),
	};
	uint64_t limit = QUESTION_LIMIT;
	int result = options_format(arguments, &ret->format, err);

	if (result == 0)
		result = options_workloads(arguments, &question.workloads, err);
	if (result == 0)
		result = cov_option_number(arguments, "limit", 0, SIZE_MAX, &limit, err);
	ret->limit = limit ? limit : SIZE_MAX;
	if (result == 0)
		result = options_store(arguments, STORE_READ, &ret->store, &ret->kernel, err);
	if (result == 0)
		result = options_choice(arguments, &ret->kernel, &question.choice, err);
	if (result)
		return result;
	return store_query_open(ret->store, &question, &ret->query, err);
}

char *question_workloads(const struct store_query *query)
{
	const struct store_union *set = &query->workloads;
	struct cov_text text = { 0 };

	if (!set->name)
		return cov_xstrdup("all workloads");
	if (set->count == 1 && strcmp(set->name, set->members[0]) == 0)
		return cov_format("workload %s", set->name);
	cov_text_print(&text, "workloads ");
	if (set->stored_id != STORE_NOT_STORED)
		cov_text_print(&text, "%s: ", set->name);
	for (size_t i = 0; i < set->count; i++)
		cov_text_print(&text, "%s%s", i ? ", " : "", set->members[i]);
	return text.data;
}

json_t *question_workloads_json(const struct store_query *query)
{
	json_t *list = cov_json_array();

	for (size_t i = 0; i < query->workloads.count; i++)
		cov_json_append(list, cov_json_name(query->workloads.members[i]));
	return list;
}

void question_print_scope(const struct question *question)
{
	const struct store_query *query = &question->query;

	if (question->format != ROWS_TEXT)
		return;
	COV_AUTO(free) char *workloads = question_workloads(query);
	printf("%s; rule %s against baseline %s; seconds:", workloads, query->analysis.rule,
	       query->analysis.baseline);
	for (size_t i = 0; i < query->platform_count; i++)
		printf("%s %s %.1f", i ? "," : "", query->platforms[i].name,
		       (double)query->platforms[i].duration_ns / 1e9);
	printf("\n\n");
}

void question_print_rest(const struct question *question, size_t count)
{
	size_t shown = question_shown(question, count);

	if (question->format != ROWS_TEXT || shown == count)
		return;
	COV_AUTO(free) char *rest = cov_number_grouped((int64_t)(count - shown));
	printf("\n%s more; --limit 0 shows all\n", rest);
}
