/* store_observer.c - what capturing itself executes, taken off the trials before any rate. */
#include "venn/store/store_observer.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/parallel.h"

static const int64_t SCALE_MAX = (int64_t)1 << 32;

static void set_deinit(struct store_observer_set *set)
{
	for (int64_t i = 0; set->items && i < set->count; i++)
		counters_few_deinit(&set->items[i]);
	free(set->items);
	counters_few_deinit(&set->sum);
}

void store_observer_deinit(struct store_observers *observers)
{
	for (size_t i = 0; i < observers->count; i++)
		set_deinit(&observers->sets[i]);
	free(observers->sets);
	free(observers->marks);
	memset(observers, 0, sizeof(*observers));
}

static bool is_same_capture(const struct store_capture *a, const struct store_capture *b)
{
	return a->is_known && b->is_known && a->way == b->way && a->within == b->within;
}

/* Whether both had the same files to read. */
static bool has_same_objects(const struct cov_kernel *kernel, const unsigned char *a,
			     const unsigned char *b)
{
	for (size_t i = 0; i < kernel->object_count; i++) {
		if ((a[i] == COV_OBJECT_ABSENT) != (b[i] == COV_OBJECT_ABSENT))
			return false;
	}
	return true;
}

static bool has_damage(const struct cov_kernel *kernel, const unsigned char *states)
{
	return memchr(states, COV_OBJECT_BAD, kernel->object_count) != NULL;
}

/* The set of what was captured so; its place, or @observers->count if there is none. */
static size_t find_set(const struct store_observers *observers, const struct cov_kernel *kernel,
		       const struct store_capture *capture, const unsigned char *states)
{
	size_t place = 0;

	while (place < observers->count &&
	       (!is_same_capture(&observers->sets[place].capture, capture) ||
		!has_same_objects(kernel, observers->sets[place].sum.states, states)))
		place++;
	return place;
}

/* Observers as they are read. */
struct collecting {
	struct store_observers observers; /* owned */
	const struct cov_kernel *kernel;
	bool is_apart; /* each of them is kept, too */
};

static void collecting_deinit(struct collecting *collecting)
{
	store_observer_deinit(&collecting->observers);
}

COV_DEFINE_AUTO_STRUCT(struct collecting, collecting_deinit)

static void add_set(struct collecting *collecting, const struct store_capture *capture,
		    const unsigned char *states)
{
	const struct cov_kernel *kernel = collecting->kernel;
	struct store_observers *observers = &collecting->observers;
	size_t place = observers->count++;

	observers->sets = cov_xreallocarray(observers->sets, place + 1, sizeof(*observers->sets));
	observers->sets[place] = (struct store_observer_set){ .capture = *capture };
	observers->sets[place].sum.states = cov_xmalloc(kernel->object_count);
	memcpy(observers->sets[place].sum.states, states, kernel->object_count);
}

/* @counters: empty then, if observers are kept */
static void add_observer(struct collecting *collecting, const struct store_capture *capture,
			 struct cov_few_counters *counters)
{
	const struct cov_kernel *kernel = collecting->kernel;
	struct store_observers *observers = &collecting->observers;
	size_t place = find_set(observers, kernel, capture, counters->states);

	if (!capture->is_known || has_damage(kernel, counters->states))
		return;
	if (place == observers->count)
		add_set(collecting, capture, counters->states);
	struct store_observer_set *set = &observers->sets[place];
	struct cov_few_counters sum;
	counters_few_sum(kernel, &set->sum, counters, &sum);
	counters_few_deinit(&set->sum);
	set->sum = sum;
	if (collecting->is_apart) {
		set->items =
		    cov_xreallocarray(set->items, (size_t)set->count + 1, sizeof(*set->items));
		set->items[set->count] = *counters;
		memset(counters, 0, sizeof(*counters));
	}
	set->count++;
}

