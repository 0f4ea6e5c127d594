/* compare.c - what one side executes that the other does not, or more or less often. */
#include "venn/change/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/parallel.h"

/* Both sides, and the lines that are compared. */
struct comparing {
	const struct side *old, *new;
	const struct join *join;
	struct compare *compare;
	size_t *tests; /* [test_count], index of the first line of each test; owned */
	size_t test_count, test_capacity;
	size_t *alike; /* [test_count], the first test that has the same rates; owned */
	double fdr;
};

/* Some of the trials of both sides. */
struct part {
	const struct comparing *comparing;
	size_t old_trials[SIDE_TRIALS_MAX], new_trials[SIDE_TRIALS_MAX]; /* places */
	size_t old_count, new_count;
	double *presence, *rates;          /* [test_count], p-values; above 1: not tested; owned */
	double presence_limit, rate_limit; /* what is up to them is a discovery; -1: nothing is */
	size_t presence_tests, rate_tests;
	size_t presence_discoveries, rate_discoveries;
	struct cov_deals deals; /* owned */
};

static const double not_tested = 2;

const char *compare_class_name(enum compare_class class)
{
	static const char *const names[] = { "alike",      "gained",           "lost",
					     "more often", "less often",       "new code",
					     "code gone",  "not carried over", "left out" };

	return names[class];
}

const char *compare_class_key(enum compare_class class)
{
	static const char *const keys[] = { "alike",     "gained",      "lost",
					    "more",      "less",        "new_code",
					    "code_gone", "not_carried", "left_out" };

	return keys[class];
}

void compare_deinit(struct compare *compare)
{
	free(compare->lines);
	free(compare->classes);
	memset(compare, 0, sizeof(*compare));
}

static void part_deinit(struct part *part)
{
	free(part->presence);
	free(part->rates);
	cov_deals_deinit(&part->deals);
}

COV_DEFINE_AUTO_STRUCT(struct part, part_deinit)

/* The rate of all trials together, and how many executed it. @rates: NULL: none did */
static double mean_of(const struct side *side, const double *rates, uint32_t *trials)
{
	double sum = 0;

	*trials = 0;
	for (size_t i = 0; rates && i < side->trial_count; i++) {
		sum += rates[i];
		*trials += rates[i] > 0;
	}
	return sum / (double)side->trial_count;
}

/* Of a line that may not be in the kernel. */
static const double *rates_of(const struct side *side, uint32_t line)
{
	return line == JOIN_NONE ? NULL : side_rates(side, line);
}

static bool has_same_rates(const struct side *side, uint32_t a, uint32_t b)
{
	const double *left = side_rates(side, a), *right = side_rates(side, b);

	if (!left || !right)
		return left == right;
	return memcmp(left, right, side->trial_count * sizeof(*left)) == 0;
}

/* Whether two lines, each of both kernels, have the same rates in every trial. */
static bool is_same_test(const struct comparing *comparing, const struct compare_line *a,
			 const struct compare_line *b)
{
	const struct cov_kernel *kernel = &comparing->new->kernel;

	return a->old != JOIN_NONE && a->new != JOIN_NONE &&
	       kernel->line_files[a->new] == kernel->line_files[b->new] &&
	       has_same_rates(comparing->old, a->old, b->old) &&
	       has_same_rates(comparing->new, a->new, b->new);
}

static void add_line(struct comparing *comparing, uint32_t old, uint32_t new)
{
	struct compare *compare = comparing->compare;
	const double *old_rates = rates_of(comparing->old, old);
	const double *new_rates = rates_of(comparing->new, new);
	struct compare_line line = { .old = old, .new = new };

	if (!old_rates && !new_rates)
		return;
	line.old_rate = mean_of(comparing->old, old_rates, &line.old_trials);
	line.new_rate = mean_of(comparing->new, new_rates, &line.new_trials);
	compare->lines = cov_grow(compare->lines, compare->line_count, &compare->line_capacity,
				  sizeof(*compare->lines));
	if (old != JOIN_NONE && new != JOIN_NONE &&
	    !(compare->line_count &&
	      is_same_test(comparing, &compare->lines[compare->line_count - 1], &line))) {
		comparing->tests = cov_grow(comparing->tests, comparing->test_count,
					    &comparing->test_capacity, sizeof(*comparing->tests));
		comparing->tests[comparing->test_count++] = compare->line_count;
	}
	line.test = (uint32_t)(comparing->test_count - 1);
	compare->lines[compare->line_count++] = line;
}

