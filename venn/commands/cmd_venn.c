/* cmd_venn.c - covdb venn: the exclusive regions of the platforms' footprints in a directory. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/suggest.h"
#include "collector/base/number.h"
#include "collector/base/screen.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/commands/cmd_venn_list.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/commands/question.h"
#include "venn/commands/range.h"
#include "venn/picture/picture.h"
#include "venn/print/rows.h"
#include "venn/questions/diagram.h"
#include "venn/questions/maintainers.h"
#include "venn/questions/subsystem.h"
#include "venn/store/store.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_query.h"

enum { BAR_WIDTH = 16, DEPTH_MAX = 100 };

/* Of --format, after those of rows. */
enum { FORMAT_SVG = ROWS_CSV_SAFE + 1 };

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "dir", 0, "DIR", "directory or file of the kernel (default: ., all of it)" },
	{ "depth", 0, "N", "also the directories up to N levels below, in one table" },
	{ "by", 0, "file|subsystem",
	  "a row per file, or per subsystem by MAINTAINERS of --kernel-src" },
	{ "subsystem", 0, "NAME", "of --by subsystem this one alone, as 'covdb find' names it" },
	{ "kernel-src", 0, "DIR", "source tree of the kernel" },
	{ "list", 0, "UNIT", "what of EXPRESSION: lines, functions or files (default: lines)" },
	{ "sort", 0, "ORDER", "of a list: place, rate (of lines), lines (of functions, files)" },
	OPTIONS_LIMIT(20),
	OPTIONS_WORKLOADS("workloads or groups, united (default: all)"),
	{ "platforms", 'p', "A,B,...", "these platforms, in this order (default: all)" },
	QUESTION_SETS,
	{ "rule", 0, "RULE",
	  "footprints by this rule: rate, poisson, permutation (default: those made last)" },
	{ "baseline", 0, "NAME", "footprints against this baseline (default: those made last)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	{ "format", 0, OPTIONS_FORMATS "|svg", "how to print; svg: a picture (default: text)" },
	OPTIONS_OUTPUT("svg"),
	OPTIONS_CSV_SAFE,
	{ 0 },
};

static json_t *region_platforms(const struct diagram *diagram, uint64_t mask)
{
	json_t *names = cov_json_array();

	for (size_t i = 0; i < diagram->query.platform_count; i++) {
		if (mask >> i & 1)
			cov_json_append(names, cov_json_name(diagram_platform(diagram, i)));
	}
	return names;
}

static json_t *row_json(const struct diagram *diagram, const struct diagram_row *row,
			const char *key)
{
	json_t *platforms = cov_json_array(), *totals = cov_json_object(),
	       *regions = cov_json_array(), *at_least = cov_json_object(),
	       *ranges = cov_json_object();

	for (size_t i = 0; i < diagram->query.platform_count; i++) {
		json_t *range = cov_json_object();

		range_set_json(diagram, &row->total_ranges[i], range);
		cov_json_set(ranges, diagram_platform(diagram, i), range);
		cov_json_append(platforms, cov_json_name(diagram_platform(diagram, i)));
		cov_json_set(totals, diagram_platform(diagram, i),
			     cov_json_integer(row->totals[i]));
		cov_json_set(at_least, diagram_platform(diagram, i),
			     isnan(row->at_least[i]) ? json_null()
						     : cov_json_real(row->at_least[i]));
	}
	for (size_t i = 0; i < row->region_count; i++) {
		json_t *region = cov_json_pack("{s:o, s:I}", "platforms",
					       region_platforms(diagram, row->regions[i].mask),
					       "lines", (json_int_t)row->regions[i].lines);

		range_set_json(diagram, &row->regions[i].range, region);
		cov_json_append(regions, region);
	}
	return cov_json_pack(
	    "{s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:o, s:o, s:o, s:o}", key,
	    cov_json_name(row->directory), "workload", cov_json_name(diagram->query.workloads.name),
	    "rule", cov_json_name(diagram->query.analysis.rule), "baseline",
	    cov_json_name(diagram->query.analysis.baseline), "platforms", platforms, "found",
	    (json_int_t)row->found, "objects_left_out", (json_int_t)diagram->objects_left_out,
	    "totals", totals, "regions", regions, "workloads",
	    question_workloads_json(&diagram->query), "at_least", at_least, "ranges", ranges);
}

