/* store_query.c - what a question is asked of: analysis, workloads, directory, platforms. */
#include "venn/store/store_query.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/suggest.h"
#include "collector/base/text.h"
#include "differ/differ.h"
#include "venn/sets/mask.h"
#include "venn/store/statement.h"
#include "venn/store/store_limits.h"
#include "venn/store/store_place.h"

static void forget_platform(struct store_query_platform *platform)
{
	free(platform->name);
	free(platform->footprints);
}

void store_query_deinit(struct store_query *query)
{
	for (size_t i = 0; i < query->platform_count; i++)
		forget_platform(&query->platforms[i]);
	store_union_deinit(&query->workloads);
	free(query->directory);
	free(query->kernel);
	store_analysis_deinit(&query->analysis);
	memset(query, 0, sizeof(*query));
}

/* A directory, or else a file; the number of its lines of linked objects is stored, or counted. */
static int find_directory(struct store *store, struct store_query *query, struct cov_error *err)
{
	COV_AUTO(statement_rest) sqlite3_stmt *statement = NULL;
	int result =
	    statement_keep(store,
			   "SELECT directory_id, d.line_first, d.line_count, found,"
			   " k.line_count AS kernel_lines, k.name FROM directory d"
			   " JOIN kernel k USING (kernel_id)"
			   " WHERE kernel_id = ?1 AND path = ?2 UNION ALL"
			   " SELECT 0, f.line_first, f.line_count, (SELECT count(*) FROM line l"
			   " WHERE l.kernel_id = f.kernel_id AND l.line_id >= f.line_first"
			   " AND l.line_id < f.line_first + f.line_count), k.line_count,"
			   " k.name"
			   " FROM file f JOIN kernel k USING (kernel_id)"
			   " WHERE kernel_id = ?1 AND path = ?2",
			   &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, query->kernel_id);
	statement_bind_text(statement, 2, query->directory);
	result = statement_step(store, statement, err);
	if (result == 0)
		return store_place_fail(store, query->kernel_id, query->directory, err);
	if (result < 0)
		return result;
	struct statement_row row = { store, statement, err, 0 };
	int64_t line_count = statement_row_number(&row, 4, 0, STORE_LINES_MAX);
	query->kernel = statement_column_text(statement, 5);
	query->directory_id = sqlite3_column_int64(statement, 0);
	query->line_first = statement_row_number(&row, 1, 0, line_count);
	query->line_count = statement_row_number(&row, 2, 0, line_count - query->line_first);
	query->found = statement_row_number(&row, 3, 0, query->line_count);
	return row.result;
}

/* One that has none has nothing to leave out, but for a set, which is the same in all: neither can
 * it be told of all together. */
static void add_resamples(size_t count, bool is_first, size_t *all)
{
	if (is_first || (*all && (!count || count > *all)))
		*all = count;
}

/* A footprint of a platform, which may be a further one of the platform added last. */
static int add_footprint(struct store_query *query, struct statement_row *row)
{
	sqlite3_stmt *statement = row->statement;
	int64_t id = sqlite3_column_int64(statement, 0);
	struct store_query_platform *last = query->platforms + query->platform_count - 1;

	if (!query->platform_count || last->id != id) {
		if (query->platform_count == STORE_PLATFORMS_MAX)
			return cov_fail(row->err, COV_ERR_STORE,
					"%s: is damaged: more than %d platforms", row->store->path,
					STORE_PLATFORMS_MAX);
		last = &query->platforms[query->platform_count++];
		*last = (struct store_query_platform){
			.id = id,
			.name = statement_column_text(statement, 1),
			.bit = (int)statement_row_number(row, 2, 0, STORE_PLATFORMS_MAX - 1),
		};
	}
	last->footprints = cov_xreallocarray(last->footprints, last->footprint_count + 1,
					     sizeof(*last->footprints));
	last->footprints[last->footprint_count++] = sqlite3_column_int64(statement, 3);
	last->is_set = sqlite3_column_int(statement, 6);
	add_resamples((size_t)statement_row_number(row, 5, 0, COV_RESAMPLE_MAX),
		      last->footprint_count == 1, &last->resample_count);
	last->duration_ns = cov_number_add(last->duration_ns,
					   statement_row_number(row, 4, 0, store_duration_ns_max));
	return row->result;
}

