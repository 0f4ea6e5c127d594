/* cmd_cve.c - covdb cve: known vulnerabilities in the footprints of platforms. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/screen.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "venn/commands/commands.h"
#include "venn/commands/question.h"
#include "venn/exposure/exposure.h"
#include "venn/exposure/vex.h"
#include "venn/sets/mask.h"
#include "venn/store/store.h"
#include "venn/store/store_query.h"
#include "venn/store/store_transaction.h"

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	OPTIONS_WORKLOADS("workloads or groups, united (default: all)"),
	{ "platforms", 'p', "A,B,...", "these platforms, in this order (default: all)" },
	{ "rule", 0, "RULE",
	  "footprints by this rule: rate, poisson, permutation (default: those made last)" },
	{ "baseline", 0, "NAME", "footprints against this baseline (default: those made last)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	{ "dir", 0, "DIR", "directory or file of the kernel (default: ., all of it)" },
	{ "only", 0, "PLATFORM", "only what this platform alone executes" },
	{ "level", 0, "line|function|file",
	  "what has to be executed (default: the finest known of each)" },
	{ "release", 0, "VERSION", "records that apply to this version (default: the kernel's)" },
	{ "regions", 0, NULL, "how many exactly which platforms execute, instead of a list" },
	OPTIONS_LIMIT(20),
	{ "vex", 0, NULL, "a CycloneDX VEX document (JSON) instead" },
	OPTIONS_FORMAT,
	{ 0 },
};

enum { COLUMNS_FIXED = 6 };

/* What is asked and found. */
struct asked {
	struct question question;
	struct exposure_records records;
	struct exposure exposure;
	uint64_t only; /* place of the platform; 0: all is asked for */
};

static void asked_deinit(struct asked *asked)
{
	exposure_deinit(&asked->exposure);
	exposure_records_deinit(&asked->records);
	question_deinit(&asked->question);
}

COV_DEFINE_AUTO_STRUCT(struct asked, asked_deinit)

static bool is_listed(const struct asked *asked, const struct exposure_item *item)
{
	return !asked->only || item->executed == asked->only;
}

static size_t count_listed(const struct asked *asked)
{
	size_t count = 0;

	for (size_t i = 0; i < asked->exposure.count; i++)
		count += is_listed(asked, &asked->exposure.items[i]);
	return count;
}

/* How many are of a state on a platform. */
static int64_t count_state(const struct asked *asked, enum exposure_state state, size_t place)
{
	int64_t count = 0;

	for (size_t i = 0; i < asked->exposure.count; i++)
		count += exposure_state_of(&asked->exposure.items[i], place) == state;
	return count;
}

static char *join_files(const struct exposure_item *item)
{
	struct cov_text text = { 0 };

	for (size_t i = 0; i < item->file_count; i++)
		cov_text_print(&text, "%s%s", i ? ", " : "", item->files[i]->path);
	return text.data;
}

static char *join_functions(const struct exposure_item *item)
{
	struct cov_text text = { 0 };

	for (size_t i = 0; i < item->function_count; i++)
		cov_text_print(&text, "%s%s", i ? ", " : "", item->functions[i]);
	return text.data ? text.data : cov_xstrdup("");
}

static const char *level_of(const struct exposure_item *item)
{
	return item->rest == EXPOSURE_NOT_OBSERVED ? exposure_level_names[item->level] : NULL;
}

static void make_columns(const struct asked *asked, struct rows_column *columns, struct rows *rows)
{
	const struct store_query *query = &asked->question.query;
	struct rows_column *column = columns;

	*column++ = (struct rows_column){ "CVE", "cve", ROWS_WORD };
	*column++ = (struct rows_column){ "SCORE", "score", ROWS_FIGURE };
	*column++ = (struct rows_column){ "MATCH", "match", ROWS_WORD };
	for (size_t i = 0; i < query->platform_count; i++)
		*column++ = (struct rows_column){ query->platforms[i].name,
						  query->platforms[i].name, ROWS_WORD };
	*column++ = (struct rows_column){ "FIXED IN", "fixed_in", ROWS_WORD };
	*column++ = (struct rows_column){ "FILES", "files", ROWS_WORD };
	*column++ = (struct rows_column){ "FUNCTIONS", "functions", ROWS_WORD };
	rows->columns = columns;
	rows->column_count = (size_t)(column - columns);
}

