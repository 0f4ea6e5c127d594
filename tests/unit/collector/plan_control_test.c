/* plan_control_test.c - the branches that decide whether a line runs. */
#include "tests/unit/fixture.h"

#include <stdio.h>

#include "collector/gcov/gcov_format.h"
#include "collector/plan/control.h"

enum { ARCS_MAX = 64, BLOCKS_MAX = 12, GRAPH_COUNT = 3000 };

/* One function; block i is line i, and each way out of a block that has several is a branch. */
struct graph {
	struct plan plan;
	struct plan_function function;
	struct plan_arc arcs[ARCS_MAX];
	struct plan_branch branches[ARCS_MAX];
	struct plan_entry entries[BLOCKS_MAX];
	uint32_t blocks[BLOCKS_MAX];
};

static void graph_init(struct graph *graph, uint32_t block_count)
{
	memset(graph, 0, sizeof(*graph));
	graph->plan = (struct plan){
		.functions = &graph->function,
		.function_count = 1,
		.arcs = graph->arcs,
		.branches = graph->branches,
		.entries = graph->entries,
		.blocks = graph->blocks,
		.line_count = block_count,
	};
	graph->function.block_count = graph->function.entry_count = block_count;
	for (uint32_t i = 0; i < block_count; i++) {
		graph->entries[i] = (struct plan_entry){ i, PLAN_SUM, i, 1 };
		graph->blocks[i] = i;
	}
}

/* Arcs must come by source. */
static void graph_arc(struct graph *graph, uint32_t source, uint32_t destination, uint32_t flags)
{
	graph->arcs[graph->function.arc_count++] =
	    (struct plan_arc){ source, destination, PLAN_NO_COUNTER, flags };
}

static uint32_t count_ways(const struct graph *graph, uint32_t block)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < graph->function.arc_count; i++)
		count += graph->arcs[i].source == block && !(graph->arcs[i].flags & GCOV_ARC_FAKE);
	return count;
}

static void graph_finish(struct graph *graph)
{
	for (uint32_t i = 0; i < graph->function.arc_count; i++) {
		uint32_t source = graph->arcs[i].source;

		if (count_ways(graph, source) > 1 && !(graph->arcs[i].flags & GCOV_ARC_FAKE))
			graph->branches[graph->function.branch_count++] =
			    (struct plan_branch){ source, i, 0 };
	}
}

/* Arcs as "0>2 2>3 2!1", by source; one with a '!' is never taken, as a call that does not return.
 */
static void graph_read(struct graph *graph, uint32_t block_count, const char *arcs)
{
	uint32_t source, destination;
	char kind;
	int length;

	graph_init(graph, block_count);
	while (sscanf(arcs, "%u%c%u %n", &source, &kind, &destination, &length) == 3) {
		graph_arc(graph, source, destination, kind == '!' ? GCOV_ARC_FAKE : 0);
		arcs += length;
	}
	assert_string_equal(arcs, "");
	graph_finish(graph);
}

/* "2>3@1 ", for the way from block 2 to block 3 at distance 1. */
static char *describe(const struct graph *graph, uint32_t line)
{
	COV_AUTO(plan_controls_deinit) struct plan_controls controls = { 0 };
	struct cov_text text = { 0 };

	plan_controls_find(&graph->plan, 0, line, &controls);
	cov_text_print(&text, "%s", "");
	for (size_t i = 0; i < controls.count; i++) {
		const struct plan_arc *arc =
		    &graph->arcs[graph->branches[controls.items[i].branch].arc];

		cov_text_print(&text, "%u>%u@%u ", arc->source, arc->destination,
			       controls.items[i].distance);
	}
	return text.data;
}

static void expect(const struct graph *graph, uint32_t line, const char *expected)
{
	COV_AUTO(free) char *got = describe(graph, line);

	assert_string_equal(got, expected);
}

static void the_inner_branch_is_nearer_than_the_outer(void **state)
{
	struct graph graph;

	(void)state;
	/* 0 entry, 1 exit: if (2) { if (3) 4; } 5 */
	graph_read(&graph, 6, "0>2 2>3 2>5 3>4 3>5 4>5 5>1");
	expect(&graph, 4, "3>4@1 2>3@2 ");
	expect(&graph, 3, "2>3@1 ");
	expect(&graph, 5, "");
	expect(&graph, 2, "");
}