static void list_lines(struct comparing *comparing)
{
	const struct join *join = comparing->join;

	for (size_t i = 0; i < join->new.line_count; i++) {
		uint32_t old = join->new.lines[i];

		/* Most lines never run. */
		if (comparing->new->places[i] || (old != JOIN_NONE && comparing->old->places[old]))
			add_line(comparing, old, (uint32_t)i);
	}
	for (size_t i = 0; i < join->old.line_count; i++) {
		if (join->old.lines[i] == JOIN_NONE)
			add_line(comparing, (uint32_t)i, JOIN_NONE);
	}
}

/* The rates of a test, those of the old side first. @ret: [old and new trial_count] */
static void all_rates(const struct comparing *comparing, size_t test, double *ret)
{
	const struct compare_line *line = &comparing->compare->lines[comparing->tests[test]];
	const struct side *sides[] = { comparing->old, comparing->new };
	const uint32_t lines[] = { line->old, line->new };

	for (size_t i = 0; i < 2; i++) {
		const double *rates = side_rates(sides[i], lines[i]);
		size_t bytes = sides[i]->trial_count * sizeof(*ret);

		if (rates)
			memcpy(ret, rates, bytes);
		else
			memset(ret, 0, bytes);
		ret += sides[i]->trial_count;
	}
}

static size_t hash_of(const double *rates, size_t count)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t bits;

		memcpy(&bits, &rates[i], sizeof(bits));
		hash ^= bits;
		hash = cov_random_next(&hash);
	}
	return (size_t)hash;
}

/* Much code runs equally often, as once in each trial: tests with the same rates are one. */
static void find_alike(struct comparing *comparing)
{
	size_t count = comparing->old->trial_count + comparing->new->trial_count, slot_count = 2;
	double rates[2 * SIDE_TRIALS_MAX], others[2 * SIDE_TRIALS_MAX];

	while (slot_count < 2 * comparing->test_count)
		slot_count *= 2;
	COV_AUTO(free) size_t *slots = cov_xcalloc(slot_count, sizeof(*slots)); /* 1 + test */
	comparing->alike = cov_xcalloc(comparing->test_count, sizeof(*comparing->alike));
	for (size_t i = 0; i < comparing->test_count; i++) {
		all_rates(comparing, i, rates);
		size_t place = hash_of(rates, count);

		for (;; place++) {
			size_t *slot = &slots[place & (slot_count - 1)];

			if (!*slot)
				*slot = i + 1;
			comparing->alike[i] = *slot - 1;
			if (comparing->alike[i] == i)
				break;
			all_rates(comparing, comparing->alike[i], others);
			if (memcmp(rates, others, count * sizeof(*rates)) == 0)
				break;
		}
	}
}

/* @rates: [old_count + new_count], of the trials of a part, the old side's first */
static void collect_rates(const struct part *part, size_t test, double *rates)
{
	const struct comparing *comparing = part->comparing;
	const struct compare_line *line = &comparing->compare->lines[comparing->tests[test]];

	const double *old = side_rates(comparing->old, line->old);
	const double *new = side_rates(comparing->new, line->new);

	for (size_t i = 0; i < part->old_count; i++)
		rates[i] = old ? old[part->old_trials[i]] : 0;
	for (size_t i = 0; i < part->new_count; i++)
		rates[part->old_count + i] = new ? new[part->new_trials[i]] : 0;
}

/* The p-value of @old_ones trials of the one side and @new_ones of the other that executed it. */
static double presence_p(struct part *part, size_t old_ones, size_t new_ones)
{
	double rates[2 * SIDE_TRIALS_MAX];

	for (size_t i = 0; i < part->old_count + part->new_count; i++)
		rates[i] = i < part->old_count ? i < old_ones : i - part->old_count < new_ones;
	return cov_permutation_two_sided(&part->deals, rates, part->old_count, part->new_count);
}

/* Whether so many trials that executed a line can be a discovery, however they are dealt out. */
static bool can_tell(struct part *part, size_t ones)
{
	size_t old_most = ones < part->old_count ? ones : part->old_count;
	size_t new_most = ones < part->new_count ? ones : part->new_count;

	return fmin(presence_p(part, old_most, ones - old_most),
		    presence_p(part, ones - new_most, new_most)) <= part->comparing->fdr;
}

/* The p-values of presence, by how many trials of each side executed a line. */
struct presences {
	double *p; /* [old_count + 1][new_count + 1]; owned */
};