static char *why_none(const struct diagram *diagram)
{
	return cov_format("no platform executes a line of %s beyond the baseline",
			  diagram->query.directory);
}

/* What the rows are, if not regions. */
struct parts {
	const char *key;   /* "dir", "subsystem", "file" */
	const char *title; /* NULL: there is one directory alone, and regions are the rows */
	size_t limit;      /* SIZE_MAX: all */
};

/* What was asked and the regions; with --depth or --by rows of them. */
static void print_json(const struct diagram *diagram, const struct parts *parts)
{
	json_t *whole = question_about("venn", diagram->query.kernel, &diagram->query);
	json_t *rows = NULL;

	size_t count = diagram->row_count;

	if (parts->title) {
		rows = cov_json_array();
		for (size_t i = 0; i < count && i < parts->limit; i++)
			cov_json_append(rows, row_json(diagram, &diagram->rows[i], parts->key));
	} else {
		COV_AUTO(json_decref)
		json_t *row = row_json(diagram, &diagram->rows[0], parts->key);

		if (json_object_update(whole, row) != 0)
			cov_out_of_memory();
		rows = json_incref(json_object_get(row, "regions"));
		count = json_array_size(rows);
	}
	if (!json_array_size(rows)) {
		COV_AUTO(free) char *none = why_none(diagram);

		cov_say("%s", none);
	}
	cov_json_set(whole, "count", cov_json_integer((int64_t)count));
	cov_json_set(whole, "rows", rows);
	rows_print_object(whole);
}

static void print_regions_only(const struct diagram *diagram, enum rows_format format)
{
	static const struct rows_column columns[] = {
		{ "PLATFORMS", "platforms", ROWS_SET },
		{ "LINES", "lines", ROWS_COUNT },
		RANGE_COLUMNS,
	};
	const struct diagram_row *row = &diagram->rows[0];
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns, .column_count = 2 + RANGE_COLUMN_COUNT };

	for (size_t i = 0; i < row->region_count; i++) {
		question_set(&diagram->query, row->regions[i].mask, &rows);
		rows_count(&rows, row->regions[i].lines);
		range_add(diagram, &row->regions[i].range, &rows);
	}
	rows.none = why_none(diagram);
	rows_print(&rows, format);
}

/* Every region that some row has, in the order of the first row that has it. */
static size_t list_masks(const struct diagram *diagram, uint64_t **ret)
{
	size_t count = 0, capacity = 0;

	*ret = NULL;
	for (size_t i = 0; i < diagram->row_count; i++) {
		for (size_t j = 0; j < diagram->rows[i].region_count; j++) {
			uint64_t mask = diagram->rows[i].regions[j].mask;
			size_t place = 0;

			while (place < count && (*ret)[place] != mask)
				place++;
			if (place < count)
				continue;
			*ret = cov_grow(*ret, count, &capacity, sizeof(**ret));
			(*ret)[count++] = mask;
		}
	}
	return count;
}

static int64_t region_lines(const struct diagram_row *row, uint64_t mask)
{
	for (size_t i = 0; i < row->region_count; i++) {
		if (row->regions[i].mask == mask)
			return row->regions[i].lines;
	}
	return 0;
}