static void either_of_two_conditions_decides(void **state)
{
	struct graph graph;

	(void)state;
	/* if (2 || 3) 4; 5 */
	graph_read(&graph, 6, "0>2 2>3 2>4 3>4 3>5 4>5 5>1");
	expect(&graph, 4, "2>4@1 3>4@1 "); /* not 2>3@2: 2 is known to decide */
}

static void a_call_that_may_not_return_is_no_branch(void **state)
{
	struct graph graph;

	(void)state;
	graph_read(&graph, 4, "0>2 2!1 2>3 3>1");
	expect(&graph, 3, "");
}

static void a_loop_decides_about_its_body_and_a_loop_without_end_about_nothing_behind(void **state)
{
	struct graph graph;

	(void)state;
	/* while (2) 3; if (4) for (;;) 5; 6 */
	graph_read(&graph, 7, "0>2 2>3 2>4 3>2 4>5 4>6 5>5 6>1");
	expect(&graph, 3, "2>3@1 ");
	expect(&graph, 5, "4>5@1 ");
	expect(&graph, 6, "4>6@1 ");
}

/* Whether all ways from @from to the exit, which is block 1, pass @through. */
static bool is_bound_to_pass(const struct graph *graph, uint32_t from, uint32_t through)
{
	bool is_met[BLOCKS_MAX] = { [0] = false };
	bool is_changing = true;

	if (from == through)
		return true;
	is_met[from] = true;
	while (is_changing) {
		is_changing = false;
		for (uint32_t i = 0; i < graph->function.arc_count; i++) {
			const struct plan_arc *arc = &graph->arcs[i];

			if (is_met[arc->source] && arc->destination != through &&
			    !is_met[arc->destination]) {
				is_met[arc->destination] = true;
				is_changing = true;
			}
		}
	}
	return !is_met[1];
}

/* The definition, followed to the letter: bound to run that way, not bound to run before. */
static bool is_dependent(const struct graph *graph, uint32_t block, const struct plan_arc *arc)
{
	return is_bound_to_pass(graph, arc->destination, block) &&
	       (arc->source == block || !is_bound_to_pass(graph, arc->source, block));
}

static uint32_t random_below(uint32_t *seed, uint32_t limit)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % limit;
}

/* A graph in which every block leads to the exit: each has a way to a later one, or to the exit. */
static void graph_randomize(struct graph *graph, uint32_t *seed)
{
	uint32_t block_count = 3 + random_below(seed, BLOCKS_MAX - 3);

	graph_init(graph, block_count);
	for (uint32_t i = 0; i < block_count; i++) {
		uint32_t more = random_below(seed, 3);

		if (i == 1)
			continue;
		uint32_t later = i + 1 + random_below(seed, block_count - i);
		graph_arc(graph, i, later == 1 || later == block_count ? 1 : later, 0);
		for (uint32_t j = 0; i && j < more; j++)
			graph_arc(graph, i, 1 + random_below(seed, block_count - 1), 0);
	}
	graph_finish(graph);
}

static void of_random_graphs_it_finds_what_the_definition_says(void **state)
{
	uint32_t seed = 1, found = 0;

	(void)state;
	for (uint32_t i = 0; i < GRAPH_COUNT; i++) {
		struct graph graph;

		graph_randomize(&graph, &seed);
		for (uint32_t block = 2; block < graph.function.block_count; block++) {
			COV_AUTO(plan_controls_deinit) struct plan_controls controls = { 0 };
			size_t next = 0;

			plan_controls_find(&graph.plan, 0, block, &controls);
			for (uint32_t j = 0; j < graph.function.branch_count; j++) {
				const struct plan_arc *arc = &graph.arcs[graph.branches[j].arc];

				if (arc->source == block || !is_dependent(&graph, block, arc))
					continue;
				assert_true(next < controls.count);
				assert_int_equal(controls.items[next].branch, j);
				assert_int_equal(controls.items[next].distance, 1);
				next++;
				found++;
			}
			assert_true(next == controls.count || controls.items[next].distance == 2);
		}
	}
	assert_true(found > GRAPH_COUNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_inner_branch_is_nearer_than_the_outer),
		cmocka_unit_test(either_of_two_conditions_decides),
		cmocka_unit_test(a_call_that_may_not_return_is_no_branch),
		cmocka_unit_test(
		    a_loop_decides_about_its_body_and_a_loop_without_end_about_nothing_behind),
		cmocka_unit_test(of_random_graphs_it_finds_what_the_definition_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
