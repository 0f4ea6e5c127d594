/* store_union.c - workloads that a question is about, as names on the command line: a union. */
#include "venn/store/store_union.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/suggest.h"
#include "collector/base/text.h"
#include "venn/store/statement.h"
#include "venn/store/store_phase.h"

void store_union_deinit(struct store_union *set)
{
	for (size_t i = 0; i < set->count; i++)
		free(set->members[i]);
	free(set->members);
	free(set->name);
	free(set->ids);
	memset(set, 0, sizeof(*set));
}

bool store_union_has(const struct store_union *set, const char *workload)
{
	for (size_t i = 0; i < set->count; i++) {
		if (strcmp(set->members[i], workload) == 0)
			return true;
	}
	return false;
}

/* The names of a list, one by one. */
struct choosing {
	struct store *store; /* borrowed */
	sqlite3_stmt *find;  /* the id of ?1; kept by the store */
	struct cov_text ids; /* of those named so far, for SQL; owned */
	int64_t last_id;
	size_t count;
};

static void choosing_deinit(struct choosing *choosing)
{
	statement_rest_auto(&choosing->find);
	cov_text_deinit(&choosing->ids);
}

COV_DEFINE_AUTO_STRUCT(struct choosing, choosing_deinit)

static int fail_unknown(struct store *store, const char *name, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	COV_AUTO(cov_suggestion_deinit) struct cov_suggestion suggestion = { .word = name };
	int result = statement_prepare(store, "SELECT name FROM workload", &statement, err);

	if (result)
		return result;
	while ((result = statement_step(store, statement, err)) > 0) {
		COV_AUTO(free) char *other = statement_column_text(statement, 0);

		cov_suggest(&suggestion, other);
	}
	if (result)
		return result;
	COV_AUTO(free) char *only = cov_suggest_only(&suggestion);
	return cov_fail(err, COV_ERR_MISMATCH, "%s: there is no workload %s%s", store->path, name,
			only);
}

static void add_id(struct choosing *choosing, int64_t id)
{
	choosing->last_id = id;
	cov_text_print(&choosing->ids, "%s%lld", choosing->count ? "," : "", (long long)id);
	choosing->count++;
}

/* @name: NULL: all that have it */
static int choose_phase(struct choosing *choosing, const char *name, const char *phase,
			struct cov_error *err)
{
	COV_AUTO(store_phase_deinit) struct store_phases phases = { 0 };
	int result = store_phase_find(choosing->store, name, phase, &phases, err);

	for (size_t i = 0; i < phases.count; i++)
		add_id(choosing, phases.ids[i]);
	return result;
}

static int choose_name(struct choosing *choosing, const char *name, struct cov_error *err)
{
	struct store *store = choosing->store;

	sqlite3_reset(choosing->find);
	statement_bind_text(choosing->find, 1, name);
	int result = statement_step(store, choosing->find, err);
	if (result <= 0)
		return result ? result : fail_unknown(store, name, err);
	add_id(choosing, sqlite3_column_int64(choosing->find, 0));
	return 0;
}

/* Whether a name is there twice. */
static int check_list(const char *names, struct cov_error *err)
{
	COV_AUTO(free) char *copy = cov_xstrdup(names);
	char *rest = copy;

	for (char *name = strsep(&rest, ","); name; name = strsep(&rest, ",")) {
		COV_AUTO(free) char *others = rest ? cov_xstrdup(rest) : NULL;
		char *next = others;

		for (char *other = strsep(&next, ","); other; other = strsep(&next, ",")) {
			if (strcmp(name, other) == 0)
				return cov_fail(err, COV_ERR_USAGE,
						"the list of workloads names %s twice", name);
		}
	}
	return 0;
}

/* Names of workloads, joined, in the order of ids. @which: SQL */
static int join_names(struct store *store, const char *which, char **ret, struct cov_error *err)
{
	COV_AUTO(statement_rest) sqlite3_stmt *statement = NULL;
	COV_AUTO(free)
	char *sql = cov_format("SELECT group_concat(name, ',') FROM (SELECT name FROM workload"
			       " WHERE %s ORDER BY workload_id)",
			       which);
	int result = statement_keep(store, sql, &statement, err);

	if (result == 0)
		result = statement_step(store, statement, err);
	if (result < 0)
		return result;
	*ret = statement_column_text(statement, 0);
	return 0;
}

/* @which: SQL of those whose trials count */
static int read_members(struct store *store, const char *which, struct store_union *set,
			struct cov_error *err)
{
	COV_AUTO(statement_rest) sqlite3_stmt *statement = NULL;
	COV_AUTO(cov_text_deinit) struct cov_text ids = { 0 };
	COV_AUTO(free)
	char *sql = cov_format("SELECT workload_id, name FROM workload WHERE %s"
			       " ORDER BY workload_id",
			       which);
	size_t capacity = 0;
	int result = statement_keep(store, sql, &statement, err);

	if (result)
		return result;
	while ((result = statement_step(store, statement, err)) > 0) {
		cov_text_print(&ids, "%s%lld", set->count ? "," : "",
			       (long long)sqlite3_column_int64(statement, 0));
		set->members = cov_grow(set->members, set->count, &capacity, sizeof(char *));
		set->members[set->count++] = statement_column_text(statement, 1);
	}
	set->ids = ids.data ? ids.data : cov_xstrdup("");
	ids.data = NULL;
	return result;
}

static int choose(struct choosing *choosing, const struct store_union_asked *asked,
		  struct cov_error *err)
{
	if (!asked->names)
		return choose_phase(choosing, NULL, asked->phase, err);
	COV_AUTO(free) char *copy = cov_xstrdup(asked->names);
	char *rest = copy;
	int result = check_list(asked->names, err);
	if (result == 0)
		result = statement_keep(choosing->store,
					"SELECT workload_id FROM workload WHERE name = ?",
					&choosing->find, err);
	for (char *name = strsep(&rest, ","); result == 0 && name; name = strsep(&rest, ","))
		result = asked->phase ? choose_phase(choosing, name, asked->phase, err)
				      : choose_name(choosing, name, err);
	return result;
}

int store_union_find(struct store *store, const struct store_union_asked *asked,
		     struct store_union *ret, struct cov_error *err)
{
	COV_AUTO(choosing_deinit) struct choosing choosing = { .store = store };
	COV_AUTO(store_union_deinit) struct store_union set = { 0 };
	bool is_all = !asked->names && !asked->phase;
	int result = is_all ? read_members(store,
					   "kind = 'workload' AND workload_id IN"
					   " (SELECT workload_id FROM footprint)",
					   &set, err)
			    : choose(&choosing, asked, err);

	if (result == 0 && !is_all) {
		const char *ids = choosing.ids.data;
		COV_AUTO(free) char *named = cov_format("workload_id IN (%s)", ids);
		COV_AUTO(free)
		char *members =
		    cov_format("(workload_id IN (%s) AND kind <> 'group') OR workload_id IN"
			       " (SELECT workload_id FROM workload_member WHERE group_id IN (%s))",
			       ids, ids);

		set.stored_id = choosing.count == 1 ? choosing.last_id : STORE_NOT_STORED;
		result = join_names(store, named, &set.name, err);
		if (result == 0)
			result = read_members(store, members, &set, err);
	}
	if (result)
		return result;
	*ret = set;
	memset(&set, 0, sizeof(set));
	return 0;
}
