/* cmd_syscalls.c - covdb syscalls: which system calls each platform may make, and which it made. */
#include <string.h>
#include <sys/utsname.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/number.h"
#include "collector/base/screen.h"
#include "collector/base/suggest.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "venn/commands/commands.h"
#include "venn/commands/question.h"
#include "venn/print/rows.h"
#include "venn/questions/syscall_use.h"
#include "venn/store/store_syscalls.h"
#include "venn/store/store_transaction.h"

static const struct cov_option options[] = {
	QUESTION_OPTIONS,
	OPTIONS_LIMIT(20),
	{ "profile", 0, "FILE",
	  "a seccomp profile instead: of an OCI runtime, Docker, Podman, or Firecracker" },
	{ "list", 0, "unused|beyond|all",
	  "calls one by one: allowed but never made, made but not by another platform, all" },
	{ "versus", 0, "PLATFORM", "the other platform of --list beyond (default: host)" },
	{ "role", 0, "ROLE", "only this role" },
	{ 0 },
};

enum list { LIST_NONE, LIST_UNUSED, LIST_BEYOND, LIST_ALL };

/* What is asked, and what there is to answer it. */
struct asked {
	struct question question; /* owned */
	struct syscall_use use;   /* owned */
	const char *role;         /* NULL: all */
	const char *versus;
	int list;
	bool has_kernel; /* a database was asked */
	bool has_table;  /* and it has counted trials, so that footprints say what is compiled */
};

static void asked_deinit(struct asked *asked)
{
	syscall_use_deinit(&asked->use);
	question_deinit(&asked->question);
}

COV_DEFINE_AUTO_STRUCT(struct asked, asked_deinit)

/* With --platforms, those: also without footprints. */
static bool is_asked(const struct cov_arguments *arguments, const char *platform)
{
	const char *list = cov_option_value(arguments, "platforms");
	size_t length = strlen(platform);

	for (const char *place = list; place; place = strchr(place, ',')) {
		place += *place == ',';
		if (strncmp(place, platform, length) == 0 &&
		    (!place[length] || place[length] == ','))
			return true;
	}
	return !list;
}

static int read_trials(struct asked *asked, const struct cov_arguments *arguments,
		       struct cov_error *err)
{
	COV_AUTO(store_syscalls_list_deinit) struct store_syscalls_trials trials = { 0 };
	int result =
	    store_syscalls_list(asked->question.store, asked->question.kernel.id, &trials, err);

	for (size_t i = 0; result == 0 && i < trials.count; i++) {
		const struct store_syscalls *trial = &trials.items[i];

		if (!is_asked(arguments, trial->platform))
			continue;
		if (trial->file.lost)
			cov_say("%s %s: perf lost %lld calls", trial->platform, trial->workload,
				(long long)trial->file.lost);
		syscall_use_add_trial(&asked->use, trial->platform, &trial->file);
	}
	return result;
}

/* The kernel's table, out of what was counted. @functions: of system calls */
static int read_table(struct asked *asked, const struct cov_arguments *arguments,
		      struct store_functions *functions, struct cov_error *err)
{
	struct question *question = &asked->question;

	/* It opens the database itself. */
	question_deinit(question);
	memset(question, 0, sizeof(*question));
	int result = question_open(arguments, NULL, NULL, question, err);
	if (result == 0)
		result = store_function_list(question->store, &question->query, syscall_use_glob,
					     functions, err);
	if (result)
		return result;
	asked->has_table = true;
	syscall_use_kernel(&asked->use, functions);
	if (!asked->use.compiled_count)
		return cov_fail(err, COV_ERR_MISMATCH,
				"kernel %s has no function __x64_sys_...: it is not one of x86-64 "
				"from 4.17 on",
				question->kernel.name);
	return 0;
}