/* $COVDB_PLATFORMS, "b, a", as ",b,a,". free() it. */
static char *platform_order(void)
{
	const char *given = getenv("COVDB_PLATFORMS");
	struct cov_text order = { 0 };

	cov_text_print(&order, ",");
	for (; given && *given; given++) {
		if (*given != ' ')
			cov_text_add(&order, given, 1);
	}
	cov_text_print(&order, ",");
	return order.data;
}

/*
 * All platforms with a footprint of the workloads: those of $COVDB_PLATFORMS in its order, then the
 * others as they were imported.
 */
static int read_platforms(struct store *store, struct store_query *query, struct cov_error *err)
{
	COV_AUTO(free) char *order = platform_order();
	COV_AUTO(free)
	char *members =
	    cov_format("(workload_id IN (%s) OR (driver IS 'set' AND workload_id IS NOT NULL))",
		       query->workloads.ids);
	COV_AUTO(free)
	char *sql =
	    cov_format("SELECT platform_id, name, bit, footprint_id, duration_ns, resamples,"
		       " driver IS 'set' FROM footprint JOIN platform USING (platform_id)"
		       " WHERE analysis_id = ?1 AND %s ORDER BY"
		       " coalesce(nullif(instr(?2, ',' || name || ','), 0), length(?2) + 1),"
		       " platform_id, workload_id",
		       query->workloads.stored_id ? members : "workload_id IS NULL");
	COV_AUTO(statement_rest) sqlite3_stmt *statement = NULL;
	int result = statement_keep(store, sql, &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, query->analysis.id);
	statement_bind_text(statement, 2, order);
	struct statement_row row = { store, statement, err, 0 };
	while ((result = statement_step(store, statement, err)) > 0) {
		result = add_footprint(query, &row);
		if (result)
			return result;
	}
	return result;
}

int store_query_place(const struct store_query *query, const char *name, size_t *ret,
		      struct cov_error *err)
{
	COV_AUTO(cov_suggestion_deinit) struct cov_suggestion suggestion = { .word = name };

	for (size_t i = 0; i < query->platform_count; i++) {
		if (strcmp(query->platforms[i].name, name) == 0) {
			*ret = i;
			return 0;
		}
		cov_suggest(&suggestion, query->platforms[i].name);
	}
	COV_AUTO(free) char *only = cov_suggest_only(&suggestion);
	return cov_fail(err, COV_ERR_MISMATCH, "there is no platform '%s'%s%s%s", name,
			query->workloads.name ? " with workload " : "",
			query->workloads.name ? query->workloads.name : "", only);
}

void store_query_names(const struct store_query *query, const char **ret)
{
	for (size_t i = 0; i < query->platform_count; i++)
		ret[i] = query->platforms[i].name;
}

char *store_query_join(const struct store_query *query, uint64_t mask, const char *separator)
{
	const char *names[STORE_PLATFORMS_MAX];

	store_query_names(query, names);
	return mask_join(mask, names, separator);
}

int store_query_places(const struct store_query *query, const char *names,
		       struct store_query_places *ret, struct cov_error *err)
{
	COV_AUTO(free) char *copy = cov_xstrdup(names);
	struct store_query_places places = { .count = 0 };
	char *rest = copy;

	for (char *name = strsep(&rest, ","); name; name = strsep(&rest, ",")) {
		size_t place;
		int result = store_query_place(query, name, &place, err);

		if (result)
			return result;
		if (places.mask >> place & 1)
			return cov_fail(err, COV_ERR_USAGE, "the list of platforms names %s twice",
					name);
		places.mask |= (uint64_t)1 << place;
		places.items[places.count++] = place;
	}
	*ret = places;
	return 0;
}

/* Keep the named platforms only, in the order named. */
static int choose_platforms(struct store_query *query, const char *names, struct cov_error *err)
{
	struct store_query_platform chosen[STORE_PLATFORMS_MAX];
	struct store_query_places places;
	int result;

	if (!names)
		return 0;
	result = store_query_places(query, names, &places, err);
	if (result)
		return result;
	for (size_t i = 0; i < places.count; i++)
		chosen[i] = query->platforms[places.items[i]];
	for (size_t i = 0; i < query->platform_count; i++) {
		if (!(places.mask >> i & 1))
			forget_platform(&query->platforms[i]);
	}
	memcpy(query->platforms, chosen, places.count * sizeof(*chosen));
	query->platform_count = places.count;
	return 0;
}

/* Trials of ?1 that are a baseline: the idle ones of each platform, or those of the name ?2. Names
 * come first: only these trials are looked up. */
