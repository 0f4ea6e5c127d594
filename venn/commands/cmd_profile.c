/* cmd_profile.c - covdb profile: where time is spent below a function, on one platform or two. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "venn/commands/cmd_profile_formats.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/commands/question.h"
#include "venn/picture/picture_flame.h"
#include "venn/print/rows.h"
#include "venn/questions/flame.h"
#include "venn/questions/flame_check.h"
#include "venn/questions/flame_profiles.h"
#include "venn/store/store.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_profile.h"
#include "venn/store/store_transaction.h"

/* Of the samples of a tree: what is less is in no table; machine formats have all. */
static const double share_shown_min = 0.005;

/* Those that are files of other programs. */
#define FILE_FORMATS "folded, speedscope or svg"

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "function", 'f', "A,B,...", "what these kernel functions call (default: all processes)" },
	{ "platform", 'p', "NAME", "profiles of this platform (default: the only one)" },
	{ "versus", 0, "NAME", "the difference to this platform" },
	{ "workload", 'w', "A,B,...", "of these workloads, united (default: all)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	{ "check", 0, NULL, "compare the functions sampled with the counters instead" },
	{ "format", 0, "text|folded|speedscope|svg|json", "how to print (default: text)" },
	OPTIONS_OUTPUT(FILE_FORMATS),
	{ 0 },
};

enum format { TEXT, FOLDED, SPEEDSCOPE, SVG, JSON };
static const char *const format_names[] = { "text", "folded", "speedscope", "svg", "json", NULL };

/* What is asked, and what there is to answer it. */
struct asked {
	struct store *store;        /* owned */
	struct store_kernel kernel; /* owned */
	struct store_profiles list; /* owned; of all platforms */
	struct flame_profiles profiles;
	int format;
};

static void asked_deinit(struct asked *asked)
{
	flame_profiles_deinit(&asked->profiles);
	store_profile_list_deinit(&asked->list);
	store_kernel_deinit(&asked->kernel);
	store_close(asked->store);
}

COV_DEFINE_AUTO_STRUCT(struct asked, asked_deinit)

/* The only platform that has profiles, when none was named. */
static int choose_platform(struct asked *asked, struct cov_error *err)
{
	const struct store_profiles *profiles = &asked->list;

	if (!profiles->count)
		return cov_fail(
		    err, COV_ERR_MISMATCH,
		    "kernel %s has no profiles: 'profiles: 1' in an experiment makes them, "
		    "'covdb import DIR/profiles' takes them",
		    asked->kernel.name);
	for (size_t i = 1; !asked->profiles.platforms[0] && i < profiles->count; i++) {
		if (strcmp(profiles->items[i].platform, profiles->items[0].platform) != 0)
			return cov_fail(
			    err, COV_ERR_USAGE,
			    "several platforms have profiles, as %s and %s: use --platform",
			    profiles->items[0].platform, profiles->items[i].platform);
	}
	if (!asked->profiles.platforms[0])
		asked->profiles.platforms[0] = profiles->items[0].platform;
	return 0;
}

static void add_node(struct rows *rows, const struct asked *asked, const struct flame_node *node)
{
	COV_AUTO(free)
	char *name = cov_format("%*s%s%s", 2 * (int)(node->depth - 1), "", node->name,
				node->is_kernel ? "" : " (program)");

	for (size_t side = 0; side < asked->profiles.flame.side_count; side++) {
		struct flame_share share = flame_share_of(&asked->profiles.flame, node, side);

		rows_number(rows, share.share);
		rows_number(rows, share.low);
		rows_number(rows, share.high);
		rows_count(rows, node->samples[side]);
	}
	if (asked->profiles.flame.side_count == FLAME_SIDES_MAX)
		rows_word(rows, flame_differs(&asked->profiles.flame, node) ? "yes" : "");
	rows_word(rows, name);
}

static bool is_shown(const struct flame *flame, const struct flame_node *node)
{
	for (size_t side = 0; side < FLAME_SIDES_MAX; side++) {
		if (flame->root.samples[side] &&
		    flame_share_of(flame, node, side).share >= share_shown_min)
			return true;
	}
	return false;
}

