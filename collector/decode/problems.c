/* problems.c - what was wrong with single objects while the others went on. */
#include "collector/decode/problems.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"

/* More are never read, and are mostly one mistake: the wrong notes. */
enum { NAMED_MAX = 40 };

static const char *const kind_names[COV_PROBLEM_KIND_COUNT] = {
	[COV_PROBLEM_NO_NOTES] = "without notes", [COV_PROBLEM_BAD_NOTES] = "bad notes",
	[COV_PROBLEM_UNREADABLE] = "unreadable",  [COV_PROBLEM_DAMAGED] = "damaged",
	[COV_PROBLEM_TRUNCATED] = "truncated",    [COV_PROBLEM_STAMP] = "stamp mismatch",
	[COV_PROBLEM_VERSION] = "other version",  [COV_PROBLEM_CHECKSUM] = "checksum mismatch",
};

const char *cov_problem_kind_name(enum cov_problem_kind kind)
{
	return kind_names[kind];
}

void cov_problems_add(struct cov_problems *problems, enum cov_problem_kind kind, const char *path,
		      const char *message)
{
	problems->items = cov_grow(problems->items, problems->count, &problems->capacity,
				   sizeof(*problems->items));
	problems->items[problems->count++] = (struct cov_problem){
		.kind = kind,
		.path = cov_xstrdup(path),
		.message = cov_xstrdup(message),
	};
}

int cov_problems_check_readable(const struct cov_problems *problems, const char *path,
				struct cov_error *err)
{
	const struct cov_problem *first = NULL;
	size_t count = 0;

	for (size_t i = 0; i < problems->count; i++) {
		if (problems->items[i].kind != COV_PROBLEM_UNREADABLE)
			continue;
		if (!first)
			first = &problems->items[i];
		count++;
	}
	if (!count)
		return 0;
	return cov_fail(err, COV_ERR_SYSTEM,
			"%s: %zu of its files or folders cannot be read, so nothing is stored; the "
			"first is %s: %s",
			path, count, first->path, first->message);
}

static int compare_problems(const void *a, const void *b)
{
	const struct cov_problem *first = a, *second = b;
	int order = strcmp(first->path, second->path);

	return order ? order : (int)first->kind - (int)second->kind;
}

void cov_problems_print(struct cov_problems *problems)
{
	size_t counts[COV_PROBLEM_KIND_COUNT] = { 0 };
	COV_AUTO(cov_text_deinit) struct cov_text list = { 0 };

	if (!problems->count)
		return;
	qsort(problems->items, problems->count, sizeof(*problems->items), compare_problems);
	for (size_t i = 0; i < problems->count; i++) {
		const struct cov_problem *problem = &problems->items[i];

		counts[problem->kind]++;
		if (i >= NAMED_MAX)
			continue;
		cov_say("%s: %s: %s", problem->path, kind_names[problem->kind], problem->message);
	}
	if (problems->count > NAMED_MAX)
		cov_say("... and %zu more", problems->count - NAMED_MAX);
	for (size_t i = 0; i < COV_PROBLEM_KIND_COUNT; i++) {
		if (counts[i])
			cov_text_print(&list, "%s%zu %s", list.length ? ", " : "", counts[i],
				       kind_names[i]);
	}
	cov_say("%zu %s not decoded: %s", problems->count,
		problems->count == 1 ? "object" : "objects", list.data);
}

void cov_problems_deinit(struct cov_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		free(problems->items[i].path);
		free(problems->items[i].message);
	}
	free(problems->items);
	memset(problems, 0, sizeof(*problems));
}
