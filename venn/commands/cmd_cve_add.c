/* cmd_cve_add.c - covdb cve add: records of known vulnerabilities. */
#include <stdlib.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/terminal.h"
#include "venn/commands/commands.h"
#include "venn/exposure/cve_folder.h"
#include "venn/store/store.h"
#include "venn/store/store_cve.h"
#include "venn/store/store_transaction.h"

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ 0 },
};

static int add_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(cve_folder_deinit) struct cve_folder folder = { 0 };
	size_t removed;
	int result = cve_folder_read(arguments->operands[0], &folder, err);

	if (result == 0)
		result = store_open(store_path(cov_option_value(arguments, "db")), STORE_WRITE,
				    &store, err);
	if (result == 0)
		result = store_transaction_write(store, err);
	if (result == 0)
		result = store_cve_put(store, folder.cves, folder.count, &folder.rejected, &removed,
				       err);
	if (result == 0)
		result = store_transaction_commit(store, err);
	if (result)
		return result;
	printf("%zu records added", folder.count);
	if (removed)
		printf(", %zu withdrawn", removed);
	if (folder.problems.count)
		printf(", %zu not added", folder.problems.count);
	putchar('\n');
	for (size_t i = 0; i < folder.problems.count; i++)
		cov_say("%s; not added", folder.problems.items[i]);
	return folder.problems.count > 0;
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
	    "Example:\n"
	    "  $ covdb cve add vulns",
	.options = options,
	.operand_count_min = 1,
	.operand_count_max = 1,
	.run = add_run,
};
