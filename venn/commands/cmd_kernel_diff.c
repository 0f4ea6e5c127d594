/* cmd_kernel_diff.c - covdb kernel diff: the lines and functions of one kernel in another. */
#include <stdlib.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/screen.h"
#include "collector/collector.h"
#include "venn/change/directories.h"
#include "venn/change/functions.h"
#include "venn/change/join.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/commands/question.h"
#include "venn/print/rows.h"
#include "venn/store/store.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_place.h"
#include "venn/store/store_transaction.h"

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "from", 0, "DIR[@REVISION]",
	  "the sources of OLD, or a git repository at a revision (default: where it was built)" },
	{ "to", 0, "DIR[@REVISION]", "the sources of NEW" },
	{ "dir", 0, "DIR", "directory or file of the kernels (default: ., all of them)" },
	{ "list", 0, "directories|functions|lines", "what the rows are (default: directories)" },
	OPTIONS_LIMIT(20),
	OPTIONS_FORMAT,
	{ 0 },
};

/* One of the two kernels. */
struct one {
	struct cov_kernel kernel;
	struct sources sources;
	struct functions functions;
};

static void one_deinit(struct one *one)
{
	functions_deinit(&one->functions);
	sources_deinit(&one->sources);
	kernel_deinit(&one->kernel);
}

COV_DEFINE_AUTO_STRUCT(struct one, one_deinit)

struct both {
	struct one old, new;
	struct join join;
	char *directory;                 /* canonical; owned */
	const char *old_name, *new_name; /* borrowed */
	enum rows_format format;
	size_t limit;
};

static void both_deinit(struct both *both)
{
	join_deinit(&both->join);
	one_deinit(&both->old);
	one_deinit(&both->new);
	free(both->directory);
}

COV_DEFINE_AUTO_STRUCT(struct both, both_deinit)

/* A directory that is in neither is noticed before anything is read. */
static int check_directory(struct store *store, const struct both *both, struct cov_error *err)
{
	const char *names[] = { both->old_name, both->new_name };
	int result = 0;

	for (size_t i = 0; i < 2; i++) {
		COV_AUTO(store_kernel_deinit) struct store_kernel about = { 0 };

		result = store_kernel_find(store, NULL, names[i], &about, err);
		if (result)
			return result;
		result = store_place_check(store, about.id, both->directory, err);
		if (result != COV_ERR_MISMATCH)
			return result;
	}
	return result;
}

static int load(const struct cov_arguments *arguments, struct both *both, struct cov_error *err)
{
	COV_AUTO(store_close) struct store *store = NULL;
	int result =
	    store_open(store_path(cov_option_value(arguments, "db")), STORE_READ, &store, err);

	if (result == 0)
		result = check_directory(store, both, err);
	if (result == 0)
		result = sources_load_kernel(store, arguments->operands[0],
					     cov_option_value(arguments, "from"), &both->old.kernel,
					     &both->old.sources, err);
	if (result == 0)
		result = sources_load_kernel(store, arguments->operands[1],
					     cov_option_value(arguments, "to"), &both->new.kernel,
					     &both->new.sources, err);
	if (result)
		return result;
	store_transaction_end(store);
	const struct join_kernel old = { &both->old.kernel, &both->old.sources };
	const struct join_kernel new = { &both->new.kernel, &both->new.sources };
	return join_kernels(old, new, &both->join, err);
}

/* How many lines of a row have each fate. */
struct fates {
	int64_t counts[JOIN_FATE_COUNT];
};

static void count_fates(const struct both *both, const struct one *one,
			const struct join_side *side, struct directories *directories,
			struct fates **fates)
{
	for (size_t i = 0; i < one->kernel.file_count; i++) {
		size_t before = directories->count;
		long row = directories_place(directories, one->kernel.files[i], both->directory);

		if (row == DIRECTORIES_NONE)
			continue;
		if (directories->count > before) {
			*fates = cov_xreallocarray(*fates, 2 * directories->count, sizeof(**fates));
			memset(*fates + 2 * before, 0, 2 * sizeof(**fates));
		}
		struct fates *own = *fates + 2 * row + (side == &both->join.new);
		for (uint32_t j = one->kernel.file_line_first[i];
		     j < one->kernel.file_line_first[i + 1]; j++)
			own->counts[side->fates[j]]++;
	}
}

