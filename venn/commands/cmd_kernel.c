/* cmd_kernel.c - covdb kernel add, kernel list, kernel remove: registered kernel builds. */
#include <stdlib.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/change/sources.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/commands/question.h"
#include "venn/print/rows.h"
#include "venn/store/store.h"
#include "venn/store/store_compiled.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_option.h"
#include "venn/store/store_remove.h"
#include "venn/store/store_source.h"
#include "venn/store/store_transaction.h"

enum { FILES_MAX = 1 << 16 };

static const struct cov_option add_options[] = {
	{ "db", 0, "FILE",
	  "the database, created if missing (default: $COVDB, else covdb.sqlite)" },
	{ "notes", 'n', "DIR",
	  "the kernel's build tree, or a directory or tar of its .gcno files" },
	{ "kernel-file", 0, "FILE", "a kernel that 'covdb kernel pack' wrote, instead of notes" },
	{ "info", 0, NULL,
	  "make it from tracefiles instead: the lines and functions that FILE... list" },
	{ "root", 0, "DIR",
	  "of tracefiles: what paths are relative to (default: the deepest with all files)" },
	{ "name", 0, "NAME", "what to call it (default: its release)" },
	{ "options", 0, "FILE",
	  "which options of its configuration each object needs (default: DIR/covdb.options, if it "
	  "is there)" },
	{ "sources", 0, "DIR[@REVISION]",
	  "keep a compressed copy of each instrumented file, out of this source tree" },
	{ "build-id", 0, "HEX", "its GNU build id (default: that of vmlinux in the build tree)" },
	{ 0 },
};

static const struct cov_option remove_options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ 0 },
};

static const struct cov_option list_options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	OPTIONS_FORMAT,
	{ 0 },
};

/* The first line of a file of the build tree; "" without it, as in a tree of notes alone. */
static char *first_line(const struct build_tree *tree, enum build_tree_file file)
{
	const char *text = tree->texts[file] ? tree->texts[file] : "";

	return cov_xstrndup(text, strcspn(text, "\n"));
}

/* How the build updates its counters, from the command that compiled init/main.o. */
static char *find_profile_update(const struct build_tree *tree)
{
	static const char option[] = "-fprofile-update=";
	COV_AUTO(free) char *command = first_line(tree, BUILD_TREE_COMMAND);
	const char *place = strstr(command, option);

	if (!place)
		return cov_xstrdup(*command ? "single" : "unknown");
	return cov_xstrndup(place + strlen(option), strcspn(place + strlen(option), " "));
}

static int find_build_id(const char *notes, const char *given, char *ret, struct cov_error *err)
{
	COV_AUTO(free) char *image = cov_format("%s/vmlinux", notes);

	*ret = '\0';
	if (given) {
		if (strlen(given) >= COV_BUILD_ID_TEXT_BYTES ||
		    strspn(given, "0123456789abcdef") != strlen(given))
			return cov_fail(err, COV_ERR_USAGE,
					"--build-id takes lower-case hexadecimal digits, not '%s'",
					given);
		memcpy(ret, given, strlen(given) + 1);
		return 0;
	}
	if (!cov_is_missing(image))
		return build_id_read(image, ret, err);
	cov_say(
	    "covdb kernel add: no vmlinux in %s and no --build-id: snapshots will be checked by "
	    "the stamps of their objects only",
	    notes);
	return 0;
}

static int describe(const struct cov_arguments *arguments, const struct build_tree *tree,
		    struct store_kernel *about, struct cov_error *err)
{
	const char *notes = cov_option_value(arguments, "notes");
	const char *name = cov_option_value(arguments, "name");
	char build_id[COV_BUILD_ID_TEXT_BYTES];
	int result = find_build_id(notes, cov_option_value(arguments, "build-id"), build_id, err);

	if (result)
		return result;
	about->release = first_line(tree, BUILD_TREE_RELEASE);
	about->profile_update = find_profile_update(tree);
	about->build_id = cov_xstrdup(build_id);
	about->name = cov_xstrdup(name ? name : *about->release ? about->release : "kernel");
	return 0;
}

/* What is added: a zeroed struct is nothing yet. */
struct added {
	struct store_kernel about;
	struct cov_kernel kernel;
	struct cov_compiled compiled;
	struct cov_kernel_options options;
	struct cov_problems problems;
	struct sources sources; /* that are kept; without any: none are */
};

