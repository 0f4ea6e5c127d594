/* counts_write_objects.c - the counts of a snapshot object by object, as rows or as JSON. */
#include "collector/exchange/counts_write_objects.h"

#include <inttypes.h>
#include <string.h>

#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/text.h"
#include "collector/base/utf8.h"
#include "collector/decode/counters.h"
#include "collector/decode/counts.h"
#include "collector/decode/kernel.h"

/* One object while it is written. */
struct object_part {
	const struct cov_kernel *kernel;
	const struct cov_object *object;
	struct cov_object_counts counts;
	struct line_place *places; /* [place_count], first by line of the plan; owned */
	uint32_t place_count;
};

/* A line of the object, and its branches. */
struct line_place {
	uint32_t line_id;
	uint32_t line; /* of the plan: the first that is this line */
	int64_t count;
	unsigned char states; /* PLAN_LINE_* */
	json_t *branches;     /* or NULL; owned */
};

static void object_part_deinit(struct object_part *part)
{
	for (uint32_t i = 0; i < part->place_count; i++)
		json_decref(part->places[i].branches);
	free(part->places);
	counts_object_deinit(&part->counts);
}

COV_DEFINE_AUTO_STRUCT(struct object_part, object_part_deinit)

static int compare_places(const void *a, const void *b)
{
	const struct line_place *first = a, *second = b;

	if (first->line_id != second->line_id)
		return first->line_id < second->line_id ? -1 : 1;
	return (first->line > second->line) - (first->line < second->line);
}

static void start_places(struct object_part *part)
{
	const struct plan_counts *counts = &part->counts.counts;

	part->place_count = part->object->plan.line_count;
	part->places = cov_xcalloc(part->place_count, sizeof(*part->places));
	for (uint32_t i = 0; i < part->place_count; i++)
		part->places[i] = (struct line_place){
			.line_id = part->object->line_ids[i],
			.line = i,
			.count = counts->lines[i],
			.states = counts->states[i],
		};
}

static void add_place(struct line_place *sum, struct line_place *place)
{
	json_t *branch;
	size_t i;

	sum->count = cov_number_add(sum->count, place->count);
	sum->states |= place->states;
	if (!sum->branches) {
		sum->branches = place->branches;
		return;
	}
	json_array_foreach(place->branches, i, branch)
	    cov_json_append(sum->branches, json_incref(branch));
	json_decref(place->branches);
}

/* By line id, each once: two spellings of a source in the notes are one source. */
static void sort_places(struct object_part *part)
{
	uint32_t kept = 0;

	if (!part->place_count)
		return;
	qsort(part->places, part->place_count, sizeof(*part->places), compare_places);
	for (uint32_t i = 1; i < part->place_count; i++) {
		if (part->places[i].line_id == part->places[kept].line_id)
			add_place(&part->places[kept], &part->places[i]);
		else
			part->places[++kept] = part->places[i];
	}
	part->place_count = kept + 1;
}

static void write_rows(struct object_part *part, FILE *out)
{
	const struct cov_kernel *kernel = part->kernel;

	start_places(part);
	sort_places(part);
	for (uint32_t i = 0; i < part->place_count; i++) {
		uint32_t line_id = part->places[i].line_id;

		fprintf(out, "%s\t%s\t%" PRIu32 "\t%" PRId64 "\n", part->object->path,
			kernel->files[kernel->line_files[line_id]], kernel->line_numbers[line_id],
			part->places[i].count);
	}
}

static void add_branches(struct object_part *part)
{
	const struct plan *plan = &part->counts.plan;

	for (uint32_t i = 0; i < plan->branch_count; i++) {
		const struct plan_branch *branch = &plan->branches[i];
		struct line_place *place = &part->places[branch->line];

		if (!place->branches)
			place->branches = cov_json_array();
		cov_json_append(place->branches,
				cov_json_pack("{s:I, s:b, s:b}", "count",
					      (json_int_t)part->counts.counts.branches[i],
					      "fallthrough",
					      (branch->flags & PLAN_BRANCH_FALLTHROUGH) != 0,
					      "throw", (branch->flags & PLAN_BRANCH_THROW) != 0));
	}
}

