/* cmd_profile_list.c - covdb profile list: the profiles that were imported. */
#include <stdlib.h>

#include "collector/base/command.h"
#include "collector/base/text.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/commands/question.h"
#include "venn/print/rows.h"
#include "venn/store/store.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_profile.h"
#include "venn/store/store_transaction.h"

static const struct cov_option list_options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	OPTIONS_FORMAT,
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
		{ "LOST", "lost", ROWS_COUNT },         { "EMULATED", "emulated", ROWS_BOOL },
	};
	/* When it was taken, and how; not whether its times mean anything. */
	static const unsigned char leave[] = { ROWS_STAYS, 0, 11, 9, 10, 0, 0, ROWS_STAYS };
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel kernel = { 0 };
	COV_AUTO(store_profile_list_deinit) struct store_profiles profiles = { 0 };
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns, .column_count = 8, .leave = leave };
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
		rows_bool(&rows, profile->is_emulated);
	}
	rows.none = cov_xstrdup("no profile was imported: 'profiles: 1' in an experiment makes "
				"them, 'covdb import' imports them");
	rows.about = question_about("profile list", kernel.name, NULL);
	question_print_rows(&rows, format);
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
	.is_paged = true,
	.run = list_run,
};