static void print_text(const struct asked *asked)
{
	static const struct rows_column one[] = {
		{ "SHARE", "share", ROWS_SHARE },      { "LOW", "low", ROWS_SHARE },
		{ "HIGH", "high", ROWS_SHARE },        { "SAMPLES", "samples", ROWS_COUNT },
		{ "FUNCTION", "function", ROWS_WORD },
	};
	static const struct rows_column two[] = {
		{ "SHARE", "share", ROWS_SHARE },
		{ "LOW", "low", ROWS_SHARE },
		{ "HIGH", "high", ROWS_SHARE },
		{ "SAMPLES", "samples", ROWS_COUNT },
		{ "VERSUS", "versus_share", ROWS_SHARE },
		{ "LOW", "versus_low", ROWS_SHARE },
		{ "HIGH", "versus_high", ROWS_SHARE },
		{ "SAMPLES", "versus_samples", ROWS_COUNT },
		{ "DIFFERS", "differs", ROWS_WORD },
		{ "FUNCTION", "function", ROWS_WORD },
	};
	bool is_one = asked->profiles.flame.side_count == 1;
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = is_one ? one : two, .column_count = is_one ? 5 : 10 };

	for (size_t side = 0; side < asked->profiles.flame.side_count; side++) {
		COV_AUTO(free) char *line = flame_profiles_describe(&asked->profiles, side);

		printf("%s%s\n", side ? "versus " : "", line);
	}
	for (const struct flame_node *node = flame_next(&asked->profiles.flame.root); node;
	     node = flame_next(node)) {
		if (is_shown(&asked->profiles.flame, node))
			add_node(&rows, asked, node);
	}
	rows_print(&rows, ROWS_TEXT);
}

static json_t *name_json(const char *name)
{
	return cov_json_text(name, strlen(name));
}

static json_t *side_json(const struct asked *asked, const struct flame_node *node, size_t side)
{
	struct flame_share share = flame_share_of(&asked->profiles.flame, node, side);

	return cov_json_pack("{s:o, s:I, s:o, s:o, s:o}", "platform",
			     name_json(asked->profiles.platforms[side]), "samples",
			     (json_int_t)node->samples[side], "share", cov_json_real(share.share),
			     "low", cov_json_real(share.low), "high", cov_json_real(share.high));
}

static json_t *row_json(const struct asked *asked, const struct flame_node *node)
{
	json_t *sides = cov_json_array();

	for (size_t side = 0; side < asked->profiles.flame.side_count; side++)
		cov_json_append(sides, side_json(asked, node, side));
	return cov_json_pack(
	    "{s:I, s:o, s:b, s:o, s:o}", "depth", (json_int_t)node->depth, "function",
	    name_json(node->name), "kernel", (int)node->is_kernel, "sides", sides, "differs",
	    asked->profiles.flame.side_count == FLAME_SIDES_MAX
		? cov_json_pack("b", (int)flame_differs(&asked->profiles.flame, node))
		: json_null());
}

/* With --check, all platforms unless one is named. */
static bool is_asked(const struct asked *asked, const struct store_profile *profile)
{
	bool ret = false;

	for (size_t side = 0; side < asked->profiles.flame.side_count; side++)
		ret |=
		    !asked->profiles.platforms[side] ||
		    flame_profiles_has(&asked->profiles, profile, asked->profiles.platforms[side]);
	return ret && flame_profiles_has_workload(&asked->profiles, profile);
}

static json_t *profiles_json(const struct asked *asked)
{
	json_t *list = cov_json_array();

	for (size_t i = 0; i < asked->list.count; i++) {
		const struct store_profile *profile = &asked->list.items[i];

		if (!is_asked(asked, profile))
			continue;
		cov_json_append(list, cov_json_pack("{s:o, s:o, s:I, s:o, s:I, s:I, s:I, s:b}",
						    "platform", name_json(profile->platform),
						    "workload", name_json(profile->workload),
						    "number", (json_int_t)profile->number, "event",
						    name_json(profile->event), "frequency_hz",
						    (json_int_t)profile->frequency_hz, "samples",
						    (json_int_t)profile->samples, "lost",
						    (json_int_t)profile->lost, "emulated",
						    (int)profile->is_emulated));
	}
	return list;
}

