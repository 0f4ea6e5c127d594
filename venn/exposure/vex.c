/* vex.c - an exposure as CycloneDX VEX. */
#include "venn/exposure/vex.h"

#include <math.h>
#include <string.h>

#include "collector/base/json.h"
#include "collector/base/text.h"

static json_t *property(const char *name, const char *value)
{
	return cov_json_pack("{s:o, s:o}", "name", cov_json_name(name), "value",
			     cov_json_name(value));
}

static json_t *properties(const struct exposure_item *item, const struct store_query *query)
{
	json_t *list = cov_json_array();

	for (size_t i = 0; i < item->file_count; i++)
		cov_json_append(list, property("covdb:file", item->files[i]->path));
	for (size_t i = 0; i < item->function_count; i++)
		cov_json_append(list, property("covdb:function", item->functions[i]));
	if (item->rest == EXPOSURE_NOT_OBSERVED)
		cov_json_append(list, property("covdb:level", exposure_level_names[item->level]));
	for (size_t place = 0; place < query->platform_count; place++) {
		COV_AUTO(free)
		char *name = cov_format("covdb:observed:%s", query->platforms[place].name);

		cov_json_append(
		    list, property(name, exposure_state_names[exposure_state_of(item, place)]));
	}
	return list;
}

static json_t *analysis(const struct exposure_item *item)
{
	if (item->rest == EXPOSURE_NOT_COMPILED)
		return cov_json_pack("{s:s, s:s, s:s}", "state", "not_affected", "justification",
				     "code_not_present", "detail",
				     "no command of the kernel's build read any of its files");
	return cov_json_pack("{s:s}", "state", "in_triage");
}

static json_t *vulnerability(const struct exposure_item *item, const struct store_query *query)
{
	const struct store_cve_concern *concern = item->concern;
	COV_AUTO(free)
	char *url = cov_format("https://www.cve.org/CVERecord?id=%s", concern->name);
	json_t *one = cov_json_pack(
	    "{s:o, s:{s:s, s:o}, s:o, s:o, s:[{s:s}], s:o}", "id", cov_json_name(concern->name),
	    "source", "name", "CVE", "url", cov_json_name(url), "description",
	    cov_json_name(concern->title), "analysis", analysis(item), "affects", "ref", "kernel",
	    "properties", properties(item, query));

	if (!isnan(concern->score))
		cov_json_set(one, "ratings",
			     cov_json_pack("[{s:o, s:s, s:o}]", "score",
					   cov_json_real(concern->score), "method", "CVSSv31",
					   "vector", cov_json_name(concern->vector)));
	return one;
}

json_t *vex_make(const struct exposure *exposure, const struct store_query *query,
		 const char *release)
{
	json_t *list = cov_json_array();

	for (size_t i = 0; i < exposure->count; i++)
		cov_json_append(list, vulnerability(&exposure->items[i], query));
	return cov_json_pack("{s:s, s:s, s:i, s:{s:{s:[{s:s, s:s, s:s}]}, s:{s:s, s:s, s:s, s:o}},"
			     " s:o}",
			     "bomFormat", "CycloneDX", "specVersion", "1.5", "version", 1,
			     "metadata", "tools", "components", "type", "application", "name",
			     "covdb", "version", COVDB_VERSION, "component", "type",
			     "operating-system", "bom-ref", "kernel", "name", "linux", "version",
			     cov_json_name(release), "vulnerabilities", list);
}