static void presences_deinit(struct presences *presences)
{
	free(presences->p);
}

COV_DEFINE_AUTO_STRUCT(struct presences, presences_deinit)

static void presences_init(struct part *part, struct presences *ret)
{
	size_t width = part->new_count + 1;
	COV_AUTO(free) bool *is_test = cov_xcalloc(part->old_count + width, sizeof(*is_test));

	ret->p = cov_xcalloc((part->old_count + 1) * width, sizeof(*ret->p));
	for (size_t i = 1; i < part->old_count + part->new_count; i++)
		is_test[i] = can_tell(part, i);
	for (size_t i = 0; i <= part->old_count; i++) {
		for (size_t j = 0; j < width; j++)
			ret->p[i * width + j] =
			    is_test[i + j] ? presence_p(part, i, j) : not_tested;
	}
}

static void test_one(struct part *part, const struct presences *presences, size_t test)
{
	size_t count = part->old_count + part->new_count, ones[2] = { 0 };
	double rates[2 * SIDE_TRIALS_MAX];

	if (part->comparing->alike[test] != test)
		return;
	collect_rates(part, test, rates);
	for (size_t i = 0; i < count; i++)
		ones[i >= part->old_count] += rates[i] > 0;
	part->presence[test] = presences->p[ones[0] * (part->new_count + 1) + ones[1]];
	part->rates[test] =
	    ones[0] + ones[1]
		? cov_permutation_two_sided(&part->deals, rates, part->old_count, part->new_count)
		: not_tested;
}

/* What is a discovery among p-values, and how many of them are tested and are one. */
static double conclude(const double *p_values, size_t count, double fdr, size_t *tested,
		       size_t *discovered)
{
	COV_AUTO(free) double *sorted = cov_xcalloc(count, sizeof(*sorted));

	*tested = 0;
	for (size_t i = 0; i < count; i++) {
		if (p_values[i] <= 1)
			sorted[(*tested)++] = p_values[i];
	}
	cov_discovery_sort(sorted, *tested);
	double limit = cov_discovery_limit(sorted, *tested, *tested, fdr);
	*discovered = 0;
	while (*discovered < *tested && sorted[*discovered] <= limit)
		++*discovered;
	return limit;
}

static void test_part(struct part *part)
{
	const struct comparing *comparing = part->comparing;
	COV_AUTO(presences_deinit) struct presences presences = { 0 };

	presences_init(part, &presences);
	part->presence = cov_xcalloc(comparing->test_count, sizeof(*part->presence));
	part->rates = cov_xcalloc(comparing->test_count, sizeof(*part->rates));
	for (size_t i = 0; i < comparing->test_count; i++)
		test_one(part, &presences, i);
	for (size_t i = 0; i < comparing->test_count; i++) {
		part->presence[i] = part->presence[comparing->alike[i]];
		part->rates[i] = part->rates[comparing->alike[i]];
	}
	part->presence_limit = conclude(part->presence, comparing->test_count, comparing->fdr,
					&part->presence_tests, &part->presence_discoveries);
	part->rate_limit = conclude(part->rates, comparing->test_count, comparing->fdr,
				    &part->rate_tests, &part->rate_discoveries);
}

/* The rate of the part's trials together. */
static double part_mean(const struct side *side, const size_t *trials, size_t count, uint32_t line)
{
	const double *rates = rates_of(side, line);
	double sum = 0;

	for (size_t i = 0; rates && i < count; i++)
		sum += rates[trials[i]];
	return sum / (double)count;
}

static enum compare_class class_of_both(const struct part *part, const struct compare_line *line,
					double old_rate, double new_rate)
{
	bool is_tested = part->presence != NULL;
	bool is_present = !is_tested || part->presence[line->test] <= part->presence_limit;
	bool is_rate =
	    is_tested ? part->rates[line->test] <= part->rate_limit : old_rate != new_rate;

	if (old_rate == 0 && new_rate == 0)
		return COMPARE_ALIKE;
	if (old_rate == 0)
		return is_present ? COMPARE_GAINED : COMPARE_ALIKE;
	if (new_rate == 0)
		return is_present ? COMPARE_LOST : COMPARE_ALIKE;
	if (!is_rate && !(is_tested && is_present))
		return COMPARE_ALIKE;
	return new_rate > old_rate ? COMPARE_MORE : COMPARE_LESS;
}

