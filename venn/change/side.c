/* side.c - one side of a comparison: how often each trial executed each line of a kernel. */
#include "venn/change/side.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/parallel.h"
#include "collector/base/text.h"
#include "venn/store/store.h"
#include "venn/store/store_group.h"
#include "venn/store/store_load.h"
#include "venn/store/store_observer.h"
#include "venn/store/store_tracefile.h"

static const double ns_per_s = 1e9;

void side_close(struct side *side)
{
	if (!side->is_borrowing)
		store_close(side->store);
	side->store = NULL;
}

void side_deinit(struct side *side)
{
	side_close(side);
	if (!side->is_borrowing) {
		kernel_deinit(&side->kernel);
		store_observer_deinit(&side->observers);
	}
	store_kernel_deinit(&side->about);
	for (size_t i = 0; i < side->workload_count; i++)
		free(side->workloads[i]);
	free(side->workloads);
	free(side->places);
	free(side->rates);
	observations_deinit(&side->observations);
	free(side->is_left_out);
	free(side->database);
	memset(side, 0, sizeof(*side));
}

/* Lines of objects that ran, with what each trial counted; one of several objects is there for
 * each. */
struct executed {
	uint32_t *lines; /* [count]; owned, as are the next two */
	int64_t *counts; /* [count][trials] */
	bool *has_run;   /* [count][trials], fully or partly */
	size_t count, capacity;
};

static void executed_deinit(struct executed *executed)
{
	free(executed->lines);
	free(executed->counts);
	free(executed->has_run);
}

/* Room for a line more. Return: its place. */
static size_t executed_add(struct executed *executed, uint32_t line, size_t trial_count)
{
	if (executed->count == executed->capacity) {
		size_t capacity = executed->capacity = 2 * executed->count + 1024;

		executed->lines =
		    cov_xreallocarray(executed->lines, capacity, sizeof(*executed->lines));
		executed->counts = cov_xreallocarray(executed->counts, capacity * trial_count,
						     sizeof(*executed->counts));
		executed->has_run = cov_xreallocarray(executed->has_run, capacity * trial_count,
						      sizeof(*executed->has_run));
	}
	executed->lines[executed->count] = line;
	return executed->count++;
}

/* One trial on its way. */
struct reading_trial {
	struct store_group group; /* borrows its texts; its number is that of the trial */
	size_t observation;
	struct store_packed_trials packed; /* of this trial alone; owned, as is what follows */
	struct store_snapshots snapshot;   /* likewise */
	struct cov_error err;              /* code 0 when fine */
};

/* The trials of a side, which are evaluated on all processors. */
struct reading {
	struct side *side;
	struct reading_trial *trials; /* [count]; owned */
	size_t count;
	struct reading_thread {
		struct executed executed; /* owned, as is what follows */
		struct evaluate_scratch scratch;
		int64_t *counts;       /* [count][line_capacity], of an object */
		unsigned char *states; /* the same */
		size_t line_capacity;
	} threads[COV_THREADS_MAX];
};

static void reading_deinit(struct reading *reading)
{
	for (size_t i = 0; i < reading->count; i++) {
		struct reading_trial *trial = &reading->trials[i];

		store_group_packed_deinit(&trial->packed);
		store_group_snapshots_deinit(&trial->snapshot);
	}
	for (size_t i = 0; i < COV_THREADS_MAX; i++) {
		struct reading_thread *thread = &reading->threads[i];

		executed_deinit(&thread->executed);
		evaluate_scratch_deinit(&thread->scratch);
		free(thread->counts);
		free(thread->states);
	}
	free(reading->trials);
}

COV_DEFINE_AUTO_STRUCT(struct reading, reading_deinit)

static int fetch(struct reading *reading, const struct side_name_members *members,
		 struct cov_error *err)
{
	struct side *side = reading->side;
	const struct observations *observations = &side->observations;
	int result = 0;

	reading->trials = cov_xcalloc(observations->trial_count, sizeof(*reading->trials));
	for (size_t i = 0; result == 0 && i < observations->trial_count; i++) {
		const struct observations_trial *asked = &observations->trials[i];
		struct reading_trial *trial = &reading->trials[reading->count];

		if (asked->observation == OBSERVATIONS_NONE)
			continue;
		reading->count++;
		trial->observation = asked->observation;
		trial->group = *members->items[asked->member].group;
		trial->group.number = asked->number;
		result = store_group_fetch(side->store, side->about.id, &trial->group,
					   &trial->packed, err);
	}
	return result;
}