static int64_t sum(const struct fates *fates)
{
	int64_t lines = 0;

	for (size_t i = 0; i < JOIN_FATE_COUNT; i++)
		lines += fates->counts[i];
	return lines;
}

/* @fates: of the old and of the new kernel */
static void add_directory(struct rows *rows, const char *name, const struct fates *fates)
{
	rows_word(rows, name);
	rows_count(rows, sum(&fates[0]));
	for (size_t i = 0; i < JOIN_FATE_COUNT; i++)
		rows_count(rows, fates[0].counts[i]);
	rows_count(rows, sum(&fates[1]));
	for (size_t i = JOIN_NO_CODE; i < JOIN_FATE_COUNT; i++)
		rows_count(rows, fates[1].counts[i]);
}

/* The keys before the rows. */
static void about(const struct both *both, struct rows *rows)
{
	rows->about = question_about("kernel diff", NULL, NULL);
	cov_json_set(rows->about, "old", cov_json_name(both->old_name));
	cov_json_set(rows->about, "new", cov_json_name(both->new_name));
	cov_json_set(rows->about, "dir", cov_json_name(both->directory));
}

static void print_directories(const struct both *both)
{
	static const struct rows_column columns[] = {
		{ "DIRECTORY", "directory", ROWS_WORD },
		{ "OLD", "old_lines", ROWS_COUNT },
		{ "SAME", "same", ROWS_COUNT },
		{ "MOVED", "moved", ROWS_COUNT },
		{ "NO CODE", "old_without_code", ROWS_COUNT },
		{ "CHANGED", "old_changed", ROWS_COUNT },
		{ "ONLY", "old_only", ROWS_COUNT },
		{ "NO SOURCE", "old_without_source", ROWS_COUNT },
		{ "NEW", "new_lines", ROWS_COUNT },
		{ "NO CODE", "new_without_code", ROWS_COUNT },
		{ "CHANGED", "new_changed", ROWS_COUNT },
		{ "ONLY", "new_only", ROWS_COUNT },
		{ "NO SOURCE", "new_without_source", ROWS_COUNT },
	};
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns,
			     .column_count = sizeof(columns) / sizeof(*columns) };
	COV_AUTO(directories_deinit) struct directories directories = { 0 };
	COV_AUTO(free) struct fates *fates = NULL;
	struct fates all[2] = { 0 };

	count_fates(both, &both->old, &both->join.old, &directories, &fates);
	count_fates(both, &both->new, &both->join.new, &directories, &fates);
	for (size_t i = 0; i < directories.count; i++) {
		add_directory(&rows, directories.names[i], fates + 2 * i);
		for (size_t j = 0; j < 2 * JOIN_FATE_COUNT; j++)
			all[j / JOIN_FATE_COUNT].counts[j % JOIN_FATE_COUNT] +=
			    fates[2 * i + j / JOIN_FATE_COUNT].counts[j % JOIN_FATE_COUNT];
	}
	if (both->format == ROWS_TEXT) {
		add_directory(&rows, "all", all);
		cov_screen_print(0, "%zu files renamed; files without source: %zu old, %zu new\n\n",
				 both->join.renamed_count, both->old.sources.missing_count,
				 both->new.sources.missing_count);
	}
	about(both, &rows);
	rows_print(&rows, both->format);
}

static bool is_below(const struct both *both, const char *file)
{
	size_t length = strlen(both->directory);

	return strcmp(both->directory, ".") == 0 || (strncmp(file, both->directory, length) == 0 &&
						     (file[length] == '/' || !file[length]));
}

/* Rows that are there, of which some are printed. */
struct shown {
	const struct both *both;
	struct rows *rows;
	size_t count;
};

