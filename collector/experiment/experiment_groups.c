/* experiment_groups.c - workloads of an experiment file whose union has a name. */
#include "collector/experiment/experiment_groups.h"

#include <string.h>

#include "collector/experiment/experiment.h"
#include "collector/experiment/yaml_reader.h"

int experiment_groups_read(struct yaml_reader *reader, const char *key, struct yaml_node_s *node,
			   void *member)
{
	struct experiment *experiment = member;
	struct yaml_node_s *name, *names;
	size_t count = 0;
	int result = 0;

	while (yaml_reader_map_next(reader, node, count, &name, &names))
		count++;
	if (!count)
		return yaml_reader_fail(reader, yaml_reader_line(node),
					"'%s' is not in the form {name: [a, b], ...}", key);
	experiment->groups = cov_arena_alloc(reader->arena, count, sizeof(*experiment->groups));
	for (size_t i = 0; result == 0 && yaml_reader_map_next(reader, node, i, &name, &names);
	     i++) {
		struct experiment_group *group = &experiment->groups[experiment->group_count++];

		group->line = yaml_reader_line(name);
		result = yaml_reader_name(reader, key, name, &group->name);
		if (result == 0)
			result = yaml_reader_words(reader, key, names, &group->workloads);
	}
	return result;
}

/* A name is asked for in one place, whether it is that of a workload, a baseline or a group. */
static bool is_taken(const struct experiment *experiment, const char *name)
{
	for (size_t i = 0; i < experiment->workload_count; i++) {
		if (strcmp(experiment->workloads[i].name, name) == 0)
			return true;
	}
	for (size_t i = 0; i < experiment->baseline_count; i++) {
		if (strcmp(experiment->baselines[i].name, name) == 0)
			return true;
	}
	return false;
}

static int join_group(struct yaml_reader *reader, struct experiment *experiment,
		      const struct experiment_group *group, const char *name)
{
	struct experiment_workload *workload = experiment->workloads;

	while (workload < experiment->workloads + experiment->workload_count &&
	       strcmp(workload->name, name) != 0)
		workload++;
	if (workload == experiment->workloads + experiment->workload_count)
		return yaml_reader_fail(reader, group->line, "group %s: there is no workload '%s'",
					group->name, name);
	struct yaml_words *groups = &workload->groups;
	if (groups->count && groups->texts[groups->count - 1] == group->name)
		return yaml_reader_fail(reader, group->line, "group %s names %s twice", group->name,
					name);
	if (!groups->texts)
		groups->texts = cov_arena_alloc(reader->arena, experiment->group_count + 1,
						sizeof(*groups->texts));
	groups->texts[groups->count++] = group->name;
	return 0;
}

int experiment_groups_join(struct yaml_reader *reader, struct experiment *experiment)
{
	for (size_t i = 0; i < experiment->group_count; i++) {
		const struct experiment_group *group = &experiment->groups[i];

		if (is_taken(experiment, group->name))
			return yaml_reader_fail(reader, group->line,
						"group %s has the name of a workload or baseline",
						group->name);
		for (size_t j = 0; j < i; j++) {
			if (strcmp(experiment->groups[j].name, group->name) == 0)
				return yaml_reader_fail(reader, group->line,
							"duplicate group name %s", group->name);
		}
		for (size_t j = 0; j < group->workloads.count; j++) {
			int result =
			    join_group(reader, experiment, group, group->workloads.texts[j]);
			if (result)
				return result;
		}
	}
	return 0;
}