static void added_deinit(struct added *added)
{
	store_kernel_deinit(&added->about);
	kernel_deinit(&added->kernel);
	compiled_deinit(&added->compiled);
	kernel_options_deinit(&added->options);
	cov_problems_deinit(&added->problems);
	sources_deinit(&added->sources);
}

COV_DEFINE_AUTO_STRUCT(struct added, added_deinit)

/* The list of options by object, if there is one. */
static int read_options(const struct cov_arguments *arguments, const struct build_tree *tree,
			struct cov_kernel_options *ret, struct cov_error *err)
{
	const char *path = cov_option_value(arguments, "options");
	const char *text = tree->texts[BUILD_TREE_OPTIONS];
	COV_AUTO(free)
	char *usual = cov_format("%s/covdb.options", cov_option_value(arguments, "notes"));

	if (path)
		return kernel_options_read(path, ret, err);
	return text ? kernel_options_parse(text, tree->sizes[BUILD_TREE_OPTIONS], usual, ret, err)
		    : 0;
}

/* A kernel of notes: the build tree's own objects. */
static int read_notes(const struct cov_arguments *arguments, struct added *added,
		      struct cov_error *err)
{
	COV_AUTO(build_tree_deinit) struct build_tree tree = { 0 };

	cov_memory_by_thread();
	int result = build_tree_read(cov_option_value(arguments, "notes"), &tree, &added->kernel,
				     &added->compiled, &added->problems, err);

	if (result == 0)
		result = describe(arguments, &tree, &added->about, err);
	return result ? result : read_options(arguments, &tree, &added->options, err);
}

/* A kernel of which only tracefiles are at hand. */
static int read_tracefiles(const struct cov_arguments *arguments, struct added *added,
			   struct cov_error *err)
{
	struct store_kernel *about = &added->about;
	const char *name = cov_option_value(arguments, "name");
	COV_AUTO(tracefile_deinit) struct cov_tracefile tracefile = { 0 };
	int result = 0;

	for (size_t i = 0; result == 0 && i < arguments->operand_count; i++)
		result =
		    tracefile_read(arguments->operands[i], NULL, &tracefile, &added->problems, err);
	if (result == 0)
		result = cov_problems_check_readable(&added->problems, arguments->operands[0], err);
	if (result)
		return result;
	tracefile_remarks_print(&tracefile.remarks);
	tracefile_kernel_make(&tracefile, cov_option_value(arguments, "root"), &added->kernel);
	about->build_id = cov_xstrdup("");
	about->release = cov_xstrdup("");
	about->profile_update = cov_xstrdup("unknown");
	about->name = cov_xstrdup(name ? name : "kernel");
	return 0;
}

/* A kernel that was registered elsewhere. What else was compiled there it does not say. */
static int read_file(const struct cov_arguments *arguments, struct added *added,
		     struct cov_error *err)
{
	const char *name = cov_option_value(arguments, "name");
	COV_AUTO(kernel_file_deinit) struct kernel_file file = { 0 };
	int result = kernel_file_read(cov_option_value(arguments, "kernel-file"), &file,
				      &added->kernel, err);

	if (result)
		return result;
	added->about.name = cov_xstrdup(name ? name : file.name);
	added->about.release = cov_xstrdup(file.release);
	added->about.build_id = cov_xstrdup(file.build_id);
	added->about.profile_update = cov_xstrdup(file.profile_update);
	return 0;
}

static int read_kernel(const struct cov_arguments *arguments, struct added *added,
		       struct cov_error *err)
{
	if (cov_option_value(arguments, "kernel-file"))
		return read_file(arguments, added, err);
	return cov_option_value(arguments, "notes") ? read_notes(arguments, added, err)
						    : read_tracefiles(arguments, added, err);
}

/* A packed kernel says everything itself. */
static int check_file_options(const struct cov_arguments *arguments, struct cov_error *err)
{
	static const char *const others[] = { "notes", "info", "root", "options", "build-id" };

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		if (cov_option_value(arguments, others[i]))
			return cov_fail(err, COV_ERR_USAGE,
					"--kernel-file and --%s exclude each other", others[i]);
	}
	if (arguments->operand_count)
		return cov_fail(err, COV_ERR_USAGE, "tracefiles go with --info");
	return 0;
}

