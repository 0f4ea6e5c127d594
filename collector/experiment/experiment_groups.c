/* experiment_groups.c - workloads of an experiment file whose union has a name. */
#include "collector/experiment/experiment_groups.h"

#include <string.h>

/* @workload: of the name, or NULL. @count: of all groups, which it has room for */
static int join(struct yaml_reader *reader, const struct yaml_named_words *group, const char *name,
		struct experiment_workload *workload, size_t count)
{
	if (!workload)
		return yaml_reader_fail(reader, group->line, "group %s: there is no workload '%s'",
					group->name, name);
	struct yaml_words *groups = &workload->groups;
	if (groups->count && groups->texts[groups->count - 1] == group->name)
		return yaml_reader_fail(reader, group->line, "group %s names %s twice", group->name,
					name);
	if (!groups->texts)
		groups->texts = cov_arena_alloc(reader->arena, count + 1, sizeof(*groups->texts));
	groups->texts[groups->count++] = group->name;
	return 0;
}

static struct experiment_workload *find(struct experiment_workload *workloads, size_t count,
					const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(workloads[i].name, name) == 0)
			return &workloads[i];
	}
	return NULL;
}

int experiment_groups_join(struct yaml_reader *reader, const struct yaml_named_lists *groups,
			   struct experiment_workload *workloads, size_t count)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < groups->count; i++) {
		const struct yaml_named_words *group = &groups->items[i];

		for (size_t j = 0; j < i; j++) {
			if (strcmp(groups->items[j].name, group->name) == 0)
				return yaml_reader_fail(reader, group->line,
							"duplicate group name %s", group->name);
		}
		for (size_t j = 0; result == 0 && j < group->words.count; j++) {
			const char *name = group->words.texts[j];

			result =
			    join(reader, group, name, find(workloads, count, name), groups->count);
		}
	}
	return result;
}