/* One row per directory or subsystem, one column per region. */
static void print_many(const struct diagram *diagram, const struct parts *parts,
		       enum rows_format format)
{
	enum { DIRECTORY_COLUMNS = 3 };
	COV_AUTO(free) uint64_t *masks = NULL;
	size_t mask_count = list_masks(diagram, &masks);
	COV_AUTO(free)
	struct rows_column *columns = cov_xcalloc(DIRECTORY_COLUMNS + mask_count, sizeof(*columns));
	COV_AUTO(free) char **names = cov_xcalloc(mask_count, sizeof(*names));
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns, .column_count = DIRECTORY_COLUMNS + mask_count };

	columns[0] = (struct rows_column){ parts->title, parts->key, ROWS_WORD };
	columns[1] = (struct rows_column){ "FOUND", "found", ROWS_COUNT };
	columns[2] = (struct rows_column){ "EXECUTED", "executed", ROWS_COUNT };
	for (size_t i = 0; i < mask_count; i++) {
		names[i] = diagram_region_name(diagram, masks[i]);
		columns[DIRECTORY_COLUMNS + i] =
		    (struct rows_column){ names[i], names[i], ROWS_COUNT };
	}
	for (size_t i = 0; i < diagram->row_count && i < parts->limit; i++) {
		rows_word(&rows, diagram->rows[i].directory);
		rows_count(&rows, diagram->rows[i].found);
		rows_count(&rows, diagram->rows[i].united);
		for (size_t j = 0; j < mask_count; j++)
			rows_count(&rows, region_lines(&diagram->rows[i], masks[j]));
	}
	rows.none = why_none(diagram);
	options_print(&rows, format, diagram->row_count);
	for (size_t i = 0; i < mask_count; i++)
		free(names[i]);
}

static double share(int64_t part, int64_t whole)
{
	return whole ? (double)part / (double)whole : 0;
}

static void print_regions(const struct diagram *diagram)
{
	const struct diagram_row *row = &diagram->rows[0];
	static const struct rows_column ranges[] = { RANGE_TEXT_COLUMNS };
	size_t range_count = 1 + range_has_rules(diagram);
	size_t place = diagram->query.platform_count, column_count = place + 3 + range_count;
	COV_AUTO(free) struct rows_column *columns = cov_xcalloc(column_count, sizeof(*columns));
	COV_AUTO(free) unsigned char *leave = cov_xcalloc(column_count, sizeof(*leave));
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns, .column_count = column_count, .leave = leave };

	leave[column_count - 1] = ROWS_STAYS - 1; /* the bar */
	for (size_t i = 0; i < diagram->query.platform_count; i++)
		columns[i] = (struct rows_column){ diagram_platform(diagram, i), NULL, ROWS_WORD };
	columns[place++] = (struct rows_column){ "LINES", NULL, ROWS_COUNT };
	columns[place++] = (struct rows_column){ "SHARE", NULL, ROWS_SHARE };
	for (size_t i = 0; i < range_count; i++)
		columns[place++] = ranges[i];
	columns[place] = (struct rows_column){ "", NULL, ROWS_WORD };
	for (size_t i = 0; i < row->region_count; i++) {
		int64_t lines = row->regions[i].lines;
		char bar[BAR_WIDTH + 1] = "";
		size_t width = (size_t)(share(lines, row->regions[0].lines) * BAR_WIDTH + 0.5);

		for (size_t j = 0; j < diagram->query.platform_count; j++)
			rows_word(&rows, row->regions[i].mask >> j & 1 ? "x" : "-");
		rows_count(&rows, lines);
		rows_number(&rows, share(lines, row->united));
		range_add_text(diagram, &row->regions[i].range, &rows);
		memset(bar, '#', width);
		rows_word(&rows, bar);
	}
	rows_print(&rows, ROWS_TEXT);
}

static void print_totals(const struct diagram *diagram)
{
	static const struct rows_column columns[] = {
		{ "PLATFORM", "platform", ROWS_WORD },
		{ "LINES", "lines", ROWS_COUNT },
		{ "OF FOUND", "share_of_found", ROWS_SHARE },
		{ "ONLY HERE", "exclusive", ROWS_COUNT },
		{ "AT LEAST", "at_least", ROWS_FIGURE },
		RANGE_TEXT_COLUMNS,
	};
	const struct diagram_row *row = &diagram->rows[0];
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns, .column_count = 6 + range_has_rules(diagram) };

	for (size_t i = 0; i < diagram->query.platform_count; i++) {
		rows_word(&rows, diagram_platform(diagram, i));
		rows_count(&rows, row->totals[i]);
		rows_number(&rows, share(row->totals[i], row->found));
		rows_count(&rows, diagram_exclusive(row, i));
		rows_number(&rows, row->at_least[i]);
		range_add_text(diagram, &row->total_ranges[i], &rows);
	}
	rows_print(&rows, ROWS_TEXT);
	range_print_notes(diagram);
}