static int check_add_options(const struct cov_arguments *arguments, struct cov_error *err)
{
	bool has_notes = cov_option_value(arguments, "notes") != NULL;
	bool is_info = cov_option_value(arguments, "info") != NULL;

	if (cov_option_value(arguments, "kernel-file"))
		return check_file_options(arguments, err);
	if (!has_notes && !is_info)
		return cov_fail(err, COV_ERR_USAGE,
				"no notes: use --notes DIR, the directory of the .gcno files");
	if (has_notes && is_info)
		return cov_fail(err, COV_ERR_USAGE, "--notes and --info exclude each other");
	if (is_info != (arguments->operand_count > 0))
		return cov_fail(err, COV_ERR_USAGE,
				"tracefiles go with --info, and --info needs them");
	if (is_info && cov_option_value(arguments, "options"))
		return cov_fail(err, COV_ERR_USAGE, "--options goes with --notes");
	if (is_info ? cov_option_value(arguments, "build-id") != NULL
		    : cov_option_value(arguments, "root") != NULL)
		return cov_fail(err, COV_ERR_USAGE,
				"--build-id goes with --notes, --root with --info");
	return 0;
}

static void print_compiled(const struct cov_arguments *arguments, const struct added *added)
{
	if (cov_option_value(arguments, "kernel-file"))
		return;
	if (added->compiled.is_known)
		printf("%zu objects were compiled, instrumented or not\n",
		       added->compiled.object_count);
	else
		printf("which other objects were compiled is unknown: %zu of %zu have no .cmd file "
		       "of Kbuild\n",
		       added->compiled.without_command, added->kernel.object_count);
}

static void print_added(const struct cov_arguments *arguments, const struct added *added)
{
	const struct cov_kernel *kernel = &added->kernel;
	const struct store_kernel *about = &added->about;

	if (cov_option_value(arguments, "info")) {
		printf("kernel %s: %zu functions, %zu lines in %zu files\n", about->name,
		       kernel->function_count, kernel->line_count, kernel->file_count);
		return;
	}
	printf("kernel %s: %zu objects, %zu functions, %zu instrumented lines in %zu files\n"
	       "build id %s, counters %s\n",
	       about->name, kernel->object_count, kernel->function_count, kernel->line_count,
	       kernel->file_count, *about->build_id ? about->build_id : "unknown",
	       about->profile_update);
	print_compiled(arguments, added);
}

/* The sources that are kept, if they are asked for. */
static int read_sources(const struct cov_arguments *arguments, struct added *added,
			struct cov_error *err)
{
	const struct sources_from from = { .where = cov_option_value(arguments, "sources") };

	return from.where ? sources_read(&added->kernel, &from, &added->sources, err) : 0;
}

static int keep_sources(struct store *store, const struct added *added, struct cov_error *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < added->sources.file_count; i++) {
		const struct history_text *text = &added->sources.texts[i];

		if (text->bytes)
			result = store_source_add(store, added->about.id, (int64_t)i, text->bytes,
						  text->size, err);
	}
	return result;
}

static int add_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	const char *path = store_path(cov_option_value(arguments, "db"));
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(added_deinit) struct added added = { 0 };
	int result = check_add_options(arguments, err);

	if (result == 0)
		result = read_kernel(arguments, &added, err);
	if (result == 0)
		result = read_sources(arguments, &added, err);
	if (result == 0)
		result = store_open(path, STORE_CREATE, &store, err);
	if (result == 0)
		result = store_transaction_write(store, err);
	if (result == 0)
		result = store_kernel_add(store, &added.about, &added.kernel, err);
	if (result == 0)
		result = store_compiled_add(store, added.about.id, &added.compiled, err);
	if (result == 0)
		result = store_option_add(store, added.about.id, &added.options, err);
	if (result == 0)
		result = keep_sources(store, &added, err);
	if (result == 0)
		result = store_transaction_commit(store, err);
	if (result)
		return result;
	print_added(arguments, &added);
	if (added.sources.file_count)
		printf("sources of %zu files are kept, of %zu there is none\n",
		       added.sources.file_count - added.sources.missing_count,
		       added.sources.missing_count);
	cov_problems_print(&added.problems);
	return added.problems.count > 0;
}

