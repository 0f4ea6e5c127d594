/* kconfig.c - how much of what each option of a kernel's configuration adds was executed. */
#include "venn/questions/kconfig.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "venn/store/store.h"
#include "venn/store/store_load.h"
#include "venn/store/store_option.h"
#include "venn/store/store_tile.h"

void kconfig_deinit(struct kconfig *kconfig)
{
	free(kconfig->items);
	kernel_options_deinit(&kconfig->options);
	memset(kconfig, 0, sizeof(*kconfig));
}

/* What adding up needs; all owned. */
struct adding {
	struct cov_kernel kernel;
	uint64_t *masks;    /* [line_count], a bit for each platform that executed the line */
	uint32_t *copies;   /* [line_count], objects that have it */
	uint32_t *selected; /* [line_count], of these, those that need an option; 0 in between */
};

static void adding_deinit(struct adding *adding)
{
	kernel_deinit(&adding->kernel);
	free(adding->masks);
	free(adding->copies);
	free(adding->selected);
}

COV_DEFINE_AUTO_STRUCT(struct adding, adding_deinit)

/* The lines that ran in a footprint's trials, kept or not. */
static int mark_executed(struct store *store, struct adding *adding, int64_t footprint_id,
			 uint64_t bit, struct cov_error *err)
{
	const struct store_range range = { 0, adding->kernel.line_count };
	COV_AUTO(store_tile_close) struct store_tile_reader tiles = { 0 };
	int result =
	    store_tile_open(store, STORE_TILE_FOOTPRINT_LINES, footprint_id, &range, &tiles, err);

	if (result)
		return result;
	while ((result = store_tile_next(&tiles, err)) > 0)
		adding->masks[tiles.id] |= bit;
	return result;
}

static int open_adding(struct store *store, const struct store_query *query, struct adding *adding,
		       struct cov_error *err)
{
	int result = store_load_kernel(store, query->kernel_id, &adding->kernel, err);
	const struct cov_kernel *kernel = &adding->kernel;

	if (result)
		return result;
	adding->masks = cov_xcalloc(kernel->line_count + 1, sizeof(*adding->masks));
	adding->copies = cov_xcalloc(kernel->line_count + 1, sizeof(*adding->copies));
	adding->selected = cov_xcalloc(kernel->line_count + 1, sizeof(*adding->selected));
	for (size_t i = 0; i < kernel->object_count; i++) {
		for (uint32_t j = 0; j < kernel->objects[i].plan.line_count; j++)
			adding->copies[kernel->objects[i].line_ids[j]]++;
	}
	for (size_t i = 0; i < query->platform_count; i++) {
		const struct store_query_platform *platform = &query->platforms[i];

		for (size_t j = 0; result == 0 && j < platform->footprint_count; j++)
			result = mark_executed(store, adding, platform->footprints[j],
					       (uint64_t)1 << i, err);
	}
	return result;
}

static int compare_paths(const void *key, const void *element)
{
	const struct cov_object *object = element;

	return strcmp(key, object->path);
}

static const struct cov_object *find_object(const struct cov_kernel *kernel, const char *path)
{
	return kernel->object_count ? bsearch(path, kernel->objects, kernel->object_count,
					      sizeof(*kernel->objects), compare_paths)
				    : NULL;
}

/* A line that no other object has. */
static void add_line(const struct adding *adding, uint32_t id, struct kconfig_option *option)
{
	uint64_t mask = adding->masks[id];

	option->lines++;
	option->any += mask != 0;
	option->platforms |= mask;
	for (; mask; mask &= mask - 1)
		option->executed[__builtin_ctzll(mask)]++;
}

/* The objects of one option: [@count]. */
static void add_option(struct adding *adding, const struct kernel_option *items, size_t count,
		       struct kconfig_option *option)
{
	const struct cov_kernel *kernel = &adding->kernel;

	option->name = items->option;
	option->objects = count;
	for (size_t i = 0; i < count; i++) {
		const struct cov_object *object = find_object(kernel, items[i].object);

		option->unknown += !object;
		for (uint32_t j = 0; object && j < object->plan.line_count; j++) {
			uint32_t id = object->line_ids[j];

			if (++adding->selected[id] == adding->copies[id])
				add_line(adding, id, option);
		}
	}
	for (size_t i = 0; i < count; i++) {
		const struct cov_object *object = find_object(kernel, items[i].object);

		for (uint32_t j = 0; object && j < object->plan.line_count; j++)
			adding->selected[object->line_ids[j]] = 0;
	}
}

int kconfig_read(struct store *store, const struct store_query *query, struct kconfig *ret,
		 struct cov_error *err)
{
	COV_AUTO(kconfig_deinit) struct kconfig kconfig = { 0 };
	COV_AUTO(adding_deinit) struct adding adding = { 0 };
	const struct kernel_option *items;
	size_t count = 0;
	int result = store_option_list(store, query->kernel_id, &kconfig.options, err);

	if (result == 0 && !kconfig.options.count)
		return cov_fail(err, COV_ERR_MISMATCH,
				"the kernel was registered without what its objects need of its "
				"configuration: see 'covdb kernel add --help', --options");
	if (result == 0)
		result = open_adding(store, query, &adding, err);
	if (result)
		return result;
	items = kconfig.options.items;
	kconfig.items = cov_xcalloc(kconfig.options.count, sizeof(*kconfig.items));
	for (size_t i = 0; i < kconfig.options.count; i += count) {
		for (count = 1; i + count < kconfig.options.count &&
				strcmp(items[i].option, items[i + count].option) == 0;)
			count++;
		add_option(&adding, items + i, count, &kconfig.items[kconfig.count++]);
	}
	*ret = kconfig;
	memset(&kconfig, 0, sizeof(kconfig));
	return 0;
}
