/* subsystem.c - the regions of each subsystem of the kernel, or of each file. */
#include "venn/questions/subsystem.h"

#include <math.h>
#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/parallel.h"
#include "collector/collector.h"
#include "venn/questions/maintainers.h"
#include "venn/store/store_code.h"
#include "venn/store/store_found.h"
#include "venn/store/store_mask.h"
#include "venn/store/store_region.h"

/* The groups, subsystems or itself, of a file. */
struct membership {
	size_t *groups; /* [count]; owned */
	size_t count;
};

struct grouping {
	const struct store_query *query; /* borrowed */
	struct store_code code;
	struct maintainers maintainers; /* without any: each file is a group of its own */
	size_t group_count;
	struct membership *memberships; /* [count of the kernel's files]; owned */
	size_t first_file;              /* of the range, with the next */
	size_t file_count;
	size_t *found[COV_THREADS_MAX]; /* [group_count], scratch of a thread; owned */
	struct diagram_row *rows;       /* [group_count]; regions owned */
	struct store_regions *regions;  /* [group_count], what rows are made of; owned */
};

static void grouping_deinit(struct grouping *grouping)
{
	for (size_t i = 0; grouping->memberships && i < grouping->code.kernel.file_count; i++)
		free(grouping->memberships[i].groups);
	for (size_t i = 0; grouping->rows && i < grouping->group_count; i++)
		free(grouping->rows[i].regions);
	for (size_t i = 0; grouping->regions && i < grouping->group_count; i++)
		store_region_list_deinit(&grouping->regions[i]);
	for (size_t i = 0; i < COV_THREADS_MAX; i++)
		free(grouping->found[i]);
	free(grouping->memberships);
	free(grouping->rows);
	free(grouping->regions);
	maintainers_deinit(&grouping->maintainers);
	store_code_deinit(&grouping->code);
}

COV_DEFINE_AUTO_STRUCT(struct grouping, grouping_deinit)

static void find_one(void *context, size_t item, size_t thread)
{
	struct grouping *grouping = context;
	size_t file = grouping->first_file + item;
	struct membership *membership = &grouping->memberships[file];

	if (!grouping->maintainers.subsystem_count) {
		membership->groups = cov_xcalloc(1, sizeof(size_t));
		membership->groups[0] = item;
		membership->count = 1;
		return;
	}
	if (!grouping->found[thread])
		grouping->found[thread] = cov_xcalloc(grouping->group_count, sizeof(size_t));
	membership->count = maintainers_find(
	    &grouping->maintainers, grouping->code.kernel.files[file], grouping->found[thread]);
	membership->groups = cov_xcalloc(membership->count, sizeof(size_t));
	memcpy(membership->groups, grouping->found[thread], membership->count * sizeof(size_t));
}

/* The lines of each subsystem, in the whole or in a resample. @masks: of the query's range */
static void add_lines(struct grouping *grouping, size_t resample, const uint64_t *masks)
{
	const struct store_query *query = grouping->query;

	for (int64_t i = 0; i < query->line_count; i++) {
		struct regions_item item = { masks[i], 1 };
		const struct regions line = { .items = &item, .count = 1 };
		const struct membership *membership =
		    &grouping->memberships[grouping->code.kernel.line_files[query->line_first + i]];

		for (size_t j = 0; masks[i] && j < membership->count; j++)
			store_region_count(&line, resample,
					   &grouping->regions[membership->groups[j]]);
	}
}

static int count_lines(struct store *store, struct grouping *grouping, struct cov_error *err)
{
	const struct store_query *query = grouping->query;
	COV_AUTO(store_mask_deinit) struct store_masks masks = { 0 };
	COV_AUTO(free)
	uint64_t *lines = cov_xcalloc((size_t)query->line_count, sizeof(*lines));
	int result = store_mask_open(store, query, &masks, err);

	for (size_t i = 0; result == 0 && i <= COV_RESAMPLE_MAX; i++) {
		store_mask_fill(&masks, i, lines);
		add_lines(grouping, i, lines);
	}
	for (size_t i = 0; result == 0 && i < grouping->group_count; i++)
		diagram_row_fill(query, &grouping->regions[i], &grouping->rows[i]);
	return result;
}