/* Each name once; NULL is none. */
static void add_name(json_t *names, const char *name)
{
	for (size_t i = 0; name && i < json_array_size(names); i++) {
		if (strcmp(json_string_value(json_array_get(names, i)), name) == 0)
			return;
	}
	if (name)
		cov_json_append(names, name_json(name));
}

/* The keys that every command's object has; @rows is taken. */
static json_t *object_of(const struct asked *asked, json_t *rows)
{
	json_t *platforms = cov_json_array(), *workloads = cov_json_array();

	for (size_t side = 0; side < asked->profiles.flame.side_count; side++)
		add_name(platforms, asked->profiles.platforms[side]);
	for (size_t i = 0; i < asked->list.count; i++) {
		const struct store_profile *profile = &asked->list.items[i];

		if (!is_asked(asked, profile))
			continue;
		add_name(platforms, profile->platform);
		add_name(workloads, profile->workload);
	}
	json_t *object = question_about("profile", asked->kernel.name, NULL);

	cov_json_set(object, "workloads", workloads);
	cov_json_set(object, "platforms", platforms);
	cov_json_set(object, "profiles", profiles_json(asked));
	cov_json_set(object, "emulated", json_boolean(asked->profiles.is_emulated));
	cov_json_set(object, "count", cov_json_integer((int64_t)json_array_size(rows)));
	cov_json_set(object, "rows", rows);
	return object;
}

static void print_json(const struct asked *asked)
{
	json_t *rows = cov_json_array();
	bool is_small = false;

	for (const struct flame_node *node = flame_next(&asked->profiles.flame.root); node;
	     node = flame_next(node))
		cov_json_append(rows, row_json(asked, node));
	for (size_t side = 0; side < asked->profiles.flame.side_count; side++)
		is_small |= flame_is_small(&asked->profiles.flame, side);
	COV_AUTO(json_decref) json_t *object = object_of(asked, rows);
	cov_json_set(object, "functions",
		     asked->profiles.flame.functions ? name_json(asked->profiles.flame.functions)
						     : json_null());
	cov_json_set(object, "too_few", cov_json_pack("b", (int)is_small));
	cov_json_print(object, JSON_COMPACT, stdout);
	putchar('\n');
}

/* free() it. */
static char *draw(const struct asked *asked)
{
	COV_AUTO(free) char *heading = flame_profiles_heading(&asked->profiles);
	COV_AUTO(free) char *remark = flame_profiles_remark(&asked->profiles);

	return picture_flame(&asked->profiles.flame, heading, remark);
}

/* The tree as another program's file; free() it. */
static char *file_of(const struct asked *asked)
{
	const struct flame *flame = &asked->profiles.flame;

	if (asked->format == FOLDED)
		return cmd_profile_formats_folded(flame, asked->profiles.is_emulated);
	if (asked->format == SPEEDSCOPE)
		return cmd_profile_formats_speedscope(flame,
						      (const char *const *)asked->profiles.names);
	return draw(asked);
}

static int print_tree(const struct cov_arguments *arguments, const struct asked *asked,
		      struct cov_error *err)
{
	if (asked->format == TEXT) {
		print_text(asked);
	} else if (asked->format == JSON) {
		print_json(asked);
	} else {
		COV_AUTO(free) char *file = file_of(asked);

		return options_write(arguments, file, err);
	}
	return 0;
}

/* What is said of one platform and workload, and its rows. */
struct comparison {
	struct rows rows;
	json_t *counts; /* owned */
	size_t denied;
};

static void comparison_deinit(struct comparison *comparison)
{
	rows_deinit(&comparison->rows);
	json_decref(comparison->counts);
}

