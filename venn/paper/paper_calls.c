/* paper_calls.c - panels that say how many system calls the threads of platforms may make. */
#include "venn/paper/paper_calls.h"

#include <jansson.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/questions/syscall_use.h"
#include "venn/store/store_syscalls.h"

/* Whether the trial's platform had the network that the value is of: the host's, or not. */
static bool has_network(const struct store_syscalls *trial, const struct paper_value *value)
{
	COV_AUTO(json_decref) json_t *manifest = json_loads(trial->manifest, 0, NULL);
	const json_t *settings = json_object_get(manifest, "settings");
	const char *network = json_string_value(json_object_get(settings, "network"));
	bool is_host = network && strcmp(network, "host") == 0;

	return is_host == (value->network && strcmp(value->network, "host") == 0);
}

static bool is_first(const struct store_syscalls_trials *trials, size_t place)
{
	for (size_t i = 0; i < place; i++) {
		if (strcmp(trials->items[i].platform, trials->items[place].platform) == 0)
			return false;
	}
	return true;
}

static int64_t count_trials(const struct store_syscalls_trials *trials, const char *platform)
{
	int64_t count = 0;

	for (size_t i = 0; i < trials->count; i++)
		count += strcmp(trials->items[i].platform, platform) == 0;
	return count;
}

static void add_rows(const struct paper_study *study, const struct store_syscalls_trials *trials,
		     const struct syscall_use *use, const struct paper_value *value,
		     struct paper_answer *answer)
{
	const char *label = paper_answer_label(study->book, value->platform);
	COV_AUTO(cov_text_deinit) struct cov_text item = { 0 };
	size_t count = answer->count;

	for (size_t i = 0; i < value->threads.count; i++)
		cov_text_print(&item, "%s%s", i ? " + " : "", value->threads.texts[i]);
	if (value->at)
		cov_text_print(&item, ", %s", value->at);
	for (size_t i = 0; i < trials->count; i++) {
		const struct store_syscalls *trial = &trials->items[i];
		size_t allowed = syscall_use_allowed(use, trial->platform, value->threads.texts,
						     value->threads.count);

		if (!allowed || !is_first(trials, i) || !has_network(trial, value))
			continue;
		struct paper_row *row =
		    paper_answer_add(answer, cov_xstrdup(item.data), label, trial->platform);
		row->paper = value->value;
		row->here = (double)allowed;
		row->trials = count_trials(trials, trial->platform);
	}
	if (answer->count == count)
		paper_answer_add(answer, cov_xstrdup(item.data), label, NULL)->paper = value->value;
}

/* The table of the kernel that was measured. */
static int read_table(const struct paper_study *study, struct syscall_use *use,
		      struct cov_error *err)
{
	const struct store_asked asked = { .choice = study->choice, .directory = "." };
	COV_AUTO(store_query_deinit) struct store_query query = { 0 };
	COV_AUTO(store_function_list_deinit) struct store_functions functions = { 0 };
	int result = store_query_open(study->store, &asked, &query, err);

	if (result == 0)
		result =
		    store_function_names(study->store, &query, syscall_use_glob, &functions, err);
	if (result == 0)
		syscall_use_kernel(use, &functions);
	return result;
}

int paper_calls(const struct paper_study *study, struct paper_answer *answer, struct cov_error *err)
{
	const struct store_syscalls_trials *trials = study->syscalls;
	COV_AUTO(syscall_use_deinit) struct syscall_use use = { 0 };

	if (!trials->count)
		return cov_fail(err, COV_ERR_MISMATCH,
				"the study has no trials of system calls ('syscalls: 1')");
	int result = syscall_use_begin(&use, err);
	if (result == 0)
		result = read_table(study, &use, err);
	if (result)
		return result;
	for (size_t i = 0; i < trials->count; i++)
		syscall_use_add_trial(&use, trials->items[i].platform, &trials->items[i].file);
	for (size_t i = 0; i < answer->panel->value_count; i++)
		add_rows(study, trials, &use, &answer->panel->values[i], answer);
	answer->command = cov_xstrdup("covdb syscalls");
	answer->note = cov_format("of %zu calls in the kernel's table; by argument or whatever the "
				  "arguments",
				  use.there_count);
	return 0;
}
