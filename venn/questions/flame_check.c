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
#include "venn/questions/flame.h"
#include "venn/questions/selection.h"
#include "venn/store/store_load.h"

static const char events_folder[] = "kernel/events/";
static const double chance_min = 0.01;

void flame_check_deinit(struct flame_check *check)
{
	for (size_t i = 0; i < check->function_count; i++)
		free(check->functions[i].name);
	for (size_t i = 0; i < check->symbol_count; i++)
		free(check->symbols[i].name);
	kernel_deinit(&check->kernel);
	store_profile_functions_close(&check->lookup);
	store_profile_counted_deinit(&check->counted);
	store_tile_ids_deinit(&check->calls);
	store_tile_ids_deinit(&check->lines);
	free(check->functions);
	free(check->copies);
	free(check->symbols);
	free(check->slots);
	free(check->called);
	free(check->executed);
	free(check->denied);
	memset(check, 0, sizeof(*check));
}

int flame_check_open(struct store *store, int64_t kernel_id, struct flame_check *ret,
		     struct cov_error *err)
{
	*ret = (struct flame_check){ .store = store, .kernel_id = kernel_id };
	int result = store_load_universe(store, kernel_id, &ret->kernel, err);

	if (result == 0)
		result = store_profile_functions_open(store, kernel_id, ret->kernel.file_count,
						      &ret->lookup, err);
	if (result)
		return result;
	ret->calls = (struct store_tile_ids){ .store = store,
					      .kernel_id = kernel_id,
					      .line_count = ret->lookup.function_count,
					      .is_of_functions = true };
	ret->lines = (struct store_tile_ids){ .store = store,
					      .kernel_id = kernel_id,
					      .line_count = ret->kernel.line_count };
	ret->called = cov_xcalloc((ret->lookup.function_count + 63) / 64, sizeof(*ret->called));
	ret->executed = cov_xcalloc((ret->kernel.line_count + 63) / 64, sizeof(*ret->executed));
	return 0;
}