static bool is_shown(struct shown *shown)
{
	return shown->count++ < shown->both->limit;
}

static void print_shown(const struct shown *shown)
{
	const struct both *both = shown->both;

	about(both, shown->rows);
	shown->rows->none = cov_format("neither kernel has a line of code in %s", both->directory);
	options_print(shown->rows, both->format, shown->count);
}

static void add_place(struct rows *rows, const struct one *one, uint32_t line)
{
	rows_word(rows, line == JOIN_NONE ? "" : one->kernel.files[one->kernel.line_files[line]]);
	if (line == JOIN_NONE)
		rows_missing(rows);
	else
		rows_count(rows, one->kernel.line_numbers[line]);
}

static void print_lines(const struct both *both)
{
	static const struct rows_column columns[] = {
		{ "OLD FILE", "old_file", ROWS_WORD }, { "LINE", "old_line", ROWS_NUMBER },
		{ "NEW FILE", "new_file", ROWS_WORD }, { "LINE", "new_line", ROWS_NUMBER },
		{ "BECAME", "became", ROWS_WORD },
	};
	COV_AUTO(rows_deinit) struct rows rows = { .columns = columns, .column_count = 5 };
	struct shown shown = { both, &rows, 0 };
	const struct cov_kernel *old = &both->old.kernel, *new = &both->new.kernel;

	for (size_t i = 0; i < old->line_count; i++) {
		if (!is_below(both, old->files[old->line_files[i]]) || !is_shown(&shown))
			continue;
		add_place(&rows, &both->old, (uint32_t)i);
		add_place(&rows, &both->new, both->join.old.lines[i]);
		rows_word(&rows, join_fate_name(both->join.old.fates[i]));
	}
	for (size_t i = 0; i < new->line_count; i++) {
		if (both->join.new.lines[i] != JOIN_NONE ||
		    !is_below(both, new->files[new->line_files[i]]) || !is_shown(&shown))
			continue;
		add_place(&rows, &both->old, JOIN_NONE);
		add_place(&rows, &both->new, (uint32_t)i);
		rows_word(&rows, join_fate_name(both->join.new.fates[i]));
	}
	print_shown(&shown);
}

/* Of a function, how many lines it has and how many of them are joined. */
struct extent {
	int64_t lines, joined;
};

static struct extent *measure(const struct one *one, const struct join_side *side)
{
	struct extent *extents = cov_xcalloc(one->functions.count, sizeof(*extents));

	for (size_t i = 0; i < one->kernel.line_count; i++) {
		uint32_t function = one->functions.of_lines[i];

		if (function == FUNCTIONS_NONE)
			continue;
		extents[function].lines++;
		extents[function].joined += side->lines[i] != JOIN_NONE;
	}
	return extents;
}

static void add_extent(struct rows *rows, const struct extent *extents, uint32_t function)
{
	if (function == FUNCTIONS_NONE) {
		rows_missing(rows);
		rows_missing(rows);
		return;
	}
	rows_count(rows, extents[function].lines);
	rows_count(rows, extents[function].joined);
}

/* The functions of both kernels, and what is known of each. */
struct meeting {
	const struct extent *olds, *news; /* borrowed */
};

static void add_function(struct shown *shown, const struct meeting *meeting, uint32_t old,
			 uint32_t new)
{
	const struct both *both = shown->both;
	const struct one *one = old == FUNCTIONS_NONE ? &both->new : &both->old;
	const struct functions_item *item =
	    &one->functions.items[old == FUNCTIONS_NONE ? new : old];

	if (!is_below(both, one->kernel.files[item->file]) || !is_shown(shown))
		return;
	rows_word(shown->rows, one->kernel.files[item->file]);
	rows_word(shown->rows, item->name);
	rows_word(shown->rows, old == FUNCTIONS_NONE   ? "only new"
			       : new == FUNCTIONS_NONE ? "only old"
			       : meeting->olds[old].lines == meeting->olds[old].joined &&
				       meeting->news[new].lines == meeting->news[new].joined
				   ? "same"
				   : "changed");
	add_extent(shown->rows, meeting->olds, old);
	add_extent(shown->rows, meeting->news, new);
}

