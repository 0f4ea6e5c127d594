/* cmd_decode.c - covdb decode: the counts of one snapshot. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/output_file.h"
#include "collector/base/parallel.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/commands/commands.h"
#include "venn/commands/load.h"
#include "venn/commands/options.h"
#include "venn/store/store.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_load.h"

static const struct cov_option options[] = {
	{ "notes", 'n', "DIR",
	  "the kernel's build tree, or a directory or tar of its .gcno files" },
	{ "db", 0, "FILE", "a database in which the kernel is registered" },
	{ "kernel-file", 0, "FILE", "a kernel that 'covdb kernel pack' wrote" },
	{ "kernel", 0, "NAME", "which kernel of the database, when several are registered" },
	{ "per-object", 0, NULL,
	  "counts of each object apart: rows object-file-line-count, or JSON with branches" },
	{ "output", 'o', "FILE", "write there (default, or -: standard output)" },
	{ "format", 0, "info|tsv|json|hits|counters",
	  "lcov tracefile, rows file-line-count (default), JSON, rows id-count-state of lines that "
	  "ran, or a file that stands for the snapshot" },
	{ 0 },
};

enum decode_format { FORMAT_TSV, FORMAT_INFO, FORMAT_JSON, FORMAT_HITS, FORMAT_COUNTERS };

/* What is read before anything is decoded. */
struct inputs {
	const struct cov_arguments *arguments;
	bool is_whole; /* of notes, those without counters are wanted as well */
	struct cov_kernel kernel;
	struct kernel_cache cache;
	struct cov_problems problems; /* of the notes */
	char *build_id;               /* of the kernel, "" when not known; owned */
	struct tree snapshot;
	int results[2]; /* of the kernel, of the snapshot */
	struct cov_error errors[2];
};

static void inputs_deinit(struct inputs *inputs)
{
	kernel_deinit(&inputs->kernel);
	kernel_cache_deinit(&inputs->cache);
	cov_problems_deinit(&inputs->problems);
	free(inputs->build_id);
	tree_deinit(&inputs->snapshot);
}

COV_DEFINE_AUTO_STRUCT(struct inputs, inputs_deinit)

static int read_notes(struct inputs *inputs, const char *notes, struct cov_error *err)
{
	COV_AUTO(free) char *image = cov_format("%s/vmlinux", notes);
	char text[COV_BUILD_ID_TEXT_BYTES] = "";

	/* Notes may come without it, and it without a build id. */
	if (!cov_is_missing(image) && build_id_read(image, text, err) == COV_ERR_SYSTEM)
		return COV_ERR_SYSTEM;
	inputs->build_id = cov_xstrdup(text);
	if (cov_option_value(inputs->arguments, "per-object"))
		return kernel_read_notes(notes, KERNEL_PLANS, &inputs->kernel, &inputs->problems,
					 err);
	return kernel_cache_open(notes, inputs->is_whole, &inputs->kernel, &inputs->cache, err);
}

static int read_kernel_file(struct inputs *inputs, const char *path, struct cov_error *err)
{
	COV_AUTO(kernel_file_deinit) struct kernel_file about = { 0 };
	int result = kernel_file_read(path, &about, &inputs->kernel, err);

	if (result)
		return result;
	inputs->build_id = about.build_id;
	about.build_id = NULL;
	return 0;
}

static int load_kernel(struct inputs *inputs, struct cov_error *err)
{
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel about = { 0 };
	int result = options_store(inputs->arguments, STORE_READ, &store, &about, err);

	if (result == 0)
		result = store_load_kernel(store, about.id, &inputs->kernel, err);
	if (result)
		return result;
	inputs->build_id = about.build_id;
	about.build_id = NULL;
	return 0;
}

static int read_kernel(struct inputs *inputs, struct cov_error *err)
{
	const char *notes = cov_option_value(inputs->arguments, "notes");
	const char *file = cov_option_value(inputs->arguments, "kernel-file");

	if (notes)
		return read_notes(inputs, notes, err);
	return file ? read_kernel_file(inputs, file, err) : load_kernel(inputs, err);
}

static int read_snapshot(struct inputs *inputs, struct cov_error *err)
{
	const char *path = inputs->arguments->operands[0];

	/* A file of counters is read at once with what it is checked against. */
	if (counters_file_is(path))
		return 0;
	return tree_open(path, ".gcda", &inputs->snapshot, err);
}

static void read_input(void *context, size_t index, size_t thread)
{
	struct inputs *inputs = context;
	struct cov_error *err = &inputs->errors[index];

	(void)thread;
	inputs->results[index] = index ? read_snapshot(inputs, err) : read_kernel(inputs, err);
}

/* The kernel and what the snapshot has, both at once. */
static int read_inputs(struct inputs *inputs, struct cov_error *err)
{
	cov_parallel_for(2, read_input, inputs);
	for (size_t i = 0; i < 2; i++) {
		if (inputs->results[i]) {
			*err = inputs->errors[i];
			return inputs->results[i];
		}
	}
	if (inputs->cache.notes.path)
		return kernel_cache_read(&inputs->cache,
					 inputs->snapshot.path ? &inputs->snapshot : NULL,
					 &inputs->kernel, &inputs->problems, err);
	return 0;
}

static void write_counters(const struct inputs *inputs, const struct load_snapshot *snapshot,
			   FILE *out)
{
	COV_AUTO(cov_text_deinit) struct cov_text file = { 0 };

	counters_file_make(&inputs->kernel, inputs->build_id, &snapshot->counters,
			   &snapshot->problems, &file);
	fwrite(file.data, 1, file.length, out);
}

