/* cmd_venn.c - covdb venn: the exclusive regions of the platforms' footprints in a directory. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/commands.h"
#include "venn/load.h"
#include "venn/rows.h"
#include "venn/store.h"

enum { BAR_WIDTH = 30 };

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "dir", 0, "DIR", "directory or file of the kernel (default: ., all of it)" },
	{ "workload", 'w', "NAME", "one workload (default: all united)" },
	{ "platforms", 'p', "A,B,...", "these platforms, in this order (default: all)" },
	{ "rule", 0, "RULE", "footprints by this rule: rate (default: those made last)" },
	{ "baseline", 0, "NAME", "footprints against this baseline (default: those made last)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	{ "format", 0, "text|json|csv", "how to print (default: text)" },
	{ 0 },
};

/* A diagram over the chosen platforms. */
struct diagram {
	const char *workload; /* NULL: all united */
	char *directory;      /* canonical; owned */
	struct store_venn venn;
	size_t chosen[STORE_PLATFORMS_MAX]; /* [chosen_count], index into venn.platforms */
	size_t chosen_count;
	struct store_region
	    *regions; /* [region_count], bits by place in chosen; largest first; owned */
	size_t region_count;
	int64_t united;                      /* lines of all regions */
	int64_t totals[STORE_PLATFORMS_MAX]; /* [chosen_count], lines of each footprint */
};

static void diagram_deinit(struct diagram *diagram)
{
	store_venn_deinit(&diagram->venn);
	free(diagram->directory);
	free(diagram->regions);
}

COV_DEFINE_AUTO_STRUCT(struct diagram, diagram_deinit)