static void print_functions(struct both *both)
{
	static const struct rows_column columns[] = {
		{ "FILE", "file", ROWS_WORD },          { "FUNCTION", "function", ROWS_WORD },
		{ "BECAME", "became", ROWS_WORD },      { "OLD LINES", "old_lines", ROWS_COUNT },
		{ "JOINED", "old_joined", ROWS_COUNT }, { "NEW LINES", "new_lines", ROWS_COUNT },
		{ "JOINED", "new_joined", ROWS_COUNT },
	};
	COV_AUTO(rows_deinit) struct rows rows = { .columns = columns, .column_count = 7 };
	struct shown shown = { both, &rows, 0 };

	functions_list(&both->old.kernel, &both->old.functions);
	functions_list(&both->new.kernel, &both->new.functions);
	COV_AUTO(free) struct extent *olds = measure(&both->old, &both->join.old);
	COV_AUTO(free) struct extent *news = measure(&both->new, &both->join.new);
	const struct meeting meeting = { olds, news };
	COV_AUTO(free)
	uint32_t *found = cov_xcalloc(both->old.functions.count, sizeof(*found));
	COV_AUTO(free) bool *is_found = cov_xcalloc(both->new.functions.count, sizeof(*is_found));
	functions_join(&both->old.functions, &both->new.functions, both->join.old.files, found);
	for (size_t i = 0; i < both->old.functions.count; i++) {
		add_function(&shown, &meeting, (uint32_t)i, found[i]);
		if (found[i] != FUNCTIONS_NONE)
			is_found[found[i]] = true;
	}
	for (size_t i = 0; i < both->new.functions.count; i++) {
		if (!is_found[i])
			add_function(&shown, &meeting, FUNCTIONS_NONE, (uint32_t)i);
	}
	print_shown(&shown);
}

static int kernel_diff_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	static const char *const lists[] = { "directories", "functions", "lines", NULL };
	const char *directory = cov_option_value(arguments, "dir");
	COV_AUTO(both_deinit) struct both both = { 0 };
	int list = 0;
	int result = cov_option_choice(arguments, "list", lists, &list, err);

	if (result == 0)
		result = options_format(arguments, &both.format, err);
	if (result == 0)
		result = options_limit(arguments, both.format, &both.limit, err);
	both.old_name = arguments->operands[0];
	both.new_name = arguments->operands[1];
	both.directory = kernel_directory_name(directory ? directory : ".");
	if (result == 0)
		result = load(arguments, &both, err);
	if (result)
		return result;
	if (list == 0)
		print_directories(&both);
	else if (list == 1)
		print_functions(&both);
	else
		print_lines(&both);
	return 0;
}

const struct cov_command cmd_kernel_diff = {
	.name = "kernel diff",
	.operands = "OLD NEW",
	.summary = "the lines and functions of one registered kernel in another",
	.details =
	    "Files are the same by path, or renamed by content; lines as git diff leaves them "
	    "unchanged. SAME lines have path and number, MOVED ones another number or path; of "
	    "lines with NO CODE only the text is there; in place of CHANGED ones there are others; "
	    "ONLY are those of one kernel. All of a file whose source is missing, on either side, "
	    "have NO SOURCE. With --list functions, BECAME is 'same' if all lines of a function "
	    "are joined. What is measured on both is compared by 'covdb compare'.\n\n"
	    "Examples:\n"
	    "  $ covdb kernel diff 5.4 6.1 --from /usr/src/linux-5.4 --to /usr/src/linux-6.1\n"
	    "  $ covdb kernel diff old new --from linux@v6.1 --to linux@v6.2 --dir net\n"
	    "  $ covdb kernel diff old new --list lines --format csv",
	.options = options,
	.operand_count_min = 2,
	.operand_count_max = 2,
	.is_paged = true,
	.run = kernel_diff_run,
};
