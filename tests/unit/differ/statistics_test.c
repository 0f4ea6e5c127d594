/*
 * statistics_test.c - tests of rates, discoveries and agreement against known values.
 *
 * Tails of the binomial distribution were computed by scipy 1.17.1, scipy.stats.binom.sf; all else
 * can be counted by hand. tests/oracle/statistics_oracle.py compares many more cases exactly.
 */
#include "tests/unit/fixture.h"

#include <math.h>

#include "differ/differ.h"

enum { SECOND_NS = 1000000000 };

/* cmocka's own comparison is of floats. */
static void assert_near(double value, double expected, double tolerance)
{
	if (!(fabs(value - expected) <= tolerance))
		fail_msg("%.17g, not %.17g", value, expected);
}

static void binomial_tails_equal_those_of_scipy(void **state)
{
	static const struct {
		double least, count, probability, tail;
	} cases[] = {
		{ 10, 12, 0.5, 1.9287109375000000e-02 },
		{ 1, 1, 0.5, 0.5 },
		{ 3, 20, 0.1, 3.2307319481053404e-01 },
		{ 60, 100, 0.5, 2.8443966820490444e-02 },
		{ 1000, 1900, 0.5, 1.1554422554450597e-02 },
		{ 700, 1000, 2.0 / 3, 1.3278170146170295e-02 },
		{ 40, 40, 0.5, 9.0949470177292824e-13 },
		{ 101000, 200000, 0.5, 3.9121642576905036e-06 },
		{ 5, 5000000, 1e-6, 5.5950680273185416e-01 },
		{ 1000300000, 2000000000, 0.5, 2.4239337156245063e-41 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		double tail =
		    cov_binomial_tail(cases[i].least, cases[i].count, cases[i].probability);

		assert_near(tail / cases[i].tail, 1, 1e-9);
	}
	/* Here the normal distribution stands in. */
	assert_near(cov_binomial_tail(3000150000, 6000000000, 0.5) / 5.3758436832581097e-05, 1,
		    1e-2);
}

static void the_largest_counts_give_a_probability(void **state)
{
	static const int64_t counts[] = { 0, 1, 1000000007, INT64_MAX / 4, INT64_MAX };

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		for (size_t j = 0; j < 5; j++) {
			double p = cov_poisson_p(
			    (struct cov_observation){ counts[i], 7 * (int64_t)SECOND_NS },
			    (struct cov_observation){ counts[j], 5 * (int64_t)SECOND_NS });

			assert_true(p >= 0 && p <= 1);
		}
	}
}

static void without_idle_activity_the_share_of_time_decides(void **state)
{
	struct cov_observation none = { 0, 30 * (int64_t)SECOND_NS };

	(void)state;
	/* Three executions, all in the quarter of the time that was the trial's. */
	assert_near(cov_poisson_p((struct cov_observation){ 3, 10 * (int64_t)SECOND_NS }, none),
		    1.0 / 64, 1e-15);
	assert_near(cov_poisson_p((struct cov_observation){ 0, 10 * (int64_t)SECOND_NS }, none), 1,
		    0);
}

/* Up to the number given, and no further than rounding and few steps of a search leave open. */
static void what_is_no_more_than_chance_has_p_values_above_the_most(void **state)
{
	static const double counts[] = { 0, 1, 7, 40, 1000, 123456, 900000000 };
	static const double shares[] = { 0.001, 0.25, 0.5, 0.9 };
	static const double mosts[] = { 0.4, 0.05, 1e-6 };

	(void)state;
	for (size_t i = 0; i < 7 * 4 * 3; i++) {
		double count = counts[i / 12], share = shares[i / 3 % 4], most = mosts[i % 3];
		double chance = cov_poisson_chance(count, share, most);
		double deviation = sqrt(count * share * (1 - share));

		assert_true(cov_binomial_tail(chance, count, share) > most);
		assert_true(cov_binomial_tail(chance, count + 1, share) > most);
		assert_true(cov_binomial_tail(chance, count, share + 0.01) > most);
		assert_true(cov_binomial_tail(chance + 2 + deviation / 10, count, share) <= most);
	}
	assert_near(cov_poisson_chance(-1, 0.5, 0.05), -1, 0);
	assert_near(cov_poisson_chance(6e9, 0.5, 0.05), -1, 0); /* a normal distribution there */
}

static void all_ways_to_deal_out_the_trials_are_counted(void **state)
{
	COV_AUTO(cov_deals_deinit) struct cov_deals deals = { 0 };
	static const double apart[] = { 7, 8, 9, 10, 11, 1, 2, 3, 4, 5 };
	static const double mixed[] = { 3, 5, 2, 4 };
	static const double same[] = { 4, 4, 4, 4, 4, 4 };
	static const double reversed[] = { 1, 2, 7, 8 };

	(void)state;
	assert_near(cov_permutation_p(&deals, apart, 5, 5), 1.0 / 252, 1e-15);
	/* 3 + 5 is 8; of the six sums of two, that and 4 + 5 reach it. */
	assert_near(cov_permutation_p(&deals, mixed, 2, 2), 2.0 / 6, 1e-15);
	assert_near(cov_permutation_p(&deals, same, 3, 3), 1, 0);
	assert_near(cov_permutation_p(&deals, reversed, 2, 2), 1, 0);
	assert_near(cov_permutation_p_min(3, 3), 0.05, 1e-15);
	assert_near(cov_permutation_p_min(16, 16), 1.0 / 601080390, 1e-20);
}