static const char own_baselines[] =
    "SELECT platform_id, duration_ns FROM platform p CROSS JOIN workload w"
    " CROSS JOIN trial USING (platform_id, workload_id)"
    " WHERE kernel_id = ?1 AND status = 'ok' AND counters IS NOT NULL AND w.kind = 'idle'";
static const char named_baseline[] =
    "SELECT platform_id, duration_ns FROM platform p CROSS JOIN workload w"
    " CROSS JOIN trial USING (platform_id, workload_id)"
    " WHERE kernel_id = ?1 AND status = 'ok' AND counters IS NOT NULL"
    " AND w.name = substr(?2, length(p.name) + 2)"
    " AND substr(?2, 1, length(p.name) + 1) = p.name || '/'";

/* How long the baseline of each platform was watched. */
static int read_baselines(struct store *store, struct store_query *query, struct cov_error *err)
{
	COV_AUTO(statement_rest) sqlite3_stmt *statement = NULL;
	bool is_own = strcmp(query->analysis.baseline, "own") == 0;
	int result =
	    statement_keep(store, is_own ? own_baselines : named_baseline, &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, query->kernel_id);
	if (!is_own)
		statement_bind_text(statement, 2, query->analysis.baseline);
	struct statement_row row = { store, statement, err, 0 };
	while (!row.result && (result = statement_step(store, statement, err)) > 0) {
		int64_t platform_id = sqlite3_column_int64(statement, 0);
		int64_t duration_ns = statement_row_number(&row, 1, 0, store_duration_ns_max);

		for (size_t i = 0; i < query->platform_count; i++) {
			struct store_query_platform *platform = &query->platforms[i];

			if (!is_own || platform->id == platform_id)
				platform->baseline_ns =
				    cov_number_add(platform->baseline_ns, duration_ns);
		}
	}
	return row.result ? row.result : result;
}

/* Of platforms that are no sets. */
static void add_all_resamples(struct store_query *query)
{
	bool is_first = true;

	for (size_t i = 0; i < query->platform_count; i++) {
		const struct store_query_platform *platform = &query->platforms[i];

		if (platform->is_set)
			continue;
		add_resamples(platform->resample_count, is_first, &query->resample_count);
		is_first = false;
	}
}

static int open_plain(struct store *store, const struct store_asked *question,
		      struct store_query *ret, struct cov_error *err)
{
	COV_AUTO(store_query_deinit)
	struct store_query query = {
		.kernel_id = question->choice.kernel_id,
		.directory = cov_xstrdup(question->directory),
	};
	int result = store_analysis_find(store, &question->choice, &query.analysis, err);

	if (result == 0)
		result = store_union_find(store, &question->workloads, &query.workloads, err);
	if (result == 0)
		result = find_directory(store, &query, err);
	if (result == 0)
		result = read_platforms(store, &query, err);
	if (result == 0 && !query.platform_count)
		result = cov_fail(
		    err, COV_ERR_MISMATCH,
		    "%s: there is no footprint of %s by rule %s against baseline %s: it "
		    "is what is subtracted, or has too few trials for the rule",
		    store->path, query.workloads.name ? query.workloads.name : "any workload",
		    query.analysis.rule, query.analysis.baseline);
	if (result == 0)
		result = choose_platforms(&query, question->platforms, err);
	if (result == 0)
		result = read_baselines(store, &query, err);
	if (result)
		return result;
	add_all_resamples(&query);
	*ret = query;
	memset(&query, 0, sizeof(query));
	return 0;
}

/* Whether a query has a platform of that name. */
static bool has_platform(const struct store_query *query, const char *name)
{
	for (size_t i = 0; i < query->platform_count; i++) {
		if (strcmp(query->platforms[i].name, name) == 0)
			return true;
	}
	return false;
}

/* The workloads of @more are those of @set, too. @more gives what it can */
static void add_union(struct store_union *set, struct store_union *more)
{
	char *ids = cov_format("%s%s%s", set->ids, *set->ids && *more->ids ? "," : "", more->ids);

	free(set->ids);
	set->ids = ids;
	set->stored_id = STORE_NOT_STORED;
	for (size_t i = 0; i < more->count; i++) {
		if (store_union_has(set, more->members[i]))
			continue;
		set->members = cov_xreallocarray(set->members, set->count + 1, sizeof(char *));
		set->members[set->count++] = more->members[i];
		more->members[i] = NULL;
	}
}

/* One platform, or what it executes because of a workload: @name is cut at the slash. */
static int open_set(struct store *store, const struct store_asked *question, char *name,
		    struct store_query *ret, struct cov_error *err)
{
	struct store_asked asked = *question;
	char *slash = strchr(name, '/');

