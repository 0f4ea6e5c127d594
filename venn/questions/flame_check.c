/* flame_check.c - a profile against the counters of the same platform and workload. */
#include "venn/questions/flame_check.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/questions/flame.h"
#include "venn/questions/selection.h"
#include "venn/store/store_load.h"

static const char events_folder[] = "kernel/events/";
static const double chance_min = 0.01;

void flame_check_deinit(struct flame_check *check)
{
	for (size_t i = 0; i < check->count; i++) {
		free(check->functions[i].name);
		free(check->functions[i].file);
	}
	free(check->functions);
	memset(check, 0, sizeof(*check));
}

/* Whether a line of the function was executed, however it was entered. */
static bool has_executed_line(const struct cov_kernel *kernel, const struct cov_counts *counts,
			      const struct store_profile_function *function)
{
	for (size_t id = kernel->file_line_first[function->file_id];
	     id < kernel->file_line_first[function->file_id + 1]; id++) {
		if (kernel->line_numbers[id] >= (uint64_t)function->start_line &&
		    kernel->line_numbers[id] <= (uint64_t)function->end_line && counts->lines[id])
			return true;
	}
	return false;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct flame_check_function *)a)->name,
		      ((const struct flame_check_function *)b)->name);
}

/* Functions of one name are one: a symbol does not tell which of them it is. */
static void unite(struct flame_check *check)
{
	size_t kept = 0;

	if (!check->count)
		return;
	qsort(check->functions, check->count, sizeof(*check->functions), compare_names);
	for (size_t i = 1; i < check->count; i++) {
		struct flame_check_function *last = &check->functions[kept];
		struct flame_check_function *next = &check->functions[i];

		if (strcmp(last->name, next->name) != 0) {
			check->functions[++kept] = *next;
			continue;
		}
		last->is_executed |= next->is_executed;
		free(next->name);
		free(next->file);
	}
	check->count = kept + 1;
}

static int read_functions(struct store *store, int64_t kernel_id, const char *trials,
			  struct flame_check *check, struct cov_error *err)
{
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	COV_AUTO(selection_deinit) struct selection selection = { 0 };
	COV_AUTO(store_profile_functions_deinit) struct store_profile_functions functions = { 0 };
	int result = store_load_kernel(store, kernel_id, &kernel, err);
	const struct selection_source source = { .store = store,
						 .kernel_id = kernel_id,
						 .kernel = &kernel };

	if (result == 0)
		result = selection_trials(&source, trials, &selection, err);
	if (result == 0)
		result = store_profile_functions(store, kernel_id, kernel.function_count,
						 kernel.file_count, &functions, err);
	if (result)
		return result;
	check->functions = cov_xcalloc(functions.count, sizeof(*check->functions));
	for (size_t i = 0; i < functions.count; i++) {
		struct store_profile_function *function = &functions.items[i];

		check->functions[check->count++] = (struct flame_check_function){
			.name = function->name,
			.file = cov_xstrdup(kernel.files[function->file_id]),
			.is_executed = selection.counts.functions[function->id] > 0 ||
				       has_executed_line(&kernel, &selection.counts, function),
		};
		function->name = NULL; /* now the check's */
	}
	unite(check);
	return 0;
}

static struct flame_check_function *find(struct flame_check *check, const char *symbol,
					 size_t length)
{
	COV_AUTO(free) char *name = cov_xstrndup(symbol, flame_symbol_length(symbol, length));
	const struct flame_check_function key = { .name = name };

	return check->count ? bsearch(&key, check->functions, check->count,
				      sizeof(*check->functions), compare_names)
			    : NULL;
}

/* Names that no instrumented function has, each once. */
struct names {
	char **items; /* [count]; owned */
	size_t count;
	size_t capacity;
};

static void names_deinit(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
}

COV_DEFINE_AUTO_STRUCT(struct names, names_deinit)

static void add_name(struct names *names, const char *name, size_t length)
{
	for (size_t i = 0; i < names->count; i++) {
		if (strncmp(names->items[i], name, length) == 0 && !names->items[i][length])
			return;
	}
	names->items =
	    cov_grow(names->items, names->count, &names->capacity, sizeof(*names->items));
	names->items[names->count++] = cov_xstrndup(name, length);
}

static bool begins_with(const char *text, const char *begin)
{
	return strncmp(text, begin, strlen(begin)) == 0;
}

/* A thread of the kernel, or the idle task, was not entered by a system call or an interrupt. */
static bool is_kernel_thread(const char *frame)
{
	size_t length = strcspn(frame, ";");

	return flame_frame_is_kernel(frame, &length) && !begins_with(frame, "entry_") &&
	       !begins_with(frame, "asm_");
}

static void check_stack(struct flame_check *check, const struct store_profile_stack *stack,
			struct names *names)
{
	const char *frame = strchr(stack->frames, ';');
	bool is_before = frame && is_kernel_thread(frame + 1), is_recording = false;

	if (begins_with(stack->frames, "perf;"))
		return;
	for (; frame; frame = strchr(frame, ';')) {
		size_t length = strcspn(++frame, ";");

		if (!flame_frame_is_kernel(frame, &length))
			continue;
		struct flame_check_function *function = find(check, frame, length);
		if (!function) {
			add_name(names, frame, length);
			continue;
		}
		is_before &= !function->is_executed;
		is_recording |= begins_with(function->file, events_folder);
		enum flame_check_class class = FLAME_DENIED;
		if (function->is_executed)
			class = FLAME_COUNTED;
		else if (is_before)
			class = FLAME_BEFORE;
		else if (is_recording)
			class = FLAME_RECORDING;
		function->samples[class] = cov_number_add(function->samples[class], stack->samples);
	}
}

/* Whether it may be chance that all @samples are within the time sampled. */
static bool is_rare(int64_t samples, double sampled_share)
{
	return pow(sampled_share, (double)samples) >= chance_min;
}

/* The last class that it has samples of is the worst. */
static void classify(struct flame_check *check, double sampled_share)
{
	for (size_t i = 0; i < check->count; i++) {
		struct flame_check_function *function = &check->functions[i];
		int64_t *denied = &function->samples[FLAME_DENIED];

		if (*denied && is_rare(*denied, sampled_share)) {
			function->samples[FLAME_RARE] = *denied;
			*denied = 0;
		}
		for (size_t j = FLAME_CLASSES; j-- > 0;) {
			if (function->samples[j]) {
				check->classes[j]++;
				break;
			}
		}
	}
}

int flame_check(struct store *store, const struct flame_check_asked *asked, struct flame_check *ret,
		struct cov_error *err)
{
	const struct store_profile *profile = asked->profile;
	COV_AUTO(free) char *trials = cov_format("%s/%s", profile->platform, profile->workload);
	COV_AUTO(flame_check_deinit) struct flame_check check = { 0 };
	COV_AUTO(names_deinit) struct names names = { 0 };
	int64_t counted_ns = 0;
	int result = store_profile_counted_ns(store, asked->kernel_id, profile, &counted_ns, err);

	if (result == 0)
		result = read_functions(store, asked->kernel_id, trials, &check, err);
	if (result)
		return result;
	for (size_t i = 0; i < asked->stacks->count; i++)
		check_stack(&check, &asked->stacks->items[i], &names);
	check.classes[FLAME_UNINSTRUMENTED] = names.count;
	double sampled_s = (double)profile->duration_ns / 1e9, counted_s = (double)counted_ns / 1e9;
	classify(&check, sampled_s + counted_s > 0 ? sampled_s / (sampled_s + counted_s) : 1);
	*ret = check;
	memset(&check, 0, sizeof(check));
	return 0;
}
