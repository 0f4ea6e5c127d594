/* report_changes.c - what changed since another kernel or study, as parts of the report. */
#include "venn/report/report_changes.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "venn/change/compare_scope.h"
#include "venn/change/tally.h"
#include "venn/report/report_json.h"
#include "venn/store/store_group.h"

/* As 'covdb compare' has it unless it is told otherwise. */
static const double false_discovery_rate = 0.05;

void report_changes_deinit(struct report_changes *changes)
{
	for (size_t i = 0; i < changes->count; i++) {
		free(changes->pairs[i].platform);
		free(changes->pairs[i].workload);
		free(changes->pairs[i].side);
	}
	free(changes->pairs);
	memset(changes, 0, sizeof(*changes));
}

/* The workloads that both sides ran, on either side with good trials. */
struct listing {
	struct store_groups old, new;
	struct report_changes *changes;
	json_t *only_old, *only_new; /* names "PLATFORM/WORKLOAD"; owned */
};

static void listing_deinit(struct listing *listing)
{
	store_group_list_deinit(&listing->old);
	store_group_list_deinit(&listing->new);
	json_decref(listing->only_old);
	json_decref(listing->only_new);
}

COV_DEFINE_AUTO_STRUCT(struct listing, listing_deinit)

static bool has_group(const struct store_groups *groups, const struct store_group *group)
{
	for (size_t i = 0; i < groups->count; i++) {
		if (strcmp(groups->items[i].platform, group->platform) == 0 &&
		    strcmp(groups->items[i].workload, group->workload) == 0)
			return true;
	}
	return false;
}

static void add_pair(struct report_changes *changes, const char *platform, const char *workload,
		     const char *side)
{
	changes->pairs =
	    cov_grow(changes->pairs, changes->count, &changes->capacity, sizeof(*changes->pairs));
	changes->pairs[changes->count++] = (struct report_changes_pair){
		.platform = cov_xstrdup(platform),
		.workload = workload ? cov_xstrdup(workload) : NULL,
		.side = cov_xstrdup(side),
	};
}

/* All workloads together first, if there are several. */
static void list_platform(const char *platform, struct listing *listing)
{
	COV_AUTO(cov_text_deinit) struct cov_text whole = { 0 };
	struct report_changes single = { 0 };

	for (size_t i = 0; i < listing->new.count; i++) {
		const struct store_group *group = &listing->new.items[i];
		COV_AUTO(free) char *name = cov_format("%s/%s", platform, group->workload);

		if (strcmp(group->platform, platform) != 0 || group->kind != STORE_WORKLOAD)
			continue;
		if (!has_group(&listing->old, group)) {
			cov_json_append(listing->only_new, cov_json_name(name));
			continue;
		}
		cov_text_print(&whole, "%s%s", whole.length ? "," : "", name);
		add_pair(&single, platform, group->workload, name);
	}
	if (single.count > 1)
		add_pair(listing->changes, platform, NULL, whole.data);
	for (size_t i = 0; i < single.count; i++)
		add_pair(listing->changes, platform, single.pairs[i].workload,
			 single.pairs[i].side);
	report_changes_deinit(&single);
}

static void list_only_old(struct listing *listing)
{
	for (size_t i = 0; i < listing->old.count; i++) {
		const struct store_group *group = &listing->old.items[i];
		COV_AUTO(free) char *name = cov_format("%s/%s", group->platform, group->workload);

		if (group->kind == STORE_WORKLOAD && !has_group(&listing->new, group))
			cov_json_append(listing->only_old, cov_json_name(name));
	}
}

static void index_json(const struct report_changes_asked *asked, const struct listing *listing,
		       struct cov_text *json)
{
	const struct report_changes *changes = listing->changes;

	report_json_begin(json, '{');
	report_json_set(json, "before", cov_json_name(asked->before));
	report_json_set(json, "only_before", json_incref(listing->only_old));
	report_json_set(json, "only_now", json_incref(listing->only_new));
	report_json_key(json, "pairs");
	report_json_begin(json, '[');
	for (size_t i = 0; i < changes->count; i++) {
		report_json_begin(json, '{');
		report_json_set(json, "platform", cov_json_name(changes->pairs[i].platform));
		report_json_set(json, "workload", cov_json_name(changes->pairs[i].workload));
		report_json_end(json, '}');
	}
	report_json_end(json, ']');
	report_json_end(json, '}');
}

/* The groups of what the study is compared with. */
static int read_before(struct store *store, const struct report_changes_asked *asked,
		       struct store_groups *ret, struct cov_error *err)
{
	COV_AUTO(free) char *any = cov_format("%s:any", asked->before);
	COV_AUTO(side_name_deinit) struct side_name name = { 0 };
	COV_AUTO(store_close) struct store *other = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel about = { 0 };
	int result = side_name_parse(any, &name, err);