static int write_counts(const struct inputs *inputs, const struct load_snapshot *snapshot,
			enum decode_format format, bool is_per_object, struct cov_error *err)
{
	const struct cov_kernel *kernel = &inputs->kernel;
	const char *path = cov_option_value(inputs->arguments, "output");
	COV_AUTO(cov_output_deinit) struct cov_output output = { 0 };
	int result = cov_output_open(path, &output, err);

	if (result)
		return result;
	if (is_per_object && format == FORMAT_JSON)
		result = counts_write_objects_json(kernel, &snapshot->counters, output.stream, err);
	else if (is_per_object)
		result = counts_write_objects_tsv(kernel, &snapshot->counters, output.stream, err);
	else if (format == FORMAT_INFO)
		counts_write_info(kernel, &snapshot->counters, &snapshot->counts, output.stream);
	else if (format == FORMAT_HITS)
		counts_write_hits(kernel, &snapshot->counts, output.stream);
	else if (format == FORMAT_COUNTERS)
		write_counters(inputs, snapshot, output.stream);
	else if (format == FORMAT_JSON)
		counts_write_json(kernel, &snapshot->counters, &snapshot->counts, output.stream);
	else
		counts_write_tsv(kernel, &snapshot->counts, output.stream);
	return result ? result : cov_output_close(&output, err);
}

static int check_options(const struct cov_arguments *arguments, int format, struct cov_error *err)
{
	bool has_notes = cov_option_value(arguments, "notes") != NULL;
	bool has_file = cov_option_value(arguments, "kernel-file") != NULL;
	bool has_store = cov_option_value(arguments, "db") != NULL;

	if (has_notes && has_store)
		return cov_fail(err, COV_ERR_USAGE, "--notes and --db exclude each other");
	if (has_file && (has_notes || has_store || cov_option_value(arguments, "kernel")))
		return cov_fail(err, COV_ERR_USAGE,
				"--kernel-file excludes --notes, --db and --kernel");
	if (format == FORMAT_COUNTERS && !cov_option_value(arguments, "output") &&
	    isatty(STDOUT_FILENO))
		return cov_fail(err, COV_ERR_USAGE,
				"a file of counters is nothing for a terminal; -o FILE writes it");
	if (cov_option_value(arguments, "per-object") && format != FORMAT_TSV &&
	    format != FORMAT_JSON)
		return cov_fail(err, COV_ERR_USAGE, "--per-object takes tsv or json");
	return 0;
}

static int decode_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	static const char *const formats[] = { "tsv", "info", "json", "hits", "counters", NULL };
	int format = FORMAT_TSV;
	COV_AUTO(inputs_deinit) struct inputs inputs = { .arguments = arguments };
	const struct cov_kernel *kernel = &inputs.kernel;
	COV_AUTO(load_snapshot_deinit) struct load_snapshot snapshot = { 0 };
	bool is_per_object = cov_option_value(arguments, "per-object") != NULL;
	int result = cov_option_choice(arguments, "format", formats, &format, err);

	if (result == 0)
		result = check_options(arguments, format, err);
	if (result == 0 && cov_option_value(arguments, "notes"))
		cov_memory_by_thread();
	/* Line ids and files of counters count all objects of the kernel. */
	inputs.is_whole = format == FORMAT_HITS || format == FORMAT_COUNTERS ||
			  counters_file_is(arguments->operands[0]);
	if (result == 0)
		result = read_inputs(&inputs, err);
	if (result == 0)
		result = counters_file_is(arguments->operands[0])
			     ? load_snapshot(kernel, inputs.build_id, arguments->operands[0],
					     &snapshot, err)
			     : load_snapshot_tree(kernel, inputs.build_id, &inputs.snapshot,
						  &snapshot, err);
	if (result == 0)
		result = write_counts(&inputs, &snapshot, (enum decode_format)format, is_per_object,
				      err);
	if (result)
		return result;
	cov_problems_print(&inputs.problems);
	cov_problems_print(&snapshot.problems);
	COV_AUTO(free) char *description = load_describe(kernel, &snapshot);
	cov_say("%s", description);
	kernel_cache_keep(&inputs.cache);
	return snapshot.problems.count || inputs.problems.count;
}

const struct cov_command cmd_decode = {
	.name = "decode",
	.operands = "SNAPSHOT",
	.summary = "the counts of one snapshot, as gcov would give them",
	.details =
	    "SNAPSHOT is a directory or a tar (plain, gz, xz, zst) of .gcda files, laid out as in "
	    "/sys/kernel/debug/gcov or relative to the build tree. Without --notes the kernel is "
	    "one that 'covdb kernel add' has registered, or with --kernel-file one that 'covdb kernel pack' wrote.\n\n"
	    "What is compiled of a folder of notes is kept in the user's cache for the next time, "
	    "unless COVDB_CACHE is 'off': then notes of objects without counters are not looked at.\n\n"
	    "Objects that cannot be decoded are named on standard error, the others are decoded, "
	    "and the exit status is 1.\n\n"
	    "With --format counters the result is a small file, for whose name NAME.covcounters is expected, that stands "
	    "for the snapshot: decode and import read it in its place. Rows of hits have line ids, as the database has (docs/schema.md).\n\n"
	    "A line of a header or an inlined function has a copy in each object that uses it. "
	    "They are summed; --per-object tells them apart.\n\n"
	    "Examples:\n"
	    "  $ covdb decode trials/host-cpu-1.tar.zst --notes /usr/src/linux -o cpu.tsv\n"
	    "  $ covdb decode /sys/kernel/debug/gcov --db covdb.sqlite --format info -o now.info\n"
	    "  $ covdb decode cpu.tar.zst --kernel-file 6.1.192.covkernel -o cpu.tsv",
	.options = options,
	.operand_count_min = 1,
	.operand_count_max = 1,
	.is_paged = true,
	.run = decode_run,
};
