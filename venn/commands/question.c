/* question.c - what the commands that ask about platforms have in common: options, scope, limit. */
#include "venn/commands/question.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/screen.h"
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

int question_platforms(const struct cov_arguments *arguments, struct store_asked *ret,
		       struct cov_error *err)
{
	const char *sets = cov_option_value(arguments, "sets");

	ret->platforms = cov_option_value(arguments, "platforms");
	if (sets && ret->platforms)
		return cov_fail(err, COV_ERR_USAGE, "--sets and --platforms exclude each other");
	ret->has_sets = sets != NULL;
	if (sets)
		ret->platforms = sets;
	return 0;
}

int question_open(const struct cov_arguments *arguments, const char *directory,
		  const char *platforms, struct question *ret, struct cov_error *err)
{
	COV_AUTO(free) char *canonical = kernel_directory_name(directory ? directory : ".");
	struct store_asked question = {
		.directory = canonical,
		.platforms = platforms,
		.has_sets = platforms != NULL,
	};
	int result = options_format(arguments, &ret->format, err);

	ret->command = arguments->command->name;
	if (result == 0 && !platforms)
		result = question_platforms(arguments, &question, err);
	if (result == 0)
		result = options_workloads(arguments, &question.workloads, err);
	if (result == 0)
		result = options_limit(arguments, ret->format, &ret->limit, err);
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

void question_print_scope_of(const struct store_query *query)
{
	COV_AUTO(free) char *workloads = question_workloads(query);
	cov_screen_print(0, "%s; rule %s against baseline %s; seconds:", workloads,
			 query->analysis.rule, query->analysis.baseline);
	for (size_t i = 0; i < query->platform_count; i++)
		cov_screen_print(0, "%s %s %.1f", i ? "," : "", query->platforms[i].name,
				 (double)query->platforms[i].duration_ns / 1e9);
	cov_screen_print(0, "\n\n");
}

void question_print_scope(const struct question *question)
{
	if (question->format == ROWS_TEXT)
		question_print_scope_of(&question->query);
}

static json_t *seconds_json(const struct store_query *query)
{
	json_t *seconds = cov_json_object();

	for (size_t i = 0; i < query->platform_count; i++)
		cov_json_set(seconds, query->platforms[i].name,
			     cov_json_real((double)query->platforms[i].duration_ns / 1e9));
	return seconds;
}

json_t *question_about(const char *command, const char *kernel, const struct store_query *query)
{
	json_t *about = cov_json_answer(command), *platforms = cov_json_array();

	cov_json_set(about, "kernel", cov_json_name(kernel));
	for (size_t i = 0; query && i < query->platform_count; i++)
		cov_json_append(platforms, cov_json_name(query->platforms[i].name));
	cov_json_set(about, "platforms", platforms);
	if (query) {
		cov_json_set(about, "rule", cov_json_name(query->analysis.rule));
		cov_json_set(about, "baseline", cov_json_name(query->analysis.baseline));
		cov_json_set(about, "workloads", question_workloads_json(query));
		cov_json_set(about, "seconds", seconds_json(query));
	}
	return about;
}

void question_set(const struct store_query *query, uint64_t mask, struct rows *rows)
{
	COV_AUTO(free) char *joined = store_query_join(query, mask, "+");
	json_t *names = cov_json_array();

	for (size_t i = 0; i < query->platform_count; i++) {
		if (mask >> i & 1)
			cov_json_append(names, cov_json_name(query->platforms[i].name));
	}
	rows_set(rows, joined, names);
}

void question_print(const struct question *question, struct rows *rows, size_t count)
{
	if (!rows->about)
		rows->about =
		    question_about(question->command, question->kernel.name, &question->query);
	question_print_scope(question);
	options_print(rows, question->format, count);
}

/* The different words of a column, if there is such a one. */
static json_t *names_of(const struct rows *rows, const char *key)
{
	COV_AUTO(json_decref) json_t *known = cov_json_object();
	json_t *names = cov_json_array();
	size_t column = 0;

	while (column < rows->column_count && strcmp(rows->columns[column].key, key) != 0)
		column++;
	if (column == rows->column_count)
		return names;
	for (size_t i = column; i < rows->cell_count; i += rows->column_count) {
		const char *name = rows->cells[i].word;

		if (!*name || json_object_get(known, name))
			continue;
		cov_json_set(known, name, json_null());
		cov_json_append(names, cov_json_name(name));
	}
	return names;
}

void question_print_rows(struct rows *rows, enum rows_format format)
{
	cov_json_set(rows->about, "workloads", names_of(rows, "workload"));
	cov_json_set(rows->about, "platforms", names_of(rows, "platform"));
	options_print(rows, format, rows->cell_count / rows->column_count);
}
