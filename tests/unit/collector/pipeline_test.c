/* pipeline_test.c - items fetched and stored in order by one thread, and worked on by several. */
#include "tests/unit/fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "collector/base/error.h"
#include "collector/base/parallel.h"
#include "collector/base/pipeline.h"

enum { ITEMS = 200, NONE = ITEMS };

/* What happened, and what is to happen. */
struct study {
	pthread_t leader;
	size_t prepared, finished; /* by the leader only */
	size_t most_open;          /* prepared and not finished */
	atomic_size_t worked[ITEMS];
	atomic_int working; /* calls of work() that have not returned */
	atomic_size_t threads_within;
	size_t later_asked; /* how often an item was put off */
	size_t later_every; /* each so many-th item is prepared alone only; 0: none */
	size_t prepare_fails, finish_fails;
	size_t ahead; /* as in struct cov_pipeline */
	bool is_wrong;
};

static int prepare(void *context, size_t item, bool is_alone, struct cov_error *err)
{
	struct study *study = context;

	study->is_wrong |= !pthread_equal(pthread_self(), study->leader);
	study->is_wrong |= item != study->prepared;
	study->is_wrong |= is_alone != (study->prepared == study->finished);
	if (study->later_every && item % study->later_every == 0 && !is_alone) {
		study->later_asked++;
		return COV_PIPELINE_LATER;
	}
	if (item == study->prepare_fails)
		return cov_fail(err, COV_ERR_STORE, "cannot prepare %zu", item);
	study->prepared++;
	if (study->prepared - study->finished > study->most_open)
		study->most_open = study->prepared - study->finished;
	return 0;
}

static void look(void *context, size_t item, size_t thread)
{
	struct study *study = context;

	(void)item;
	if (thread >= atomic_load(&study->threads_within))
		atomic_store(&study->threads_within, thread + 1);
}

static void work(void *context, size_t item)
{
	struct study *study = context;
	volatile unsigned int sum = 0;

	atomic_fetch_add(&study->working, 1);
	for (unsigned int i = 0; i < item % 7 * 1000; i++) /* so that they overtake each other */
		sum += i;
	cov_parallel_for(1000, look, study);
	atomic_fetch_add(&study->worked[item], 1);
	atomic_fetch_sub(&study->working, 1);
}

static int finish(void *context, size_t item, struct cov_error *err)
{
	struct study *study = context;

	study->is_wrong |= !pthread_equal(pthread_self(), study->leader);
	study->is_wrong |= item != study->finished || atomic_load(&study->worked[item]) != 1;
	if (item == study->finish_fails)
		return cov_fail(err, COV_ERR_STORE, "cannot finish %zu", item);
	study->finished++;
	return 0;
}

static int run(struct study *study, size_t count, const char *jobs, struct cov_error *err)
{
	const struct cov_pipeline pipeline = { count, prepare, work, finish, study->ahead };

	assert_int_equal(setenv("COVDB_JOBS", jobs, 1), 0);
	study->leader = pthread_self();
	int result = cov_pipeline_run(&pipeline, study, err);
	/* Nothing goes on behind the caller's back. */
	assert_int_equal(atomic_load(&study->working), 0);
	assert_false(study->is_wrong);
	for (size_t i = 0; i < ITEMS; i++)
		assert_true(atomic_load(&study->worked[i]) <= (i < study->prepared));
	return result;
}

static const char *const jobs[] = { "1", "2", "3", "16" };
enum { JOBS = sizeof(jobs) / sizeof(*jobs) };

static void each_item_is_prepared_worked_on_and_finished_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * JOBS; i++) {
		size_t ahead = i < JOBS ? 1 : 8;
		struct study study = { .prepare_fails = NONE,
				       .finish_fails = NONE,
				       .ahead = ahead };
		struct cov_error err;

		assert_int_equal(run(&study, ITEMS, jobs[i % JOBS], &err), 0);
		assert_int_equal(study.finished, ITEMS);
		assert_int_equal(study.most_open, strtoul(jobs[i % JOBS], NULL, 10) + ahead);
		assert_int_equal(study.most_open,
				 cov_pipeline_window(&(struct cov_pipeline){ .ahead = ahead }));
	}
}

static void no_items_are_done_at_once(void **state)
{
	struct study study = { .prepare_fails = NONE, .finish_fails = NONE, .ahead = 1 };
	struct cov_error err;

	(void)state;
	assert_int_equal(run(&study, 0, "3", &err), 0);
	assert_int_equal(study.prepared, 0);
}

static void an_item_put_off_is_asked_again_when_those_before_are_finished(void **state)
{
	(void)state;
	for (size_t i = 0; i < JOBS; i++) {
		struct study study = { .prepare_fails = NONE, .finish_fails = NONE, .ahead = 1 };
		struct cov_error err;

		study.later_every = 5;
		assert_int_equal(run(&study, ITEMS, jobs[i], &err), 0);
		assert_int_equal(study.finished, ITEMS);
		/* Once each: not over and over while the others work. */
		assert_in_range(study.later_asked, 1, ITEMS / 5);
	}
}

static void what_cannot_be_prepared_ends_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < JOBS; i++) {
		struct study study = { .prepare_fails = 50, .finish_fails = NONE, .ahead = 1 };
		struct cov_error err;

		assert_int_equal(run(&study, ITEMS, jobs[i], &err), COV_ERR_STORE);
		assert_string_equal(err.message, "cannot prepare 50");
		assert_int_equal(study.prepared, 50);
		assert_true(study.finished <= 50);
	}
}

static void what_cannot_be_finished_ends_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < JOBS; i++) {
		struct study study = { .prepare_fails = NONE, .finish_fails = 50, .ahead = 1 };
		struct cov_error err;

		assert_int_equal(run(&study, ITEMS, jobs[i], &err), COV_ERR_STORE);
		assert_string_equal(err.message, "cannot finish 50");
		assert_int_equal(study.finished, 50);
		assert_true(study.prepared <=
			    50 + cov_pipeline_window(&(struct cov_pipeline){ .ahead = 1 }));
	}
}

/* Sixteen times sixteen threads would do the work of sixteen. */
static void a_loop_within_uses_its_thread_unless_it_is_the_only_item(void **state)
{
	struct study many = { .prepare_fails = NONE, .finish_fails = NONE, .ahead = 1 };
	struct study one = { .prepare_fails = NONE, .finish_fails = NONE, .ahead = 1 };
	struct cov_error err;

	(void)state;
	assert_int_equal(run(&many, ITEMS, "16", &err), 0);
	assert_int_equal(many.threads_within, 1);
	/* Which threads get an item of a short loop is theirs to settle: try until a second did. */
	for (size_t i = 0; one.threads_within < 2; i++) {
		one = (struct study){ .prepare_fails = NONE, .finish_fails = NONE, .ahead = 1 };
		assert_int_equal(run(&one, 1, "16", &err), 0);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_item_is_prepared_worked_on_and_finished_in_order),
		cmocka_unit_test(no_items_are_done_at_once),
		cmocka_unit_test(an_item_put_off_is_asked_again_when_those_before_are_finished),
		cmocka_unit_test(what_cannot_be_prepared_ends_all),
		cmocka_unit_test(what_cannot_be_finished_ends_all),
		cmocka_unit_test(a_loop_within_uses_its_thread_unless_it_is_the_only_item),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