COV_DEFINE_AUTO_STRUCT(struct comparison, comparison_deinit)

static void add_denied(struct comparison *comparison, const struct store_profile *profile,
		       const struct flame_check *check)
{
	for (size_t i = 0; i < check->denied_count; i++) {
		const struct flame_check_function *function = check->denied[i];

		rows_word(&comparison->rows, profile->platform);
		rows_word(&comparison->rows, profile->workload);
		rows_word(&comparison->rows, function->name);
		rows_word(&comparison->rows, function->file);
		rows_count(&comparison->rows, function->samples[FLAME_DENIED]);
	}
	comparison->denied += check->classes[FLAME_DENIED];
}

static json_t *classes_json(const struct store_profile *profile, const struct flame_check *check)
{
	static const char *const keys[] = {
		[FLAME_COUNTED] = "counted", [FLAME_UNINSTRUMENTED] = "not_instrumented",
		[FLAME_BEFORE] = "before",   [FLAME_RECORDING] = "recording",
		[FLAME_RARE] = "rare",       [FLAME_DENIED] = "denied",
	};
	json_t *object =
	    cov_json_pack("{s:o, s:o, s:I}", "platform", name_json(profile->platform), "workload",
			  name_json(profile->workload), "number", (json_int_t)profile->number);

	for (size_t i = 0; i < FLAME_CLASSES; i++)
		cov_json_set(object, keys[i], cov_json_integer((int64_t)check->classes[i]));
	return object;
}

static int compare(const struct asked *asked, const struct store_profile *profile,
		   struct flame_check *check, struct comparison *ret, struct cov_error *err)
{
	COV_AUTO(store_profile_stacks_deinit) struct store_profile_stacks stacks = { 0 };
	int result = store_profile_read(asked->store, profile->id, &stacks, err);

	if (result == 0)
		result = flame_check_profile(check, profile, &stacks, err);
	if (result)
		return result;
	add_denied(ret, profile, check);
	cov_json_append(ret->counts, classes_json(profile, check));
	if (asked->format == TEXT)
		printf("%s %s: functions of the kernel: %zu counted, %zu not instrumented, "
		       "%zu running since before the reset, %zu of perf's events, "
		       "%zu too rare to tell, %zu denied\n",
		       profile->platform, profile->workload, check->classes[FLAME_COUNTED],
		       check->classes[FLAME_UNINSTRUMENTED], check->classes[FLAME_BEFORE],
		       check->classes[FLAME_RECORDING], check->classes[FLAME_RARE],
		       check->classes[FLAME_DENIED]);
	return 0;
}

static int check_all(struct asked *asked, struct cov_error *err)
{
	static const struct rows_column columns[] = {
		{ "PLATFORM", "platform", ROWS_WORD }, { "WORKLOAD", "workload", ROWS_WORD },
		{ "FUNCTION", "function", ROWS_WORD }, { "FILE", "file", ROWS_WORD },
		{ "SAMPLES", "samples", ROWS_COUNT },
	};
	COV_AUTO(comparison_deinit)
	struct comparison comparison = { .rows = { .columns = columns, .column_count = 5 },
					 .counts = cov_json_array() };
	COV_AUTO(flame_check_deinit) struct flame_check check = { 0 };
	size_t count = 0;
	int result = flame_check_open(asked->store, asked->kernel.id, &check, err);

	for (size_t i = 0; result == 0 && i < asked->list.count; i++) {
		const struct store_profile *profile = &asked->list.items[i];

		if (!is_asked(asked, profile))
			continue;
		count++;
		result = compare(asked, profile, &check, &comparison, err);
	}
	if (result == 0 && !count)
		return cov_fail(err, COV_ERR_MISMATCH, "there is no such profile");
	if (result)
		return result;
	if (asked->format == TEXT && comparison.denied)
		rows_print(&comparison.rows, ROWS_TEXT);
	if (asked->format == JSON) {
		COV_AUTO(json_decref)
		json_t *object = object_of(asked, rows_to_json(&comparison.rows));

		cov_json_set(object, "checked", json_incref(comparison.counts));
		cov_json_print(object, JSON_COMPACT, stdout);
		putchar('\n');
	}
	return comparison.denied > 0;
}