static void add_row(const struct asked *asked, const struct exposure_item *item, struct rows *rows)
{
	const struct store_cve_concern *concern = item->concern;
	COV_AUTO(free) char *fixed = concern->fixed ? version_text(concern->fixed) : NULL;
	COV_AUTO(free) char *files = join_files(item);
	COV_AUTO(free) char *functions = join_functions(item);

	rows_word(rows, concern->name);
	rows_number(rows, concern->score);
	rows_word(rows, level_of(item));
	for (size_t i = 0; i < asked->question.query.platform_count; i++)
		rows_word(rows, exposure_state_names[exposure_state_of(item, i)]);
	rows_word(rows, fixed);
	rows_word(rows, files);
	rows_word(rows, functions);
}

static void add_states(const struct asked *asked, struct rows_column *columns, struct rows *rows)
{
	const struct store_query *query = &asked->question.query;

	columns[0] = (struct rows_column){ "STATE", "state", ROWS_WORD };
	for (size_t i = 0; i < query->platform_count; i++)
		columns[i + 1] = (struct rows_column){ query->platforms[i].name,
						       query->platforms[i].name, ROWS_COUNT };
	rows->columns = columns;
	rows->column_count = query->platform_count + 1;
	for (int state = 0; state < EXPOSURE_STATES; state++) {
		/* What is unknown is known to be so of a kernel, mostly. */
		if (state == EXPOSURE_UNKNOWN && !count_state(asked, EXPOSURE_UNKNOWN, 0))
			continue;
		rows_word(rows, exposure_state_names[state]);
		for (size_t i = 0; i < query->platform_count; i++)
			rows_count(rows, count_state(asked, (enum exposure_state)state, i));
	}
}

static void print_scope(const struct asked *asked)
{
	const struct exposure *exposure = &asked->exposure;
	COV_AUTO(free) char *version = version_text(asked->records.version);
	COV_AUTO(free) char *branch = version_text(version_branch(asked->records.version));
	COV_AUTO(free)
	char *newest =
	    asked->records.state.newest_fix ? version_text(asked->records.state.newest_fix) : NULL;
	COV_AUTO(free) char *records = cov_number_grouped(asked->records.state.records);
	COV_AUTO(free) char *apply = cov_number_grouped((int64_t)asked->records.concerns.count);

	question_print_scope(&asked->question);
	cov_screen_print(0, "%s of %s records apply to %s; ", apply, records, version);
	if (newest)
		cov_screen_print(0, "the newest fix of %s that they know is in %s\n", branch,
				 newest);
	else
		cov_screen_print(0, "they know no fix of %s\n", branch);
	if (!asked->records.is_compiled_known)
		cov_screen_print(
		    0, "which files were compiled without counters is unknown: 'covdb kernel add' "
		       "of the build tree stores it\n");
	if (exposure->fixed_count)
		cov_screen_print(0, "%zu are left out: the kernel's source has their fix\n",
				 exposure->fixed_count);
	if (exposure->coarse_count)
		cov_screen_print(0, "%zu are left out: nothing that fine is known of them\n",
				 exposure->coarse_count);
	putchar('\n');
}

/* What "not observed" leaves open. */
static void print_bounds(const struct asked *asked)
{
	const struct store_query *query = &asked->question.query;

	cov_screen_print(0, "\nnot observed is not unreachable:\n");
	for (size_t i = 0; i < query->platform_count; i++) {
		COV_AUTO(free) char *lines = cov_number_grouped(asked->exposure.extent.lines[i]);

		cov_screen_print(
		    0,
		    "%s: in %lld trials of each workload; what a trial executes with a chance "
		    "of up to %.0f %% may be missing (95 %% confidence); %s lines in the "
		    "footprint",
		    query->platforms[i].name, (long long)asked->exposure.extent.trials[i],
		    100 * exposure_chance(asked->exposure.extent.trials[i]), lines);
		if (!isnan(asked->exposure.extent.at_least[i])) {
			COV_AUTO(free)
			char *at_least =
			    cov_number_grouped((int64_t)(asked->exposure.extent.at_least[i] + 0.5));

			cov_screen_print(0, ", at least %s are executed (Chao2)", at_least);
		}
		cov_screen_print(0, "\n");
	}
}

