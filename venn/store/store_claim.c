/* store_claim.c - ask the database the question of a claim. */
#include "venn/store/store_claim.h"

#include <inttypes.h>
#include <string.h>

#include "collector/base/clock.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/text.h"
#include "venn/print/rows.h"
#include "venn/store/heap.h"
#include "venn/store/statement.h"

struct name_list {
	const char *const *names; /* [count] */
	size_t count;
};

/* @sql: finds the name ?1, of the phase ?2 */
static int choose_name(struct store *store, const char *sql, const char *phase,
		       const struct name_list *list, char **ret, struct cov_error *err)
{
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store, sql, &statement, err);

	*ret = NULL;
	for (size_t i = 0; result == 0 && !*ret && i < list->count; i++) {
		sqlite3_reset(statement);
		statement_bind_text(statement, 1, list->names[i]);
		if (phase)
			statement_bind_text(statement, 2, phase);
		int row = statement_step(store, statement, err);
		if (row > 0)
			*ret = statement_column_text(statement, 0);
		result = row < 0 ? row : 0;
	}
	return result;
}

int store_claim_choose_platform(struct store *store, const char *const *names, size_t count,
				char **ret, struct cov_error *err)
{
	return choose_name(store, "SELECT name FROM platform WHERE name = ?1", NULL,
			   &(struct name_list){ names, count }, ret, err);
}

int store_claim_choose_workload(struct store *store, const char *phase, const char *const *names,
				size_t count, char **ret, struct cov_error *err)
{
	static const char of_phase[] =
	    "SELECT name FROM workload WHERE kind IN ('phase', 'group') AND"
	    " (name = ?1 || '.' || ?2 OR name = ?1 AND substr(name, -length(?2) - 1) = '.' || ?2)";

	return choose_name(store, phase ? of_phase : "SELECT name FROM workload WHERE name = ?1",
			   phase, &(struct name_list){ names, count }, ret, err);
}

void store_claim_answer_deinit(struct store_answer *answer)
{
	free(answer->got);
	memset(answer, 0, sizeof(*answer));
}

/*
 * What a name stands for: a workload, the members of a group, or all of them. A platform has it if
 * there is a footprint of one of them, and of each that the other platform has one of.
 */
#define WANTED                                                                                     \
	"(SELECT workload_id FROM workload w WHERE CASE WHEN ?2 IS NULL THEN kind = 'workload'"    \
	" WHEN (SELECT kind FROM workload WHERE name = ?2) = 'group' THEN workload_id IN"          \
	"  (SELECT m.workload_id FROM workload_member m JOIN workload g"                           \
	"   ON g.workload_id = m.group_id WHERE g.name = ?2)"                                      \
	" ELSE name = ?2 END)"
static const char measured_sql[] =
    "SELECT p.name, workload_id FROM footprint JOIN platform p USING (platform_id)"
    " WHERE analysis_id = ?1 AND workload_id IN " WANTED;

/* What platforms have of a workload: each of the workloads that it stands for. */
struct measured {
	int64_t analysis_id;
	const char *workload; /* as it was asked for */
	struct {
		char *platform; /* owned */
		int64_t workload_id;
	} * items; /* [count]; owned */
	size_t count, capacity;
};

static void measured_deinit(struct measured *measured)
{
	for (size_t i = 0; i < measured->count; i++)
		free(measured->items[i].platform);
	free(measured->items);
}

struct store_asker {
	struct store *store;
	sqlite3_stmt *look;        /* for what is measured; owned, as is the next */
	struct measured *measured; /* [measured_count], growing */
	size_t measured_count, measured_capacity;
};

/* Reading is all that a claim may do: no PRAGMA, ATTACH, or anything that writes. */
static int authorize(void *context, int action, const char *first, const char *second,
		     const char *database, const char *view)
{
	(void)context;
	(void)first;
	(void)second;
	(void)database;
	(void)view;
	return action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_FUNCTION ||
		       action == SQLITE_RECURSIVE
		   ? SQLITE_OK
		   : SQLITE_DENY;
}

int store_claim_begin(struct store *store, struct store_asker **ret, struct cov_error *err)
{
	COV_AUTO(store_claim_end) struct store_asker *asker = cov_xcalloc(1, sizeof(*asker));

	asker->store = store;
	if (!heap_is_installed())
		return cov_fail(err, COV_ERR_STORE,
				"SQLite's memory is not ours: what claims ask is not limited");
	/* What a query sorts counts as memory, and fills no disk. */
	int result = statement_run(store, "PRAGMA temp_store = MEMORY", err);
	/* To set it anew makes SQLite prepare all statements once more. */
	sqlite3_set_authorizer(store->database, authorize, NULL);
	if (result == 0)
		result = statement_prepare(store, measured_sql, &asker->look, err);
	if (result)
		return result;
	*ret = asker;
	asker = NULL;
	return 0;
}

