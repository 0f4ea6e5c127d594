/* sums_test.c - lines of sums, evaluated from single snapshots, count as those of the sums. */
#include "tests/unit/fixture.h"

#include "collector/base/number.h"
#include "collector/decode/counts.h"
#include "collector/decode/kernel.h"
#include "collector/decode/kernel_read.h"
#include "collector/decode/problems.h"
#include "collector/plan/evaluate.h"
#include "collector/plan/pack.h"
#include "collector/plan/sums.h"

enum { SNAPSHOTS = 7, MASKS = 1 << SNAPSHOTS, ROUNDS = 4 };

/* What counters of a round are: at random they contradict each other. */
enum kind { KIND_FEW, KIND_NEGATIVE, KIND_CANCELLING, KIND_LARGE };

static uint32_t random_below(uint32_t *state, uint32_t end)
{
	*state = *state * 1664525 + 1013904223;
	return (*state >> 8) % end;
}

static int64_t random_counter(uint32_t *state, enum kind kind)
{
	switch (kind) {
	case KIND_FEW:
		return random_below(state, 3) * 7;
	case KIND_NEGATIVE:
		return (int64_t)random_below(state, 9) - 2;
	case KIND_CANCELLING:
		return (int64_t)random_below(state, 3) - 1;
	case KIND_LARGE:
		break;
	}
	return (int64_t)random_below(state, 5) << 60;
}

/* [SNAPSHOTS][plan->counter_count]; of some functions all are 0. free() it */
static int64_t *make_counters(const struct plan *plan, uint32_t *state, enum kind kind)
{
	int64_t *counters = calloc(SNAPSHOTS * plan->counter_count + 1, sizeof(*counters));

	for (size_t i = 0; i < SNAPSHOTS; i++) {
		for (uint32_t j = 0; j < plan->function_count; j++) {
			const struct plan_function *function = &plan->functions[j];
			bool has_run = random_below(state, 3) > 0;

			for (uint32_t k = 0; has_run && k < function->counter_count; k++)
				counters[i * plan->counter_count + function->counter_first + k] =
				    random_counter(state, kind);
		}
	}
	return counters;
}

/* Of one sum, as plan_evaluate() has it. */
static void compare(const struct plan *plan, const int64_t *counters, size_t mask,
		    const int64_t *lines, const unsigned char *executed)
{
	COV_AUTO(evaluate_scratch_deinit) struct evaluate_scratch scratch = { 0 };
	int64_t *sum = calloc(plan->counter_count + 1, sizeof(*sum));
	struct plan_counts counts = {
		.lines = calloc(plan->line_count + 1, sizeof(int64_t)),
		.states = calloc(plan->line_count + 1, 1),
	};

	for (size_t i = 0; i < SNAPSHOTS * plan->counter_count; i++) {
		size_t place = i % plan->counter_count;

		if (mask >> i / plan->counter_count & 1)
			sum[place] = cov_number_add(sum[place], counters[i]);
	}
	plan_evaluate(plan, sum, &counts, &scratch);
	for (size_t i = 0; i < plan->line_count; i++) {
		assert_int_equal(lines[i * MASKS + mask], counts.lines[i]);
		assert_int_equal(executed[i * MASKS + mask], counts.states[i] != 0);
	}
	free(sum);
	free(counts.lines);
	free(counts.states);
}

static void compare_all(const struct plan *plan, uint32_t *state, enum kind kind)
{
	COV_AUTO(sums_scratch_deinit) struct sums_scratch scratch = { 0 };
	int64_t *counters = make_counters(plan, state, kind);
	int64_t *lines = calloc((plan->line_count + 1) * MASKS, sizeof(*lines));
	unsigned char *executed = calloc((plan->line_count + 1) * MASKS, 1);
	uint64_t masks[MASKS];
	const struct sums_asked asked = { counters, SNAPSHOTS, masks, MASKS };

	for (size_t i = 0; i < MASKS; i++)
		masks[i] = i;
	sums_evaluate(plan, &asked, lines, executed, &scratch);
	for (size_t i = 0; i < MASKS; i++)
		compare(plan, counters, i, lines, executed);
	free(counters);
	free(lines);
	free(executed);
}

static void sums_count_as_their_counters_do(void **state)
{
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	COV_AUTO(cov_problems_deinit) struct cov_problems problems = { 0 };
	COV_AUTO(pack_room_deinit) struct pack_room room = { 0 };
	uint32_t random = 1;
	struct cov_error err;

	(void)state;
	assert_int_equal(kernel_read_notes(COVDB_SOURCE_DIR "/tests/data", KERNEL_BODIES, &kernel,
					   &problems, &err),
			 0);
	assert_true(kernel.object_count > 0);
	for (size_t i = 0; i < kernel.object_count * ROUNDS; i++) {
		struct plan plan;

		assert_int_equal(
		    counts_open_plan(&kernel.objects[i / ROUNDS], NULL, &room, &plan, &err), 0);
		compare_all(&plan, &random, (enum kind)(i % ROUNDS));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_count_as_their_counters_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
