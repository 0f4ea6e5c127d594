/* flame_test.c - stacks become a tree; shares have intervals, and differ only beyond chance. */
#include "venn/questions/flame.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct flame_node *find(const struct flame *flame, const char *name)
{
	for (const struct flame_node *node = flame_next(&flame->root); node;
	     node = flame_next(node)) {
		if (strcmp(node->name, name) == 0)
			return node;
	}
	return NULL;
}

static void a_tree_begins_at_the_function_asked_for(void **state)
{
	COV_AUTO(flame_deinit) struct flame flame = { .functions = "sys_read,sys_write" };

	(void)state;
	flame_add(&flame, 0, "sh;main;sys_write_[k];vfs_write_[k]", 3);
	flame_add(&flame, 0, "sh;main;sys_read.isra.0_[k]", 2);
	flame_add(&flame, 0, "sh;main;sys_writev_[k]", 5);
	flame_add(&flame, 0, "sh;sys_write_[k];sys_write_[k]", 1);
	flame_sort(&flame);
	assert_int_equal(flame.all[0], 11);
	assert_int_equal(flame.root.samples[0], 6);
	assert_string_equal(flame.root.child->name, "sys_write");
	assert_int_equal(flame.root.child->samples[0], 4);
	assert_true(flame.root.child->is_kernel);
	assert_null(find(&flame, "main"));
	assert_null(find(&flame, "sys_writev"));
	assert_int_equal(find(&flame, "sys_read.isra.0")->samples[0], 2);
}

static void a_program_and_the_kernel_are_told_apart(void **state)
{
	COV_AUTO(flame_deinit) struct flame flame = { 0 };

	(void)state;
	flame_add(&flame, 0, "sh;f", 1);
	flame_add(&flame, 0, "sh;f_[k]", 1);
	assert_int_equal(flame.root.child->samples[0], 2);
	assert_int_not_equal(flame.root.child->child->is_kernel,
			     flame.root.child->child->next->is_kernel);
}

static void perfs_own_samples_are_in_no_tree(void **state)
{
	COV_AUTO(flame_deinit) struct flame flame = { .functions = "sys_write" };

	(void)state;
	flame_add(&flame, 0, "perf;sys_write_[k]", 4);
	flame_add(&flame, 0, "perfect;sys_write_[k]", 1);
	assert_int_equal(flame.all[0], 5);
	assert_int_equal(flame.recording[0], 4);
	assert_int_equal(flame.root.samples[0], 1);
}

/* Newcombe, Statistics in Medicine 17 (1998), 857-872: table I, method 3. */
static void shares_have_wilsons_interval(void **state)
{
	(void)state;
	struct flame_share share = flame_share(81, 263);
	assert_float_equal(share.low, 0.2553, 0.0001);
	assert_float_equal(share.high, 0.3662, 0.0001);
	share = flame_share(15, 148);
	assert_float_equal(share.low, 0.0624, 0.0001);
	assert_float_equal(share.high, 0.1605, 0.0001);
	share = flame_share(0, 20);
	assert_float_equal(share.low, 0, 0);
	assert_float_equal(share.high, 0.1611, 0.0001);
	share = flame_share(1, 29);
	assert_float_equal(share.low, 0.0061, 0.0001);
	assert_float_equal(share.high, 0.1718, 0.0001);
	assert_true(isnan(flame_share(0, 0).share));
}

static bool differs(int64_t a, int64_t of_a, int64_t b, int64_t of_b)
{
	COV_AUTO(flame_deinit) struct flame flame = { .side_count = FLAME_SIDES_MAX };

	flame_add(&flame, 0, "p;f", a);
	flame_add(&flame, 0, "p;g", of_a - a);
	flame_add(&flame, 1, "p;f", b);
	flame_add(&flame, 1, "p;g", of_b - b);
	return flame_differs(&flame, find(&flame, "f"));
}

/* Newcombe, ibid. 873-890: method 10 gives 0.0524 to 0.3339 for 56/70 - 48/80. */
static void a_difference_is_one_beyond_chance_and_of_enough_samples(void **state)
{
	(void)state;
	assert_false(differs(56, 70, 48, 80)); /* too few, whatever the interval */
	assert_true(differs(560, 700, 480, 800));
	assert_false(differs(400, 800, 410, 800));
	assert_true(differs(1, 1000, 900, 1000));
	assert_true(differs(900, 1000, 1, 1000));
}

static void a_stack_of_any_depth_is_cut(void **state)
{
	enum { FRAMES = 100000 };
	COV_AUTO(flame_deinit) struct flame flame = { 0 };
	static char frames[2 * FRAMES];

	(void)state;
	for (size_t i = 0; i < FRAMES; i++) {
		frames[2 * i] = 'f';
		frames[2 * i + 1] = i + 1 < FRAMES ? ';' : '\0';
	}
	flame_add(&flame, 0, frames, 1);
	flame_sort(&flame);
	const struct flame_node *last = &flame.root;
	while (flame_next(last))
		last = flame_next(last);
	assert_int_equal(last->depth, FLAME_DEPTH_MAX);
}

static void a_function_has_each_stack_once_wherever_it_stands(void **state)
{
	COV_AUTO(flame_deinit) struct flame flame = { 0 };
	COV_AUTO(flame_functions_deinit) struct flame_functions functions = { 0 };

	(void)state;
	flame_add(&flame, 0, "p;f;a_[k];b_[k];a_[k]", 3); /* it calls itself */
	flame_add(&flame, 0, "p;f;c_[k];b_[k]", 4);
	flame_add(&flame, 0, "p;b;c_[k]", 1); /* a program's function is another */
	flame_add(&flame, 1, "p;only_there_[k]", 9);
	flame_functions_of(&flame, 0, &functions);
	assert_int_equal(functions.count, 3);
	assert_string_equal(functions.items[0].name, "b");
	assert_int_equal(functions.items[0].samples, 7);
	assert_string_equal(functions.items[1].name, "c");
	assert_int_equal(functions.items[1].samples, 5);
	assert_string_equal(functions.items[2].name, "a");
	assert_int_equal(functions.items[2].samples, 3);
}

static void a_tree_without_samples_has_no_functions(void **state)
{
	struct flame flame = { 0 };
	struct flame_functions functions = { 0 };

	(void)state;
	flame_functions_of(&flame, 0, &functions);
	assert_int_equal(functions.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tree_begins_at_the_function_asked_for),
		cmocka_unit_test(a_program_and_the_kernel_are_told_apart),
		cmocka_unit_test(perfs_own_samples_are_in_no_tree),
		cmocka_unit_test(shares_have_wilsons_interval),
		cmocka_unit_test(a_difference_is_one_beyond_chance_and_of_enough_samples),
		cmocka_unit_test(a_stack_of_any_depth_is_cut),
		cmocka_unit_test(a_function_has_each_stack_once_wherever_it_stands),
		cmocka_unit_test(a_tree_without_samples_has_no_functions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
