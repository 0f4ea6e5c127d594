/* deals.c - ways to deal trials out, drawn at random once for all tests of so many trials. */
#include "differ/deals.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"
#include "differ/random.h"

enum {
	SEED = 1,
	KEPT_NUMBERS_MAX = 1 << 22, /* of a shape: all draws of up to 419 trials */
	DRAWS_WITHOUT_BOUND = 500,  /* most tests end before; the others are worth sorting */
	AT_ONCE = 4,
};

static const double rounding = 1e-9; /* of sums, far above what it can be */

void cov_deals_deinit(struct cov_deals *deals)
{
	for (size_t i = 0; i < deals->count; i++) {
		free(deals->shapes[i].order);
		free(deals->shapes[i].drawn);
		free(deals->shapes[i].lists);
		free(deals->shapes[i].list_first);
	}
	free(deals->shapes);
	memset(deals, 0, sizeof(*deals));
}

static struct cov_deals_shape *find_shape(struct cov_deals *deals, size_t chosen, size_t count)
{
	struct cov_deals_shape *shape = deals->shapes;

	for (size_t i = 0; i < deals->count; i++, shape++) {
		if (shape->chosen == chosen && shape->count == count)
			return shape;
	}
	deals->shapes =
	    cov_grow(deals->shapes, deals->count, &deals->capacity, sizeof(*deals->shapes));
	shape = &deals->shapes[deals->count++];
	*shape = (struct cov_deals_shape){
		.chosen = chosen,
		.count = count,
		.order = cov_xcalloc(count, sizeof(*shape->order)),
		.seed = SEED,
	};
	for (size_t i = 0; i < count; i++)
		shape->order[i] = (uint32_t)i;
	return shape;
}

/* The first @chosen are drawn. The order that draws leave is where the next starts: any does. */
static void deal(uint32_t *order, size_t chosen, size_t count, uint64_t *seed)
{
	for (size_t i = 0; i < chosen; i++) {
		size_t other = i + cov_random_below(seed, (uint32_t)(count - i));
		uint32_t trial = order[other];

		order[other] = order[i];
		order[i] = trial;
	}
}

static size_t kept_max(const struct cov_deals_shape *shape)
{
	size_t most = KEPT_NUMBERS_MAX / shape->chosen;

	if (shape->count - 1 > UINT16_MAX)
		return 0;
	return most < COV_DEALS_MAX ? most : COV_DEALS_MAX;
}

/* Draw as many times as @end says, at most kept_max(). */
static void keep_draws(struct cov_deals_shape *shape, size_t end)
{
	size_t chosen = shape->chosen;

	if (!shape->drawn)
		shape->drawn = cov_xcalloc(kept_max(shape) * chosen, sizeof(*shape->drawn));
	for (; shape->kept < end; shape->kept++) {
		deal(shape->order, chosen, shape->count, &shape->seed);
		for (size_t i = 0; i < chosen; i++)
			shape->drawn[shape->kept * chosen + i] = (uint16_t)shape->order[i];
	}
}

/* How many of a draw are below the number that is drawn. */
static size_t overlap_of(const struct cov_deals_shape *shape, size_t draw)
{
	const uint16_t *drawn = shape->drawn + draw * shape->chosen;
	size_t overlap = 0;

	for (size_t i = 0; i < shape->chosen; i++)
		overlap += drawn[i] < shape->chosen;
	return overlap;
}

/* All that are kept, but those that each test begins with. */
static void list_draws(struct cov_deals_shape *shape)
{
	size_t *first = cov_xcalloc(shape->chosen + 2, sizeof(*first));
	COV_AUTO(free) size_t *next = cov_xcalloc(shape->chosen + 1, sizeof(*next));

	keep_draws(shape, kept_max(shape));
	for (size_t i = DRAWS_WITHOUT_BOUND; i < shape->kept; i++) {
		for (size_t j = overlap_of(shape, i) + 1; j > 0; j--)
			first[j]++;
	}
	for (size_t i = 0; i <= shape->chosen; i++) {
		first[i + 1] += first[i];
		next[i] = first[i];
	}
	shape->lists = cov_xcalloc(first[shape->chosen + 1], sizeof(*shape->lists));
	shape->list_first = first;
	for (size_t i = DRAWS_WITHOUT_BOUND; i < shape->kept; i++) {
		for (size_t j = overlap_of(shape, i) + 1; j > 0; j--)
			shape->lists[next[j - 1]++] = (uint16_t)i;
	}
}

static int compare_descending(const void *a, const void *b)
{
	double first = *(const double *)a, second = *(const double *)b;

	return (first < second) - (first > second);
}