static void open_one(void *context, size_t index)
{
	struct reading *reading = context;
	struct reading_trial *trial = &reading->trials[index];

	store_observer_open(&reading->side->observers, &trial->packed, &reading->side->kernel,
			    &trial->snapshot, &trial->err);
}

/* Keep the lines of an object that some trial executed, or counted. */
static void take_lines(struct reading *reading, struct reading_thread *thread,
		       const struct cov_object_snapshots *object)
{
	size_t line_count = object->plan->line_count, count = reading->count;

	for (size_t i = 0; i < line_count; i++) {
		bool any = false;

		for (size_t j = 0; j < count && !any; j++)
			any = thread->counts[j * line_count + i] ||
			      thread->states[j * line_count + i];
		if (!any)
			continue;
		size_t place = executed_add(&thread->executed, object->line_ids[i], count);
		for (size_t j = 0; j < count; j++) {
			thread->executed.counts[place * count + j] =
			    thread->counts[j * line_count + i];
			thread->executed.has_run[place * count + j] =
			    thread->states[j * line_count + i] != 0;
		}
	}
}

static void visit(void *context, const struct cov_object_snapshots *object, size_t thread_index)
{
	struct reading *reading = context;
	struct reading_thread *thread = &reading->threads[thread_index];
	const struct plan *plan = object->plan;
	size_t line_count = plan->line_count, all = line_count * reading->count;

	if (line_count > thread->line_capacity) {
		thread->line_capacity = 2 * line_count;
		thread->counts =
		    cov_xreallocarray(thread->counts, thread->line_capacity * reading->count,
				      sizeof(*thread->counts));
		thread->states =
		    cov_xreallocarray(thread->states, thread->line_capacity, reading->count);
	}
	memset(thread->counts, 0, all * sizeof(*thread->counts));
	memset(thread->states, 0, all);
	for (size_t i = 0; i < reading->count; i++) {
		const struct plan_counts counts = { .lines = thread->counts + i * line_count,
						    .states = thread->states + i * line_count };

		if (object->has_run[i])
			plan_evaluate(plan, object->counters + i * plan->counter_count, &counts,
				      &thread->scratch);
	}
	take_lines(reading, thread, object);
}

/* Lines of a trial of a group that has some from tracefiles, which may be of any object. */
static int add_tracefile(struct reading *reading, size_t index, struct cov_error *err)
{
	struct side *side = reading->side;
	const struct reading_trial *trial = &reading->trials[index];
	struct executed *executed = &reading->threads[0].executed;
	size_t count = reading->count;
	COV_AUTO(counts_deinit)
	struct cov_counts counts = {
		.lines = cov_xcalloc(side->kernel.line_count, sizeof(*counts.lines)),
		.states = cov_xcalloc(side->kernel.line_count, 1),
		.functions = cov_xcalloc(side->kernel.function_count, sizeof(int64_t)),
		.contradictions = cov_xcalloc(side->kernel.function_count, sizeof(int64_t)),
	};
	const struct store_tracefile_sums sums = { .counts = &counts,
						   .scale = side->observers.scale };
	int result = store_tracefile_add(side->store, &side->kernel, side->about.id, &trial->group,
					 &sums, err);

	for (uint32_t i = 0; result == 0 && i < side->kernel.line_count; i++) {
		if (counts.states[i] < COV_LINE_PARTLY)
			continue;
		size_t place = executed_add(executed, i, count);
		memset(executed->counts + place * count, 0, count * sizeof(*executed->counts));
		memset(executed->has_run + place * count, 0, count);
		executed->counts[place * count + index] = counts.lines[i];
		executed->has_run[place * count + index] = true;
	}
	return result;
}

static int check(const struct reading *reading, struct cov_error *err)
{
	for (size_t i = 0; i < reading->count; i++) {
		if (reading->trials[i].err.code) {
			*err = reading->trials[i].err;
			return err->code;
		}
	}
	return 0;
}

/* The lines that each trial executed. */
static int evaluate_all(struct reading *reading, struct cov_error *err)
{
	COV_AUTO(free)
	struct cov_few_counters *snapshots = cov_xcalloc(reading->count, sizeof(*snapshots));

	cov_parallel_each(reading->count, open_one, reading);
	int result = check(reading, err);
	if (result)
		return result;
	for (size_t i = 0; i < reading->count; i++)
		snapshots[i] = reading->trials[i].snapshot.items[0];
	result = blocks_show_objects(&reading->side->kernel, snapshots, reading->count, visit,
				     reading, err);
	for (size_t i = 0; result == 0 && i < reading->count; i++) {
		if (reading->trials[i].group.tracefile_count)
			result = add_tracefile(reading, i, err);
	}
	return result;
}

