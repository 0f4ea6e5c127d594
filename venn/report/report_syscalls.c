/* report_syscalls.c - which system calls may be made and were made, as a part of the report. */
#include "venn/report/report_syscalls.h"

#include <jansson.h>

#include "collector/base/json.h"
#include "venn/questions/syscall_use.h"
#include "venn/report/report_json.h"
#include "venn/store/store_syscalls.h"

/* What the platforms of a view made by their counters, in the table of the kernel. */
static int read_view(struct store *store, const struct report_view *view, struct syscall_use *use,
		     struct cov_error *err)
{
	COV_AUTO(store_function_list_deinit) struct store_functions functions = { 0 };
	int result = store_function_list(store, &view->query, syscall_use_glob, &functions, err);

	if (result)
		return result;
	syscall_use_kernel(use, &functions);
	for (size_t i = 0; i < view->query.platform_count; i++)
		syscall_use_add_platform(use, &view->query, &functions, i);
	return 0;
}

static void add_table(const struct syscall_use *use, struct cov_text *ret)
{
	struct report_column numbers = { 0 }, compiled = { 0 };

	report_json_set(ret, "source", cov_json_name(use->table.source));
	report_json_key(ret, "names");
	report_json_begin(ret, '[');
	for (size_t i = 0; i < SYSCALL_NUMBERS_MAX; i++) {
		if (!use->is_there[i])
			continue;
		report_json_value(ret, cov_json_name(use->table.names[i]));
		report_json_add(&numbers, (int64_t)i);
		report_json_add(&compiled, use->is_compiled[i]);
	}
	report_json_end(ret, ']');
	report_json_key(ret, "numbers");
	report_json_column(ret, &numbers);
	report_json_key(ret, "compiled");
	report_json_column(ret, &compiled);
	report_json_key(ret, "classes");
	report_json_begin(ret, '[');
	for (int class = BPF_ALLOWED; class <= BPF_DENIED; class ++)
		report_json_value(ret, cov_json_name(syscall_use_class_names[class]));
	report_json_end(ret, ']');
}

/* Pairs of a place in the table and how many calls, of the calls that were made. */
static void add_called(const struct syscall_use *use, const struct syscall_use_role *role,
		       struct cov_text *ret)
{
	struct report_column called = { 0 };
	int64_t place = 0;

	for (size_t i = 0; i < SYSCALL_NUMBERS_MAX; i++) {
		if (use->is_there[i] && role->is_called[i]) {
			report_json_add(&called, place);
			report_json_add(&called, role->calls[i]);
		}
		place += use->is_there[i];
	}
	report_json_column(ret, &called);
}

/* What its filters say of each call of the table. */
static void add_filters(const struct syscall_use *use, const struct syscall_use_role *role,
			struct cov_text *ret)
{
	const struct syscall_use_counts counts = syscall_use_count(use, role);
	struct report_column classes = { 0 };

	report_json_set(ret, "filters", cov_json_integer((int64_t)role->filter_count));
	report_json_key(ret, "counts");
	report_json_begin(ret, '[');
	for (int class = BPF_ALLOWED; class <= BPF_DENIED; class ++)
		report_json_number(ret, (int64_t)counts.classes[class]);
	report_json_end(ret, ']');
	report_json_key(ret, "answers");
	report_json_begin(ret, '[');
	for (size_t i = 0; i < SYSCALL_NUMBERS_MAX; i++) {
		if (!use->is_there[i])
			continue;
		COV_AUTO(free) char *answers = bpf_answers_text(&role->answers[i]);
		report_json_value(ret, cov_json_name(answers));
		report_json_add(&classes, role->classes[i]);
	}
	report_json_end(ret, ']');
	report_json_key(ret, "allowed");
	report_json_column(ret, &classes);
}

static void add_role(const struct syscall_use *use, const struct syscall_use_role *role,
		     struct cov_text *ret)
{
	report_json_begin(ret, '{');
	report_json_set(ret, "platform", cov_json_name(role->platform));
	report_json_set(ret, "role", cov_json_name(role->role));
	report_json_set(ret, "unread", cov_json_name(role->unread));
	report_json_set(ret, "threads",
			role->has_threads ? cov_json_integer(role->thread_count) : json_null());
	if (role->has_filters)
		add_filters(use, role, ret);
	if (role->role) {
		report_json_key(ret, "called");
		add_called(use, role, ret);
	}
	report_json_end(ret, '}');
}

/* What each platform of the study called in a view; null where it has no counters. */
static void add_platforms(const struct report_study *study, const struct syscall_use *use,
			  struct cov_text *ret)
{
	report_json_begin(ret, '[');
	for (size_t i = 0; i < study->platforms.count; i++) {
		const struct syscall_use_role *role =
		    syscall_use_find(use, study->platforms.items[i].name, NULL);

		if (role)
			add_called(use, role, ret);
		else
			report_json_value(ret, json_null());
	}
	report_json_end(ret, ']');
}

/* One view at a time: a role takes some memory. */
static int add_views(struct store *store, const struct report_study *study, struct cov_text *ret,
		     struct cov_error *err)
{
	int result = 0;

	report_json_key(ret, "views");
	report_json_begin(ret, '[');
	for (size_t i = 0; result == 0 && i < study->view_count; i++) {
		COV_AUTO(syscall_use_deinit) struct syscall_use use;

		result = syscall_use_begin(&use, err);
		if (result == 0)
			result = read_view(store, &study->views[i], &use, err);
		if (result == 0)
			add_platforms(study, &use, ret);
	}
	report_json_end(ret, ']');
	return result;
}

static void add_lost(const struct store_syscalls_trials *trials, struct cov_text *ret)
{
	report_json_key(ret, "lost");
	report_json_begin(ret, '[');
	for (size_t i = 0; i < trials->count; i++) {
		const struct store_syscalls *trial = &trials->items[i];

		if (!trial->file.lost)
			continue;
		report_json_begin(ret, '{');
		report_json_set(ret, "platform", cov_json_name(trial->platform));
		report_json_set(ret, "workload", cov_json_name(trial->workload));
		report_json_set(ret, "calls", cov_json_integer(trial->file.lost));
		report_json_end(ret, '}');
	}
	report_json_end(ret, ']');
}

int report_syscalls_json(struct store *store, const struct report_study *study,
			 struct cov_text *ret, struct cov_error *err)
{
	COV_AUTO(store_syscalls_list_deinit) struct store_syscalls_trials trials = { 0 };
	COV_AUTO(syscall_use_deinit) struct syscall_use use = { 0 };
	int result = store_syscalls_list(store, study->kernel->id, &trials, err);

	if (result == 0 && trials.count)
		result = syscall_use_begin(&use, err);
	if (result == 0 && trials.count) {
		for (size_t i = 0; i < trials.count; i++)
			syscall_use_add_trial(&use, trials.items[i].platform,
					      &trials.items[i].file);
		result = read_view(store, &study->views[0], &use, err);
	}
	if (result)
		return result;
	if (!use.compiled_count) {
		report_json_value(ret, json_null());
		return 0;
	}
	report_json_begin(ret, '{');
	add_table(&use, ret);
	report_json_key(ret, "roles");
	report_json_begin(ret, '[');
	for (size_t i = 0; i < use.role_count; i++)
		add_role(&use, use.roles[i], ret);
	report_json_end(ret, ']');
	add_lost(&trials, ret);
	result = add_views(store, study, ret, err);
	report_json_end(ret, '}');
	return result;
}
