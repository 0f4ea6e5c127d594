/* pattern_test.c - the patterns of tiles: each found as itself, and none that is there no more. */
#include "tests/unit/fixture.h"

#include <stdio.h>
#include <unistd.h>

#include "venn/store/pattern_cache.h"
#include "venn/store/statement.h"
#include "venn/store/store.h"
#include "venn/store/store_pattern.h"
#include "venn/store/store_transaction.h"

enum { MANY = 500000, TILES = 2, TILE = 7 };

/* As many as there are @i below 2^32. */
static void some_marks(char *ret, size_t size, uint32_t i)
{
	snprintf(ret, size, "%x", i * 2654435761u);
}

/* So many that some pairs of a tile have the same 32 bits of a hash. */
static void each_pattern_is_found_as_itself(void **state)
{
	COV_AUTO(pattern_cache_deinit) struct pattern_cache cache = { 0 };
	char marks[16];

	(void)state;
	assert_null(pattern_cache_find(&cache, 0, "!"));
	assert_null(pattern_cache_at(&cache, 0, 1));
	for (uint32_t tile = 0; tile < TILES; tile++)
		pattern_cache_begin(&cache, tile);
	for (uint32_t i = 0; i < MANY; i++) {
		some_marks(marks, sizeof(marks), i / TILES);
		assert_null(pattern_cache_find(&cache, i % TILES, marks));
		pattern_cache_add(&cache, i % TILES, 2 * (i / TILES) + 1, i % TILE + 1, marks);
	}
	for (uint32_t i = 0; i < MANY; i++) {
		some_marks(marks, sizeof(marks), i / TILES);
		const struct known_pattern *found = pattern_cache_find(&cache, i % TILES, marks);
		assert_non_null(found);
		assert_int_equal(found->number, 2 * (i / TILES) + 1);
		assert_int_equal(found->class_count, i % TILE + 1);
		assert_ptr_equal(pattern_cache_at(&cache, i % TILES, found->number), found);
		assert_null(pattern_cache_at(&cache, i % TILES, found->number + 1));
	}
	some_marks(marks, sizeof(marks), 0);
	assert_null(pattern_cache_find(&cache, TILES, marks));
	assert_null(pattern_cache_at(&cache, TILES, 1));
	assert_int_equal(pattern_cache_end(&cache, 1), MANY);
	assert_true(pattern_cache_knows(&cache, 1));
	assert_false(pattern_cache_knows(&cache, TILES));
}

/* A new database in which rows may be of a kernel that is not there. */
static struct store *open_store(const char *path)
{
	struct store *store = NULL;
	struct cov_error err;

	assert_int_equal(store_open(path, STORE_CREATE, &store, &err), 0);
	assert_int_equal(statement_run(store, "PRAGMA foreign_keys = OFF", &err), 0);
	return store;
}

/* Within a transaction. Return: the pattern's number */
static int64_t number_of(struct store *store, const char *marks)
{
	COV_AUTO(store_pattern_close) struct store_pattern_writer writer = { 0 };
	struct cov_error err;
	int64_t number = 0;

	assert_int_equal(store_pattern_open(store, STORE_PATTERN_LINES, 1, &writer, &err), 0);
	assert_int_equal(store_pattern_number(&writer, TILE, 1, marks, &number, &err), 0);
	return number;
}

static int64_t row_count(struct store *store)
{
	struct cov_error err;
	int64_t count = 0;

	assert_int_equal(statement_number(store, "SELECT count(*) FROM line_pattern", &count, &err),
			 0);
	return count;
}

/* @change: what makes a pattern that was added go, or another stay; within a transaction */
static void check_after(void (*change)(struct store *store))
{
	char folder[] = "/tmp/covdb-pattern-XXXXXX";
	struct cov_error err;

	assert_non_null(mkdtemp(folder));
	COV_AUTO(free) char *path = cov_format("%s/db", folder);
	struct store *store = open_store(path);
	assert_int_equal(store_transaction_write(store, &err), 0);
	assert_int_equal(number_of(store, "!"), 1);
	assert_int_equal(number_of(store, "!"), 1);
	assert_int_equal(store_transaction_commit(store, &err), 0);
	assert_int_equal(store_transaction_write(store, &err), 0);
	change(store);
	assert_int_equal(row_count(store), 1);
	/* It gets a row whether or not it had one before. */
	assert_int_equal(number_of(store, "\""), 2);
	assert_int_equal(number_of(store, "!"), 1);
	assert_int_equal(row_count(store), 2);
	assert_int_equal(store_transaction_commit(store, &err), 0);
	store_close(store);
	unlink(path);
	rmdir(folder);
}

static void roll_back(struct store *store)
{
	struct cov_error err;

	assert_int_equal(number_of(store, "\""), 2);
	store_transaction_end(store);
	assert_int_equal(store_transaction_write(store, &err), 0);
}

static void go_back(struct store *store)
{
	struct cov_error err;

	assert_int_equal(store_transaction_mark(store, &err), 0);
	assert_int_equal(number_of(store, "\""), 2);
	assert_int_equal(store_transaction_undo(store, &err), 0);
}

static void delete_one(struct store *store)
{
	struct cov_error err;

	assert_int_equal(number_of(store, "\""), 2);
	assert_int_equal(statement_run(store, "DELETE FROM line_pattern WHERE pattern = 2", &err),
			 0);
	statement_forget(store);
}

static void a_pattern_that_is_undone_is_added_again(void **state)
{
	(void)state;
	check_after(roll_back);
	check_after(go_back);
	check_after(delete_one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_pattern_is_found_as_itself),
		cmocka_unit_test(a_pattern_that_is_undone_is_added_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