static json_t *row_json(const struct asked *asked, const struct exposure_item *item)
{
	const struct store_cve_concern *concern = item->concern;
	COV_AUTO(free) char *fixed = concern->fixed ? version_text(concern->fixed) : NULL;
	json_t *files = cov_json_array(), *functions = cov_json_array(),
	       *states = cov_json_object();

	for (size_t i = 0; i < item->file_count; i++)
		cov_json_append(files, cov_json_name(item->files[i]->path));
	for (size_t i = 0; i < item->function_count; i++)
		cov_json_append(functions, cov_json_name(item->functions[i]));
	for (size_t i = 0; i < asked->question.query.platform_count; i++)
		cov_json_set(states, asked->question.query.platforms[i].name,
			     cov_json_name(exposure_state_names[exposure_state_of(item, i)]));
	return cov_json_pack(
	    "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "cve", cov_json_name(concern->name),
	    "title", cov_json_name(concern->title), "score", cov_json_real(concern->score),
	    "vector", *concern->vector ? cov_json_name(concern->vector) : json_null(), "match",
	    cov_json_name(level_of(item)), "fixed_in", cov_json_name(fixed), "files", files,
	    "functions", functions, "states", states);
}

static json_t *platforms_json(const struct store_query *query, uint64_t mask)
{
	json_t *list = cov_json_array();

	for (size_t i = 0; i < query->platform_count; i++) {
		if (mask >> i & 1)
			cov_json_append(list, cov_json_name(query->platforms[i].name));
	}
	return list;
}

static json_t *bounds_json(const struct asked *asked)
{
	const struct store_query *query = &asked->question.query;
	json_t *bounds = cov_json_object();

	for (size_t i = 0; i < query->platform_count; i++)
		cov_json_set(
		    bounds, query->platforms[i].name,
		    cov_json_pack("{s:I, s:o, s:I, s:o}", "trials",
				  (json_int_t)asked->exposure.extent.trials[i], "chance_missed",
				  cov_json_real(exposure_chance(asked->exposure.extent.trials[i])),
				  "lines", (json_int_t)asked->exposure.extent.lines[i],
				  "lines_at_least",
				  cov_json_real(asked->exposure.extent.at_least[i])));
	return bounds;
}

/* The keys that every command's object has, and those of all answers here. @rows is taken; there
 * are @count. */
static json_t *object_of(const struct asked *asked, json_t *rows, size_t count)
{
	const struct question *question = &asked->question;
	const struct store_query *query = &question->query;
	const struct exposure *exposure = &asked->exposure;
	COV_AUTO(free) char *version = version_text(asked->records.version);
	COV_AUTO(free)
	char *newest =
	    asked->records.state.newest_fix ? version_text(asked->records.state.newest_fix) : NULL;

	json_t *object = question_about("cve", question->kernel.name, query);

	cov_json_set(object, "dir", cov_json_name(query->directory));
	cov_json_set(object, "release", cov_json_name(version));
	cov_json_set(object, "records", cov_json_integer(asked->records.state.records));
	cov_json_set(object, "apply", cov_json_integer((int64_t)asked->records.concerns.count));
	cov_json_set(object, "newest_fix", cov_json_name(newest));
	cov_json_set(object, "compiled_known", json_boolean(asked->records.is_compiled_known));
	cov_json_set(object, "left_out_fixed", cov_json_integer((int64_t)exposure->fixed_count));
	cov_json_set(object, "left_out_coarse", cov_json_integer((int64_t)exposure->coarse_count));
	cov_json_set(object, "bounds", bounds_json(asked));
	cov_json_set(object, "count", cov_json_integer((int64_t)count));
	cov_json_set(object, "rows", rows);
	return object;
}

