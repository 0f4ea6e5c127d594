/* report_study.c - a study as the report has it, and what its page needs at once. */
#include "venn/report/report_study.h"

#include <jansson.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "venn/report/report_data.h"
#include "venn/report/report_json.h"
#include "venn/report/report_table.h"
#include "venn/store/store_found.h"
#include "venn/store/store_load.h"

void report_study_deinit(struct report_study *study)
{
	for (size_t i = 0; i < study->view_count; i++)
		store_query_deinit(&study->views[i].query);
	free(study->views);
	store_report_names_deinit(&study->platforms);
	store_report_names_deinit(&study->workloads);
	kernel_deinit(&study->files);
	store_function_list_deinit(&study->functions);
	free(study->is_linked);
	free(study->chunks);
	store_analysis_deinit(&study->analysis);
	memset(study, 0, sizeof(*study));
}

static size_t place_of(const struct report_study *study, int64_t platform_id)
{
	size_t place = 0;

	while (place + 1 < study->platforms.count &&
	       study->platforms.items[place].id != platform_id)
		place++;
	return place;
}

static int open_view(struct store *store, const struct store_choice *choice,
		     struct report_study *study, size_t index, struct cov_error *err)
{
	struct report_view *view = &study->views[index];
	const struct store_asked question = {
		.choice = *choice,
		.directory = ".",
		.workloads = { .names = index ? study->workloads.items[index - 1].name : NULL },
	};
	int result = store_query_open(store, &question, &view->query, err);

	for (size_t i = 0; result == 0 && i < view->query.platform_count; i++)
		view->places[i] = place_of(study, view->query.platforms[i].id);
	return result;
}

int report_study_place(const struct report_view *view, size_t platform)
{
	for (size_t i = 0; i < view->query.platform_count; i++) {
		if (view->places[i] == platform)
			return (int)i;
	}
	return -1;
}

static void make_chunks(struct report_study *study)
{
	const struct cov_kernel *kernel = &study->files;
	size_t capacity = 0;

	for (size_t i = 0; i < kernel->file_count; i++) {
		struct report_chunk *last =
		    study->chunk_count ? &study->chunks[study->chunk_count - 1] : NULL;

		if (last && kernel->file_line_first[i] - kernel->file_line_first[last->file_first] <
				REPORT_CHUNK_LINES) {
			last->file_count++;
			continue;
		}
		study->chunks =
		    cov_grow(study->chunks, study->chunk_count, &capacity, sizeof(*study->chunks));
		study->chunks[study->chunk_count++] = (struct report_chunk){ i, 1 };
	}
}

/* What all views have in common. */
static int read_code(struct store *store, struct report_study *study, struct cov_error *err)
{
	int result = store_load_universe(store, study->kernel->id, &study->files, err);

	if (result == 0)
		result = store_function_names(store, &study->views[0].query, "*", &study->functions,
					      err);
	if (result)
		return result;
	make_chunks(study);
	study->is_linked = cov_xcalloc(study->files.line_count + 1, 1);
	return store_found_lines(store, study->kernel->id, study->files.line_count,
				 study->is_linked, err);
}

int report_study_read(struct store *store, const struct store_kernel *kernel,
		      const struct store_choice *choice, struct report_study *ret,
		      struct cov_error *err)
{
	int result = store_analysis_find(store, choice, &ret->analysis, err);

	ret->kernel = kernel;
	if (result == 0)
		result = store_report_name_list(store, STORE_NAME_PLATFORM, ret->analysis.id,
						&ret->platforms, err);
	if (result == 0)
		result = store_report_name_list(store, STORE_NAME_WORKLOAD, ret->analysis.id,
						&ret->workloads, err);
	if (result)
		return result;
	if (ret->platforms.count > REPORT_PLATFORMS_MAX)
		return cov_fail(err, COV_ERR_MISMATCH,
				"a report shows %d platforms at most, this analysis has %zu",
				REPORT_PLATFORMS_MAX, ret->platforms.count);
	ret->view_count = 1 + ret->workloads.count;
	ret->views = cov_xcalloc(ret->view_count, sizeof(*ret->views));
	for (size_t i = 0; result == 0 && i < ret->view_count; i++)
		result = open_view(store, choice, ret, i, err);
	return result ? result : read_code(store, ret, err);
}

static json_t *kernel_json(const struct store_kernel *kernel)
{
	json_t *object = cov_json_object();

	cov_json_set(object, "name", cov_json_name(kernel->name));
	cov_json_set(object, "release", cov_json_name(kernel->release));
	cov_json_set(object, "build_id", cov_json_name(kernel->build_id));
	cov_json_set(object, "profile_update", cov_json_name(kernel->profile_update));
	cov_json_set(object, "objects", cov_json_integer(kernel->object_count));
	cov_json_set(object, "lines", cov_json_integer(kernel->line_count));
	return object;
}