static int list_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	static const struct rows_column columns[] = {
		{ "KERNEL", "kernel", ROWS_WORD },     { "RELEASE", "release", ROWS_WORD },
		{ "BUILD ID", "build_id", ROWS_WORD }, { "COUNTERS", "profile_update", ROWS_WORD },
		{ "OBJECTS", "objects", ROWS_COUNT },  { "LINES", "lines", ROWS_COUNT },
		{ "TRIALS", "trials", ROWS_COUNT },
	};
	static const unsigned char leave[] = { ROWS_STAYS, 0, 0, ROWS_STAYS - 1, 0, 0, 0 };
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_list_deinit) struct store_kernels kernels = { 0 };
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns, .column_count = 7, .leave = leave };
	enum rows_format format;
	int result = options_format(arguments, &format, err);

	if (result == 0)
		result = store_open(store_path(cov_option_value(arguments, "db")), STORE_READ,
				    &store, err);
	if (result == 0)
		result = store_kernel_list(store, &kernels, err);
	if (result)
		return result;
	store_transaction_end(store);
	for (size_t i = 0; i < kernels.count; i++) {
		const struct store_kernel *kernel = &kernels.items[i];

		rows_word(&rows, kernel->name);
		rows_word(&rows, kernel->release);
		rows_word(&rows, kernel->build_id);
		rows_word(&rows, kernel->profile_update);
		rows_count(&rows, kernel->object_count);
		rows_count(&rows, kernel->line_count);
		rows_count(&rows, kernel->trial_count);
	}
	rows.none = cov_xstrdup("no kernel is registered: 'covdb kernel add' registers one");
	rows.about = question_about("kernel list", NULL, NULL);
	question_print_rows(&rows, format);
	return 0;
}

static int remove_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	const char *name = arguments->operands[0];
	COV_AUTO(store_close) struct store *store = NULL;
	int result =
	    store_open(store_path(cov_option_value(arguments, "db")), STORE_WRITE, &store, err);

	if (result == 0)
		result = store_remove_kernel(store, name, err);
	if (result)
		return result;
	printf("kernel %s removed\n", name);
	return 0;
}

const struct cov_command cmd_kernel_add = {
	.name = "kernel add",
	.operands = "--notes DIR\n--kernel-file FILE\n--info FILE...",
	.summary = "register a kernel build, so that snapshots decode without its build tree",
	.details =
	    "All .gcno files below DIR are compiled into the database. If one cannot be read, "
	    "nothing is registered. One that is damaged is named, the others are registered, and "
	    "the exit status is 1: 'covdb kernel remove' takes the kernel out to add it again.\n\n"
	    "The .cmd files of Kbuild beside them say what else was compiled, without counters, as "
	    "assembly and what has GCOV_PROFILE := n: 'covdb cve' asks for that. With --sources, 'kernel diff', 'compare' "
	    "and 'patch' need no source tree.\n\n"
	    "What 'covdb kconfig' asks for, which options of the configuration each object needs, "
	    "the build tree's own Makefiles know: 'make -s -C TREE -f kernel-config/options.mk' "
	    "prints it, which takes some seconds and writes nothing into TREE.\n\n"
	    "With --kernel-file the kernel is one that 'covdb kernel pack' wrote elsewhere.\n\n"
	    "With --info the kernel is what tracefiles list, of lcov or of gcov's JSON, whatever "
	    "they are called: "
	    "such a kernel takes other tracefiles, but no snapshots. Give it all that will be "
	    "imported: lines that they do not list stay unknown.\n\n"
	    "Examples:\n"
	    "  $ covdb kernel add --notes /usr/src/linux --name server\n"
	    "  $ make -s -C linux -f kernel-config/options.mk >linux.options 2>warnings\n"
	    "  $ covdb kernel add --notes linux --options linux.options\n"
	    "  $ covdb kernel add --info idle.info lxc.info --name foreign",
	.options = add_options,
	.operand_count_max = FILES_MAX,
	.run = add_run,
};

const struct cov_command cmd_kernel_list = {
	.name = "kernel list",
	.operands = "",
	.summary = "the registered kernels",
	.details = "Example:\n  $ covdb kernel list --format json",
	.options = list_options,
	.is_paged = true,
	.run = list_run,
};

const struct cov_command cmd_kernel_remove = {
	.name = "kernel remove",
	.operands = "NAME",
	.summary = "remove a registered kernel that has no trials",
	.details = "A kernel with trials is refused: 'covdb trial remove' removes those first. The "
		   "file keeps its size; what is added later takes the room.\n\n"
		   "Example:\n  $ covdb kernel remove 6.1.192",
	.options = remove_options,
	.operand_count_min = 1,
	.operand_count_max = 1,
	.run = remove_run,
};