static int print_picture(const struct cov_arguments *arguments, const struct diagram *diagram,
			 struct cov_error *err)
{
	COV_AUTO(free) char *svg = picture_svg(diagram);

	return options_write(arguments, svg, err);
}

static void print_text(const struct diagram *diagram)
{
	const struct diagram_row *row = &diagram->rows[0];
	COV_AUTO(free) char *found = cov_number_grouped(row->found);
	COV_AUTO(free) char *united = cov_number_grouped(row->united);
	COV_AUTO(free) char *workloads = question_workloads(&diagram->query);

	cov_screen_print(0, "%s  %s lines found, %s executed (%s; rule %s against baseline %s)\n\n",
			 row->directory, found, united, workloads, diagram->query.analysis.rule,
			 diagram->query.analysis.baseline);
	if (diagram->objects_left_out)
		cov_screen_print(0,
				 "%lld objects were too damaged to compare, and are left out\n\n",
				 (long long)diagram->objects_left_out);
	if (row->region_count) {
		print_regions(diagram);
		putchar('\n');
	} else {
		COV_AUTO(free) char *none = why_none(diagram);

		cov_say("%s", none);
	}
	print_totals(diagram);
}

static int format_option(const struct cov_arguments *arguments, size_t depth, int *ret,
			 struct cov_error *err)
{
	enum rows_format format;
	bool is_picture;
	int result = options_format_or(arguments, "svg", &format, &is_picture, err);

	*ret = is_picture ? FORMAT_SVG : (int)format;
	if (result == 0 && is_picture && depth)
		return cov_fail(err, COV_ERR_USAGE,
				"a picture shows one directory: svg does not go with --depth");
	return result ? result : options_check_output(arguments, is_picture, "svg", err);
}

static int check_grouping(const struct cov_arguments *arguments, struct cov_error *err)
{
	static const char *const groups[] = { "subsystem", "file", NULL };
	const char *format = cov_option_value(arguments, "format");
	bool is_grouped = cov_option_value(arguments, "by");
	int group = -1; /* none */
	int result = cov_option_choice(arguments, "by", groups, &group, err);

	if (result)
		return result;
	bool by_subsystem = group == 0;
	bool has_source = by_subsystem ? options_kernel_src(arguments) != NULL
				       : cov_option_value(arguments, "kernel-src") != NULL;
	if (by_subsystem != has_source)
		return cov_fail(err, COV_ERR_USAGE,
				"--by subsystem and --kernel-src need each other");
	if (cov_option_value(arguments, "subsystem") && !by_subsystem)
		return cov_fail(err, COV_ERR_USAGE, "--subsystem needs --by subsystem");
	if (is_grouped && (arguments->operand_count || cov_option_value(arguments, "depth") ||
			   (format && strcmp(format, "svg") == 0)))
		return cov_fail(err, COV_ERR_USAGE,
				"--by does not go with EXPRESSION, --depth or svg");
	return 0;
}

/* Options of a list do not go with regions, nor theirs with a list. */
static int check_usage(const struct cov_arguments *arguments, struct cov_error *err)
{
	static const char *const of_list[] = { "list", "sort", "limit" };
	bool is_list = arguments->operand_count;

	for (size_t i = 0; i < sizeof(of_list) / sizeof(*of_list); i++) {
		if (is_list || !cov_option_value(arguments, of_list[i]) ||
		    (cov_option_value(arguments, "by") && strcmp(of_list[i], "limit") == 0))
			continue;
		return cov_fail(err, COV_ERR_USAGE, "--%s needs an EXPRESSION%s", of_list[i],
				strcmp(of_list[i], "limit") == 0 ? " or --by" : "");
	}
	if (is_list && cov_option_value(arguments, "depth"))
		return cov_fail(err, COV_ERR_USAGE, "--depth does not go with an EXPRESSION");
	int result = is_list ? options_check_output(arguments, false, "svg", err) : 0;
	return result ? result : check_grouping(arguments, err);
}