static json_t *list_functions(const struct object_part *part)
{
	const struct plan *plan = &part->counts.plan;
	const struct plan_counts *counts = &part->counts.counts;
	COV_AUTO(cov_text_deinit) struct cov_text name = { 0 };
	COV_AUTO(cov_text_deinit) struct cov_text path = { 0 };
	json_t *functions = cov_json_array();

	for (uint32_t i = 0; i < plan->function_count; i++) {
		const struct plan_function *function = &plan->functions[i];
		const char *file = part->kernel->files[kernel_function_file(part->object, i)];

		if (function->is_artificial)
			continue;
		cov_json_append(functions,
				cov_json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I}", "name",
					      cov_utf8_name(plan->texts + function->name, &name),
					      "file", cov_utf8_name(file, &path), "line",
					      (json_int_t)function->start_line, "end_line",
					      (json_int_t)function->end_line, "calls",
					      (json_int_t)counts->functions[i], "blocks_executed",
					      (json_int_t)counts->blocks_executed[i],
					      "contradiction",
					      (json_int_t)counts->contradictions[i]));
	}
	return functions;
}

static json_t *line_of(const struct object_part *part, struct line_place *place)
{
	enum cov_line_state state = cov_line_state_of(place->states);
	json_t *branches = place->branches ? place->branches : cov_json_array();

	place->branches = NULL; /* now the line's */
	return cov_json_pack("{s:I, s:I, s:s, s:o}", "line",
			     (json_int_t)part->kernel->line_numbers[place->line_id], "count",
			     (json_int_t)place->count, "state", cov_line_state_name(state),
			     "branches", branches);
}

static json_t *list_files(struct object_part *part)
{
	const struct cov_kernel *kernel = part->kernel;
	COV_AUTO(cov_text_deinit) struct cov_text memory = { 0 };
	json_t *files = cov_json_array(), *lines = NULL;
	uint32_t last_file = UINT32_MAX;

	for (uint32_t i = 0; i < part->place_count; i++) {
		uint32_t file = kernel->line_files[part->places[i].line_id];

		if (file != last_file) {
			lines = cov_json_array();
			cov_json_append(files,
					cov_json_pack("{s:s, s:o}", "file",
						      cov_utf8_name(kernel->files[file], &memory),
						      "lines", lines));
		}
		last_file = file;
		cov_json_append(lines, line_of(part, &part->places[i]));
	}
	return files;
}

static void write_json(struct object_part *part, bool is_first, FILE *out)
{
	COV_AUTO(cov_text_deinit) struct cov_text memory = { 0 };

	start_places(part);
	add_branches(part);
	sort_places(part);
	json_t *object =
	    cov_json_pack("{s:s, s:o, s:o}", "object", cov_utf8_name(part->object->path, &memory),
			  "functions", list_functions(part), "files", list_files(part));
	if (!is_first)
		fputs(",\n", out);
	cov_json_print(object, JSON_COMPACT, out);
	json_decref(object);
}

/* One object at a time: as one tree in memory, a kernel would take a gigabyte. */
static int write_objects(const struct cov_kernel *kernel, const struct cov_counters *counters,
			 bool is_json, FILE *out, struct cov_error *err)
{
	bool is_first = true;

	for (size_t i = 0; i < kernel->object_count; i++) {
		COV_AUTO(object_part_deinit)
		struct object_part part = { .kernel = kernel, .object = &kernel->objects[i] };

		if (counters->states[i] != COV_OBJECT_DECODED)
			continue;
		int result = counts_evaluate_object(kernel, counters, i, &part.counts, err);
		if (result)
			return result;
		if (is_json)
			write_json(&part, is_first, out);
		else
			write_rows(&part, out);
		is_first = false;
	}
	return 0;
}

int counts_write_objects_tsv(const struct cov_kernel *kernel, const struct cov_counters *counters,
			     FILE *out, struct cov_error *err)
{
	return write_objects(kernel, counters, false, out, err);
}

int counts_write_objects_json(const struct cov_kernel *kernel, const struct cov_counters *counters,
			      FILE *out, struct cov_error *err)
{
	fputs("{\"objects\": [\n", out);
	int result = write_objects(kernel, counters, true, out, err);
	fputs("\n]}\n", out);
	return result;
}
