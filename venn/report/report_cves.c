/* report_cves.c - known vulnerabilities, and who executes them in a view, as parts of the report.
 */
#include "venn/report/report_cves.h"

#include <jansson.h>

#include "collector/base/json.h"
#include "venn/exposure/exposure.h"
#include "venn/report/report_json.h"

/* The platforms that execute it, as the page numbers them. */
static int64_t page_mask(const struct report_view *view, uint64_t executed)
{
	int64_t mask = 0;

	for (size_t i = 0; i < view->query.platform_count; i++) {
		if (executed >> i & 1)
			mask |= INT64_C(1) << view->places[i];
	}
	return mask;
}

/* What is not compiled, or not known to be, is a number only. */
static bool is_shown(const struct exposure_item *item)
{
	return item->rest != EXPOSURE_NOT_COMPILED && item->rest != EXPOSURE_UNKNOWN;
}

static void add_row(const struct exposure_item *item, struct cov_text *ret)
{
	const struct store_cve_concern *concern = item->concern;
	COV_AUTO(free) char *fixed = concern->fixed ? version_text(concern->fixed) : NULL;
	json_t *files = cov_json_array(), *functions = cov_json_array();

	for (size_t i = 0; i < item->file_count; i++)
		cov_json_append(files, cov_json_name(item->files[i]->path));
	for (size_t i = 0; i < item->function_count; i++)
		cov_json_append(functions, cov_json_name(item->functions[i]));
	report_json_begin(ret, '{');
	report_json_set(ret, "cve", cov_json_name(concern->name));
	report_json_set(ret, "title", cov_json_name(concern->title));
	report_json_set(ret, "score", cov_json_real(concern->score));
	report_json_set(ret, "match",
			item->rest == EXPOSURE_NOT_OBSERVED
			    ? cov_json_name(exposure_level_names[item->level])
			    : json_null());
	report_json_set(ret, "rest", cov_json_name(exposure_state_names[item->rest]));
	report_json_set(ret, "fixed", cov_json_name(fixed));
	report_json_set(ret, "files", files);
	report_json_set(ret, "functions", functions);
	report_json_end(ret, '}');
}

static void add_records(const struct exposure_records *records, const struct exposure *exposure,
			struct cov_text *ret)
{
	COV_AUTO(free) char *release = version_text(records->version);
	int64_t absent = 0, unknown = 0;

	report_json_begin(ret, '{');
	report_json_set(ret, "release", cov_json_name(release));
	report_json_set(ret, "records", cov_json_integer(records->state.records));
	report_json_set(ret, "apply", cov_json_integer((int64_t)records->concerns.count));
	report_json_set(ret, "fixed_here", cov_json_integer((int64_t)exposure->fixed_count));
	report_json_key(ret, "rows");
	report_json_begin(ret, '[');
	for (size_t i = 0; i < exposure->count; i++) {
		const struct exposure_item *item = &exposure->items[i];

		absent += item->rest == EXPOSURE_NOT_COMPILED;
		unknown += item->rest == EXPOSURE_UNKNOWN;
		if (is_shown(item))
			add_row(item, ret);
	}
	report_json_end(ret, ']');
	report_json_set(ret, "not_compiled", cov_json_integer(absent));
	report_json_set(ret, "unknown", cov_json_integer(unknown));
	report_json_end(ret, '}');
}

/* Pairs: the record and the mask of who executes it. */
static void add_executed(const struct exposure *exposure, const struct report_view *view,
			 struct cov_text *ret)
{
	report_json_begin(ret, '[');
	for (size_t i = 0; i < exposure->count; i++) {
		const struct exposure_item *item = &exposure->items[i];

		if (!is_shown(item) || !item->executed)
			continue;
		report_json_value(ret, cov_json_name(item->concern->name));
		report_json_number(ret, page_mask(view, item->executed));
	}
	report_json_end(ret, ']');
}

int report_cves_read(struct store *store, const struct report_study *study,
		     struct exposure_records *ret, struct cov_error *err)
{
	int64_t version = 0;
	bool is_known = version_parse(study->kernel->release, &version);
	struct store_cve_state state = { 0 };
	int result = store_cve_state(store, version, &state, err);

	if (result || !is_known || !state.records)
		return result;
	return exposure_records_read(store, study->kernel->id, ".", version, ret, err);
}

void report_cves_json(const struct exposure_records *records, const struct report_study *study,
		      size_t view, const struct report_code *code, struct cov_text *executed,
		      struct cov_text *all)
{
	const struct report_view *asked = &study->views[view];
	size_t line_count = (size_t)asked->query.line_count;
	COV_AUTO(exposure_deinit) struct exposure exposure = { 0 };

	if (!records->state.records || !asked->query.platform_count) {
		report_json_value(executed, json_null());
		if (all)
			report_json_value(all, json_null());
		return;
	}
	COV_AUTO(free) uint64_t *masks = cov_xcalloc(line_count, sizeof(*masks));
	for (size_t i = 0; i < line_count; i++) {
		const struct store_code_line *line = store_code_line(&code->lines, (int64_t)i);

		masks[i] = line ? line->kept : 0;
	}
	exposure_decide(records, &asked->query, masks, EXPOSURE_FINEST, &exposure);
	add_executed(&exposure, asked, executed);
	if (all)
		add_records(records, &exposure, all);
}
