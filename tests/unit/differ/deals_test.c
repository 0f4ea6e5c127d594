/* deals_test.c - draws that are kept are those that each test would make for itself. */
#include "tests/unit/fixture.h"

#include <stdlib.h>
#include <string.h>

#include "differ/deals.h"
#include "differ/random.h"

/* Drawn one by one, of rates that are shuffled themselves. */
static size_t draw_alone(const double *rates, size_t chosen, size_t count, double least,
			 size_t *made)
{
	double *dealt = calloc(count, sizeof(*dealt));
	uint64_t seed = 1;
	size_t reaching = 0;

	memcpy(dealt, rates, count * sizeof(*dealt));
	for (*made = 0; *made < COV_DEALS_MAX && reaching < COV_DEALS_ENOUGH; ++*made) {
		double sum = 0;

		for (size_t i = 0; i < chosen; i++) {
			size_t other = i + cov_random_below(&seed, (uint32_t)(count - i));
			double rate = dealt[other];

			dealt[other] = dealt[i];
			dealt[i] = rate;
			sum += rate;
		}
		reaching += sum >= least;
	}
	free(dealt);
	return reaching;
}

/* Rates of so many trials, of which those of the first are higher by @more. */
static void compare(struct cov_deals *deals, size_t chosen, size_t count, double more,
		    uint64_t *random)
{
	double *rates = calloc(count, sizeof(*rates));
	double least = 0;
	size_t made, made_alone;

	for (size_t i = 0; i < count; i++) {
		rates[i] = cov_random_below(random, 50) ? cov_random_below(random, 1000) : 0;
		if (i < chosen)
			least += rates[i] += more;
	}
	size_t alone = draw_alone(rates, chosen, count, least, &made_alone);
	assert_int_equal(cov_deals_reaching(deals, rates, chosen, count, least, &made), alone);
	assert_int_equal(made, made_alone);
	free(rates);
}

static void draws_are_those_of_a_test_alone(void **state)
{
	COV_AUTO(cov_deals_deinit) struct cov_deals deals = { 0 };
	uint64_t random = 7;

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (double more = 0; more < 2000; more = 2 * more + 40) {
			compare(&deals, 5, 20, more, &random);
			compare(&deals, 12, 60, more, &random);
			compare(&deals, 13, 60, more, &random);
			compare(&deals, 20, 23, more, &random);
		}
	}
	assert_int_equal(deals.count, 4);
}

static void of_many_trials_not_all_draws_are_kept(void **state)
{
	COV_AUTO(cov_deals_deinit) struct cov_deals deals = { 0 };
	uint64_t random = 7;

	(void)state;
	compare(&deals, 600, 700, 100, &random);
	compare(&deals, 600, 700, 100, &random);
	compare(&deals, 600, 700, 20, &random);
	assert_in_range(deals.shapes[0].kept, 1, COV_DEALS_MAX - 1);
	compare(&deals, 5, 70000, 100, &random);
	assert_int_equal(deals.shapes[1].kept, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(draws_are_those_of_a_test_alone),
		cmocka_unit_test(of_many_trials_not_all_draws_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