static char *why_none(const struct asked *asked)
{
	if (asked->only)
		return cov_xstrdup("no record: what applies is executed by others, too, or by "
				   "nobody");
	return cov_format("no record: none that applies is about %s",
			  asked->question.query.directory);
}

static void print_list(const struct asked *asked)
{
	const struct question *question = &asked->question;
	size_t platform_count = question->query.platform_count;
	COV_AUTO(free)
	struct rows_column *columns = cov_xcalloc(COLUMNS_FIXED + platform_count, sizeof(*columns));
	COV_AUTO(free)
	struct rows_column *state_columns = cov_xcalloc(platform_count + 1, sizeof(*columns));
	COV_AUTO(rows_deinit) struct rows rows = { 0 };
	COV_AUTO(rows_deinit) struct rows states = { 0 };
	size_t shown = 0;

	make_columns(asked, columns, &rows);
	for (size_t i = 0; i < asked->exposure.count; i++) {
		const struct exposure_item *item = &asked->exposure.items[i];

		if (!is_listed(asked, item) || shown++ >= question->limit)
			continue;
		add_row(asked, item, &rows);
	}
	rows.none = why_none(asked);
	if (question->format != ROWS_TEXT) {
		rows_print(&rows, question->format);
		return;
	}
	print_scope(asked);
	add_states(asked, state_columns, &states);
	rows_print(&states, ROWS_TEXT);
	putchar('\n');
	options_print(&rows, ROWS_TEXT, count_listed(asked));
	print_bounds(asked);
}

static void print_json(const struct asked *asked)
{
	COV_AUTO(free) char *none = why_none(asked);
	json_t *rows = cov_json_array();
	size_t shown = 0;

	for (size_t i = 0; i < asked->exposure.count; i++) {
		if (is_listed(asked, &asked->exposure.items[i]) && shown++ < asked->question.limit)
			cov_json_append(rows, row_json(asked, &asked->exposure.items[i]));
	}
	if (!json_array_size(rows))
		cov_say("%s", none);
	rows_print_object(object_of(asked, rows, count_listed(asked)));
}

/* Which platforms together execute what no other does, and what. */
struct region {
	uint64_t mask;
	json_t *names; /* owned until it is printed */
};

static int compare_regions(const void *a, const void *b)
{
	const struct region *first = a, *second = b;
	size_t first_count = json_array_size(first->names);
	size_t second_count = json_array_size(second->names);

	if (first_count != second_count)
		return first_count > second_count ? -1 : 1;
	return (first->mask > second->mask) - (first->mask < second->mask);
}

static size_t find_regions(const struct asked *asked, struct region **ret)
{
	struct region *regions = NULL;
	size_t count = 0, capacity = 0;

	for (size_t i = 0; i < asked->exposure.count; i++) {
		const struct exposure_item *item = &asked->exposure.items[i];
		size_t place = 0;

		if (!item->executed || !is_listed(asked, item))
			continue;
		while (place < count && regions[place].mask != item->executed)
			place++;
		if (place == count) {
			regions = cov_grow(regions, count, &capacity, sizeof(*regions));
			regions[count++] = (struct region){ item->executed, cov_json_array() };
		}
		cov_json_append(regions[place].names, cov_json_name(item->concern->name));
	}
	if (count)
		qsort(regions, count, sizeof(*regions), compare_regions);
	*ret = regions;
	return count;
}

static void print_regions(const struct asked *asked)
{
	static const struct rows_column columns[] = {
		{ "PLATFORMS", "platforms", ROWS_SET },
		{ "CVES", "cves", ROWS_COUNT },
	};
	const struct store_query *query = &asked->question.query;
	COV_AUTO(free) struct region *regions = NULL;
	COV_AUTO(rows_deinit) struct rows rows = { .columns = columns, .column_count = 2 };
	size_t count = find_regions(asked, &regions);
	json_t *list = cov_json_array();

	for (size_t i = 0; i < count; i++) {
		size_t cves = json_array_size(regions[i].names);

		question_set(query, regions[i].mask, &rows);
		rows_count(&rows, (int64_t)cves);
		cov_json_append(list, cov_json_pack("{s:o, s:I, s:o}", "platforms",
						    platforms_json(query, regions[i].mask), "cves",
						    (json_int_t)cves, "names", regions[i].names));
	}
	rows.none = cov_xstrdup("no region: no platform executes what a record is about");
	if (asked->question.format == ROWS_JSON) {
		if (!count)
			cov_say("%s", rows.none);
		rows_print_object(object_of(asked, list, count));
		return;
	}
	json_decref(list);
	if (asked->question.format == ROWS_TEXT)
		print_scope(asked);
	rows_print(&rows, asked->question.format);
	if (asked->question.format == ROWS_TEXT)
		print_bounds(asked);
}

