/* cmd_import.c - covdb import: trials into the database. */
#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/collector.h"
#include "venn/commands/commands.h"
#include "venn/commands/import.h"
#include "venn/commands/import_archive.h"
#include "venn/commands/import_folder.h"
#include "venn/commands/import_trial.h"
#include "venn/store/store.h"
#include "venn/store/store_platform.h"

enum { OPERANDS_MAX = 1 << 16, TRIAL_NUMBER_MAX = 1000000 };

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "kernel", 0, "NAME", "which kernel, for a single snapshot, when several are registered" },
	{ "platform", 'p', "NAME", "of a single snapshot: what ran the workload" },
	{ "workload", 'w', "NAME", "of a single snapshot: what was run; with --baseline its name" },
	{ "seconds", 's', "SECONDS", "of a single snapshot: from reset to capture" },
	{ "trial", 't', "N", "of a single snapshot: its number (default: the next)" },
	{ "baseline", 0, NULL, "a single snapshot is a baseline: nothing was run" },
	{ "set", 0, "NAME", "lines from elsewhere, as a platform: all that ran, of no workload" },
	{ "vmlinux", 0, "FILE",
	  "of a set of addresses: the kernel that ran, with debug information" },
	{ "same-source", 0, NULL, "FILE is of another build than the kernel, of the same sources" },
	{ 0 },
};

/* Names are asked for in lists and stand in tables. */
static int check_name(const char *option, const char *name, struct cov_error *err)
{
	if (!name || cov_is_name(name))
		return 0;
	return cov_fail(err, COV_ERR_USAGE,
			"--%s takes at most %d letters, digits, '.', '_' and '-', not '%s'", option,
			COV_NAME_BYTES_MAX, name);
}

static int import_single(struct import *import, const struct cov_arguments *arguments,
			 struct cov_error *err)
{
	const char *workload = cov_option_value(arguments, "workload");
	uint64_t number = 0;
	bool is_baseline = cov_option_value(arguments, "baseline") != NULL;
	long long duration_ns = 0;
	struct store_trial trial = {
		.platform = cov_option_value(arguments, "platform"),
		.workload = workload || !is_baseline ? workload : "idle",
		.kind = is_baseline ? STORE_IDLE : STORE_WORKLOAD,
		.status = "ok",
		.snapshot = arguments->operands[0],
	};
	int result = cov_option_seconds(arguments, "seconds", &duration_ns, err);

	if (result == 0)
		result = cov_option_number(arguments, "trial", 1, TRIAL_NUMBER_MAX, &number, err);
	trial.number = (int64_t)number;
	if (result == 0)
		result = check_name("platform", trial.platform, err);
	if (result == 0)
		result = check_name("workload", workload, err);
	if (result)
		return result;
	trial.duration_ns = duration_ns;
	if (!trial.platform || !trial.workload || !duration_ns || arguments->operand_count != 1)
		return cov_fail(err, COV_ERR_USAGE,
				"a single snapshot needs --platform, --workload or --baseline, and "
				"--seconds");
	result = import_choose_kernel(import, NULL, cov_option_value(arguments, "kernel"), err);
	if (result)
		return result;
	trial.kernel_id = import->about.id;
	return import_trial_add(import, &trial, trial.snapshot, err);
}

/* Lines from elsewhere: no time, so no rates and nothing to subtract. */
static int import_set(struct import *import, const struct cov_arguments *arguments,
		      struct cov_error *err)
{
	static const char *const others[] = { "platform", "workload", "seconds",
					      "trial",    "baseline", NULL };
	struct store_trial trial = {
		.platform = cov_option_value(arguments, "set"),
		.driver = store_platform_set,
		.workload = store_platform_set,
		.kind = STORE_WORKLOAD,
		.status = "ok",
	};
	int result = check_name("set", trial.platform, err);

	for (size_t i = 0; result == 0 && others[i]; i++) {
		if (cov_option_value(arguments, others[i]))
			return cov_fail(
			    err, COV_ERR_USAGE,
			    "--set and --%s exclude each other: a set is of no workload, and "
			    "takes no time",
			    others[i]);
	}
	if (result == 0)
		result =
		    import_choose_kernel(import, NULL, cov_option_value(arguments, "kernel"), err);
	import->is_set = true;
	import->vmlinux = cov_option_value(arguments, "vmlinux");
	import->is_same_source = cov_option_value(arguments, "same-source") != NULL;
	trial.kernel_id = import->about.id;
	for (size_t i = 0; result == 0 && i < arguments->operand_count; i++) {
		trial.snapshot = arguments->operands[i];
		result = import_trial_add(import, &trial, trial.snapshot, err);
	}
	return result;
}

/* What the options say is imported: a set, a single snapshot, or folders of collect's. */
static int import_all(struct import *import, const struct cov_arguments *arguments,
		      struct cov_error *err)
{
	bool is_single =
	    cov_option_value(arguments, "platform") || cov_option_value(arguments, "workload") ||
	    cov_option_value(arguments, "seconds") || cov_option_value(arguments, "trial") ||
	    cov_option_value(arguments, "baseline");
	int result = 0;