/* The first line id of a file from a line number on. */
static size_t find_line(const struct cov_kernel *kernel, size_t file_id, int64_t line)
{
	size_t low = kernel->file_line_first[file_id], high = kernel->file_line_first[file_id + 1];

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (kernel->line_numbers[middle] < (uint64_t)line)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Whether a trial executed a line of the range. Return: 1, 0; COV_ERR_STORE */
static int has_executed_line(struct flame_check *check, const struct store_range *range,
			     struct cov_error *err)
{
	size_t end = range->line_first + range->line_count;
	bool is_executed = false;
	int result = 0;

	check->lines.range = *range;
	for (size_t i = 0; result == 0 && range->line_count && i < check->counted.count; i++)
		result = store_tile_ids_trial(&check->lines, check->counted.trials[i],
					      check->executed, err);
	for (size_t id = range->line_first; id < end; id++)
		is_executed |= check->executed[id / 64] >> id % 64 & 1;
	for (size_t i = range->line_first / 64; i * 64 < end; i++)
		check->executed[i] = 0;
	return result ? result : is_executed;
}

/* Functions of one name are one: a symbol does not tell which of them it is. */
static int find_executed(struct flame_check *check, struct flame_check_function *function,
			 struct cov_error *err)
{
	const struct store_profile_function *copies = check->copies + function->copy_first;
	int result = 0;

	for (size_t i = 0; i < function->copy_count; i++) {
		if (check->called[copies[i].id / 64] >> copies[i].id % 64 & 1) {
			function->is_executed = true;
			return 0;
		}
	}
	for (size_t i = 0; result == 0 && i < function->copy_count; i++) {
		size_t first = find_line(&check->kernel, copies[i].file_id, copies[i].start_line);
		size_t end = find_line(&check->kernel, copies[i].file_id, copies[i].end_line + 1);
		const struct store_range range = { first, end > first ? end - first : 0 };

		result = has_executed_line(check, &range, err);
	}
	function->is_executed = result > 0;
	return result < 0 ? result : 0;
}

/* Where a name is in the slots, or the free one where it belongs. */
static size_t find_slot(const struct flame_check *check, const char *name, size_t length)
{
	size_t slot = cov_text_hash(name, length) & (check->slot_count - 1);

	for (; check->slots[slot]; slot = (slot + 1) & (check->slot_count - 1)) {
		const char *other = check->symbols[check->slots[slot] - 1].name;

		if (strncmp(other, name, length) == 0 && !other[length])
			break;
	}
	return slot;
}

/* At least half of the slots are free. */
static void grow_slots(struct flame_check *check)
{
	if (2 * check->symbol_count < check->slot_count)
		return;
	check->slot_count = check->slot_count ? 2 * check->slot_count : 1024;
	free(check->slots);
	check->slots = cov_xcalloc(check->slot_count, sizeof(*check->slots));
	for (size_t i = 0; i < check->symbol_count; i++) {
		const char *name = check->symbols[i].name;

		check->slots[find_slot(check, name, strlen(name))] = (uint32_t)i + 1;
	}
}

/* The functions of a name. @ret: index; SIZE_MAX if there is none */
static int add_function(struct flame_check *check, const char *name, size_t *ret,
			struct cov_error *err)
{
	size_t first = check->copy_count;
	int result = store_profile_functions_find(&check->lookup, name, &check->copies,
						  &check->copy_count, &check->copy_capacity, err);

	*ret = SIZE_MAX;
	if (result || check->copy_count == first)
		return result;
	check->functions = cov_grow(check->functions, check->function_count,
				    &check->function_capacity, sizeof(*check->functions));
	*ret = check->function_count++;
	check->functions[*ret] = (struct flame_check_function){
		.name = cov_xstrdup(name),
		.file = check->kernel.files[check->copies[first].file_id],
		.copy_first = first,
		.copy_count = check->copy_count - first,
	};
	return 0;
}

/* @ret: index of the symbol; what compilers append to a name is not looked for */
static int find_symbol(struct flame_check *check, const char *symbol, size_t length, size_t *ret,
		       struct cov_error *err)
{
	size_t plain_length = flame_symbol_length(symbol, length), function = SIZE_MAX, plain;
	int result = 0;

	grow_slots(check);
	size_t slot = find_slot(check, symbol, length);
	if (check->slots[slot]) {
		*ret = check->slots[slot] - 1;
		return 0;
	}
	COV_AUTO(free) char *name = cov_xstrndup(symbol, length);
	if (plain_length < length) {
		result = find_symbol(check, symbol, plain_length, &plain, err);
		function = result ? SIZE_MAX : check->symbols[plain].function;
	} else {
		result = add_function(check, name, &function, err);
	}
	if (result)
		return result;
	grow_slots(check);
	check->symbols = cov_grow(check->symbols, check->symbol_count, &check->symbol_capacity,
				  sizeof(*check->symbols));
	*ret = check->symbol_count++;
	check->symbols[*ret] = (struct flame_check_symbol){ .name = name, .function = function };
	check->slots[find_slot(check, symbol, length)] = (uint32_t)check->symbol_count;
	name = NULL;
	return 0;
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

/*
 * The function of a frame, with what the trials say of it.
 * @ret: NULL if it is not instrumented
 */
static int find_frame(struct flame_check *check, const char *frame, size_t length,
		      struct flame_check_function **ret, struct cov_error *err)
{
	size_t place;
	int result = find_symbol(check, frame, length, &place, err);

	*ret = NULL;
	if (result)
		return result;
	struct flame_check_symbol *symbol = &check->symbols[place];
	if (symbol->function == SIZE_MAX) {
		check->classes[FLAME_UNINSTRUMENTED] += symbol->profile != check->profile;
		symbol->profile = check->profile;
		return 0;
	}
	*ret = &check->functions[symbol->function];
	if ((*ret)->profile == check->profile)
		return 0;
	memset((*ret)->samples, 0, sizeof((*ret)->samples));
	(*ret)->profile = check->profile;
	return find_executed(check, *ret, err);
}

static int check_stack(struct flame_check *check, const struct store_profile_stack *stack,
		       struct cov_error *err)
{
	const char *frame = strchr(stack->frames, ';');
	bool is_before = frame && is_kernel_thread(frame + 1), is_recording = false;

	if (begins_with(stack->frames, "perf;"))
		return 0;
	for (; frame; frame = strchr(frame, ';')) {
		size_t length = strcspn(++frame, ";");
		struct flame_check_function *function;

		if (!flame_frame_is_kernel(frame, &length))
			continue;
		int result = find_frame(check, frame, length, &function, err);
		if (result)
			return result;
		if (!function)
			continue;
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
	return 0;
}

/* Whether it may be chance that all @samples are within the time sampled. */
static bool is_rare(int64_t samples, double sampled_share)
{
	return pow(sampled_share, (double)samples) >= chance_min;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp((*(const struct flame_check_function *const *)a)->name,
		      (*(const struct flame_check_function *const *)b)->name);
}

/* The last class that it has samples of is the worst. */
static void classify(struct flame_check *check, double sampled_share)
{
	for (size_t i = 0; i < check->function_count; i++) {
		struct flame_check_function *function = &check->functions[i];
		int64_t *denied = &function->samples[FLAME_DENIED];

		if (function->profile != check->profile)
			continue;
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
		if (!*denied)
			continue;
		check->denied = cov_grow(check->denied, check->denied_count,
					 &check->denied_capacity, sizeof(*check->denied));
		check->denied[check->denied_count++] = function;
	}
	if (check->denied_count)
		qsort(check->denied, check->denied_count, sizeof(*check->denied), compare_names);
}

/* Forget the profile before; which functions the trials of this one called. */
static int begin_profile(struct flame_check *check, const struct store_profile *profile,
			 struct cov_error *err)
{
	check->profile++;
	check->denied_count = 0;
	memset(check->classes, 0, sizeof(check->classes));
	memset(check->called, 0, (check->lookup.function_count + 63) / 64 * sizeof(*check->called));
	store_profile_counted_deinit(&check->counted);
	int result =
	    store_profile_counted(check->store, check->kernel_id, profile, &check->counted, err);
	if (result == 0 && !check->counted.count)
		result = selection_no_trials(check->store, check->kernel_id, profile->platform,
					     profile->workload, err);
	for (size_t i = 0; result == 0 && i < check->counted.count; i++)
		result = store_tile_ids_called(&check->calls, check->counted.trials[i],
					       check->called, err);
	return result;
}

int flame_check_profile(struct flame_check *check, const struct store_profile *profile,
			const struct store_profile_stacks *stacks, struct cov_error *err)
{
	int result = begin_profile(check, profile, err);

	for (size_t i = 0; result == 0 && i < stacks->count; i++)
		result = check_stack(check, &stacks->items[i], err);
	if (result)
		return result;
	double sampled_s = (double)profile->duration_ns / 1e9;
	double counted_s = (double)check->counted.duration_ns / 1e9;
	classify(check, sampled_s + counted_s > 0 ? sampled_s / (sampled_s + counted_s) : 1);
	return 0;
}
