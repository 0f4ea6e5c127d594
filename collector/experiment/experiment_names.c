/* experiment_names.c - no two trials have files of one name. */
#include "collector/experiment/experiment_names.h"

#include <stdlib.h>
#include <string.h>

static int compare_names(const void *a, const void *b)
{
	const struct experiment_named *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static int fail_duplicate(struct yaml_reader *reader, const struct experiment_named *a,
			  const struct experiment_named *b)
{
	if (a->baseline && b->baseline)
		return yaml_reader_fail(reader, b->baseline_line, "duplicate baseline name %s",
					b->baseline);
	if (!a->baseline && !b->baseline && a->platform != b->platform &&
	    strcmp(a->platform->name, b->platform->name) == 0)
		return yaml_reader_fail(reader, b->platform->line, "duplicate platform name %s",
					b->platform->name);
	if (!a->baseline && !b->baseline && a->workload != b->workload &&
	    strcmp(a->workload->name, b->workload->name) == 0)
		return yaml_reader_fail(reader, b->workload->line, "duplicate workload name %s",
					b->workload->name);
	return yaml_reader_fail(reader, b->baseline ? b->baseline_line : b->workload->line,
				"two trials would have the name %s: rename one", b->name);
}

int experiment_names_check(struct yaml_reader *reader, struct experiment_named *trials,
			   size_t count)
{
	if (count)
		qsort(trials, count, sizeof(*trials), compare_names);
	for (size_t i = 1; i < count; i++) {
		if (strcmp(trials[i - 1].name, trials[i].name) == 0)
			return fail_duplicate(reader, &trials[i - 1], &trials[i]);
	}
	return 0;
}