/*
 * How many of a draw have to be below @chosen, at least, that its sum can reach @least: the largest
 * that it can be are the largest of both kinds. Each more of the one kind gives less than the one
 * before, and takes more of the other, so that from @chosen down it falls once it falls.
 */
static size_t find_overlap(const double *rates, size_t chosen, size_t count, double least)
{
	COV_AUTO(free) double *sorted = cov_xcalloc(count, sizeof(*sorted));
	size_t others = count - chosen, overlap = chosen;
	double most = 0;

	memcpy(sorted, rates, count * sizeof(*sorted));
	qsort(sorted, chosen, sizeof(*sorted), compare_descending);
	qsort(sorted + chosen, others, sizeof(*sorted), compare_descending);
	for (size_t i = 0; i < chosen; i++)
		most += sorted[i];
	while (overlap > 0 && chosen - overlap < others) {
		most += sorted[chosen + chosen - overlap] - sorted[overlap - 1];
		if (most * (1 + rounding) < least)
			break;
		overlap--;
	}
	return overlap;
}

/* The rates of four draws: an addition waits for the one before of its draw, not for the others. */
static void sum_four(const double *rates, const uint16_t *const *drawn, size_t chosen, double *sums)
{
	double a = 0, b = 0, c = 0, d = 0;

	for (size_t i = 0; i < chosen; i++) {
		a += rates[drawn[0][i]];
		b += rates[drawn[1][i]];
		c += rates[drawn[2][i]];
		d += rates[drawn[3][i]];
	}
	sums[0] = a;
	sums[1] = b;
	sums[2] = c;
	sums[3] = d;
}

/* How far a test is. */
struct counting {
	struct cov_deals_shape *shape;
	const double *rates;
	double least;
	size_t made, reaching; /* so far */
};

/* Some draws that are kept, in order. @draws: NULL: those from 0 on */
static void count_kept(struct counting *counting, const uint16_t *draws, size_t count)
{
	const struct cov_deals_shape *shape = counting->shape;

	for (size_t i = 0; i < count; i += AT_ONCE) {
		size_t some = count - i < AT_ONCE ? count - i : AT_ONCE;
		const uint16_t *drawn[AT_ONCE];
		double sums[AT_ONCE];

		for (size_t j = 0; j < AT_ONCE; j++) {
			size_t place = j < some ? i + j : i;

			drawn[j] = shape->drawn + (draws ? draws[place] : place) * shape->chosen;
		}
		sum_four(counting->rates, drawn, shape->chosen, sums);
		for (size_t j = 0; j < some; j++) {
			counting->reaching += sums[j] >= counting->least;
			counting->made = (draws ? draws[i + j] : i + j) + 1;
			if (counting->reaching == COV_DEALS_ENOUGH)
				return;
		}
	}
}

/* The kept draws after those without a bound; the others cannot reach it. */
static void count_bounded(struct counting *counting)
{
	struct cov_deals_shape *shape = counting->shape;
	size_t overlap =
	    find_overlap(counting->rates, shape->chosen, shape->count, counting->least);

	if (!shape->lists)
		list_draws(shape);
	size_t first = shape->list_first[overlap];
	count_kept(counting, shape->lists + first, shape->list_first[overlap + 1] - first);
	if (counting->reaching < COV_DEALS_ENOUGH)
		counting->made = shape->kept;
}

/* One by one the draws that are not kept. */
static void count_more(struct counting *counting)
{
	const struct cov_deals_shape *shape = counting->shape;
	COV_AUTO(free) uint32_t *order = cov_xcalloc(shape->count, sizeof(*order));
	uint64_t seed = shape->seed;

	memcpy(order, shape->order, shape->count * sizeof(*order));
	while (counting->made < COV_DEALS_MAX && counting->reaching < COV_DEALS_ENOUGH) {
		double sum = 0;

		deal(order, shape->chosen, shape->count, &seed);
		for (size_t i = 0; i < shape->chosen; i++)
			sum += counting->rates[order[i]];
		counting->reaching += sum >= counting->least;
		counting->made++;
	}
}

size_t cov_deals_reaching(struct cov_deals *deals, const double *rates, size_t chosen, size_t count,
			  double least, size_t *made)
{
	struct counting counting = {
		.shape = find_shape(deals, chosen, count),
		.rates = rates,
		.least = least,
	};
	size_t kept = kept_max(counting.shape);
	size_t first = kept < DRAWS_WITHOUT_BOUND ? kept : DRAWS_WITHOUT_BOUND;

	keep_draws(counting.shape, first);
	count_kept(&counting, NULL, first);
	if (counting.reaching < COV_DEALS_ENOUGH && first < kept)
		count_bounded(&counting);
	if (counting.reaching < COV_DEALS_ENOUGH)
		count_more(&counting);
	*made = counting.made;
	return counting.reaching;
}