	if (slash) {
		*slash = '\0';
		asked.workloads.names = slash + 1;
	}
	asked.platforms = name;
	int result = open_plain(store, &asked, ret, err);
	if (slash)
		*slash = '/';
	return result;
}

/* Take the platform of @part under the name that it was asked for by. */
static int add_set(struct store_query *query, struct store_query *part, const char *name,
		   struct cov_error *err)
{
	struct store_query_platform *platform = &query->platforms[query->platform_count];

	if (has_platform(query, name))
		return cov_fail(err, COV_ERR_USAGE, "the list of sets names %s twice", name);
	if (query->platform_count == STORE_PLATFORMS_MAX)
		return cov_fail(err, COV_ERR_USAGE, "more than %d sets", STORE_PLATFORMS_MAX);
	*platform = part->platforms[0];
	part->platform_count = 0;
	free(platform->name);
	platform->name = cov_xstrdup(name);
	platform->bit = (int)query->platform_count++;
	return 0;
}

/* Each name of the list as a query of its own, and these together. */
static int open_sets(struct store *store, const struct store_asked *question,
		     struct store_query *ret, struct cov_error *err)
{
	COV_AUTO(store_query_deinit) struct store_query query = { 0 };
	COV_AUTO(free) char *copy = cov_xstrdup(question->platforms);
	COV_AUTO(cov_text_deinit) struct cov_text names = { 0 };
	char *rest = copy;

	for (char *name = strsep(&rest, ","); name; name = strsep(&rest, ",")) {
		COV_AUTO(store_query_deinit) struct store_query part = { 0 };
		int result = open_set(store, question, name, &part, err);

		if (result)
			return result;
		if (!query.kernel_id) {
			query = part;
			query.platform_count = 0;
			part = (struct store_query){ .platform_count = 1 };
			part.platforms[0] = query.platforms[0];
		} else {
			add_union(&query.workloads, &part.workloads);
		}
		result = add_set(&query, &part, name, err);
		if (result)
			return result;
	}
	for (size_t i = 0; i < query.workloads.count; i++)
		cov_text_print(&names, "%s%s", i ? "," : "", query.workloads.members[i]);
	free(query.workloads.name);
	query.workloads.name = names.data;
	names.data = NULL;
	query.workloads.stored_id = STORE_NOT_STORED;
	query.resample_count = 0;
	add_all_resamples(&query);
	*ret = query;
	memset(&query, 0, sizeof(query));
	return 0;
}

int store_query_open(struct store *store, const struct store_asked *question,
		     struct store_query *ret, struct cov_error *err)
{
	bool has_sets =
	    question->has_sets && question->platforms && strchr(question->platforms, '/');

	return has_sets ? open_sets(store, question, ret, err)
			: open_plain(store, question, ret, err);
}

int store_query_rules(struct store *store, const struct store_query *query,
		      struct store_analyses *ret, struct cov_error *err)
{
	const struct store_choice choice = { .kernel_id = query->kernel_id,
					     .baseline = query->analysis.baseline };
	COV_AUTO(store_analysis_list_deinit) struct store_analyses list = { 0 };
	size_t kept = 0;
	int result = store_analysis_list(store, &choice, &list, err);

	if (result)
		return result;
	for (size_t i = 0; i < list.count; i++) {
		struct store_analysis analysis = list.items[i];

		if (analysis.is_current && analysis.id != query->analysis.id &&
		    strcmp(analysis.baseline, query->analysis.baseline) == 0)
			list.items[kept++] = analysis;
		else
			store_analysis_deinit(&analysis);
	}
	list.count = kept;
	*ret = list;
	memset(&list, 0, sizeof(list));
	return 0;
}

int store_query_left_out(struct store *store, const struct store_query *query, int64_t *ret,
			 struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store,
				       "SELECT ifnull(max(objects_left_out), 0) FROM footprint"
				       " WHERE analysis_id = ?",
				       &statement, err);
	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, query->analysis.id);
	result = statement_step(store, statement, err);
	if (result < 0)
		return result;
	struct statement_row row = { store, statement, err, 0 };
	*ret = statement_row_number(&row, 0, 0, STORE_OBJECTS_MAX);
	return row.result;
}

char *store_query_platforms(const struct store_query *query)
{
	uint64_t all = ((uint64_t)1 << query->platform_count) - 1;

	return query->platform_count ? store_query_join(query, all, ",") : NULL;
}