static json_t *analysis_json(const struct store_analysis *analysis)
{
	json_t *object = cov_json_object();

	cov_json_set(object, "rule", cov_json_name(analysis->rule));
	cov_json_set(object, "baseline", cov_json_name(analysis->baseline));
	cov_json_set(object, "false_discovery_rate", cov_json_real(analysis->false_discovery_rate));
	return object;
}

/* Seconds of the platforms of each view, and of what was subtracted; null where it did not run. */
static json_t *views_json(const struct report_study *study)
{
	json_t *list = cov_json_array();

	for (size_t i = 0; i < study->view_count; i++) {
		const struct report_view *view = &study->views[i];
		json_t *platforms = cov_json_array();

		for (size_t j = 0; j < study->platforms.count; j++)
			cov_json_append(platforms, json_null());
		for (size_t j = 0; j < view->query.platform_count; j++) {
			const struct store_query_platform *platform = &view->query.platforms[j];

			cov_json_replace(platforms, view->places[j],
					 cov_json_pack("[I, I]", (json_int_t)platform->duration_ns,
						       (json_int_t)platform->baseline_ns));
		}
		cov_json_append(list, platforms);
	}
	return list;
}

/* Paths, instrumented lines of linked objects, first file of each chunk. */
static void add_files(const struct report_study *study, struct cov_text *object)
{
	const struct cov_kernel *kernel = &study->files;
	struct report_column found = { 0 }, chunks = { 0 };

	report_json_key(object, "paths");
	report_json_begin(object, '[');
	for (size_t i = 0; i < kernel->file_count; i++) {
		int64_t lines = 0;

		for (size_t j = kernel->file_line_first[i]; j < kernel->file_line_first[i + 1]; j++)
			lines += study->is_linked[j];
		report_json_value(object, cov_json_name(kernel->files[i]));
		report_json_add(&found, lines);
	}
	report_json_end(object, ']');
	for (size_t i = 0; i < study->chunk_count; i++)
		report_json_add(&chunks, (int64_t)study->chunks[i].file_first);
	report_json_key(object, "found");
	report_json_column(object, &found);
	report_json_key(object, "chunks");
	report_json_column(object, &chunks);
}

int report_study_json(struct store *store, const struct report_study *study, bool has_source,
		      struct cov_text *ret, struct cov_error *err)
{
	static const struct report_table items[] = {
		{ "platforms", STORE_REPORT_PLATFORMS },   { "workloads", STORE_REPORT_WORKLOADS },
		{ "machines", STORE_REPORT_MACHINES },     { "trials", STORE_REPORT_TRIALS },
		{ "footprints", STORE_REPORT_FOOTPRINTS }, { "metrics", STORE_REPORT_METRICS },
	};
	const struct report_tables tables = {
		.items = items,
		.count = sizeof(items) / sizeof(*items),
		.kernel_id = study->kernel->id,
		.analysis_id = study->analysis.id,
	};

	report_json_begin(ret, '{');
	report_json_set(ret, "format", cov_json_integer(REPORT_FORMAT));
	report_json_set(ret, "covdb", cov_json_name(COVDB_VERSION));
	report_json_set(ret, "has_source", json_boolean(has_source));
	report_json_set(ret, "kernel", kernel_json(study->kernel));
	report_json_set(ret, "analysis", analysis_json(&study->analysis));
	report_json_set(ret, "views", views_json(study));
	add_files(study, ret);
	int result = report_table_add(store, &tables, ret, err);
	report_json_end(ret, '}');
	return result;
}

int report_study_least(struct store *store, const struct report_study *study, size_t view,
		       struct cov_text *ret, struct cov_error *err)
{
	static const struct report_table items[] = { { "least", STORE_REPORT_LEAST } };
	const struct report_tables tables = {
		.items = items,
		.count = 1,
		.kernel_id = study->kernel->id,
		.analysis_id = study->analysis.id,
		.workload_id = view ? study->workloads.items[view - 1].id : 0,
	};

	report_json_begin(ret, '{');
	int result = report_table_add(store, &tables, ret, err);
	report_json_end(ret, '}');
	return result;
}

void report_study_functions(const struct report_study *study, struct cov_text *ret)
{
	struct report_column files = { 0 }, starts = { 0 };

	report_json_begin(ret, '{');
	report_json_key(ret, "names");
	report_json_begin(ret, '[');
	for (size_t i = 0; i < study->functions.count; i++) {
		const struct store_function *function = &study->functions.items[i];

		report_json_value(ret, cov_json_name(function->name));
		report_json_add_difference(&files, function->file_id);
		report_json_add_difference(&starts, function->start_line);
	}
	report_json_end(ret, ']');
	report_json_key(ret, "files");
	report_json_column(ret, &files);
	report_json_key(ret, "starts");
	report_json_column(ret, &starts);
	report_json_end(ret, '}');
}