static int64_t greatest_divisor(int64_t a, int64_t b)
{
	while (b) {
		int64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/*
 * The smallest number that is a multiple of that of every set. A set is not used with which it
 * would be so large that no counter had such a multiple in 64 bits.
 */
static void set_scale(struct store_observers *observers)
{
	size_t kept = 0;

	observers->scale = 1;
	for (size_t i = 0; i < observers->count; i++) {
		struct store_observer_set set = observers->sets[i];
		int64_t times = set.count / greatest_divisor(observers->scale, set.count);

		if (times > SCALE_MAX / observers->scale) {
			set_deinit(&set);
			continue;
		}
		observers->scale *= times;
		observers->sets[kept++] = set;
	}
	observers->count = kept;
}

void store_observer_mark(struct store_observers *observers, size_t counter_count)
{
	observers->marks = cov_xcalloc((counter_count + 7) / 8, 1);
	for (size_t i = 0; i < observers->count; i++) {
		struct counters_walk walk = counters_walk(&observers->sets[i].sum);

		while (counters_walk_next(&walk))
			observers->marks[walk.place / 8] = true;
	}
}

/* The trials of a group, unpacked on all processors. */
struct opening {
	const struct store_packed_trials *trials;
	const struct cov_kernel *kernel;
	const struct store_observers *observers; /* to be taken off; NULL: nothing is */
	struct cov_few_counters *items;          /* [trials->count]; owned */
	struct cov_error *errors; /* [trials->count], with a code if it failed; owned */
	bool *is_observed;        /* [trials->count], if observers belong to it; owned */
	struct cov_counters whole[COV_THREADS_MAX]; /* the one that a thread is at; owned */
};

static void opening_deinit(struct opening *opening)
{
	for (size_t i = 0; opening->items && i < opening->trials->count; i++)
		counters_few_deinit(&opening->items[i]);
	for (size_t i = 0; i < COV_THREADS_MAX; i++)
		counters_deinit(&opening->whole[i]);
	free(opening->items);
	free(opening->errors);
	free(opening->is_observed);
}

COV_DEFINE_AUTO_STRUCT(struct opening, opening_deinit)

/*
 * How many observers of each set belong to a trial. @needed: [observers->count], added to
 * Return: whether there are such observers.
 */
static bool count_needed(const struct store_observers *observers, const struct cov_kernel *kernel,
			 const struct store_capture *capture, const unsigned char *states,
			 int64_t *needed)
{
	const struct store_capture reset = { true, COV_MANIFEST_RESET, 0 };
	const struct store_capture difference = { true, COV_MANIFEST_DIFFERENCE, 0 };
	size_t place = find_set(observers, kernel, capture, states);

	if (place < observers->count) {
		needed[place]++;
		return true;
	}
	if (!capture->is_known || capture->way != COV_MANIFEST_RESET)
		return false;
	size_t first = find_set(observers, kernel, &reset, states);
	size_t within = find_set(observers, kernel, &difference, states);
	if (first == observers->count || within == observers->count)
		return false;
	needed[first]++;
	needed[within] += capture->within;
	return true;
}

/* A set that is taken off, counter by counter. */
struct taking {
	int64_t times; /* how often */
	struct counters_walk walk;
	bool is_ended; /* the walk is behind the last counter */
};

static void go_on(struct taking *taking)
{
	taking->is_ended = !counters_walk_next(&taking->walk);
}

/* [observers->count], before the first counter; free() it. */
static struct taking *begin_taking(const struct store_observers *observers, const int64_t *needed)
{
	struct taking *takings = cov_xcalloc(observers->count, sizeof(*takings));

	/* Dividing costs more than all else here, and there are millions of counters. */
	for (size_t i = 0; i < observers->count; i++) {
		takings[i].times = needed[i] * (observers->scale / observers->sets[i].count);
		takings[i].walk = counters_walk(&observers->sets[i].sum);
		go_on(&takings[i]);
	}
	return takings;
}

/* One counter, behind those that were asked for before. Return: whether it is within 64 bits. */
static bool take_off(const struct store_observers *observers, struct taking *takings, size_t index,
		     int64_t *value)
{
	__int128 left = (__int128)*value * observers->scale;

	for (size_t i = 0; i < observers->count; i++) {
		struct taking *taking = &takings[i];

		while (!taking->is_ended && taking->walk.place < index)
			go_on(taking);
		if (!taking->is_ended && taking->walk.place == index)
			left -= (__int128)taking->walk.value * taking->times;
	}
	*value = (int64_t)left;
	return left >= INT64_MIN && left <= INT64_MAX;
}

/* Whether eight counters are 0, in all observers, too. @index: of the first of them */
static bool are_all_zero(const struct store_observers *observers, const int64_t *values,
			 size_t index)
{
	int64_t any = observers->marks[index / 8];

	for (size_t i = 0; i < 8; i++)
		any |= values[index + i];
	return !any;
}

/*
 * Times the scale, without @needed observers of each set. What is larger than 64 bits hold cannot
 * be compared. Return: how many objects are left out for that.
 */
static size_t scale_counters(const struct store_observers *observers,
			     const struct cov_kernel *kernel, const int64_t *needed,
			     struct cov_counters *counters)
{
	COV_AUTO(free) struct taking *takings = begin_taking(observers, needed);
	size_t too_large = 0;

	for (size_t i = 0; observers->count && i < kernel->object_count; i++) {
		const struct cov_object *object = &kernel->objects[i];
		size_t index = object->counter_first, end = index + object->plan.counter_count;
		bool is_small = true;

		if (counters->states[i] != COV_OBJECT_DECODED)
			continue;
		while (index < end) {
			/* As most are. */
			if (index % 8 == 0 && end - index >= 8 &&
			    are_all_zero(observers, counters->values, index)) {
				index += 8;
				continue;
			}
			is_small &= take_off(observers, takings, index, &counters->values[index]);
			index++;
		}
		if (is_small)
			continue;
		memset(counters->values + object->counter_first, 0,
		       object->plan.counter_count * sizeof(int64_t));
		counters->states[i] = COV_OBJECT_BAD;
		counters->decoded_count--;
		too_large++;
	}
	return too_large;
}

static void open_one(void *context, size_t item, size_t thread)
{
	struct opening *opening = context;
	const struct store_observers *observers = opening->observers;
	const struct store_packed_trials *trials = opening->trials;
	struct cov_counters *counters = &opening->whole[thread];

	if (store_group_open_trial(trials, item, opening->kernel, counters,
				   &opening->errors[item]) != 0)
		return;
	if (observers) {
		COV_AUTO(free) int64_t *needed = cov_xcalloc(observers->count, sizeof(*needed));

		if (!trials->is_raw)
			opening->is_observed[item] =
			    count_needed(observers, opening->kernel, &trials->items[item].capture,
					 counters->states, needed);
		scale_counters(observers, opening->kernel, needed, counters);
	}
	counters_keep_few(opening->kernel, counters, &opening->items[item]);
}

/* Return: 0; what went wrong with the first trial that something went wrong with. */
static int open_all(struct opening *opening, struct cov_error *err)
{
	size_t count = opening->trials->count;

	opening->items = cov_xcalloc(count, sizeof(*opening->items));
	opening->errors = cov_xcalloc(count, sizeof(*opening->errors));
	opening->is_observed = cov_xcalloc(count, sizeof(*opening->is_observed));
	cov_parallel_for(count, open_one, opening);
	return cov_error_first(opening->errors, count, err);
}

static int add_group(struct collecting *collecting, const struct store_packed_trials *trials,
		     struct cov_error *err)
{
	COV_AUTO(opening_deinit)
	struct opening opening = { .trials = trials, .kernel = collecting->kernel };
	int result = open_all(&opening, err);

	for (size_t i = 0; result == 0 && i < trials->count; i++)
		add_observer(collecting, &trials->items[i].capture, &opening.items[i]);
	return result;
}

int store_observer_read(struct store *store, int64_t kernel_id, const struct cov_kernel *kernel,
			bool is_apart, struct store_observers *ret, struct cov_error *err)
{
	COV_AUTO(collecting_deinit)
	struct collecting collecting = { .kernel = kernel, .is_apart = is_apart };
	COV_AUTO(store_group_list_deinit) struct store_groups groups = { 0 };
	struct store_observers *observers = &collecting.observers;
	int result = store_group_list(store, kernel_id, &groups, err);

	for (size_t i = 0; result == 0 && i < groups.count; i++) {
		COV_AUTO(store_group_packed_deinit) struct store_packed_trials trials = { 0 };

		if (groups.items[i].kind != STORE_OBSERVER || groups.items[i].tracefile_count)
			continue;
		result = store_group_fetch(store, kernel_id, &groups.items[i], &trials, err);
		if (result == 0)
			result = add_group(&collecting, &trials, err);
	}
	if (result)
		return result;
	set_scale(observers);
	store_observer_mark(observers, kernel->counter_count);
	*ret = *observers;
	memset(observers, 0, sizeof(*observers));
	return 0;
}

void store_observer_parts_deinit(struct store_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		counters_few_deinit(&parts->items[i].counters);
		free(parts->items[i].needed);
	}
	memset(parts, 0, sizeof(*parts));
}

static struct cov_counters no_counters(const struct cov_kernel *kernel)
{
	return (struct cov_counters){
		.values = cov_block_take_zeroed(kernel->counter_count, sizeof(int64_t)),
		.states = cov_xcalloc(kernel->object_count, 1),
	};
}

/* Every so many-th trial, from the one of the part's own number on. */
static int add_part(const struct store_observers *observers,
		    const struct store_packed_trials *trials, const struct cov_kernel *kernel,
		    size_t index, struct store_parts *parts, struct cov_error *err)
{
	struct store_part *part = &parts->items[index];
	COV_AUTO(counters_deinit) struct cov_counters sum = { 0 };

	part->needed = cov_xcalloc(observers->count, sizeof(*part->needed));
	for (size_t i = index; i < trials->count; i += parts->count) {
		COV_AUTO(counters_deinit) struct cov_counters counters = { 0 };
		int result = store_group_open_trial(trials, i, kernel, &counters, err);

		if (result)
			return result;
		if (!trials->is_raw)
			part->observed += count_needed(observers, kernel, &trials->items[i].capture,
						       counters.states, part->needed);
		if (i == index) {
			sum = counters;
			memset(&counters, 0, sizeof(counters));
		} else {
			counters_add(kernel, &sum, &counters);
		}
	}
	if (!sum.values)
		sum = no_counters(kernel);
	counters_keep_few(kernel, &sum, &part->counters);
	return 0;
}

int store_observer_part(const struct store_observers *observers,
			const struct store_packed_trials *trials, const struct cov_kernel *kernel,
			size_t resample_count, struct store_parts *ret, struct cov_error *err)
{
	COV_AUTO(store_observer_parts_deinit)
	struct store_parts parts = { .count = resample_count ? resample_count : 1 };
	int result = 0;

	for (size_t i = 0; result == 0 && i < parts.count; i++)
		result = add_part(observers, trials, kernel, i, &parts, err);
	if (result)
		return result;
	*ret = parts;
	memset(&parts, 0, sizeof(parts));
	return 0;
}

struct store_observed store_observer_sum(const struct store_observers *observers,
					 const struct store_parts *parts,
					 const struct cov_kernel *kernel, size_t without,
					 struct cov_counters *ret)
{
	COV_AUTO(free) int64_t *needed = cov_xcalloc(observers->count, sizeof(*needed));
	struct store_observed observed = { 0 };

	*ret = no_counters(kernel);
	for (size_t i = 0; i < parts->count; i++) {
		if (i == without)
			continue;
		observed.trials += parts->items[i].observed;
		for (size_t j = 0; j < observers->count; j++)
			needed[j] += parts->items[i].needed[j];
		counters_add_few(kernel, ret, &parts->items[i].counters);
	}
	observed.too_large = scale_counters(observers, kernel, needed, ret);
	return observed;
}

int store_observer_add(const struct store_observers *observers,
		       const struct store_packed_trials *trials, const struct cov_kernel *kernel,
		       struct cov_counters *ret, struct store_observed *observed,
		       struct cov_error *err)
{
	COV_AUTO(store_observer_parts_deinit) struct store_parts parts = { .count = 0 };
	int result = store_observer_part(observers, trials, kernel, 0, &parts, err);

	if (result == 0)
		*observed = store_observer_sum(observers, &parts, kernel, parts.count, ret);
	return result;
}

int store_observer_open(const struct store_observers *observers,
			const struct store_packed_trials *trials, const struct cov_kernel *kernel,
			struct store_snapshots *ret, struct cov_error *err)
{
	COV_AUTO(opening_deinit)
	struct opening opening = { .trials = trials, .kernel = kernel, .observers = observers };
	int result = open_all(&opening, err);

	if (result)
		return result;
	*ret = (struct store_snapshots){
		.items = opening.items,
		.durations_ns = cov_xcalloc(trials->count, sizeof(*ret->durations_ns)),
		.count = trials->count,
		.scale = observers->scale,
	};
	opening.items = NULL;
	for (size_t i = 0; i < trials->count; i++) {
		ret->durations_ns[i] = trials->items[i].duration_ns;
		ret->observed_count += opening.is_observed[i];
	}
	return 0;
}
