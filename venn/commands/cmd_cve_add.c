/* cmd_cve_add.c - covdb cve add: records of known vulnerabilities. */
#include <stdlib.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/terminal.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/exposure/cve_folder.h"
#include "venn/exposure/fix_all.h"
#include "venn/exposure/fix_git.h"
#include "venn/store/store.h"
#include "venn/store/store_cve.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_transaction.h"

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "git", 0, "DIR", "a git of the kernel, for the lines that fixes change" },
	{ "kernel-src", 0, "DIR", "with --git: source tree of the kernel (default: where it was)" },
	{ "kernel", 0, "NAME", "with --git: which kernel, when several are registered" },
	{ 0 },
};

/* With --git: what is asked of it. */
struct asked_git {
	struct store_kernel kernel;
	struct fix_git *git; /* owned; NULL: nothing is */
	struct fix_all_counts counts;
};

static void asked_git_deinit(struct asked_git *asked)
{
	fix_git_close(asked->git);
	store_kernel_deinit(&asked->kernel);
}

COV_DEFINE_AUTO_STRUCT(struct asked_git, asked_git_deinit)

static int open_git(const struct cov_arguments *arguments, struct store *store,
		    struct asked_git *asked, struct cov_error *err)
{
	const char *git = cov_option_value(arguments, "git");
	const char *source =
	    git ? options_kernel_src(arguments) : cov_option_value(arguments, "kernel-src");
	const char *name = cov_option_value(arguments, "kernel");

	if (!git)
		return source || name
			   ? cov_fail(err, COV_ERR_USAGE, "--kernel-src and --kernel go with --git")
			   : 0;
	int result = store_kernel_find(store, NULL, name, &asked->kernel, err);
	if (result)
		return result;
	if (!source)
		source = *asked->kernel.source_root ? asked->kernel.source_root
						    : asked->kernel.build_root;
	if (!cov_is_directory(source))
		return cov_fail(err, COV_ERR_MISMATCH,
				"the source of kernel %s is not in %s: use --kernel-src",
				asked->kernel.name, source);
	return fix_git_open(git, source, &asked->git, err);
}

/* Return: whether all is as it was wished. */
static bool print_added(const struct cov_arguments *arguments, const struct cve_folder *folder,
			size_t removed, const struct asked_git *asked)
{
	const struct fix_all_counts *counts = &asked->counts;

	printf("%zu records added", folder->count);
	if (removed)
		printf(", %zu withdrawn", removed);
	if (folder->problems.count)
		printf(", %zu not added", folder->problems.count);
	putchar('\n');
	if (asked->git)
		printf("%zu of %zu fixes of instrumented files found; the kernel's source has %zu "
		       "of them\n",
		       counts->found, counts->records, counts->in_source);
	for (size_t i = 0; i < folder->problems.count; i++)
		cov_say("%s; not added", folder->problems.items[i]);
	if (counts->found < counts->records)
		cov_say("%s: %zu fixes are not in it: their records are matched by functions",
			cov_option_value(arguments, "git"), counts->records - counts->found);
	return !folder->problems.count && counts->found == counts->records;
}

static int add_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(cve_folder_deinit) struct cve_folder folder = { 0 };
	COV_AUTO(asked_git_deinit) struct asked_git asked = { 0 };
	size_t removed = 0;
	int result = cve_folder_read(arguments->operands[0], &folder, err);

	if (result == 0)
		result = store_open(store_path(cov_option_value(arguments, "db")), STORE_WRITE,
				    &store, err);
	if (result == 0)
		result = store_transaction_write(store, err);
	if (result == 0)
		result = open_git(arguments, store, &asked, err);
	if (result == 0)
		result = store_cve_put(store, folder.cves, folder.count, &folder.rejected, &removed,
				       err);
	if (result == 0 && asked.git)
		result = fix_all(store, &asked.kernel, asked.git, &asked.counts, err);
	if (result == 0)
		result = store_transaction_commit(store, err);
	if (result)
		return result;
	return !print_added(arguments, &folder, removed, &asked);
}

const struct cov_command cmd_cve_add = {
	.name = "cve add",
	.operands = "DIR",
	.summary = "read the kernel's CVE records",
	.details =
	    "DIR is a copy of the archive of the kernel's CVE numbering authority "
	    "(git.kernel.org/pub/scm/linux/security/vulns.git), or any folder below which records "
	    "CVE-*.json are, with .dyad beside them. A record takes the place of the one of its "
	    "name; one that was withdrawn goes. One that cannot be used is named, what is there of "
	    "that name stays, all others are added, and the exit status is 1.\n\n"
	    "With --git, the fixing commit of each record that names an instrumented file is looked "
	    "for in a git of the kernel, first the one of its stable branch: what it changed is the "
	    "code in question, moved to where it is in the kernel's source; where it only inserts, the "
	    "lines around. Records whose fix the source has are left out of 'covdb cve'. If a fix is "
	    "not in the git, the exit status is 1.\n\n"
	    "Examples:\n"
	    "  $ covdb cve add vulns\n"
	    "  $ covdb cve add vulns --git linux-stable --kernel-src /usr/src/linux",
	.options = options,
	.operand_count_min = 1,
	.operand_count_max = 1,
	.run = add_run,
};