static int find_version(const struct cov_arguments *arguments, const struct asked *asked,
			int64_t *ret, struct cov_error *err)
{
	const char *release = cov_option_value(arguments, "release");

	if (release && !version_parse(release, ret))
		return cov_fail(err, COV_ERR_USAGE,
				"--release takes a version as 6.1.192, not '%s'", release);
	if (!release && !version_parse(asked->question.kernel.release, ret))
		return cov_fail(err, COV_ERR_MISMATCH,
				"the version of kernel %s is not known, its release is '%s': use "
				"--release",
				asked->question.kernel.name, asked->question.kernel.release);
	return 0;
}

static int find(const struct cov_arguments *arguments, struct asked *asked, struct cov_error *err)
{
	static const char *const levels[] = { "file", "function", "line", NULL };
	const char *only = cov_option_value(arguments, "only");
	int level = EXPOSURE_FINEST;
	int64_t version = 0;
	size_t place = 0;
	int result = cov_option_choice(arguments, "level", levels, &level, err);

	if (result == 0)
		result = question_open(arguments, cov_option_value(arguments, "dir"), NULL,
				       &asked->question, err);
	if (result == 0)
		result = find_version(arguments, asked, &version, err);
	if (result == 0 && only)
		result = store_query_place(&asked->question.query, only, &place, err);
	if (result)
		return result;
	asked->only = only ? UINT64_C(1) << place : 0;
	const struct store_query *query = &asked->question.query;
	result = exposure_records_read(asked->question.store, query->kernel_id, query->directory,
				       version, &asked->records, err);
	return result ? result
		      : exposure_open(asked->question.store, &asked->records, query,
				      (enum exposure_level)level, &asked->exposure, err);
}

static int cve_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(asked_deinit) struct asked asked = { 0 };
	int result = find(arguments, &asked, err);

	if (result)
		return result;
	store_transaction_end(asked.question.store);
	if (cov_option_value(arguments, "vex"))
		rows_print_object(vex_make(&asked.exposure, &asked.question.query,
					   asked.question.kernel.release));
	else if (cov_option_value(arguments, "regions"))
		print_regions(&asked);
	else if (asked.question.format == ROWS_JSON)
		print_json(&asked);
	else
		print_list(&asked);
	return 0;
}

const struct cov_command cmd_cve = {
	.name = "cve",
	.operands = "",
	.summary = "known vulnerabilities in the code that each platform executes",
	.details =
	    "Of the records of 'covdb cve add', those that apply to the kernel's version, with "
	    "their files in DIR. On a platform, one is\n"
	    "\n"
	    "  executed          some of it is in the platform's footprint\n"
	    "  not observed      it is instrumented, and none of it is; that is not unreachable\n"
	    "  not instrumented  it is compiled without counters\n"
	    "  not compiled      no command of the kernel's build read any of its files\n"
	    "  unknown           what was compiled is not known\n"
	    "\n"
	    "MATCH says of what: of lines that the fix changes, of functions that the record's "
	    "text names, or of whole files. A record without anything as fine as --level is "
	    "left out.\n\n"
	    "In a VEX document, what is not compiled is not_affected for code_not_present, and all "
	    "else in_triage, with what was observed as properties.\n\n"
	    "Examples:\n"
	    "  $ covdb cve --dir net --only gvisor\n"
	    "  $ covdb cve --regions --level function\n"
	    "  $ covdb cve --vex >vex.json",
	.options = options,
	.is_paged = true,
	.run = cve_run,
};