/* @with_trials: else only the counters, for the platforms beside a profile */
static int read_study(struct asked *asked, const struct cov_arguments *arguments, bool with_trials,
		      struct cov_error *err)
{
	COV_AUTO(store_function_list_deinit) struct store_functions functions = { 0 };
	struct question *question = &asked->question;
	int result = options_store(arguments, STORE_READ, &question->store, &question->kernel, err);

	asked->has_kernel = true;
	if (result == 0 && question->kernel.trial_count)
		result = read_table(asked, arguments, &functions, err);
	if (result)
		return result;
	result = with_trials ? read_trials(asked, arguments, err) : 0;
	for (size_t i = 0; result == 0 && i < question->query.platform_count; i++)
		syscall_use_add_platform(&asked->use, &question->query, &functions, i);
	store_transaction_end(question->store);
	return result;
}

static int read_profile(struct asked *asked, const char *path, struct cov_error *err)
{
	COV_AUTO(seccomp_profile_deinit) struct seccomp_profile profile = { 0 };
	struct utsname name;

	uname(&name);
	const char *release = asked->has_kernel ? asked->question.kernel.release : name.release;
	const struct seccomp_subject subject = { seccomp_profile_docker, release };
	int result = seccomp_profile_read(path, &subject, &profile, err);
	for (size_t i = 0; result == 0 && i < profile.filter_count; i++) {
		COV_AUTO(bpf_program_deinit) struct bpf_program program = { 0 };
		size_t unknown;

		result = seccomp_compile(&profile.filters[i], path, &program, &unknown, err);
		if (result == 0)
			syscall_use_add_filter(&asked->use, path, profile.filters[i].role,
					       &program);
		if (result == 0 && unknown)
			cov_say("%s: %zu rules of %s are for calls that %s does not know", path,
				unknown, profile.filters[i].role, asked->use.table.source);
	}
	return result;
}

static void print_scope(const struct asked *asked)
{
	const struct syscall_use *use = &asked->use;

	if (asked->question.format != ROWS_TEXT)
		return;
	if (asked->has_table)
		cov_screen_print(
		    0, "x86-64, kernel %s: %zu system calls in its table, %zu of them compiled; ",
		    asked->question.kernel.name, use->there_count, use->compiled_count);
	else
		cov_screen_print(0, "x86-64: %zu system calls; ", use->there_count);
	cov_screen_print(0, "numbers and names of %s\n", use->table.source);
	if (asked->has_table)
		question_print_scope(&asked->question);
	else
		putchar('\n');
}

/* @count: rows that there are */
static void print_rows(const struct asked *asked, struct rows *rows, size_t count)
{
	const struct question *question = &asked->question;

	rows->about = question_about("syscalls", question->kernel.name,
				     asked->has_table ? &question->query : NULL);
	cov_json_set(rows->about, "table", cov_json_integer((int64_t)asked->use.there_count));
	cov_json_set(rows->about, "compiled",
		     asked->has_table ? cov_json_integer((int64_t)asked->use.compiled_count)
				      : json_null());
	cov_json_set(rows->about, "names_of", cov_json_name(asked->use.table.source));
	rows->none = cov_xstrdup(
	    asked->list == LIST_NONE ? "no role: no trial of system calls was imported, and none "
				       "was counted; 'syscalls: 1' in an experiment makes them"
	    : asked->list == LIST_UNUSED ? "no call: every one that a filter allows was made"
					 : "no call fits what was asked");
	print_scope(asked);
	options_print(rows, question->format, count);
}

static void add_count(struct rows *rows, bool is_known, size_t count)
{
	if (is_known)
		rows_count(rows, (int64_t)count);
	else
		rows_missing(rows);
}

