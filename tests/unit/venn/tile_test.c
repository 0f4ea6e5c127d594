/* tile_test.c - numbers packed by 64 ids, and read again. */
#include "tests/unit/fixture.h"

#include <stdio.h>
#include <string.h>

#include "venn/store/tile.h"

enum { IDS = 1000 };

static void equal_ids_share_a_class(void **state)
{
	static const uint32_t ids[] = { 0, 1, 3, 5, 6, 63, 64 };
	int64_t counts[65] = { [0] = 5, [1] = 5, [3] = 17, [5] = -2, [6] = 5, [63] = 5, [64] = 1 };
	unsigned char states[65] = {
		[0] = 3, [1] = 3, [3] = 3, [5] = 3, [6] = 2, [63] = 3, [64] = 3
	};
	const struct tile_column columns[] = { { .integers = counts, .usual = 1 },
					       { .bytes = states, .usual = 3 } };
	COV_AUTO(tile_list_deinit) struct tiles tiles = { 0 };

	(void)state;
	tile_pack(ids, 7, columns, 2, &tiles);
	assert_int_equal(tiles.count, 2);
	assert_int_equal(tiles.items[0].number, 0);
	assert_int_equal(tiles.items[0].class_count, 4);
	assert_string_equal(tile_text(&tiles, tiles.items[0].marks),
			    "!! \" #$                                                        !");
	assert_string_equal(tile_text(&tiles, tiles.items[0].columns[0]), " 517-2 5");
	assert_string_equal(tile_text(&tiles, tiles.items[0].columns[1]), "3332");
	/* All as usual: nothing is stored but that the line is there. */
	assert_int_equal(tiles.items[1].number, 1);
	assert_string_equal(tile_text(&tiles, tiles.items[1].marks), "!");
	assert_null(tile_text(&tiles, tiles.items[1].columns[0]));
	assert_null(tile_text(&tiles, tiles.items[1].columns[1]));
}

/* A number for id @i that is one of few, or the largest there are. */
static int64_t some_number(uint32_t i)
{
	static const int64_t numbers[] = { 0, 1, 1, 1, -1, 7, 7, INT64_MAX, INT64_MIN, 1000000 };

	return numbers[i * 2654435761u >> 7 & 0xff ? i / 3 % 10 : i % 10];
}

static void what_was_packed_is_read_again(void **state)
{
	uint32_t ids[IDS], words[2 * IDS];
	int64_t numbers[2 * IDS];
	const struct tile_column columns[] = { { .integers = numbers }, { .words = words } };
	COV_AUTO(tile_list_deinit) struct tiles tiles = { 0 };
	size_t count = 0, next = 0;

	(void)state;
	for (uint32_t i = 0; i < 2 * IDS && count < IDS; i++) {
		numbers[i] = some_number(i);
		words[i] = i % 5;
		if (i % 200 > 70)
			ids[count++] = i;
	}
	tile_pack(ids, count, columns, 2, &tiles);
	for (size_t i = 0; i < tiles.count; i++) {
		const struct tile *tile = &tiles.items[i];
		const char *marks = tile_text(&tiles, tile->marks);
		int64_t values[2][TILE_IDS];

		for (size_t j = 0; j < 2; j++)
			assert_true(tile_read(tile_text(&tiles, tile->columns[j]),
					      tile->class_count, 0, values[j]));
		for (uint32_t j = 0; marks[j]; j++) {
			uint32_t id = tile->number * TILE_IDS + j;
			int class = tile_class(marks[j]);

			if (class < 0)
				continue;
			assert_int_equal(id, ids[next++]);
			assert_true(values[0][class] == numbers[id]);
			assert_true(values[1][class] == words[id]);
		}
	}
	assert_int_equal(next, count);
}

static void no_ids_are_no_tiles(void **state)
{
	COV_AUTO(tile_list_deinit) struct tiles tiles = { 0 };

	(void)state;
	tile_pack(NULL, 0, NULL, 0, &tiles);
	assert_int_equal(tiles.count, 0);
}

static void sixty_four_different_numbers_are_sixty_four_classes(void **state)
{
	uint32_t ids[TILE_IDS];
	int64_t numbers[TILE_IDS], read[TILE_IDS];
	const struct tile_column column = { .integers = numbers };
	COV_AUTO(tile_list_deinit) struct tiles tiles = { 0 };

	(void)state;
	for (uint32_t i = 0; i < TILE_IDS; i++) {
		ids[i] = i;
		numbers[i] = i % 2 ? -(int64_t)i : INT64_MAX - i;
	}
	tile_pack(ids, TILE_IDS, &column, 1, &tiles);
	assert_int_equal(tiles.count, 1);
	assert_int_equal(tiles.items[0].class_count, TILE_IDS);
	assert_true(tile_read(tile_text(&tiles, tiles.items[0].columns[0]), TILE_IDS, 0, read));
	assert_memory_equal(read, numbers, sizeof(numbers));
}

static void what_is_no_column_is_refused(void **state)
{
	/* Of two classes. */
	static const char *const refused[] = {
		"",
		"1",
		"123",
		"ab",
		"1a",
		" 1 ",
		"  ",
		"--",
		"12  ",
		"9223372036854775808-9223372036854775808",
		"000000000000000000000000000000000000000001",
	};
	int64_t numbers[2] = { 7, 7 };

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		if (tile_read(refused[i], 2, 0, numbers))
			fail_msg("'%s' was taken", refused[i]);
	}
	assert_true(tile_read(NULL, 2, 3, numbers));
	assert_int_equal(numbers[0], 3);
	assert_int_equal(numbers[1], 3);
	assert_true(tile_read(" 1-2", 2, 0, numbers));
	assert_int_equal(numbers[0], 1);
	assert_int_equal(numbers[1], -2);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_ids_share_a_class),
		cmocka_unit_test(what_was_packed_is_read_again),
		cmocka_unit_test(no_ids_are_no_tiles),
		cmocka_unit_test(sixty_four_different_numbers_are_sixty_four_classes),
		cmocka_unit_test(what_is_no_column_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
