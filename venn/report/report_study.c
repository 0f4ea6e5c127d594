/* report_study.c - a study read for the report, and what its page needs at once. */
#include "venn/report/report_study.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/progress.h"
#include "collector/base/text.h"
#include "venn/questions/claims.h"
#include "venn/questions/claims_check.h"
#include "venn/report/report_data.h"
#include "venn/store/store_claim.h"
#include "venn/store/store_found.h"
#include "venn/store/store_stability.h"

void report_study_deinit(struct report_study *study)
{
	for (size_t i = 0; i < study->view_count; i++) {
		store_query_deinit(&study->views[i].query);
		store_code_deinit(&study->views[i].code);
		store_function_list_deinit(&study->views[i].functions);
	}
	free(study->views);
	store_report_names_deinit(&study->platforms);
	store_report_names_deinit(&study->workloads);
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

static int read_view(struct store *store, const struct store_choice *choice,
		     struct report_study *study, size_t index, struct cov_error *err)
{
	struct report_view *view = &study->views[index];
	const struct store_asked question = {
		.choice = *choice,
		.directory = ".",
		.workloads = { .names = index ? study->workloads.items[index - 1].name : NULL },
	};
	int result = store_query_open(store, &question, &view->query, err);

	if (result == 0)
		result = store_code_read(store, &view->query, &view->code, err);
	if (result == 0)
		result = store_function_list(store, &view->query, NULL, &view->functions, err);
	for (size_t i = 0; result == 0 && i < view->query.platform_count; i++)
		view->places[i] = place_of(study, view->query.platforms[i].id);
	return result;
}

static void make_chunks(struct report_study *study)
{
	const struct cov_kernel *kernel = report_study_files(study);
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

int report_study_read(struct store *store, const struct store_kernel *kernel,
		      const struct store_choice *choice, struct report_study *ret,
		      struct cov_error *err)
{
	struct cov_progress progress;
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
	cov_progress_start(&progress, "reading footprints", ret->view_count);
	for (size_t i = 0; result == 0 && i < ret->view_count; i++) {
		result = read_view(store, choice, ret, i, err);
		cov_progress_step(&progress);
	}
	cov_progress_end(&progress);
	if (result == 0)
		result =
		    store_function_list(store, &ret->views[0].query, "*", &ret->functions, err);
	if (result)
		return result;
	make_chunks(ret);
	ret->is_linked = cov_xcalloc(report_study_files(ret)->line_count + 1, 1);
	return store_found_lines(store, kernel->id, report_study_files(ret)->line_count,
				 ret->is_linked, err);
}

static int add_table(struct store *store, const struct report_study *study, json_t *object,
		     const char *key, enum store_report_table table, struct cov_error *err)
{
	COV_AUTO(free) char *raw = NULL;
	COV_AUTO(cov_text_deinit) struct cov_text clean = { 0 };
	json_error_t problem;
	json_t *rows;
	int result =
	    store_report_table(store, table, study->kernel->id, study->analysis.id, &raw, err);

	if (result)
		return result;
	cov_text_add_utf8(&clean, raw, strlen(raw));
	rows = json_loadb(clean.data, clean.length, JSON_ALLOW_NUL, &problem);
	if (!rows)
		return cov_fail(err, COV_ERR_STORE, "the database has a text that is not JSON: %s",
				problem.text);
	cov_json_set(object, key, rows);
	return 0;
}

struct table {
	const char *key;
	enum store_report_table table;
};

static int add_tables(struct store *store, const struct report_study *study, json_t *object,
		      const struct table *tables, size_t count, struct cov_error *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < count; i++)
		result = add_table(store, study, object, tables[i].key, tables[i].table, err);
	return result;
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
static void add_files(const struct report_study *study, json_t *object)
{
	const struct cov_kernel *kernel = report_study_files(study);
	json_t *paths = cov_json_array(), *found = cov_json_array(), *chunks = cov_json_array();

	for (size_t i = 0; i < kernel->file_count; i++) {
		int64_t lines = 0;

		for (size_t j = kernel->file_line_first[i]; j < kernel->file_line_first[i + 1]; j++)
			lines += study->is_linked[j];
		cov_json_append(paths, cov_json_name(kernel->files[i]));
		cov_json_append(found, cov_json_integer(lines));
	}
	for (size_t i = 0; i < study->chunk_count; i++)
		cov_json_append(chunks, cov_json_integer((json_int_t)study->chunks[i].file_first));
	cov_json_set(object, "paths", paths);
	cov_json_set(object, "found", found);
	cov_json_set(object, "chunks", chunks);
}

int report_study_json(struct store *store, const struct report_study *study, bool has_source,
		      json_t **ret, struct cov_error *err)
{
	static const struct table tables[] = {
		{ "platforms", STORE_REPORT_PLATFORMS },   { "workloads", STORE_REPORT_WORKLOADS },
		{ "machines", STORE_REPORT_MACHINES },     { "trials", STORE_REPORT_TRIALS },
		{ "footprints", STORE_REPORT_FOOTPRINTS }, { "metrics", STORE_REPORT_METRICS },
	};
	json_t *object = cov_json_object();

	cov_json_set(object, "format", cov_json_integer(REPORT_FORMAT));
	cov_json_set(object, "covdb", cov_json_name(COVDB_VERSION));
	cov_json_set(object, "has_source", json_boolean(has_source));
	cov_json_set(object, "kernel", kernel_json(study->kernel));
	cov_json_set(object, "analysis", analysis_json(&study->analysis));
	cov_json_set(object, "views", views_json(study));
	add_files(study, object);
	*ret = object;
	return add_tables(store, study, object, tables, sizeof(tables) / sizeof(tables[0]), err);
}

static int add_contradictions(struct store *store, const struct report_study *study, json_t *object,
			      struct cov_error *err)
{
	COV_AUTO(store_stability_contradictions_deinit) struct store_contradictions list = { 0 };
	json_t *rows = cov_json_array();
	int result = store_stability_contradictions(store, study->kernel->id, 0,
						    (int64_t)report_study_files(study)->line_count,
						    &list, err);

	cov_json_set(object, "contradictions", rows);
	for (size_t i = 0; i < list.count; i++) {
		const struct store_contradiction *item = &list.items[i];

		cov_json_append(rows, cov_json_pack("{so, so, sI, sI, sI}", "function",
						    cov_json_name(item->function), "file",
						    cov_json_name(item->file), "line",
						    (json_int_t)item->start_line, "trials",
						    (json_int_t)item->trial_count, "missing",
						    (json_int_t)item->missing_max));
	}
	return result;
}

int report_study_trust_json(struct store *store, const struct report_study *study, json_t **ret,
			    struct cov_error *err)
{
	static const struct table tables[] = {
		{ "analyses", STORE_REPORT_ANALYSES },
		{ "problems", STORE_REPORT_PROBLEMS },
		{ "agreement", STORE_REPORT_AGREEMENT },
		{ "removed", STORE_REPORT_REMOVED },
	};
	json_t *object = cov_json_object();
	int result =
	    add_tables(store, study, object, tables, sizeof(tables) / sizeof(tables[0]), err);

	*ret = object;
	return result ? result : add_contradictions(store, study, object, err);
}

static json_t *text_or_null(const char *text)
{
	return text ? cov_json_name(text) : json_null();
}

int report_study_claims_json(struct store *store, const struct report_study *study,
			     const char *path, json_t **ret, struct cov_error *err)
{
	COV_AUTO(claims_check_deinit) struct claims_checked check = { 0 };
	int result =
	    claims_check(path, store, study->analysis.id, claims_check_limit_ns, &check, err);
	json_t *list;

	if (result)
		return result;
	list = cov_json_array();
	for (size_t i = 0; i < check.claims.count; i++) {
		const struct claim *claim = &check.claims.items[i];
		json_t *object = cov_json_object();

		cov_json_set(object, "name", cov_json_name(claim->name));
		cov_json_set(object, "place", cov_json_name(claim->place));
		cov_json_set(object, "class", cov_json_name(claim->class_name));
		cov_json_set(object, "claim", cov_json_name(claim->text));
		cov_json_set(object, "expected", text_or_null(claim->expected));
		cov_json_set(object, "got", cov_json_name(check.answers[i].got));
		cov_json_set(object, "verdict", cov_json_name(claims_check_verdict(&check, i)));
		cov_json_set(object, "note", text_or_null(claim->note));
		cov_json_append(list, object);
	}
	*ret = cov_json_pack("{so, so}", "name", cov_json_name(check.claims.name), "claims", list);
	return 0;
}