static void print_table(const struct asked *asked)
{
	static const struct rows_column columns[] = {
		{ "PLATFORM", "platform", ROWS_WORD }, { "ROLE", "role", ROWS_WORD },
		{ "THREADS", "threads", ROWS_COUNT },  { "FILTERS", "filters", ROWS_COUNT },
		{ "ALLOWED", "allowed", ROWS_COUNT },  { "BY ARGUMENT", "by_argument", ROWS_COUNT },
		{ "DENIED", "denied", ROWS_COUNT },    { "EXECUTED", "executed", ROWS_COUNT },
		{ "OF", "table", ROWS_COUNT },         { "NOT KNOWN", "unread", ROWS_WORD },
	};
	/* What is the same of all; not that something could not be read. */
	static const unsigned char leave[] = { 0, 0, 8, 0, 0, 9, 0, 0, 10, ROWS_STAYS };
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns,
			     .column_count = sizeof(columns) / sizeof(columns[0]),
			     .leave = leave };

	for (size_t i = 0; i < asked->use.role_count; i++) {
		const struct syscall_use_role *role = asked->use.roles[i];
		struct syscall_use_counts counts = syscall_use_count(&asked->use, role);

		if (asked->role && (!role->role || strcmp(asked->role, role->role) != 0))
			continue;
		rows_word(&rows, role->platform);
		rows_word(&rows, role->role ? role->role : "all");
		add_count(&rows, role->has_threads, (size_t)role->thread_count);
		add_count(&rows, role->has_filters, role->filter_count);
		for (int class = BPF_ALLOWED; class <= BPF_DENIED; class ++)
			add_count(&rows, role->has_filters, counts.classes[class]);
		add_count(&rows, role->has_calls, counts.called);
		rows_count(&rows, (int64_t)asked->use.there_count);
		rows_word(&rows, role->unread);
	}
	print_rows(asked, &rows, rows.cell_count / rows.column_count);
}

/* Whether a list has this call of this role. */
static bool is_listed(const struct asked *asked, const struct syscall_use_role *role, size_t number)
{
	const struct syscall_use *use = &asked->use;

	if (!use->is_there[number] ||
	    (asked->role && (!role->role || strcmp(asked->role, role->role) != 0)))
		return false;
	switch (asked->list) {
	case LIST_UNUSED:
		return role->filter_count && role->classes[number] != BPF_DENIED &&
		       !role->is_called[number];
	case LIST_BEYOND:
		return strcmp(role->platform, asked->versus) != 0 && role->is_called[number] &&
		       !syscall_use_is_called(use, asked->versus, number);
	default:
		return true;
	}
}

static void add_call(struct rows *rows, const struct asked *asked,
		     const struct syscall_use_role *role, size_t number)
{
	COV_AUTO(free) char *answers = NULL;

	rows_word(rows, role->platform);
	rows_word(rows, role->role ? role->role : "all");
	rows_count(rows, (int64_t)number);
	rows_word(rows, asked->use.table.names[number]);
	if (asked->has_table)
		rows_bool(rows, asked->use.is_compiled[number]);
	else
		rows_missing(rows);
	rows_word(rows, role->has_filters ? syscall_use_class_names[role->classes[number]] : NULL);
	if (role->has_filters)
		answers = bpf_answers_text(&role->answers[number]);
	rows_word(rows, answers);
	if (role->has_calls)
		rows_count(rows, role->calls[number]);
	else
		rows_missing(rows);
}

static void print_list(const struct asked *asked)
{
	static const struct rows_column columns[] = {
		{ "PLATFORM", "platform", ROWS_WORD }, { "ROLE", "role", ROWS_WORD },
		{ "NUMBER", "number", ROWS_NUMBER },   { "CALL", "call", ROWS_WORD },
		{ "COMPILED", "compiled", ROWS_BOOL }, { "FILTER", "filter", ROWS_WORD },
		{ "ANSWERS", "answers", ROWS_WORD },   { "CALLS", "calls", ROWS_COUNT },
	};
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = columns,
			     .column_count = sizeof(columns) / sizeof(columns[0]) };
	size_t count = 0;

	for (size_t i = 0; i < asked->use.role_count; i++) {
		for (size_t number = 0; number < SYSCALL_NUMBERS_MAX; number++) {
			if (!is_listed(asked, asked->use.roles[i], number))
				continue;
			if (count++ < asked->question.limit)
				add_call(&rows, asked, asked->use.roles[i], number);
		}
	}
	print_rows(asked, &rows, count);
}