static void of_many_trials_ways_are_drawn(void **state)
{
	COV_AUTO(cov_deals_deinit) struct cov_deals deals = { 0 };
	double rates[40], more[100];

	(void)state;
	for (size_t i = 0; i < 40; i++)
		rates[i] = i < 20 ? 100 + (double)i : (double)i;
	/* Nothing is left to chance where the sides do not overlap: 1 of 137,846,528,820 ways. */
	assert_near(cov_permutation_p(&deals, rates, 20, 20), 1 / 137846528820.0, 1e-20);
	rates[0] =
	    38.5; /* one of the trials below one of the baseline: still too rare to be drawn */
	assert_near(cov_permutation_p(&deals, rates, 20, 20), 1e-4, 1e-15);
	assert_near(cov_permutation_p(&deals, rates, 20, 20),
		    cov_permutation_p(&deals, rates, 20, 20), 0);
	for (size_t i = 0; i < 100; i++)
		more[i] = 4;
	assert_near(cov_permutation_p(&deals, more, 1, 99), 1, 0);
	more[0] = 5; /* and one of the others is as high: 2 of 100 ways */
	more[50] = 5;
	assert_near(cov_permutation_p(&deals, more, 1, 99), 0.02, 0.008);
}

static void rates_that_only_rounding_tells_apart_are_equal(void **state)
{
	COV_AUTO(cov_deals_deinit) struct cov_deals deals = { 0 };
	double rates[] = { 0.1 + 0.2, 0.3, 0.3, 0.1 + 0.2 };

	(void)state;
	assert_near(cov_permutation_p(&deals, rates, 2, 2), 1, 0);
}

static void discoveries_are_those_of_benjamini_and_hochberg(void **state)
{
	/* Table of their paper, section 4.1: 15 tests, of which four are found at 0.05. */
	static const double p_values[] = { 0.0001, 0.0004, 0.0019, 0.0095, 0.0201,
					   0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
					   0.4262, 0.5719, 0.6528, 0.7590, 1.0000 };
	double unsorted[] = { 0.5, 0.01, 0.2 };

	(void)state;
	assert_near(cov_discovery_limit(p_values, 15, 15, 0.05), 0.0095, 0);
	assert_near(cov_discovery_limit(p_values + 9, 6, 6, 0.05), -1, 0);
	assert_near(cov_discovery_limit(NULL, 0, 0, 0.05), -1, 0);
	cov_discovery_sort(unsorted, 3);
	assert_near(cov_discovery_limit(unsorted, 3, 3, 0.05), 0.01, 0);
}

static void sorted_p_values_are_the_same_ones_in_order(void **state)
{
	enum { COUNT = 3000 };
	double p_values[COUNT], sum = 0, sorted_sum = 0;
	uint64_t seed = 1;

	(void)state;
	/* From tiny to 1, many of them equal, and 0. */
	for (size_t i = 0; i < COUNT; i++) {
		p_values[i] = (double)(cov_random_next(&seed) % 253) / 252;
		if (i % 3 == 0)
			p_values[i] = (double)i * 1e-300;
		sum += p_values[i];
	}
	cov_discovery_sort(p_values, COUNT);
	for (size_t i = 0; i < COUNT; i++) {
		assert_true(!i || p_values[i - 1] <= p_values[i]);
		sorted_sum += p_values[i];
	}
	assert_near(sorted_sum, sum, 1e-9);
	cov_discovery_sort(NULL, 0);
}

static void agreement_follows_from_the_classes(void **state)
{
	/* Trial 0 has 10 + 4 lines, trial 1 has 10 + 2, trial 2 has 10 + 4 + 2. */
	static const struct cov_trial_class classes[] = { { 7, 10 }, { 5, 4 }, { 6, 2 } };
	struct cov_stability stability = cov_stability_of(classes, 3, 3);

	(void)state;
	assert_int_equal(stability.any, 16);
	assert_int_equal(stability.most, 16);
	assert_int_equal(stability.all, 10);
	assert_near(stability.jaccard, (10.0 / 16 + 14.0 / 16 + 12.0 / 16) / 3, 1e-15);
	assert_near(stability.chao2, 16, 0); /* none was seen only once */
}