static int open_asked(const struct cov_arguments *arguments, struct asked *ret,
		      struct cov_error *err)
{
	bool is_check = cov_option_value(arguments, "check") != NULL;
	struct flame_profiles *profiles = &ret->profiles;
	int result = cov_option_choice(arguments, "format", format_names, &ret->format, err);

	if (result == 0)
		result = options_check_output(arguments, ret->format != TEXT && ret->format != JSON,
					      FILE_FORMATS, err);
	profiles->list = &ret->list;
	profiles->platforms[0] = cov_option_value(arguments, "platform");
	profiles->platforms[1] = cov_option_value(arguments, "versus");
	profiles->workloads = cov_option_value(arguments, "workload");
	profiles->flame.side_count = profiles->platforms[1] ? FLAME_SIDES_MAX : 1;
	profiles->flame.functions = cov_option_value(arguments, "function");
	if (result == 0 && is_check &&
	    (profiles->platforms[1] || profiles->flame.functions ||
	     (ret->format != TEXT && ret->format != JSON)))
		return cov_fail(
		    err, COV_ERR_USAGE,
		    "--check goes with --platform, --workload and --format text or json "
		    "only");
	if (result == 0)
		result = options_store(arguments, STORE_READ, &ret->store, &ret->kernel, err);
	if (result == 0)
		result = store_profile_list(ret->store, ret->kernel.id, &ret->list, err);
	if (result == 0 && (!is_check || !ret->list.count))
		result = choose_platform(ret, err);
	return result;
}

static int profile_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(asked_deinit) struct asked asked = { 0 };
	int result = open_asked(arguments, &asked, err);

	if (result)
		return result;
	if (cov_option_value(arguments, "check"))
		return check_all(&asked, err);
	result = flame_profiles_read(asked.store, &asked.profiles, err);
	if (result)
		return result;
	for (size_t side = 0; side < asked.profiles.flame.side_count; side++) {
		if (asked.profiles.lost[side])
			cov_say("%s: perf lost %lld samples", asked.profiles.platforms[side],
				(long long)asked.profiles.lost[side]);
	}
	store_transaction_end(asked.store);
	if (asked.profiles.is_emulated)
		cov_say("sampled on an emulated processor: shares are those of the emulator");
	return print_tree(arguments, &asked, err);
}

const struct cov_command cmd_profile = {
	.name = "profile",
	.operands = "",
	.summary = "where time is spent below a function: flame graphs, compared and checked",
	.details =
	    "Profiles are made by 'profiles: 1' in an experiment. A tree has what functions of the "
	    "kernel call, with the share of the samples of the tree, a 95 % interval of it (Wilson), "
	    "and samples; text and svg leave out what is too small to see. perf's own samples are in "
	    "none. Of fewer than 100 samples it says that shares cannot be told apart. With --versus "
	    "a share differs if the 95 % interval of the difference does not contain 0.\n\n"
	    "folded is what flame graph tools read, with --versus what their difference tools read; "
	    "speedscope is the format of https://www.speedscope.app. What was sampled on an emulated "
	    "processor says so in each.\n\n"
	    "--check lists functions of the kernel that were sampled though the counters of the same "
	    "platform and workload say that they never ran, which is an error: the exit status is 1. "
	    "Told apart from these are functions that are not instrumented, that were running since "
	    "before the reset, that are of perf's events, and that are in so few samples that they "
	    "may have happened in one trial only (with a chance of at least 1 %).\n\n"
	    "Examples:\n"
	    "  $ covdb profile --function ksys_write --platform runc --workload file-write\n"
	    "  $ covdb profile -f vfs_write -p host --versus gvisor --format svg -o vfs.svg\n"
	    "  $ covdb profile -p microvm --format folded | flamegraph.pl >microvm.svg\n"
	    "  $ covdb profile --check",
	.options = options,
	.is_paged = true,
	.run = profile_run,
};
