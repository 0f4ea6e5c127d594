/* store_claim.c - ask the database the question of a claim. */
#include "venn/store/store_claim.h"

#include <inttypes.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/text.h"
#include "venn/print/rows.h"
#include "venn/store/statement.h"

int store_claim_choose_name(struct store *store, enum store_name_kind kind,
			    const char *const *names, size_t count, const char **ret,
			    struct cov_error *err)
{
	static const char *const queries[] = {
		[STORE_NAME_PLATFORM] = "SELECT 1 FROM platform WHERE name = ?",
		[STORE_NAME_WORKLOAD] = "SELECT 1 FROM workload WHERE name = ?",
	};
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store, queries[kind], &statement, err);

	*ret = NULL;
	for (size_t i = 0; result == 0 && !*ret && i < count; i++) {
		sqlite3_reset(statement);
		statement_bind_text(statement, 1, names[i]);
		int row = statement_step(store, statement, err);
		if (row > 0)
			*ret = names[i];
		result = row < 0 ? row : 0;
	}
	return result;
}

void store_claim_answer_deinit(struct store_answer *answer)
{
	free(answer->got);
	memset(answer, 0, sizeof(*answer));
}

static void bind_values(sqlite3_stmt *statement, int64_t analysis_id,
			const struct store_value *values, size_t count)
{
	int index = sqlite3_bind_parameter_index(statement, ":analysis");

	if (index)
		sqlite3_bind_int64(statement, index, analysis_id);
	for (size_t i = 0; i < count; i++) {
		index = sqlite3_bind_parameter_index(statement, values[i].name);
		if (index)
			statement_bind_text(statement, index, values[i].text);
	}
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

int store_claim_ask(struct store *store, int64_t analysis_id, const struct store_question *question,
		    struct store_answer *ret, struct cov_error *err)
{
	const char *expected = question->expected ? question->expected : "NULL";
	/* As part of a SELECT it can do nothing but read. */
	COV_AUTO(free)
	char *sql = cov_format("SELECT *, (%s) FROM (%s\n)", expected, question->query);
	COV_AUTO(sqlite3_finalize) sqlite3_stmt *statement = NULL;
	int result = statement_prepare(store, sql, &statement, err);

	memset(ret, 0, sizeof(*ret));
	if (result)
		return cov_fail(err, COV_ERR_FORMAT, "%s", sqlite3_errmsg(store->database));
	int column_count = sqlite3_column_count(statement) - 1;
	bind_values(statement, analysis_id, question->values, question->value_count);
	result = statement_step(store, statement, err);
	if (result < 0)
		return result;
	ret->verdict = STORE_UNKNOWN;
	if (result == 0) {
		ret->got = cov_xstrdup("nothing");
		return 0;
	}
	ret->got = describe_row(statement, column_count);
	if (sqlite3_column_type(statement, column_count) != SQLITE_NULL)
		ret->verdict =
		    sqlite3_column_int(statement, column_count) ? STORE_HOLDS : STORE_DIFFERS;
	result = statement_step(store, statement, err);
	if (result > 0) {
		store_claim_answer_deinit(ret);
		return cov_fail(err, COV_ERR_FORMAT, "the query gives more than one row");
	}
	return result;
}