/* Of a line that is only in one of the kernels. */
static enum compare_class class_of_one(const struct join_side *side, uint32_t line, double rate,
				       enum compare_class own)
{
	if (rate == 0)
		return COMPARE_ALIKE;
	return side->fates[line] == JOIN_UNKNOWN ? COMPARE_UNCARRIED : own;
}

static enum compare_class class_of(const struct part *part, const struct compare_line *line)
{
	const struct comparing *comparing = part->comparing;
	double old_rate = part_mean(comparing->old, part->old_trials, part->old_count, line->old);
	double new_rate = part_mean(comparing->new, part->new_trials, part->new_count, line->new);

	if ((line->old != JOIN_NONE && comparing->old->is_left_out[line->old]) ||
	    (line->new != JOIN_NONE && comparing->new->is_left_out[line->new]))
		return COMPARE_LEFT_OUT;
	if (line->old == JOIN_NONE)
		return class_of_one(&comparing->join->new, line->new, new_rate, COMPARE_NEW);
	if (line->new == JOIN_NONE)
		return class_of_one(&comparing->join->old, line->old, old_rate, COMPARE_GONE);
	return class_of_both(part, line, old_rate, new_rate);
}

/* The trials of a side that are in a resample; the whole has all. */
static size_t take_trials(const struct side *side, size_t resample, size_t count, size_t *ret)
{
	size_t taken = 0;

	for (size_t i = 0; i < side->trial_count; i++) {
		if (cov_resample_has(i, resample, count))
			ret[taken++] = i;
	}
	return taken;
}

double compare_p_min(size_t old_count, size_t new_count)
{
	return fmin(1, 2 * cov_permutation_p_min(old_count, new_count));
}

/* What became of each line, in one resample or in the whole, which is the last. */
static void decide(void *context, size_t resample)
{
	const struct comparing *comparing = context;
	struct compare *compare = comparing->compare;
	size_t count = compare->resample_count;
	COV_AUTO(part_deinit) struct part part = { .comparing = comparing };

	part.old_count = take_trials(comparing->old, resample, count, part.old_trials);
	part.new_count = take_trials(comparing->new, resample, count, part.new_trials);
	if (compare->is_tested)
		test_part(&part);
	for (size_t i = 0; i < compare->line_count; i++)
		compare->classes[compare->lines[i].classes + resample] =
		    (unsigned char)class_of(&part, &compare->lines[i]);
	if (resample < count)
		return;
	compare->presence_tests = part.presence_tests;
	compare->rate_tests = part.rate_tests;
	compare->presence_discoveries = part.presence_discoveries;
	compare->rate_discoveries = part.rate_discoveries;
}

static int compare_doubles(const void *a, const void *b)
{
	const double *left = a, *right = b;

	return *left < *right ? -1 : *left > *right;
}

static double median_ratio(const struct compare *compare)
{
	COV_AUTO(free) double *ratios = cov_xcalloc(compare->line_count, sizeof(*ratios));
	size_t count = 0;

	for (size_t i = 0; i < compare->line_count; i++) {
		if (compare->lines[i].old_trials && compare->lines[i].new_trials)
			ratios[count++] = compare->lines[i].new_rate / compare->lines[i].old_rate;
	}
	qsort(ratios, count, sizeof(*ratios), compare_doubles);
	return count ? ratios[count / 2] : NAN;
}

void compare_sides(const struct side *old, const struct side *new, const struct join *join,
		   double fdr, struct compare *ret)
{
	struct comparing comparing = {
		.old = old, .new = new, .join = join, .compare = ret, .fdr = fdr
	};
	size_t fewest = old->trial_count < new->trial_count ? old->trial_count : new->trial_count;
	size_t count = cov_resample_count(fewest);

	memset(ret, 0, sizeof(*ret));
	list_lines(&comparing);
	find_alike(&comparing);
	ret->p_min = compare_p_min(old->trial_count, new->trial_count);
	ret->is_tested = ret->p_min <= fdr;
	/* Each resample lacks a trial of either side: where none of them could discover anything,
	 * they say nothing. */
	if (ret->is_tested && compare_p_min(fewest - 1, fewest - 1) <= fdr)
		ret->resample_count = count;
	ret->classes = cov_xcalloc(ret->line_count * (ret->resample_count + 1), 1);
	for (size_t i = 0; i < ret->line_count; i++)
		ret->lines[i].classes = i * (ret->resample_count + 1);
	cov_parallel_each(ret->resample_count + 1, decide, &comparing);
	ret->ratio = median_ratio(ret);
	free(comparing.tests);
	free(comparing.alike);
}