void store_claim_end(struct store_asker *asker)
{
	if (!asker)
		return;
	sqlite3_finalize(asker->look);
	sqlite3_set_authorizer(asker->store->database, NULL, NULL);
	for (size_t i = 0; i < asker->measured_count; i++)
		measured_deinit(&asker->measured[i]);
	free(asker->measured);
	free(asker);
}

/* A query as it was prepared, and what it is asked with. */
struct asking {
	struct store_asker *asker;
	const struct store_claim_asked *asked;
	int64_t kernel_id;
	sqlite3_stmt *statement;
	const int *places; /* [asked->value_count], of its parameters; 0: it has none of the name */
};

/* The place of :@name in the query; 0: it is not there. */
static int parameter_index(sqlite3_stmt *statement, const char *name)
{
	COV_AUTO(free) char *parameter = cov_format(":%s", name);

	return sqlite3_bind_parameter_index(statement, parameter);
}

static int read_measured(struct store_asker *asker, struct measured *ret, struct cov_error *err)
{
	sqlite3_stmt *statement = asker->look;
	int result;

	sqlite3_reset(statement);
	sqlite3_bind_int64(statement, 1, ret->analysis_id);
	statement_bind_text(statement, 2, ret->workload);
	while ((result = statement_step(asker->store, statement, err)) > 0) {
		ret->items = cov_grow(ret->items, ret->count, &ret->capacity, sizeof(*ret->items));
		ret->items[ret->count].platform = statement_column_text(statement, 0);
		ret->items[ret->count++].workload_id = sqlite3_column_int64(statement, 1);
	}
	return result;
}

/* Of each workload it is read once. */
static int find_measured(struct store_asker *asker, int64_t analysis_id, const char *workload,
			 const struct measured **ret, struct cov_error *err)
{
	for (size_t i = 0; i < asker->measured_count; i++) {
		*ret = &asker->measured[i];
		if ((*ret)->analysis_id == analysis_id && (*ret)->workload == workload)
			return 0;
	}
	asker->measured = cov_grow(asker->measured, asker->measured_count,
				   &asker->measured_capacity, sizeof(*asker->measured));
	struct measured *measured = &asker->measured[asker->measured_count++];
	*measured = (struct measured){ .analysis_id = analysis_id, .workload = workload };
	*ret = measured;
	return read_measured(asker, measured, err);
}

static bool has_item(const struct measured *measured, const char *platform, int64_t workload_id)
{
	for (size_t i = 0; i < measured->count; i++) {
		if (measured->items[i].workload_id == workload_id &&
		    strcmp(measured->items[i].platform, platform) == 0)
			return true;
	}
	return false;
}

/* Whether a platform has something, and all that the other one has. @other: NULL: has nothing */
static bool has_all_of(const struct measured *measured, const char *platform, const char *other)
{
	bool has_any = false;

	for (size_t i = 0; i < measured->count; i++) {
		const char *owner = measured->items[i].platform;

		has_any |= strcmp(owner, platform) == 0;
		if (other && strcmp(owner, other) == 0 &&
		    !has_item(measured, platform, measured->items[i].workload_id))
			return false;
	}
	return has_any;
}

static bool has_value(const struct asking *asking, size_t index, enum store_name_kind kind)
{
	return asking->asked->values[index].kind == kind && asking->places[index];
}

/* Whether a platform has what the query names, as far as the query is about footprints at all. */
static int is_measured(struct asking *asking, const char *platform, bool *ret,
		       struct cov_error *err)
{
	const struct store_value *values = asking->asked->values;
	size_t count = asking->asked->value_count;

	*ret = true;
	if (!parameter_index(asking->statement, "analysis"))
		return 0;
	for (size_t i = 0; *ret && i < count; i++) {
		const struct measured *measured;

		if (!has_value(asking, i, STORE_NAME_WORKLOAD))
			continue;
		int result = find_measured(asking->asker, asking->asked->analysis_id,
					   values[i].text, &measured, err);
		if (result)
			return result;
		for (size_t j = 0; *ret && j < count; j++) {
			if (has_value(asking, j, STORE_NAME_PLATFORM))
				*ret = has_all_of(measured, platform, values[j].text);
		}
	}
	return 0;
}

