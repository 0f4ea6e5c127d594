/* diagram.c - the exclusive regions of chosen platforms' footprints, in one directory or several.
 */
#include "venn/questions/diagram.h"

#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/collector.h"

void diagram_rows_replace(struct diagram *diagram, struct diagram_row *rows, size_t count)
{
	for (size_t i = 0; i < diagram->row_count; i++) {
		free(diagram->rows[i].directory);
		free(diagram->rows[i].regions);
	}
	free(diagram->rows);
	diagram->rows = rows;
	diagram->row_count = count;
}

void diagram_deinit(struct diagram *diagram)
{
	diagram_rows_replace(diagram, NULL, 0);
	store_venn_deinit(&diagram->venn);
	memset(diagram, 0, sizeof(*diagram));
}

static int choose_platform(struct diagram *diagram, const char *name, struct cov_error *err)
{
	COV_AUTO(cov_text_deinit) struct cov_text list = { 0 };

	for (size_t i = 0; i < diagram->venn.platform_count; i++) {
		if (strcmp(diagram->venn.platforms[i].name, name) != 0) {
			cov_text_print(&list, "%s%s", list.length ? ", " : "",
				       diagram->venn.platforms[i].name);
			continue;
		}
		for (size_t j = 0; j < diagram->platform_count; j++) {
			if (diagram->chosen[j] == i)
				return cov_fail(err, COV_ERR_USAGE, "--platforms names %s twice",
						name);
		}
		diagram->chosen[diagram->platform_count++] = i;
		return 0;
	}
	return cov_fail(err, COV_ERR_MISMATCH, "there is no platform '%s'%s%s, only %s", name,
			diagram->workload ? " with workload " : "",
			diagram->workload ? diagram->workload : "",
			list.length ? list.data : "none");
}

static int choose_platforms(struct diagram *diagram, const char *names, struct cov_error *err)
{
	if (!names) {
		for (size_t i = 0; i < diagram->venn.platform_count; i++)
			diagram->chosen[diagram->platform_count++] = i;
		return 0;
	}
	COV_AUTO(free) char *copy = cov_xstrdup(names);
	char *rest = copy;
	for (char *name = strsep(&rest, ","); name; name = strsep(&rest, ",")) {
		int result = choose_platform(diagram, name, err);

		if (result)
			return result;
	}
	return 0;
}

static int compare_regions(const void *a, const void *b)
{
	const struct store_region *first = a, *second = b;

	if (first->lines != second->lines)
		return first->lines > second->lines ? -1 : 1;
	return (first->mask > second->mask) - (first->mask < second->mask);
}

void diagram_row_finish(struct diagram_row *row)
{
	if (row->region_count)
		qsort(row->regions, row->region_count, sizeof(*row->regions), compare_regions);
}

/* Over the chosen platforms: regions that differ in others only are one. */
static void merge_regions(const struct diagram *diagram, const struct store_region *regions,
			  size_t count, struct diagram_row *row)
{
	row->regions = cov_xcalloc(count, sizeof(*row->regions));
	for (size_t i = 0; i < count; i++) {
		uint64_t mask = 0;
		size_t place = 0;

		for (size_t j = 0; j < diagram->platform_count; j++) {
			int bit = diagram->venn.platforms[diagram->chosen[j]].bit;

			mask |= (regions[i].mask >> bit & 1) << j;
		}
		if (!mask)
			continue;
		while (place < row->region_count && row->regions[place].mask != mask)
			place++;
		if (place == row->region_count)
			row->regions[row->region_count++].mask = mask;
		row->regions[place].lines += regions[i].lines;
		row->united += regions[i].lines;
		for (size_t j = 0; j < diagram->platform_count; j++) {
			if (mask >> j & 1)
				row->totals[j] += regions[i].lines;
		}
	}
	diagram_row_finish(row);
}

/* "net/", "net/core/dev.c", "."; free() it. */
static char *shown_directory(const char *directory, bool is_file)
{
	if (strcmp(directory, ".") == 0 || is_file)
		return cov_xstrdup(directory);
	return cov_format("%s/", directory);
}

/* Rows for what is below the first row's directory. */
static int add_rows(struct store *store, struct diagram *diagram, const struct store_choice *choice,
		    const char *directory, size_t depth, struct cov_error *err)
{
	COV_AUTO(store_parts_deinit) struct store_parts parts = { 0 };
	int result = store_part_list(store, choice->kernel_id, diagram->venn.analysis.id, directory,
				     diagram->workload, depth, &parts, err);

	if (result)
		return result;
	diagram->rows = cov_xreallocarray(diagram->rows, parts.count + 1, sizeof(*diagram->rows));
	for (size_t i = 0; i < parts.count; i++) {
		const struct store_part *part = &parts.items[i];
		struct diagram_row *row = &diagram->rows[diagram->row_count];

		*row = (struct diagram_row){ .found = part->found };
		merge_regions(diagram, part->regions, part->region_count, row);
		if (!row->united) {
			free(row->regions);
			continue;
		}
		row->directory = shown_directory(part->path, false);
		diagram->row_count++;
	}
	return 0;
}

int diagram_read(struct store *store, const struct cov_arguments *arguments,
		 const struct store_choice *choice, size_t depth, struct diagram *ret,
		 struct cov_error *err)
{
	const char *given = cov_option_value(arguments, "dir");
	COV_AUTO(free) char *directory = kernel_directory_name(given ? given : ".");
	COV_AUTO(diagram_deinit)
	struct diagram diagram = { .workload = cov_option_value(arguments, "workload") };
	int result =
	    store_venn_read(store, choice, directory, diagram.workload, &diagram.venn, err);

	if (result == 0)
		result = choose_platforms(&diagram, cov_option_value(arguments, "platforms"), err);
	if (result)
		return result;
	diagram.rows = cov_xcalloc(1, sizeof(*diagram.rows));
	diagram.row_count = 1;
	diagram.rows[0].directory = shown_directory(directory, diagram.venn.is_file);
	diagram.rows[0].found = diagram.venn.found;
	merge_regions(&diagram, diagram.venn.regions, diagram.venn.region_count, &diagram.rows[0]);
	if (depth && !diagram.venn.is_file)
		result = add_rows(store, &diagram, choice, directory, depth, err);
	if (result)
		return result;
	*ret = diagram;
	memset(&diagram, 0, sizeof(diagram));
	return 0;
}

const char *diagram_platform(const struct diagram *diagram, size_t place)
{
	return diagram->venn.platforms[diagram->chosen[place]].name;
}

char *diagram_region_name(const struct diagram *diagram, uint64_t mask)
{
	struct cov_text names = { 0 };

	for (size_t i = 0; i < diagram->platform_count; i++) {
		if (mask >> i & 1)
			cov_text_print(&names, "%s%s", names.length ? "+" : "",
				       diagram_platform(diagram, i));
	}
	return names.data;
}

int64_t diagram_exclusive(const struct diagram_row *row, size_t place)
{
	for (size_t i = 0; i < row->region_count; i++) {
		if (row->regions[i].mask == (uint64_t)1 << place)
			return row->regions[i].lines;
	}
	return 0;
}
