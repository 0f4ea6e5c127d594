/* cmd_kernel_pack.c - covdb kernel pack: a registered kernel as a file for other machines. */
#include <stdlib.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/output_file.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/store/store.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_load.h"
#include "venn/store/store_transaction.h"

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	{ "output", 'o', "FILE", "write there; -: standard output" },
	{ 0 },
};

/* @summary: filled with a line about it; free() it */
static int pack(const struct cov_arguments *arguments, struct cov_text *file, char **summary,
		struct cov_error *err)
{
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel about = { 0 };
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	int result = options_store(arguments, STORE_READ, &store, &about, err);

	if (result == 0)
		result = store_load_kernel(store, about.id, &kernel, err);
	if (result)
		return result;
	store_transaction_end(store);
	if (!kernel.counter_count)
		return cov_fail(err, COV_ERR_MISMATCH,
				"kernel %s was made of tracefiles: it has no snapshots to decode",
				about.name);
	const struct kernel_file names = { about.name, about.release, about.build_id,
					   about.profile_update };
	kernel_file_make(&kernel, &names, file);
	*summary = cov_format("kernel %s, build id %s: %zu objects, %zu bytes", about.name,
			      *about.build_id ? about.build_id : "unknown", kernel.object_count,
			      file->length);
	return 0;
}

static int pack_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	const char *path = cov_option_value(arguments, "output");
	COV_AUTO(cov_text_deinit) struct cov_text file = { 0 };
	COV_AUTO(cov_output_deinit) struct cov_output output = { 0 };
	COV_AUTO(free) char *summary = NULL;

	if (!path)
		return cov_fail(err, COV_ERR_USAGE, "nowhere to write: use -o FILE");
	int result = pack(arguments, &file, &summary, err);
	if (result == 0)
		result = cov_output_open(path, &output, err);
	if (result)
		return result;
	fwrite(file.data, 1, file.length, output.stream);
	result = cov_output_close(&output, err);
	if (result == 0)
		cov_say("%s", summary);
	return result;
}

const struct cov_command cmd_kernel_pack = {
	.name = "kernel pack",
	.operands = "-o FILE",
	.summary = "a registered kernel as one file, to decode its snapshots on other machines",
	.details =
	    "The file has all that decoding takes, and nothing else: neither build tree nor database "
	    "is needed then. 'covdb decode --kernel-file' decodes by it, 'covdb kernel add "
	    "--kernel-file' registers it elsewhere. It has a version and checksums; another version of covdb may "
	    "refuse it, and says so.\n\n"
	    "Example:\n"
	    "  $ covdb kernel pack --kernel 6.1.192 -o 6.1.192.covkernel\n"
	    "  $ covdb decode trial.tar.zst --kernel-file 6.1.192.covkernel -o trial.tsv",
	.options = options,
	.run = pack_run,
};
