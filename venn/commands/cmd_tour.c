/* cmd_tour.c - covdb tour: the questions of docs/tour.md, asked of the recorded study. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/base/command.h"
#include "collector/base/data.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/commands/commands.h"

static const struct cov_option options[] = {
	{ "db", 0, "FILE",
	  "the study's database, made if it is not there (default: tour.sqlite in "
	  "$XDG_CACHE_HOME/covdb)" },
	{ 0 },
};

/* Where the database is unless told: a folder that is made. */
static int default_database(char **ret, struct cov_error *err)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	COV_AUTO(free) char *base = NULL;

	if (cache && *cache == '/')
		base = cov_xstrdup(cache);
	else if (home && *home == '/')
		base = cov_format("%s/.cache", home);
	else
		return cov_fail(err, COV_ERR_USAGE, "there is no $HOME: --db says where");
	COV_AUTO(free) char *folder = cov_format("%s/covdb", base);
	mkdir(base, 0755); /* one that cannot be made is said of the next */
	mkdir(folder, 0755);
	if (access(folder, W_OK) != 0)
		return cov_fail_errno(err, "cannot write to %s", folder);
	*ret = cov_format("%s/tour.sqlite", folder);
	return 0;
}

static int tour_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	const char *given = cov_option_value(arguments, "db");
	COV_AUTO(free) char *database = given ? cov_xstrdup(given) : NULL;
	COV_AUTO(free) char *script = NULL;
	COV_AUTO(free) char *page = NULL;
	COV_AUTO(free) char *program = realpath("/proc/self/exe", NULL);
	int status = 0;
	int result = program ? 0 : cov_fail_errno(err, "/proc/self/exe");

	if (result == 0)
		result = cov_data_path("workloads/recorded/tour.sh", &script, err);
	if (result == 0)
		result = cov_data_path("docs/tour.md", &page, err);
	if (result == 0 && !database)
		result = default_database(&database, err);
	if (result)
		return result;
	const char *const command[] = {
		script,
		program,
		database,
		page,
		arguments->operand_count ? arguments->operands[0] : NULL,
		NULL,
	};
	result = process_foreground(command, NULL, &status, err);
	return result ? result : status;
}

const struct cov_command cmd_tour = {
	.name = "tour",
	.operands = "[NUMBER]",
	.summary = "fourteen questions and their answers, of a recorded study",
	.details = "Each command of docs/tour.md is shown and run on the recorded study, of the "
		   "package covdb-study: host, runc, gVisor and a microVM on Linux 6.1. NUMBER is "
		   "one of the questions alone. The first time its database is made, in less than "
		   "a minute.\n\n"
		   "Examples:\n"
		   "  $ covdb tour | less\n"
		   "  $ covdb tour 3",
	.options = options,
	.operand_count_max = 1,
	.run = tour_run,
};