/* Of the rows of subsystems that of @name alone: one of no line has none. */
static int keep_subsystem(const char *name, const char *kernel_src, struct diagram *diagram,
			  struct cov_error *err)
{
	COV_AUTO(maintainers_deinit) struct maintainers maintainers = { 0 };
	size_t kept = 0;
	bool is_there = false;
	int result = maintainers_read(kernel_src, &maintainers, err);

	if (result)
		return result;
	for (size_t i = 0; i < maintainers.subsystem_count; i++)
		is_there |= strcmp(maintainers.subsystems[i], name) == 0;
	if (!is_there) {
		COV_AUTO(free)
		char *meant =
		    cov_suggest_of(name, maintainers.subsystems, maintainers.subsystem_count);

		return cov_fail(err, COV_ERR_MISMATCH, "%s/MAINTAINERS has no subsystem %s%s",
				kernel_src, name, meant);
	}
	for (size_t i = 0; i < diagram->row_count; i++) {
		const struct diagram_row row = diagram->rows[i];

		if (strcmp(row.directory, name) != 0)
			continue;
		diagram->rows[i] = diagram->rows[kept];
		diagram->rows[kept++] = row;
	}
	diagram_keep_rows(diagram, kept);
	return 0;
}

/* The regions of files or subsystems. */
static int read_by(const struct cov_arguments *arguments, struct store *store,
		   const struct store_asked *asked, struct diagram *ret, struct cov_error *err)
{
	const char *by = cov_option_value(arguments, "by");
	const char *kernel_src =
	    strcmp(by, "subsystem") == 0 ? options_kernel_src(arguments) : NULL;
	const char *name = cov_option_value(arguments, "subsystem");
	int result = subsystem_read(store, asked, kernel_src, ret, err);

	return result || !name ? result : keep_subsystem(name, kernel_src, ret, err);
}

/* The regions of a directory and those below, or of files or subsystems. */
static int read_diagram(const struct cov_arguments *arguments, size_t depth, struct diagram *ret,
			struct cov_error *err)
{
	const char *given = cov_option_value(arguments, "dir");
	COV_AUTO(free) char *directory = kernel_directory_name(given ? given : ".");
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel kernel = { 0 };
	struct store_asked asked = { .directory = directory };
	int result = question_platforms(arguments, &asked, err);

	if (result == 0)
		result = options_workloads(arguments, &asked.workloads, err);

	if (result == 0)
		result = options_store(arguments, STORE_READ, &store, &kernel, err);

	if (result == 0)
		result = options_choice(arguments, &kernel, &asked.choice, err);
	if (result)
		return result;
	result = cov_option_value(arguments, "by") ? read_by(arguments, store, &asked, ret, err)
						   : diagram_read(store, &asked, depth, ret, err);
	return result ? result
		      : store_query_left_out(store, &ret->query, &ret->objects_left_out, err);
}

/* What the rows are, as the options say. */
static int read_parts(const struct cov_arguments *arguments, enum rows_format format,
		      struct parts *ret, struct cov_error *err)
{
	const char *by = cov_option_value(arguments, "by");
	bool is_of_files = by && strcmp(by, "file") == 0;

	*ret = (struct parts){ "dir", cov_option_value(arguments, "depth") ? "DIRECTORY" : NULL,
			       SIZE_MAX };
	if (!by)
		return 0;
	ret->key = is_of_files ? "file" : "subsystem";
	ret->title = is_of_files ? "FILE" : "SUBSYSTEM";
	/* There are thousands of files, and as many subsystems as are asked for. */
	if (!is_of_files && !cov_option_value(arguments, "limit"))
		return 0;
	return options_limit(arguments, format, &ret->limit, err);
}