static int bind_values(struct asking *asking, struct cov_error *err)
{
	int index = parameter_index(asking->statement, "analysis");
	int result = 0;

	if (index)
		sqlite3_bind_int64(asking->statement, index, asking->asked->analysis_id);
	index = parameter_index(asking->statement, "kernel");
	if (index)
		sqlite3_bind_int64(asking->statement, index, asking->kernel_id);
	for (size_t i = 0; result == 0 && i < asking->asked->value_count; i++) {
		const struct store_value *value = &asking->asked->values[i];
		bool is_known = true;

		if (!asking->places[i])
			continue;
		if (value->text && value->kind == STORE_NAME_PLATFORM)
			result = is_measured(asking, value->text, &is_known, err);
		statement_bind_text(asking->statement, asking->places[i],
				    is_known ? value->text : NULL);
	}
	return result;
}

static bool has_unknown(sqlite3_stmt *statement, int column_count)
{
	for (int i = 0; i < column_count; i++) {
		if (sqlite3_column_type(statement, i) == SQLITE_NULL)
			return true;
	}
	return false;
}

/* "lxc 8,891, gvisor 17,386"; free() it. */
static char *describe_row(sqlite3_stmt *statement, int column_count)
{
	struct cov_text text = { 0 };

	for (int i = 0; i < column_count; i++) {
		COV_AUTO(free) char *value = NULL;

		if (sqlite3_column_type(statement, i) == SQLITE_INTEGER)
			value = cov_number_grouped(sqlite3_column_int64(statement, i));
		else if (sqlite3_column_type(statement, i) == SQLITE_FLOAT)
			value = cov_format("%.4g", sqlite3_column_double(statement, i));
		else if (sqlite3_column_type(statement, i) == SQLITE_NULL)
			value = cov_xstrdup("unknown");
		else
			value = statement_column_text(statement, i);
		cov_text_print(&text, "%s%s %s", i ? ", " : "", sqlite3_column_name(statement, i),
			       value);
	}
	return text.data;
}

/* Whether the query says that its numbers are of an emulated processor. */
static bool is_emulated(sqlite3_stmt *statement, int column_count)
{
	for (int i = 0; i < column_count; i++) {
		if (strcmp(sqlite3_column_name(statement, i), "emulated") == 0 &&
		    sqlite3_column_type(statement, i) == SQLITE_TEXT &&
		    strcmp(statement_column_peek(statement, i), "yes") == 0)
			return true;
	}
	return false;
}

enum {
	MEMORY_BYTES_MAX = 256 << 20, /* of a claim's query, besides what SQLite has before */
	VALUE_BYTES_MAX = 16 << 20,
	STEPS_BETWEEN_LOOKS = 10000, /* at the clock: some tenths of a millisecond */
};

/* What a claim's query may use, until confinement_deinit(). */
struct confinement {
	sqlite3 *database;
	long long started_ns, limit_ns;
	bool is_over;
	int value_bytes; /* the limit before */
};

static int look_at_clock(void *context)
{
	struct confinement *confinement = context;

	confinement->is_over =
	    cov_monotonic_ns() - confinement->started_ns >= confinement->limit_ns;
	return confinement->is_over;
}

static void confinement_deinit(struct confinement *confinement)
{
	sqlite3_progress_handler(confinement->database, 0, NULL, NULL);
	sqlite3_limit(confinement->database, SQLITE_LIMIT_LENGTH, confinement->value_bytes);
	heap_limit(INT64_MAX);
}

COV_DEFINE_AUTO_STRUCT(struct confinement, confinement_deinit)

static void confine(struct confinement *confinement, struct store *store, int64_t limit_ns)
{
	sqlite3 *database = store->database;

	confinement->database = database;
	confinement->started_ns = cov_monotonic_ns();
	confinement->limit_ns = limit_ns;
	confinement->value_bytes = sqlite3_limit(database, SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX);
	heap_limit(MEMORY_BYTES_MAX);
	sqlite3_progress_handler(database, STEPS_BETWEEN_LOOKS, look_at_clock, confinement);
}

/* As step(); a limit that was reached is told in words that help. */
static int step(struct store *store, sqlite3_stmt *statement, const struct confinement *confinement,
		struct cov_error *err)
{
	int result = statement_step(store, statement, err);

	if (result < 0 && confinement->is_over)
		return cov_fail(err, COV_ERR_FORMAT,
				"the query takes too long; --timeout gives it more time");
	if (result < 0 && sqlite3_errcode(store->database) == SQLITE_NOMEM)
		return cov_fail(err, COV_ERR_FORMAT, "out of memory: a query may use %d MiB",
				MEMORY_BYTES_MAX >> 20);
	return result;
}

/* As part of a SELECT, which has to be all there is. */
static int prepare(struct store *store, const struct store_question *question, sqlite3_stmt **ret,
		   struct cov_error *err)
{
	const char *expected = question->expected ? question->expected : "NULL";
	COV_AUTO(free)
	char *sql = cov_format(
	    "WITH covdb_answer AS MATERIALIZED (%s\n) SELECT *, (%s\n) FROM covdb_answer",
	    question->query, expected);
	const char *rest = NULL;

