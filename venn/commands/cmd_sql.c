/* cmd_sql.c - covdb sql: the sqlite3 shell on the database, read-only. */
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/commands/commands.h"
#include "venn/store/store.h"

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "format", 0, "text|json|csv", "how the shell prints (default: text, a table)" },
	{ 0 },
};

static int sql_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	static const char *const choices[] = { "text", "json", "csv", NULL };
	static const char *const modes[] = { "-table", "-json", "-csv" };
	const char *path = store_path(cov_option_value(arguments, "db"));
	COV_AUTO(store_close) struct store *store = NULL;
	const char *query = arguments->operand_count ? arguments->operands[0] : NULL;
	int format = 0;
	int result = cov_option_choice(arguments, "format", choices, &format, err);

	/* A file of another kind or schema is reported here, in covdb's words. */
	if (result == 0)
		result = store_open(path, STORE_READ, &store, err);
	if (result)
		return result;
	store_close(store);
	store = NULL;
	/* The shell takes a name that begins with '-' for an option. */
	COV_AUTO(free) char *file = *path == '/' ? cov_xstrdup(path) : cov_format("./%s", path);
	const char *const command[] = { "sqlite3", "-readonly", "-header", modes[format],
					file,      query,       NULL };
	int failure = process_replace(command);
	return cov_fail(err, COV_ERR_MACHINE,
			"cannot start sqlite3: %s; apt-get install sqlite3 installs it",
			strerror(failure));
}

const struct cov_command cmd_sql = {
	.name = "sql",
	.operands = "[QUERY]",
	.summary = "the sqlite3 shell on the database, read-only",
	.details =
	    "docs/schema.md describes the tables and views, docs/queries.md has worked queries. "
	    "With QUERY it is answered, without it the shell reads queries from stdin.\n\n"
	    "Examples:\n"
	    "  $ covdb sql\n"
	    "  $ covdb sql --format csv \"SELECT platform, lines FROM footprint_directory "
	    "WHERE directory = 'net' AND workload = 'cpu'\"",
	.options = options,
	.operand_count_max = 1,
	.run = sql_run,
};
