/* experiment_groups.c - workloads of an experiment file whose union has a name. */
#include "collector/experiment/experiment_groups.h"

#include <string.h>

int experiment_groups_read(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
			   void *member)
{
	struct experiment_groups *groups = member;
	struct yaml_node_s *name, *names;
	size_t count = 0;
	int result = 0;

	while (yaml_reader_map_next(reader, node, count, &name, &names))
		count++;
	if (!count)
		return yaml_reader_fail(reader, yaml_reader_line(node),
					"'%s' is not in the form {name: [a, b], ...}", key);
	groups->items = cov_arena_alloc(reader->arena, count, sizeof(*groups->items));
	for (size_t i = 0; result == 0 && yaml_reader_map_next(reader, node, i, &name, &names);
	     i++) {
		struct experiment_group *group = &groups->items[groups->count++];

		group->line = yaml_reader_line(name);
		result = yaml_reader_name(reader, key, name, &group->name);
		if (result == 0)
			result = yaml_reader_words(reader, key, names, &group->workloads);
	}
	return result;
}

/* @workload: of the name, or NULL. @count: of all groups, which it has room for */
static int join(struct yaml_reader *reader, const struct experiment_group *group, const char *name,
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

int experiment_groups_join(struct yaml_reader *reader, const struct experiment_groups *groups,
			   struct experiment_workload *workloads, size_t count)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < groups->count; i++) {
		const struct experiment_group *group = &groups->items[i];

		for (size_t j = 0; j < i; j++) {
			if (strcmp(groups->items[j].name, group->name) == 0)
				return yaml_reader_fail(reader, group->line,
							"duplicate group name %s", group->name);
		}
		for (size_t j = 0; result == 0 && j < group->workloads.count; j++) {
			const char *name = group->workloads.texts[j];

			result =
			    join(reader, group, name, find(workloads, count, name), groups->count);
		}
	}
	return result;
}