static void note_damaged(struct side *side, const unsigned char *states)
{
	for (size_t i = 0; i < side->kernel.object_count; i++) {
		const struct cov_object *object = &side->kernel.objects[i];

		if (states[i] != COV_OBJECT_BAD)
			continue;
		for (uint32_t j = 0; j < object->plan.line_count; j++)
			side->is_left_out[object->line_ids[j]] = 1;
	}
}

/* What each trial counted of each line, and whether it ran it. */
struct totals {
	int64_t *counts; /* [place_count][trials]; owned, as is the next */
	bool *has_run;   /* the same */
	size_t place_count;
};

static void totals_deinit(struct totals *totals)
{
	free(totals->counts);
	free(totals->has_run);
}

COV_DEFINE_AUTO_STRUCT(struct totals, totals_deinit)

/* Give every line that any trial ran a place. */
static void give_places(const struct reading *reading, struct totals *ret)
{
	uint32_t *places = reading->side->places;
	size_t count = reading->count;
	uint32_t place_count = 0;

	for (size_t i = 0; i < COV_THREADS_MAX; i++) {
		const struct executed *executed = &reading->threads[i].executed;

		for (size_t j = 0; j < executed->count; j++) {
			if (memchr(executed->has_run + j * count, true, count))
				places[executed->lines[j]] = 1;
		}
	}
	for (size_t i = 0; i < reading->side->kernel.line_count; i++) {
		if (places[i])
			places[i] = ++place_count;
	}
	ret->place_count = place_count;
	ret->counts = cov_xcalloc(place_count * count, sizeof(*ret->counts));
	ret->has_run = cov_xcalloc(place_count * count, sizeof(*ret->has_run));
	for (size_t i = 0; i < COV_THREADS_MAX; i++) {
		const struct executed *executed = &reading->threads[i].executed;

		for (size_t j = 0; j < executed->count * count; j++) {
			uint32_t place = places[executed->lines[j / count]];

			if (!place)
				continue;
			int64_t *sum = &ret->counts[(place - 1) * count + j % count];

			*sum = cov_number_add(*sum, executed->counts[j]);
			ret->has_run[(place - 1) * count + j % count] |= executed->has_run[j];
		}
	}
}

/* The rates of all observations: the counts of their trials, and how long these took. */
static void take_rates(const struct reading *reading)
{
	struct side *side = reading->side;
	COV_AUTO(totals_deinit) struct totals totals = { 0 };
	size_t count = side->trial_count;

	give_places(reading, &totals);
	size_t place_count = totals.place_count;
	COV_AUTO(free) int64_t *counts = cov_xcalloc(place_count * count, sizeof(*counts));
	COV_AUTO(free) int64_t *durations_ns = cov_xcalloc(count, sizeof(*durations_ns));
	COV_AUTO(free) double *seconds = cov_xcalloc(count, sizeof(*seconds));

	for (size_t i = 0; i < reading->count; i++) {
		const struct reading_trial *trial = &reading->trials[i];
		int64_t duration_ns = trial->snapshot.durations_ns[0];
		int64_t *duration = &durations_ns[trial->observation];

		for (size_t j = 0; j < place_count; j++) {
			int64_t total = totals.counts[j * reading->count + i];
			int64_t *sum = &counts[j * count + trial->observation];

			/* As counts_apply_evidence() has it. */
			if (totals.has_run[j * reading->count + i])
				*sum = cov_number_add(*sum, total > 0 ? total : 1);
		}
		*duration = cov_number_add(*duration, duration_ns);
		side->observed_count += trial->snapshot.observed_count;
		note_damaged(side, trial->snapshot.items[0].states);
	}
	/* Lines from elsewhere have no time. */
	for (size_t i = 0; i < count; i++) {
		seconds[i] = durations_ns[i] ? (double)durations_ns[i] / ns_per_s *
						   (double)side->observers.scale
					     : 1;
		side->duration_ns = cov_number_add(side->duration_ns, durations_ns[i]);
	}
	side->rates = cov_xcalloc(place_count * count, sizeof(*side->rates));
	for (size_t i = 0; i < place_count * count; i++)
		side->rates[i] = counts[i] > 0 ? (double)counts[i] / seconds[i % count] : 0;
}

static int read_trials(struct side *side, const struct side_name_members *members,
		       struct cov_error *err)
{
	const struct observations *observations = &side->observations;
	COV_AUTO(reading_deinit) struct reading reading = { .side = side };