static int venn_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	struct parts parts;
	int format;
	uint64_t depth = 0;
	COV_AUTO(diagram_deinit) struct diagram diagram = { 0 };
	int result = check_usage(arguments, err);

	if (result == 0 && arguments->operand_count)
		return cmd_venn_list_run(arguments, err);
	if (result == 0)
		result = cov_option_number(arguments, "depth", 1, DEPTH_MAX, &depth, err);
	if (result == 0)
		result = format_option(arguments, depth, &format, err);
	if (result == 0)
		result = read_parts(arguments,
				    format == FORMAT_SVG ? ROWS_TEXT : (enum rows_format)format,
				    &parts, err);
	if (result == 0)
		result = read_diagram(arguments, depth, &diagram, err);
	if (result)
		return result;
	if (format == ROWS_JSON)
		print_json(&diagram, &parts);
	else if (format == FORMAT_SVG)
		return print_picture(arguments, &diagram, err);
	else if (parts.title)
		print_many(&diagram, &parts, (enum rows_format)format);
	else if (format == ROWS_TEXT)
		print_text(&diagram);
	else
		print_regions_only(&diagram, (enum rows_format)format);
	return 0;
}

const struct cov_command cmd_venn = {
	.name = "venn",
	.operands = "[EXPRESSION]",
	.operand_count_max = 1,
	.summary = "the exclusive regions of the platforms' footprints in a directory",
	.details =
	    "A region holds the lines that exactly its platforms execute beyond the "
	    "baseline. Regions are listed by size; SHARE is of all lines that any of the "
	    "platforms executes. AT LEAST so many lines are executed, kept by the rule or not, "
	    "and seen in some trial or not (Chao2, a lower bound). With --depth directories are rows and regions "
	    "columns.\n\n"
	    "OVER TRIALS are the fewest and the most lines in as many studies as there are "
	    "trials, up to ten, each without one of every platform and workload; OVER RULES those "
	    "by the rules that there are current footprints of, against the same baseline. In "
	    "JSON and CSV they are low, high, rule_low and rule_high, and resamples is how many "
	    "studies; null or empty where that cannot be told. Tables and CSV of --depth and --by "
	    "have no ranges, their JSON has; nor have pictures, and the rows of lists.\n\n"
	    "--by file has a row per file, most executed lines first; --by subsystem has one per section of the kernel's MAINTAINERS, by its F:, "
	    "X: and N: patterns. A file counts in each of its subsystems, so rows overlap, "
	    "and in THE REST only if it has no other.\n\n"
	    "EXPRESSION is a set of lines: platforms joined by & (both), | (either), - "
	    "(the first without the second) and ^ (one of both), with parentheses; & binds "
	    "tightest, the others go from left to right. The longest name that is a "
	    "platform's is read: a-b is the platform a-b if there is one, else a without "
	    "b. Listed are its lines, each with the executions per second of the platforms "
	    "in whose footprint it is; or the functions or files that hold at least one of "
	    "them, with how many. A line belongs to the innermost function around it; those that are in none, "
	    "as inline functions without a copy, are a row of their own for each file.\n\n"
	    "--sets compares what platforms execute because of one workload or another: "
	    "host/cpu,host/stream are two sets as two platforms are. A name without a workload is "
	    "the platform with those of --workload.\n\n"
	    "A picture is a Venn diagram of two or three platforms, its regions shaded by "
	    "size, or an UpSet plot of more.\n\n"
	    "Examples:\n"
	    "  $ covdb venn --dir net/\n"
	    "  $ covdb venn --dir arch/x86/kvm --workload cpu --platforms runc,gvisor\n"
	    "  $ covdb venn --dir arch/x86 --depth 2 --format csv\n"
	    "  $ covdb venn --dir net --platforms host,runc,gvisor --format svg -o net.svg\n"
	    "  $ covdb venn 'firecracker - (host | lxc)' --dir net/ --list functions\n"
	    "  $ covdb venn --dir net/bridge --by file\n"
	    "  $ covdb venn --by subsystem --kernel-src ~/linux --workload cpu\n"
	    "  $ covdb venn --by subsystem --subsystem 'SECURITY SUBSYSTEM' --kernel-src ~/linux\n"
	    "  $ covdb venn --sets runc/cpu,runc/stream --dir net\n"
	    "  $ covdb venn --dir mm --format json",
	.options = options,
	.is_paged = true,
	.run = venn_run,
};
