/* regions_test.c - the exclusive regions of footprints. */
#include "tests/unit/fixture.h"

#include "venn/sets/regions.h"

enum { LINES = 5000 };

static uint64_t masks[LINES];

static int fill(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < LINES; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		masks[i] = seed >> 33 & 3 ? 0 : seed >> 40 & 0xf;
	}
	return 0;
}

static size_t united(const struct regions *regions)
{
	size_t lines = 0;

	for (size_t i = 0; i < regions->count; i++)
		lines += regions->items[i].lines;
	return lines;
}

static void regions_are_disjoint_and_add_up_to_the_union(void **state)
{
	COV_AUTO(regions_deinit) struct regions regions = { 0 };
	size_t executed = 0;

	(void)state;
	for (int i = 0; i < LINES; i++)
		executed += masks[i] != 0;
	regions_count(masks, 0, LINES, &regions);
	assert_int_equal(united(&regions), executed);
	assert_int_equal(regions.count, 15);
	for (size_t i = 0; i < regions.count; i++) {
		assert_true(regions.items[i].mask != 0);
		assert_true(i == 0 || regions.items[i - 1].mask < regions.items[i].mask);
	}
}

static void parts_of_a_range_add_up_to_the_whole(void **state)
{
	COV_AUTO(regions_deinit) struct regions whole = { 0 }, left = { 0 }, right = { 0 };

	(void)state;
	regions_count(masks, 100, 4000, &whole);
	regions_count(masks, 100, 1234, &left);
	regions_count(masks, 1334, 2766, &right);
	assert_int_equal(united(&whole), united(&left) + united(&right));
}

static void an_empty_range_has_no_region(void **state)
{
	COV_AUTO(regions_deinit) struct regions regions = { 0 };

	(void)state;
	regions_count(masks, 10, 0, &regions);
	assert_int_equal(regions.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(regions_are_disjoint_and_add_up_to_the_union),
		cmocka_unit_test(parts_of_a_range_add_up_to_the_whole),
		cmocka_unit_test(an_empty_range_has_no_region),
	};

	return cmocka_run_group_tests(tests, fill, NULL);
}
