/* cmd_profile_list.c - covdb profile list, covdb profile remove: the profiles that were imported.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/print/rows.h"
#include "venn/store/store.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_profile.h"
#include "venn/store/store_transaction.h"

enum { PROFILES_MAX = 1 << 16 };

static const struct cov_option list_options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	OPTIONS_FORMAT,
	{ 0 },
};

static const struct cov_option remove_options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	{ 0 },
};

/* "runc/stream/1"; free() it. */
static char *name_of(const struct store_profile *profile)
{
	return cov_format("%s/%s/%lld", profile->platform, profile->workload,
			  (long long)profile->number);
}

static int list_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	static const struct rows_column columns[] = {
		{ "PROFILE", "profile", ROWS_WORD },    { "SECONDS", "seconds", ROWS_SECONDS },
		{ "STARTED", "started_at", ROWS_WORD }, { "EVENT", "event", ROWS_WORD },
		{ "HZ", "frequency_hz", ROWS_COUNT },   { "SAMPLES", "samples", ROWS_COUNT },
		{ "LOST", "lost", ROWS_COUNT },         { "EMULATED", "emulated", ROWS_WORD },
	};
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel kernel = { 0 };
	COV_AUTO(store_profile_list_deinit) struct store_profiles profiles = { 0 };
	COV_AUTO(rows_deinit) struct rows rows = { .columns = columns, .column_count = 8 };
	enum rows_format format;
	int result = options_format(arguments, &format, err);

	if (result == 0)
		result = options_store(arguments, STORE_READ, &store, &kernel, err);
	if (result == 0)
		result = store_profile_list(store, kernel.id, &profiles, err);
	if (result)
		return result;
	store_transaction_end(store);
	for (size_t i = 0; i < profiles.count; i++) {
		const struct store_profile *profile = &profiles.items[i];
		COV_AUTO(free) char *name = name_of(profile);

		rows_word(&rows, name);
		rows_number(&rows, (double)profile->duration_ns / 1e9);
		rows_word(&rows, profile->started_at);
		rows_word(&rows, profile->event);
		rows_count(&rows, profile->frequency_hz);
		rows_count(&rows, profile->samples);
		rows_count(&rows, profile->lost);
		rows_word(&rows, profile->is_emulated ? "emulated" : "");
	}
	rows_print(&rows, format);
	return 0;
}

/* Which of the profiles are named. @is_named: [profiles->count] */
static int find_named(const struct cov_arguments *arguments, const struct store_kernel *kernel,
		      const struct store_profiles *profiles, unsigned char *is_named,
		      struct cov_error *err)
{
	for (size_t i = 0; i < arguments->operand_count; i++) {
		bool is_there = false;

		for (size_t j = 0; j < profiles->count; j++) {
			COV_AUTO(free) char *name = name_of(&profiles->items[j]);

			if (strcmp(name, arguments->operands[i]) != 0)
				continue;
			is_named[j] = 1;
			is_there = true;
		}
		if (!is_there)
			return cov_fail(err, COV_ERR_MISMATCH,
					"kernel %s has no profile %s; 'covdb profile list' names "
					"those that it has",
					kernel->name, arguments->operands[i]);
	}
	return 0;
}

static int remove_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel kernel = { 0 };
	COV_AUTO(store_profile_list_deinit) struct store_profiles profiles = { 0 };
	COV_AUTO(free) unsigned char *is_named = NULL;
	size_t count = 0;
	int result = options_store(arguments, STORE_WRITE, &store, &kernel, err);

	if (result == 0)
		result = store_profile_list(store, kernel.id, &profiles, err);
	is_named = cov_xcalloc(profiles.count, 1);
	if (result == 0)
		result = find_named(arguments, &kernel, &profiles, is_named, err);
	for (size_t i = 0; result == 0 && i < profiles.count; i++) {
		if (is_named[i])
			result = store_profile_remove(store, profiles.items[i].id, err);
		count += is_named[i];
	}
	if (result == 0)
		result = store_transaction_commit(store, err);
	if (result)
		return result;
	printf("%zu %s removed\n", count, count == 1 ? "profile" : "profiles");
	return 0;
}

const struct cov_command cmd_profile_list = {
	.name = "profile list",
	.operands = "",
	.summary = "the profiles that were imported",
	.details = "PROFILE is the name by which 'covdb profile remove' knows it: "
		   "PLATFORM/WORKLOAD/NUMBER.\n\n"
		   "Example:\n  $ covdb profile list --format csv",
	.options = list_options,
	.run = list_run,
};

const struct cov_command cmd_profile_remove = {
	.name = "profile remove",
	.operands = "PLATFORM/WORKLOAD/NUMBER...",
	.summary = "remove profiles that were imported",
	.details =
	    "All that are named go, or none if there is no such profile. Nothing else is made of them. "
	    "One that is removed can be imported again.\n\n"
	    "Example:\n  $ covdb profile remove runc/stream/1",
	.options = remove_options,
	.operand_count_min = 1,
	.operand_count_max = PROFILES_MAX,
	.run = remove_run,
};