/* Options that are no question to a database. */
static int read_options(const struct cov_arguments *arguments, struct asked *asked,
			struct cov_error *err)
{
	static const char *const lists[] = { "none", "unused", "beyond", "all", NULL };
	const char *versus = cov_option_value(arguments, "versus");
	int result = cov_option_choice(arguments, "list", lists, &asked->list, err);

	if (result == 0)
		result = options_format(arguments, &asked->question.format, err);
	if (result == 0)
		result =
		    options_limit(arguments, asked->question.format, &asked->question.limit, err);
	if (result == 0 && versus && asked->list != LIST_BEYOND)
		return cov_fail(err, COV_ERR_USAGE, "--versus is of --list beyond");
	asked->role = cov_option_value(arguments, "role");
	asked->versus = versus ? versus : "host";
	return result;
}

static int check_asked(const struct asked *asked, struct cov_error *err)
{
	bool has_role = !asked->role;
	COV_AUTO(cov_suggestion_deinit)
	struct cov_suggestion suggestion = { .word = asked->role ? asked->role : "" };

	for (size_t i = 0; i < asked->use.role_count; i++) {
		const char *role = asked->use.roles[i]->role;

		has_role |= role && asked->role && strcmp(role, asked->role) == 0;
		if (role)
			cov_suggest(&suggestion, role);
	}
	COV_AUTO(free) char *only = cov_suggest_only(&suggestion);
	if (!has_role)
		return cov_fail(err, COV_ERR_MISMATCH, "there is no role '%s'%s", asked->role,
				only);
	if (asked->list == LIST_BEYOND && !syscall_use_find(&asked->use, asked->versus, NULL))
		return cov_fail(err, COV_ERR_MISMATCH,
				"there is no platform '%s' to compare with: use --versus",
				asked->versus);
	return 0;
}

static int syscalls_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	const char *profile = cov_option_value(arguments, "profile");
	COV_AUTO(asked_deinit) struct asked asked = { 0 };
	int result = read_options(arguments, &asked, err);

	if (result == 0)
		result = syscall_use_begin(&asked.use, err);
	if (result == 0 && (!profile || cov_option_value(arguments, "db")))
		result = read_study(&asked, arguments, !profile, err);
	if (result == 0 && profile)
		result = read_profile(&asked, profile, err);
	if (result == 0)
		result = check_asked(&asked, err);
	if (result)
		return result;
	if (asked.list == LIST_NONE)
		print_table(&asked);
	else
		print_list(&asked);
	return 0;
}

const struct cov_command cmd_syscalls = {
	.name = "syscalls",
	.operands = "",
	.summary = "which system calls each platform may make, and which it made",
	.details =
	    "A row for each role of a platform: how many system calls of the kernel's table its seccomp "
	    "filters allow whatever the arguments, by argument, and deny; and how many its threads made, in "
	    "trials of system calls ('syscalls: 1' in an experiment). The role 'all' is the platform by its "
	    "counters: calls beyond the baseline, as 'functions' has them. Threads without a filter may call "
	    "everything; 'others' are threads that were gone when the platform was ready. With --profile, "
	    "filters are those of a file, as libseccomp makes them; no database is needed, but with --db its "
	    "kernel's table and its platforms are beside them. Conditions of Docker's and Podman's profiles "
	    "are met as for Docker's default capabilities.\n\n"
	    "Examples:\n"
	    "  $ covdb syscalls\n"
	    "  $ covdb syscalls --list unused --role sentry\n"
	    "  $ covdb syscalls --list beyond --platforms host,gvisor\n"
	    "  $ covdb syscalls --profile /usr/share/containers/seccomp.json",
	.options = options,
	.is_paged = true,
	.run = syscalls_run,
};