	if (sqlite3_prepare_v2(store->database, sql, -1, ret, &rest) != SQLITE_OK)
		return cov_fail(err, COV_ERR_FORMAT, "%s", sqlite3_errmsg(store->database));
	if (rest[strspn(rest, " \t\r\n")])
		return cov_fail(err, COV_ERR_FORMAT, "the query is more than one statement");
	return 0;
}

static int take_answer(const struct asking *asking, const struct confinement *confinement,
		       struct store_answer *ret, struct cov_error *err)
{
	struct store *store = asking->asker->store;
	sqlite3_stmt *statement = asking->statement;
	int column_count = sqlite3_column_count(statement) - 1;
	int result = step(store, statement, confinement, err);

	if (result < 0)
		return result;
	ret->verdict = STORE_UNKNOWN;
	if (result == 0) {
		ret->got = cov_xstrdup("nothing");
		return 0;
	}
	ret->got = describe_row(statement, column_count);
	ret->is_emulated = is_emulated(statement, column_count);
	if (!has_unknown(statement, column_count + 1))
		ret->verdict =
		    sqlite3_column_int(statement, column_count) ? STORE_HOLDS : STORE_DIFFERS;
	result = step(store, statement, confinement, err);
	if (result > 0)
		return cov_fail(err, COV_ERR_FORMAT, "the query gives more than one row");
	return result;
}

static int find_kernel(struct store *store, int64_t analysis_id, int64_t *ret,
		       struct cov_error *err)
{
	COV_AUTO(statement_rest) sqlite3_stmt *statement = NULL;
	int result = statement_keep(store, "SELECT kernel_id FROM analysis WHERE analysis_id = ?",
				    &statement, err);

	if (result)
		return result;
	sqlite3_bind_int64(statement, 1, analysis_id);
	result = statement_step(store, statement, err);
	*ret = sqlite3_column_int64(statement, 0);
	return result < 0 ? result : 0;
}

static bool is_same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Whether a query has the same answer: what it names is the same, and it is about no analysis. */
static bool is_same_asking(const struct asking *a, const struct asking *b)
{
	if (a->kernel_id != b->kernel_id || a->asked->value_count != b->asked->value_count ||
	    parameter_index(a->statement, "analysis"))
		return false;
	for (size_t i = 0; i < a->asked->value_count; i++) {
		const struct store_value *left = &a->asked->values[i];
		const struct store_value *right = &b->asked->values[i];

		if (strcmp(left->name, right->name) != 0 ||
		    (parameter_index(a->statement, left->name) &&
		     !is_same_text(left->text, right->text)))
			return false;
	}
	return true;
}

static int ask_one(struct asking *asking, const struct store_question *question,
		   struct store_answer *ret, struct cov_error *err)
{
	COV_AUTO(confinement_deinit) struct confinement confinement = { 0 };
	size_t count = asking->asked->value_count;
	COV_AUTO(free) int *places = cov_xcalloc(count, sizeof(*places));

	for (size_t i = 0; i < count; i++)
		places[i] = parameter_index(asking->statement, asking->asked->values[i].name);
	asking->places = places;
	confine(&confinement, asking->asker->store, question->limit_ns);
	int result = bind_values(asking, err);
	if (result == 0)
		result = take_answer(asking, &confinement, ret, err);
	sqlite3_reset(asking->statement);
	return result;
}

static int prepare_confined(struct store *store, const struct store_question *question,
			    sqlite3_stmt **ret, struct cov_error *err)
{
	COV_AUTO(confinement_deinit) struct confinement confinement = { 0 };

	confine(&confinement, store, question->limit_ns);
	return prepare(store, question, ret, err);
}

int store_claim_ask(struct store_asker *asker, const struct store_question *question,
		    const struct store_claim_asked *asked, size_t count, struct store_answer *ret,
		    struct cov_error *err)
{
	COV_AUTO(free) struct asking *askings = cov_xcalloc(count, sizeof(*askings));
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = prepare_confined(asker->store, question, &statement, err);

	for (size_t i = 0; result == 0 && i < count; i++) {
		struct asking *asking = &askings[i];
		size_t same = 0;

		*asking = (struct asking){ asker, &asked[i], 0, statement, NULL };
		result = find_kernel(asker->store, asked[i].analysis_id, &asking->kernel_id, err);
		if (result)
			return result;
		while (same < i && !is_same_asking(&askings[same], asking))
			same++;
		if (same == i) {
			result = ask_one(asking, question, &ret[i], err);
			continue;
		}
		ret[i] = ret[same];
		ret[i].got = cov_xstrdup(ret[same].got);
	}
	return result;
}