static int choose_platform(struct diagram *diagram, const char *name, struct cov_error *err)
{
	COV_AUTO(cov_text_deinit) struct cov_text list = { 0 };

	for (size_t i = 0; i < diagram->venn.platform_count; i++) {
		if (strcmp(diagram->venn.platforms[i].name, name) != 0) {
			cov_text_print(&list, "%s%s", list.length ? ", " : "",
				       diagram->venn.platforms[i].name);
			continue;
		}
		for (size_t j = 0; j < diagram->chosen_count; j++) {
			if (diagram->chosen[j] == i)
				return cov_fail(err, COV_ERR_USAGE, "--platforms names %s twice",
						name);
		}
		diagram->chosen[diagram->chosen_count++] = i;
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
			diagram->chosen[diagram->chosen_count++] = i;
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

/* Regions over the chosen platforms: those that differ in others only are one. */
static void merge_regions(struct diagram *diagram)
{
	const struct store_venn *venn = &diagram->venn;

	diagram->regions = cov_xcalloc(venn->region_count, sizeof(*diagram->regions));
	for (size_t i = 0; i < venn->region_count; i++) {
		uint64_t mask = 0;
		size_t place = 0;

		for (size_t j = 0; j < diagram->chosen_count; j++) {
			int bit = venn->platforms[diagram->chosen[j]].bit;

			mask |= (venn->regions[i].mask >> bit & 1) << j;
		}
		if (!mask)
			continue;
		while (place < diagram->region_count && diagram->regions[place].mask != mask)
			place++;
		if (place == diagram->region_count)
			diagram->regions[diagram->region_count++].mask = mask;
		diagram->regions[place].lines += venn->regions[i].lines;
		diagram->united += venn->regions[i].lines;
		for (size_t j = 0; j < diagram->chosen_count; j++) {
			if (mask >> j & 1)
				diagram->totals[j] += venn->regions[i].lines;
		}
	}
	qsort(diagram->regions, diagram->region_count, sizeof(*diagram->regions), compare_regions);
}

static const char *platform_name(const struct diagram *diagram, size_t place)
{
	return diagram->venn.platforms[diagram->chosen[place]].name;
}

/* "net/", "net/core/dev.c", "." */
static char *shown_directory(const struct diagram *diagram)
{
	if (strcmp(diagram->directory, ".") == 0 || diagram->venn.is_file)
		return cov_xstrdup(diagram->directory);
	return cov_format("%s/", diagram->directory);
}

static json_t *region_platforms(const struct diagram *diagram, uint64_t mask)
{
	json_t *names = json_array();

	for (size_t i = 0; i < diagram->chosen_count; i++) {
		if (mask >> i & 1)
			json_array_append_new(names, json_string(platform_name(diagram, i)));
	}
	return names;
}

static void print_json(const struct diagram *diagram)
{
	COV_AUTO(free) char *directory = shown_directory(diagram);
	json_t *platforms = json_array(), *totals = json_object(), *regions = json_array();

	for (size_t i = 0; i < diagram->chosen_count; i++) {
		json_array_append_new(platforms, json_string(platform_name(diagram, i)));
		json_object_set_new(totals, platform_name(diagram, i),
				    json_integer(diagram->totals[i]));
	}
	for (size_t i = 0; i < diagram->region_count; i++)
		json_array_append_new(regions,
				      json_pack("{s:o, s:I}", "platforms",
						region_platforms(diagram, diagram->regions[i].mask),
						"lines", (json_int_t)diagram->regions[i].lines));
	json_t *whole = json_pack(
	    "{s:s, s:s?, s:s, s:s, s:o, s:I, s:I, s:o, s:o}", "dir", directory, "workload",
	    diagram->workload, "rule", diagram->venn.analysis.rule, "baseline",
	    diagram->venn.analysis.baseline, "platforms", platforms, "found",
	    (json_int_t)diagram->venn.found, "objects_left_out",
	    (json_int_t)diagram->venn.objects_left_out, "totals", totals, "regions", regions);
	json_dumpf(whole, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(whole);
}

static void print_csv(const struct diagram *diagram)
{
	static const struct rows_column columns[] = {
		{ "PLATFORMS", "platforms", ROWS_WORD },
		{ "LINES", "lines", ROWS_COUNT },
	};
	COV_AUTO(rows_deinit) struct rows rows = { .columns = columns, .column_count = 2 };

	for (size_t i = 0; i < diagram->region_count; i++) {
		COV_AUTO(cov_text_deinit) struct cov_text names = { 0 };

		for (size_t j = 0; j < diagram->chosen_count; j++) {
			if (diagram->regions[i].mask >> j & 1)
				cov_text_print(&names, "%s%s", names.length ? "+" : "",
					       platform_name(diagram, j));
		}
		rows_word(&rows, names.data);
		rows_count(&rows, diagram->regions[i].lines);
	}
	rows_print(&rows, ROWS_CSV);
}

static double share(int64_t part, int64_t whole)
{
	return whole ? (double)part / (double)whole : 0;
}

static void print_regions(const struct diagram *diagram)
{
	size_t column_count = diagram->chosen_count + 3;
	COV_AUTO(free) struct rows_column *columns = cov_xcalloc(column_count, sizeof(*columns));
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns, .column_count = column_count };

	for (size_t i = 0; i < diagram->chosen_count; i++)
		columns[i] = (struct rows_column){ platform_name(diagram, i), NULL, ROWS_WORD };
	columns[column_count - 3] = (struct rows_column){ "LINES", NULL, ROWS_COUNT };
	columns[column_count - 2] = (struct rows_column){ "SHARE", NULL, ROWS_SHARE };
	columns[column_count - 1] = (struct rows_column){ "", NULL, ROWS_WORD };
	for (size_t i = 0; i < diagram->region_count; i++) {
		int64_t lines = diagram->regions[i].lines;
		char bar[BAR_WIDTH + 1] = "";
		size_t width = (size_t)(share(lines, diagram->regions[0].lines) * BAR_WIDTH + 0.5);

		for (size_t j = 0; j < diagram->chosen_count; j++)
			rows_word(&rows, diagram->regions[i].mask >> j & 1 ? "x" : "-");
		rows_count(&rows, lines);
		rows_number(&rows, share(lines, diagram->united));
		memset(bar, '#', width);
		rows_word(&rows, bar);
	}
	rows_print(&rows, ROWS_TEXT);
}

static void print_totals(const struct diagram *diagram)
{
	static const struct rows_column columns[] = {
		{ "PLATFORM", "platform", ROWS_WORD },
		{ "LINES", "lines", ROWS_COUNT },
		{ "OF FOUND", "share_of_found", ROWS_SHARE },
		{ "ONLY HERE", "exclusive", ROWS_COUNT },
	};
	COV_AUTO(rows_deinit) struct rows rows = { .columns = columns, .column_count = 4 };

	for (size_t i = 0; i < diagram->chosen_count; i++) {
		int64_t exclusive = 0;

		for (size_t j = 0; j < diagram->region_count; j++) {
			if (diagram->regions[j].mask == (uint64_t)1 << i)
				exclusive = diagram->regions[j].lines;
		}
		rows_word(&rows, platform_name(diagram, i));
		rows_count(&rows, diagram->totals[i]);
		rows_number(&rows, share(diagram->totals[i], diagram->venn.found));
		rows_count(&rows, exclusive);
	}
	rows_print(&rows, ROWS_TEXT);
}

static void print_text(const struct diagram *diagram)
{
	COV_AUTO(free) char *directory = shown_directory(diagram);
	COV_AUTO(free) char *found = rows_grouped(diagram->venn.found);
	COV_AUTO(free) char *united = rows_grouped(diagram->united);

	printf("%s  %s lines found, %s executed (%s%s; rule %s against baseline %s)\n\n", directory,
	       found, united, diagram->workload ? "workload " : "all workloads",
	       diagram->workload ? diagram->workload : "", diagram->venn.analysis.rule,
	       diagram->venn.analysis.baseline);
	if (diagram->venn.objects_left_out)
		printf("%lld objects were too damaged to compare, and are left out\n\n",
		       (long long)diagram->venn.objects_left_out);
	if (diagram->region_count) {
		print_regions(diagram);
		putchar('\n');
	}
	print_totals(diagram);
}

static int venn_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	const char *directory = cov_option_value(arguments, "dir");
	enum rows_format format;
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel kernel = { 0 };
	struct store_choice choice;
	COV_AUTO(diagram_deinit)
	struct diagram diagram = {
		.workload = cov_option_value(arguments, "workload"),
		.directory = kernel_directory_name(directory ? directory : "."),
	};
	int result = rows_format_option(arguments, &format, err);

	if (result == 0)
		result = load_store(arguments, STORE_READ, &store, &kernel, err);
	if (result == 0)
		result = load_choice(arguments, &kernel, &choice, err);
	if (result == 0)
		result = store_venn_read(store, &choice, diagram.directory, diagram.workload,
					 &diagram.venn, err);
	if (result == 0)
		result = choose_platforms(&diagram, cov_option_value(arguments, "platforms"), err);
	if (result)
		return result;
	merge_regions(&diagram);
	if (format == ROWS_JSON)
		print_json(&diagram);
	else if (format == ROWS_CSV)
		print_csv(&diagram);
	else
		print_text(&diagram);
	return 0;
}

const struct cov_command cmd_venn = {
	.name = "venn",
	.operands = "",
	.summary = "the exclusive regions of the platforms' footprints in a directory",
	.details =
	    "A region holds the lines that exactly its platforms execute beyond the baseline. "
	    "Regions are listed by size; SHARE is of all lines that any of the platforms "
	    "executes.\n\n"
	    "Examples:\n"
	    "  $ covdb venn --dir net/\n"
	    "  $ covdb venn --dir arch/x86/kvm --workload cpu --platforms runc,gvisor\n"
	    "  $ covdb venn --dir mm --format json",
	.options = options,
	.run = venn_run,
};