	if (result == 0 && name.database)
		result = store_open(name.database, STORE_READ, &other, err);
	if (result == 0)
		result = side_name_kernel(&name, other ? other : store, &about, err);
	if (result == 0)
		result = store_group_list(other ? other : store, about.id, ret, err);
	return result;
}

int report_changes_open(struct store *store, const struct report_study *study,
			const struct report_changes_asked *asked, struct report_changes *ret,
			struct cov_text *json, struct cov_error *err)
{
	COV_AUTO(listing_deinit)
	struct listing listing = { .changes = ret,
				   .only_old = cov_json_array(),
				   .only_new = cov_json_array() };

	if (!asked->before) {
		report_json_value(json, json_null());
		return 0;
	}
	int result = read_before(store, asked, &listing.old, err);
	if (result == 0)
		result = store_group_list(store, study->kernel->id, &listing.new, err);
	if (result)
		return result;
	for (size_t i = 0; i < study->platforms.count; i++)
		list_platform(study->platforms.items[i].name, &listing);
	list_only_old(&listing);
	if (!ret->count)
		return cov_fail(err, COV_ERR_MISMATCH,
				"%s has no platform and workload that the study has, too",
				asked->before);
	index_json(asked, &listing, json);
	return 0;
}

static void places_json(const struct compare_scope *scope, struct cov_text *ret)
{
	COV_AUTO(tally_deinit) struct tally tally = { 0 };

	tally_places(scope->sides, scope->compare, ".", NULL, &tally);
	report_json_key(ret, "places");
	report_json_begin(ret, '[');
	for (size_t i = 0; i < tally.count + 1; i++) {
		const struct tally_row *row = i < tally.count ? &tally.rows[i] : &tally.all;

		report_json_begin(ret, '[');
		report_json_value(ret, i < tally.count ? cov_json_name(row->name) : json_null());
		for (size_t j = 0; j < COMPARE_CLASS_COUNT; j++) {
			report_json_begin(ret, '[');
			report_json_number(ret, row->counts[j].lines);
			report_json_number(ret, row->counts[j].low);
			report_json_number(ret, row->counts[j].high);
			report_json_end(ret, ']');
		}
		report_json_end(ret, ']');
	}
	report_json_end(ret, ']');
}

static void functions_json(const struct compare_scope *scope, struct cov_text *ret)
{
	COV_AUTO(tally_functions_deinit) struct tally_functions functions = { 0 };

	tally_functions(scope->sides, scope->compare, ".", &functions);
	report_json_key(ret, "functions");
	report_json_begin(ret, '[');
	for (size_t i = 0; i < functions.count; i++) {
		const struct tally_function *function = &functions.items[i];

		report_json_begin(ret, '[');
		report_json_value(ret, cov_json_name(function->file));
		report_json_value(ret, cov_json_name(function->name));
		report_json_value(ret, cov_json_name(function->became));
		for (size_t j = 0; j < COMPARE_CLASS_COUNT; j++)
			report_json_number(ret, function->lines[j]);
		report_json_value(ret, cov_json_real(function->old_rate));
		report_json_value(ret, cov_json_real(function->new_rate));
		report_json_end(ret, ']');
	}
	report_json_end(ret, ']');
}

int report_changes_json(const struct report_study *study, const struct report_changes_asked *asked,
			const struct report_changes_pair *pair, struct cov_text *ret,
			struct cov_error *err)
{
	COV_AUTO(free) char *old = cov_format("%s:%s", asked->before, pair->side);
	COV_AUTO(free) char *new = cov_format("%s:%s", study->kernel->name, pair->side);
	const struct sides_asked question = {
		.old = old,
		.new = new,
		.old_source = asked->old_source,
		.new_source = asked->new_source,
		.database = asked->database,
	};
	COV_AUTO(sides_deinit) struct sides sides = { 0 };
	COV_AUTO(compare_deinit) struct compare compare = { 0 };
	int result = sides_open(&question, &sides, err);

	if (result)
		return result;
	compare_sides(&sides.old, &sides.new, &sides.join, false_discovery_rate, &compare);
	const struct compare_scope scope = { &question, &sides, &compare, false_discovery_rate };
	json_t *about = cov_json_object();

	compare_scope_json(&scope, about);
	report_json_begin(ret, '{');
	report_json_set(ret, "about", about);
	report_json_key(ret, "classes");
	report_json_begin(ret, '[');
	for (size_t i = 0; i < COMPARE_CLASS_COUNT; i++)
		report_json_value(ret, cov_json_name(compare_class_key((enum compare_class)i)));
	report_json_end(ret, ']');
	places_json(&scope, ret);
	functions_json(&scope, ret);
	report_json_end(ret, '}');
	return 0;
}