	if (observations->count > SIDE_TRIALS_MAX)
		return cov_fail(err, COV_ERR_MISMATCH,
				"%s/%s has %zu trials, more than the %d that can be compared",
				members->items[0].group->platform,
				members->items[0].group->workload, observations->count,
				SIDE_TRIALS_MAX);
	side->workloads = cov_xcalloc(members->count, sizeof(*side->workloads));
	for (size_t i = 0; i < members->count; i++)
		side->workloads[side->workload_count++] = cov_format(
		    "%s/%s", members->items[i].group->platform, members->items[i].group->workload);
	side->trial_count = observations->count;
	int result = fetch(&reading, members, err);
	if (result == 0)
		result = evaluate_all(&reading, err);
	if (result == 0)
		take_rates(&reading);
	return result;
}

/* The database of @side, and its kernel: those of the other side, if they are the same. */
static int open_kernel(const struct side_name *name, const struct side_asked *asked,
		       struct side *side, struct cov_error *err)
{
	const struct side *other = asked->other;
	bool is_same = other && other->store && strcmp(other->database, side->database) == 0;
	int result = is_same ? 0 : store_open(side->database, STORE_READ, &side->store, err);

	if (result == 0)
		result =
		    side_name_kernel(name, is_same ? other->store : side->store, &side->about, err);
	if (result)
		return result;
	if (is_same && side->about.id == other->about.id) {
		side->is_borrowing = true;
		side->kernel = other->kernel;
		side->observers = other->observers;
		side->store = other->store;
		return 0;
	}
	if (is_same)
		result = store_open(side->database, STORE_READ, &side->store, err);
	if (result == 0)
		result = store_load_kernel(side->store, side->about.id, &side->kernel, err);
	return result ? result
		      : store_observer_read(side->store, side->about.id, &side->kernel, false,
					    &side->observers, err);
}

int side_read(const struct side_name *name, const struct side_asked *asked, struct side *ret,
	      struct cov_error *err)
{
	COV_AUTO(store_group_list_deinit) struct store_groups groups = { 0 };
	COV_AUTO(side_name_members_deinit) struct side_name_members members = { 0 };

	ret->database = cov_xstrdup(store_path(name->database ? name->database : asked->database));
	int result = open_kernel(name, asked, ret, err);
	if (result == 0)
		result = store_group_list(ret->store, ret->about.id, &groups, err);
	if (result == 0)
		result = side_name_find(name, ret->store, &groups, &members, err);
	if (result == 0)
		result = observations_list(ret->store, ret->about.id, &members, asked->unit,
					   &ret->observations, err);
	if (result)
		return result;
	ret->is_left_out = cov_xcalloc(ret->kernel.line_count, 1);
	ret->places = cov_xcalloc(ret->kernel.line_count, sizeof(*ret->places));
	return read_trials(ret, &members, err);
}

void side_take_counts(struct side *side, const struct cov_counts *counts)
{
	uint32_t count = 0;

	side->trial_count = 1;
	side->places = cov_xcalloc(side->kernel.line_count, sizeof(*side->places));
	side->rates = cov_xcalloc(side->kernel.line_count, sizeof(*side->rates));
	side->is_left_out = cov_xcalloc(side->kernel.line_count, 1);
	for (size_t i = 0; i < side->kernel.line_count; i++) {
		if (counts->lines[i] <= 0)
			continue;
		side->rates[count] = (double)counts->lines[i];
		side->places[i] = ++count;
	}
}

static bool has_same_objects(const struct cov_kernel *a, const struct cov_kernel *b)
{
	if (a->object_count != b->object_count)
		return false;
	for (size_t i = 0; i < a->object_count; i++) {
		if (strcmp(a->objects[i].path, b->objects[i].path) != 0 ||
		    a->objects[i].plan.stamp != b->objects[i].plan.stamp)
			return false;
	}
	return true;
}

static bool has_same_files(const struct cov_kernel *a, const struct cov_kernel *b)
{
	if (a->file_count != b->file_count)
		return false;
	for (size_t i = 0; i < a->file_count; i++) {
		if (strcmp(a->files[i], b->files[i]) != 0 ||
		    a->file_line_first[i] != b->file_line_first[i])
			return false;
	}
	return true;
}

bool side_is_same_build(const struct side *a, const struct side *b)
{
	if (b->is_borrowing)
		return true;
	/* A kernel of tracefiles has one object, whose stamp says nothing. */
	return a->kernel.line_count == b->kernel.line_count &&
	       has_same_objects(&a->kernel, &b->kernel) && has_same_files(&a->kernel, &b->kernel) &&
	       memcmp(a->kernel.line_numbers, b->kernel.line_numbers,
		      a->kernel.line_count * sizeof(*a->kernel.line_numbers)) == 0;
}
