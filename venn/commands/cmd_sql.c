/* cmd_sql.c - covdb sql: the sqlite3 shell on the database, read-only. */
#include <signal.h>
#include <stdio.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/commands/commands.h"
#include "venn/store/store.h"

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "format", 0, "text|json|csv", "how the shell prints (default: text, a table)" },
	{ 0 },
};

/* -safe refuses what reaches beyond the database: .shell, writefile(), ATTACH, VACUUM INTO, ... */
enum { SAFE_MAJOR = 3, SAFE_MINOR = 37 };

static int check_shell(struct cov_error *err)
{
	static const char *const command[] = { "sqlite3", "-version", NULL };
	static const struct process_tie tie = { .death_signal = SIGTERM };
	COV_AUTO(cov_text_deinit) struct cov_text version = { 0 };
	int status, major = 0, minor = 0;
	int result = process_capture(command, &tie, true, &version, &status, err);

	if (result)
		return result;
	if (status == PROCESS_CANNOT_EXECUTE)
		return cov_fail(
		    err, COV_ERR_MACHINE,
		    "cannot start sqlite3, the shell of SQLite: apt-get install sqlite3 "
		    "installs it");
	if (status || sscanf(version.data ? version.data : "", "%d.%d", &major, &minor) != 2 ||
	    major < SAFE_MAJOR || (major == SAFE_MAJOR && minor < SAFE_MINOR))
		return cov_fail(err, COV_ERR_MACHINE,
				"sqlite3 is too old, or not the shell of SQLite: its option -safe, "
				"without which queries could run programs, came with version %d.%d",
				SAFE_MAJOR, SAFE_MINOR);
	return 0;
}

/* Hand on what the shell prints, and note that it printed something. */
static ssize_t hand_on(void *has_any, const char *bytes, size_t size)
{
	*(bool *)has_any = true;
	return fwrite(bytes, 1, size, stdout) == size && fflush(stdout) == 0 ? (ssize_t)size : 0;
}

/*
 * The shell does not say that it cannot write, and prints what a terminal obeys. It prints nothing
 * where there is no row: an empty list is JSON, nothing is not.
 */
static int print_answer(const char *const *command, bool is_json, int *status,
			struct cov_error *err)
{
	static const cookie_io_functions_t functions = { .write = hand_on };
	bool has_any = false;
	FILE *output = fopencookie(&has_any, "w", functions);

	if (!output)
		cov_out_of_memory();
	int result = process_foreground(command, output, status, err);
	fclose(output); /* it was flushed, and what stdout could not take main sees */
	if (result || *status || has_any)
		return result;
	if (is_json)
		puts("[]");
	cov_say("no row");
	return 0;
}

static int sql_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	enum { FORMAT_JSON = 1 };
	static const char *const choices[] = { "text", "json", "csv", NULL };
	static const char *const modes[] = { "-table", "-json", "-csv" };
	const char *path = store_path(cov_option_value(arguments, "db"));
	COV_AUTO(store_close) struct store *store = NULL;
	int format = 0, status = 0;
	int result = cov_option_choice(arguments, "format", choices, &format, err);

	/* A file of another kind or schema is reported here, in covdb's words. */
	if (result == 0)
		result = store_open(path, STORE_READ, &store, err);
	if (result == 0)
		result = check_shell(err);
	if (result)
		return result;
	COV_AUTO(free)
	char *timeout = cov_format(".timeout %llu", store_wait_s(store) * 1000ULL);
	store_close(store);
	store = NULL;
	/* The shell takes what begins with '-' for an option, a comment of SQL as well. */
	COV_AUTO(free) char *file = *path == '/' ? cov_xstrdup(path) : cov_format("./%s", path);
	COV_AUTO(free) char *query = NULL;
	if (arguments->operand_count)
		query = cov_format("%s%s", *arguments->operands[0] == '-' ? " " : "",
				   arguments->operands[0]);
	const char *const command[] = { "sqlite3", "-safe", "-readonly", "-bail",
					"-header", "-cmd",  timeout,     modes[format],
					file,      query,   NULL };
	/* Where somebody talks to the shell, it has the terminal to itself. */
	if (!query && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		result = process_foreground(command, NULL, &status, err);
	else
		result = print_answer(command, format == FORMAT_JSON, &status, err);
	/* The shell has said why, and ends with one of many codes of SQLite. */
	return result ? result : status != 0;
}

const struct cov_command cmd_sql = {
	.name = "sql",
	.operands = "[QUERY]",
	.summary = "the sqlite3 shell on the database, read-only",
	.details =
	    "docs/schema.md describes the tables and views, docs/queries.md has worked queries. "
	    "With QUERY it is answered, without it the shell reads queries from stdin, to the first that "
	    "fails. Neither can write to the database, open another, start a program or read and write "
	    "files: what the shell's -safe refuses, of version 3.37 and newer.\n\n"
	    "Examples:\n"
	    "  $ covdb sql\n"
	    "  $ covdb sql --format csv \"SELECT platform, lines FROM footprint_directory "
	    "WHERE directory = 'net' AND workload = 'cpu'\"",
	.options = options,
	.operand_count_max = 1,
	.run = sql_run,
};