	if (cov_option_value(arguments, "set"))
		return import_set(import, arguments, err);
	if (cov_option_value(arguments, "vmlinux") || cov_option_value(arguments, "same-source"))
		return cov_fail(err, COV_ERR_USAGE, "--vmlinux and --same-source go with --set");
	if (is_single)
		return import_single(import, arguments, err);
	for (size_t i = 0; result == 0 && i < arguments->operand_count; i++) {
		const char *path = arguments->operands[i];
		bool is_folder = cov_is_missing(path) || cov_is_directory(path);

		result = (is_folder ? import_folder : import_archive)(
		    import, path, cov_option_value(arguments, "kernel"), err);
	}
	return result;
}

static int import_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(import_deinit) struct import import = { 0 };
	int result = store_open(store_path(cov_option_value(arguments, "db")), STORE_WRITE,
				&import.store, err);

	if (result == 0)
		result = import_all(&import, arguments, err);
	if (result == 0)
		result = import_refresh(&import, err);
	if (result)
		return result;
	printf("%zu %s imported", import.imported_count,
	       import.imported_count == 1 ? "trial" : "trials");
	if (import.failed_count)
		printf(", %zu of them failed", import.failed_count);
	if (import.uncounted_count)
		printf(", %zu of them without a snapshot", import.uncounted_count);
	if (import.profile_count)
		printf(", %zu %s", import.profile_count,
		       import.profile_count == 1 ? "profile" : "profiles");
	if (import.syscalls_count)
		printf(", %zu of system calls", import.syscalls_count);
	if (import.known_count)
		printf(", %zu known before", import.known_count);
	if (import.refused_count)
		printf(", %zu not imported", import.refused_count);
	putchar('\n');
	return import.bad_count || import.refused_count || import.stale_count ||
	       import.is_incomplete;
}

const struct cov_command cmd_import = {
	.name = "import",
	.operands =
	    "DIR|ARCHIVE...\nSNAPSHOT --platform P --workload W --seconds S\nFILE... --set NAME",
	.summary =
	    "import all trials that collect left in DIR, or in an ARCHIVE of such folders, a single "
	    "snapshot from elsewhere, or a set of lines",
	.details =
	    "A trial that was imported before is passed over. A failed trial is kept, but "
	    "no footprint is made of it; a profile or trial of system calls that failed is not kept. Of a trial without a snapshot "
	    "('snapshot: false') metrics are kept, and it counts for nothing else. Afterwards all footprints are brought up to date; "
	    "the first are made by rule 'rate' against the only baseline there is, or the idle host's, and "
	    "by 'permutation' beside them as soon as there are five trials of each workload and "
	    "of that baseline. Commands use the latter then. A workload that comes later is in "
	    "those by 'permutation' when it has trials enough; until then 'import' says what "
	    "lacks, and '--rule rate' has all of it.\n\n"
	    "ARCHIVE is a tar, plain or compressed by gzip, xz or zstd, of any folders with manifests in trials/NAME.json: all of them "
	    "are imported, those with an experiment file first, then by name. It is not unpacked, but read twice, or once more for each 32 MiB "
	    "of packed counters. Nothing is imported of one that is damaged itself; a damaged member is named, and the other "
	    "trials are imported.\n\n"
	    "SNAPSHOT is a directory or a tar of .gcda files; or a tracefile of lcov, or "
	    "what 'gcov --json-format' wrote: a file, told by its content, or a folder of "
	    "them. They have counts of lines but no counters, so several such "
	    "trials add up line by line. Whatever does not belong to the kernel is "
	    "reported, and the exit status is 1. A snapshot of which a file cannot be read "
	    "is not imported; one with damaged files is. The status is 1 as well if there are "
	    "trials and baselines, but no rule can make footprints of them.\n\n"
	    "With --set, FILE is any of these, or coverage that says which lines ran and not "
	    "how often: what syzkaller serves as /cover?jsonl=1, exports of syz-cover (json, "
	    "jsonl, rawcoverfiles), or addresses, one a line, as /rawcover and perf print "
	    "them; those need --vmlinux. Several files are parts of one set. It is a platform "
	    "like any other, NAME, but no baseline is taken off it: its footprint is all that "
	    "ran, by any rule, and it is there in every workload.\n\n"
	    "Examples:\n"
	    "  $ covdb import results/\n"
	    "  $ covdb import study.tar.zst\n"
	    "  $ covdb import lcov.info --platform lxc --workload cpu --seconds 60\n"
	    "  $ covdb import idle.tar.gz --platform host --baseline --seconds 600\n"
	    "  $ covdb import net.tar.gz --platform lxc --workload network --seconds 600\n"
	    "  $ covdb import cover.jsonl --set syzkaller\n"
	    "  $ covdb import rawcover --set syzkaller --vmlinux fuzzed/vmlinux --same-source",
	.options = options,
	.operand_count_min = 1,
	.operand_count_max = OPERANDS_MAX,
	.run = import_run,
};