static void lines_seen_once_tell_of_lines_not_seen(void **state)
{
	static const struct cov_trial_class classes[] = {
		{ 1, 6 }, { 2, 4 }, { 3, 20 }, { 15, 9 }
	};
	static const struct cov_trial_class once[] = { { 1, 5 } };

	(void)state;
	/* 39 seen, ten of them once and 20 twice: 39 + 3/4 * 100 / 40. */
	assert_near(cov_stability_of(classes, 4, 4).chao2, 40.875, 1e-12);
	assert_near(cov_stability_of(once, 1, 2).chao2, 5 + 0.5 * 10, 1e-12);
}

static void one_trial_agrees_with_nothing(void **state)
{
	static const struct cov_trial_class classes[] = { { 1, 6 } };
	struct cov_stability stability = cov_stability_of(classes, 1, 1);

	(void)state;
	assert_true(isnan(stability.jaccard) && isnan(stability.chao2));
	assert_int_equal(stability.all, 6);
	assert_near(cov_stability_of(NULL, 0, 2).jaccard, 1, 0);
}

/* The first numbers of SplitMix64 from seed 1234567, as in its reference implementation. */
static void random_numbers_are_the_same_everywhere(void **state)
{
	uint64_t seed = 1234567;

	(void)state;
	assert_true(cov_random_next(&seed) == 6457827717110365317u);
	assert_true(cov_random_next(&seed) == 3203168211198807973u);
	for (int i = 0; i < 1000; i++)
		assert_in_range(cov_random_below(&seed, 7), 0, 6);
}

static double random_rate(uint64_t *state)
{
	/* Few values, so that there are ties, and some that are far above the others. */
	uint32_t number = cov_random_below(state, 12);

	return number == 11 ? 1e9 : number / 7.0;
}

static void many_ways_have_the_p_value_of_each(void **state)
{
	COV_AUTO(cov_deals_deinit) struct cov_deals deals = { 0 };
	uint64_t seed = 1, masks[252];

	(void)state;
	for (size_t i = 0; i < 200; i++) {
		size_t count = 4 + i % 7, chosen = 1 + i % (count - 1);
		struct cov_permutation_deals dealt = { masks, 0, count };
		double rates[10], arranged[10], all[252];

		for (size_t j = 0; j < count; j++)
			rates[j] = random_rate(&seed);
		for (uint64_t mask = 0; mask >> count == 0; mask++) {
			if ((size_t)__builtin_popcountll(mask) == chosen)
				masks[dealt.count++] = mask;
		}
		cov_permutation_all(&deals, &dealt, rates, all);
		for (size_t j = 0; j < dealt.count; j++) {
			size_t place = 0;

			for (int side = 1; side >= 0; side--) {
				for (size_t k = 0; k < count; k++) {
					if ((masks[j] >> k & 1) == (uint64_t)side)
						arranged[place++] = rates[k];
				}
			}
			assert_near(all[j],
				    cov_permutation_p(&deals, arranged, chosen, count - chosen), 0);
		}
	}
}

static void both_sides_have_twice_the_smaller_p_value(void **state)
{
	COV_AUTO(cov_deals_deinit) struct cov_deals deals = { 0 };
	uint64_t seed = 2;

	(void)state;
	for (size_t i = 0; i < 500; i++) {
		size_t count = 2 + i % 23, chosen = 1 + i % (count - 1);
		double rates[24], turned[24];

		for (size_t j = 0; j < count; j++)
			rates[j] = random_rate(&seed) + (j < chosen && i % 5 == 0 ? 2 : 0);
		for (size_t j = 0; j < count; j++)
			turned[j] = rates[count - 1 - j];
		double more = cov_permutation_p(&deals, rates, chosen, count - chosen);
		double less = cov_permutation_p(&deals, turned, count - chosen, chosen);
		double least = more < less ? more : less;
		assert_near(cov_permutation_two_sided(&deals, rates, chosen, count - chosen),
			    2 * least < 1 ? 2 * least : 1, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_ways_have_the_p_value_of_each),
		cmocka_unit_test(both_sides_have_twice_the_smaller_p_value),
		cmocka_unit_test(binomial_tails_equal_those_of_scipy),
		cmocka_unit_test(the_largest_counts_give_a_probability),
		cmocka_unit_test(without_idle_activity_the_share_of_time_decides),
		cmocka_unit_test(what_is_no_more_than_chance_has_p_values_above_the_most),
		cmocka_unit_test(all_ways_to_deal_out_the_trials_are_counted),
		cmocka_unit_test(of_many_trials_ways_are_drawn),
		cmocka_unit_test(rates_that_only_rounding_tells_apart_are_equal),
		cmocka_unit_test(discoveries_are_those_of_benjamini_and_hochberg),
		cmocka_unit_test(sorted_p_values_are_the_same_ones_in_order),
		cmocka_unit_test(agreement_follows_from_the_classes),
		cmocka_unit_test(lines_seen_once_tell_of_lines_not_seen),
		cmocka_unit_test(one_trial_agrees_with_nothing),
		cmocka_unit_test(random_numbers_are_the_same_everywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
