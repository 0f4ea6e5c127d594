/* cmd_record_remove.c - covdb profile remove, covdb syscalls remove: what was recorded beside the
 * counters goes. */
#include <stdlib.h>

#include "collector/base/command.h"
#include "collector/base/memory.h"
#include "venn/commands/commands.h"
#include "venn/commands/named.h"
#include "venn/commands/options.h"
#include "venn/store/store.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_record.h"
#include "venn/store/store_transaction.h"

enum { RECORDS_MAX = 1 << 16 };

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	{ 0 },
};

static int find(const struct cov_arguments *arguments, const struct named *named,
		const struct store_records *records, unsigned char *is_named, struct cov_error *err)
{
	for (size_t i = 0; i < records->count; i++)
		named->names[i] = records->items[i].name;
	return named_find(arguments, named, is_named, err);
}

/* @named: what and list are filled */
static int run(const struct cov_arguments *arguments, enum store_record_kind kind,
	       struct named *named, struct cov_error *err)
{
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel kernel = { 0 };
	COV_AUTO(store_record_list_deinit) struct store_records records = { 0 };
	COV_AUTO(free) unsigned char *is_named = NULL;
	COV_AUTO(free) const char **names = NULL;
	int result = options_store(arguments, STORE_WRITE, &store, &kernel, err);

	if (result == 0)
		result = store_record_list(store, kernel.id, kind, &records, err);
	is_named = cov_xcalloc(records.count, 1);
	names = cov_xcalloc(records.count, sizeof(*names));
	named->kernel = kernel.name;
	named->names = names;
	named->count = records.count;
	if (result == 0)
		result = find(arguments, named, &records, is_named, err);
	for (size_t i = 0; result == 0 && i < records.count; i++) {
		if (is_named[i])
			result = store_record_remove(store, kind, records.items[i].id, err);
	}
	if (result == 0)
		result = store_transaction_commit(store, err);
	if (result)
		return result;
	size_t count = named_count(named, is_named);
	printf("%zu %s%s removed\n", count, named->what, count == 1 ? "" : "s");
	return 0;
}

static int profile_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	struct named named = { .what = "profile", .list = "profile list" };

	return run(arguments, STORE_RECORD_PROFILE, &named, err);
}

static int syscalls_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	struct named named = { .what = "trial", .list = "syscalls list" };

	return run(arguments, STORE_RECORD_SYSCALLS, &named, err);
}

const struct cov_command cmd_profile_remove = {
	.name = "profile remove",
	.operands = "PLATFORM/WORKLOAD/NUMBER...",
	.summary = "remove profiles that were imported",
	.details =
	    "All that are named go, or none if there is no such profile. Nothing else is made of them. "
	    "One that is removed can be imported again.\n\n"
	    "Example:\n  $ covdb profile remove runc/stream/1",
	.options = options,
	.operand_count_min = 1,
	.operand_count_max = RECORDS_MAX,
	.run = profile_run,
};

const struct cov_command cmd_syscalls_remove = {
	.name = "syscalls remove",
	.operands = "PLATFORM/WORKLOAD/NUMBER...",
	.summary = "remove trials of system calls that were imported",
	.details =
	    "All that are named go, or none if there is no such trial. No footprint is made of them. "
	    "One that is removed can be imported again.\n\n"
	    "Example:\n  $ covdb syscalls remove gvisor/stream/1",
	.options = options,
	.operand_count_min = 1,
	.operand_count_max = RECORDS_MAX,
	.run = syscalls_run,
};