static int add_found(struct store *store, struct grouping *grouping, struct cov_error *err)
{
	COV_AUTO(free) int64_t *found = cov_xcalloc(grouping->code.kernel.file_count + 1, 8);
	int result = store_found_list(store, grouping->query, &grouping->code.kernel, found, err);

	for (size_t i = 0; result == 0 && i < grouping->code.kernel.file_count; i++) {
		const struct membership *membership = &grouping->memberships[i];

		for (size_t j = 0; j < membership->count; j++)
			grouping->rows[membership->groups[j]].found += found[i];
	}
	return result;
}

static int compare_rows(const void *a, const void *b)
{
	const struct diagram_row *first = a, *second = b;

	if (first->united != second->united)
		return first->united > second->united ? -1 : 1;
	return strcmp(first->directory, second->directory);
}

/* Hand the rows over; those of no line of this kernel are left out. */
static void move_rows(struct grouping *grouping, struct diagram *diagram)
{
	size_t count = 0;

	for (size_t i = 0; i < grouping->group_count; i++) {
		struct diagram_row *row = &grouping->rows[i];

		if (!row->found) {
			free(row->regions);
			row->regions = NULL;
			continue;
		}
		for (size_t j = 0; j < STORE_PLATFORMS_MAX; j++)
			row->at_least[j] = NAN;
		row->directory =
		    cov_xstrdup(grouping->maintainers.subsystem_count
				    ? grouping->maintainers.subsystems[i]
				    : grouping->code.kernel.files[grouping->first_file + i]);
		grouping->rows[count++] = *row;
		if (count <= i)
			*row = (struct diagram_row){ 0 };
	}
	if (count)
		qsort(grouping->rows, count, sizeof(*grouping->rows), compare_rows);
	diagram->rows = grouping->rows;
	diagram->row_count = count;
	grouping->rows = NULL;
}

/* The regions by one rule. @context: the source tree of the kernel, or NULL */
static int read_one(void *context, struct store *store, const struct store_asked *asked,
		    struct diagram *ret, struct cov_error *err)
{
	const char *kernel_src = context;
	COV_AUTO(diagram_deinit) struct diagram diagram = { 0 };
	const struct store_query *query = &diagram.query;
	COV_AUTO(grouping_deinit) struct grouping grouping = { .query = query };
	int result = store_query_open(store, asked, &diagram.query, err);

	if (result == 0 && kernel_src)
		result = maintainers_read(kernel_src, &grouping.maintainers, err);
	if (result == 0)
		result = store_code_read(store, query, &grouping.code, err);
	if (result)
		return result;
	const struct cov_kernel *kernel = &grouping.code.kernel;
	grouping.memberships = cov_xcalloc(kernel->file_count, sizeof(*grouping.memberships));
	if (query->line_count) {
		const uint32_t *files = kernel->line_files + query->line_first;

		grouping.first_file = files[0];
		grouping.file_count = files[query->line_count - 1] - files[0] + 1;
	}
	grouping.group_count =
	    kernel_src ? grouping.maintainers.subsystem_count : grouping.file_count;
	grouping.rows = cov_xcalloc(grouping.group_count, sizeof(*grouping.rows));
	grouping.regions = cov_xcalloc(grouping.group_count, sizeof(*grouping.regions));
	cov_parallel_for(grouping.file_count, find_one, &grouping);
	result = count_lines(store, &grouping, err);
	if (result == 0)
		result = add_found(store, &grouping, err);
	if (result)
		return result;
	move_rows(&grouping, &diagram);
	*ret = diagram;
	memset(&diagram, 0, sizeof(diagram));
	return 0;
}

int subsystem_read(struct store *store, const struct store_asked *asked, const char *kernel_src,
		   struct diagram *ret, struct cov_error *err)
{
	COV_AUTO(diagram_deinit) struct diagram diagram = { 0 };
	int result = read_one((void *)kernel_src, store, asked, &diagram, err);

	if (result == 0)
		result =
		    diagram_add_rules(store, asked, &diagram, read_one, (void *)kernel_src, err);
	if (result)
		return result;
	*ret = diagram;
	memset(&diagram, 0, sizeof(diagram));
	return 0;
}
