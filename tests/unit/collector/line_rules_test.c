/*
 * line_rules_test.c - lines counted on random graphs, against the rules written down in words.
 *
 * What is below has no bounds, no stamps and no kinds of entries: lists and recursion only.
 */
#include "tests/unit/fixture.h"

#include "collector/gcov/gcno.h"
#include "collector/plan/compile.h"
#include "collector/plan/evaluate.h"
#include "collector/plan/plan.h"

enum {
	BLOCKS_MAX = 12,
	ARCS_MAX = 64,
	LINES_MAX = 3, /* numbers 1 to 3 */
	MENTIONS_MAX = 4 * BLOCKS_MAX,
	GRAPHS = 20000,
	ON_TREE = 1,
};

/* A function whose blocks mention lines, and the counts of its arcs. */
struct graph {
	uint32_t block_count, arc_count, exit;
	struct gcno_arc arcs[ARCS_MAX + 1]; /* by source; the last is for the arc of clang's */
	int64_t counters[ARCS_MAX];
	uint32_t counter_count;
	uint32_t mention_count;
	uint32_t mentions[MENTIONS_MAX][2]; /* block, line */
	uint64_t counts[ARCS_MAX + 1];      /* of arcs */
	int64_t left[ARCS_MAX + 1];         /* of arcs, not yet in a cycle */
};

static uint64_t random_state = 1;

static uint32_t random_below(uint32_t end)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(random_state >> 33) % end;
}

/* The blocks of a line, repetitions kept, in the order of blocks. */
struct block_list {
	uint32_t count;
	uint32_t items[MENTIONS_MAX];
};

static struct block_list blocks_of_line(const struct graph *graph, uint32_t line)
{
	struct block_list list = { 0 };

	for (uint32_t i = 0; i < graph->mention_count; i++) {
		if (graph->mentions[i][1] == line)
			list.items[list.count++] = graph->mentions[i][0];
	}
	return list;
}

static bool has_block(const struct block_list *list, uint32_t block)
{
	for (uint32_t i = 0; i < list->count; i++) {
		if (list->items[i] == block)
			return true;
	}
	return false;
}

static void append_block(struct block_list *list, uint32_t block)
{
	list->items[list->count++] = block;
}

/* gcov 8 and newer: the search for cycles. */
struct search {
	struct graph *graph;
	const struct block_list *set;
	uint32_t start;
	bool is_any_cycle, has_negative;
	struct block_list blocked;
	struct block_list waiting[BLOCKS_MAX]; /* for each block to be freed */
	uint32_t path[BLOCKS_MAX + 1];
	uint32_t path_length;
	int64_t total;
};

static void free_block(struct search *search, uint32_t block)
{
	struct block_list waiting = search->waiting[block];
	struct block_list rest = { 0 };

	if (!has_block(&search->blocked, block))
		return;
	for (uint32_t i = 0; i < search->blocked.count; i++) {
		if (search->blocked.items[i] != block)
			append_block(&rest, search->blocked.items[i]);
	}
	search->blocked = rest;
	search->waiting[block].count = 0;
	for (uint32_t i = 0; i < waiting.count; i++)
		free_block(search, waiting.items[i]);
}

static bool can_follow(const struct search *search, uint32_t arc)
{
	uint32_t other = search->graph->arcs[arc].destination;

	return other >= search->start && has_block(search->set, other) &&
	       (search->is_any_cycle || search->graph->left[arc] > 0);
}

static void take_cycle(struct search *search)
{
	int64_t least = INT64_MAX;

	for (uint32_t i = 0; i < search->path_length; i++) {
		if (search->graph->left[search->path[i]] < least)
			least = search->graph->left[search->path[i]];
	}
	for (uint32_t i = 0; i < search->path_length; i++)
		search->graph->left[search->path[i]] -= least;
	search->total += least;
	search->has_negative |= least < 0;
}

static bool is_path_open(const struct search *search)
{
	for (uint32_t i = 0; i < search->path_length && !search->is_any_cycle; i++) {
		if (search->graph->left[search->path[i]] <= 0)
			return false;
	}
	return true;
}

static bool find_cycles(struct search *search, uint32_t block)
{
	struct graph *graph = search->graph;
	bool is_found = false;

	append_block(&search->blocked, block);
	search->waiting[block].count = 0;
	for (uint32_t i = 0; i < graph->arc_count; i++) {
		uint32_t other = graph->arcs[i].destination;

		if (graph->arcs[i].source != block || !can_follow(search, i))
			continue;
		search->path[search->path_length++] = i;
		if (other == search->start) {
			take_cycle(search);
			is_found = true;
		} else if (is_path_open(search) && !has_block(&search->blocked, other)) {
			is_found |= find_cycles(search, other);
		}
		search->path_length--;
	}
	if (is_found) {
		free_block(search, block);
		return true;
	}
	for (uint32_t i = 0; i < graph->arc_count; i++) {
		uint32_t other = graph->arcs[i].destination;

		if (graph->arcs[i].source == block && can_follow(search, i) &&
		    has_block(&search->blocked, other) &&
		    !has_block(&search->waiting[other], block))
			append_block(&search->waiting[other], block);
	}
	return false;
}

static int64_t count_by_gcov(struct graph *graph, const struct block_list *set, bool is_any_cycle)
{
	int64_t total = 0;
	bool has_negative = false;

	for (uint32_t i = 0; i < set->count; i++) {
		for (uint32_t j = 0; j < graph->arc_count; j++) {
			if (graph->arcs[j].destination == set->items[i] &&
			    !has_block(set, graph->arcs[j].source))
				total += (int64_t)graph->counts[j];
		}
	}
	memcpy(graph->left, graph->counts, sizeof(graph->left));
	for (int round = 0; round < (is_any_cycle ? 2 : 1); round++) {
		for (uint32_t i = 0; i < set->count && (round == 0 || has_negative); i++) {
			struct search search = {
				.graph = graph,
				.set = set,
				.start = set->items[i],
				.is_any_cycle = is_any_cycle,
			};

			find_cycles(&search, search.start);
			total += search.total;
			has_negative |= search.has_negative && round == 0;
		}
	}
	return total;
}

/* llvm-cov: what an arc of the tree lacks, from the leaves up. */
static uint64_t solve_below(struct graph *graph, uint32_t block, uint32_t parent, bool *is_seen)
{
	uint64_t excess = 0;

	if (is_seen[block])
		return 0;
	is_seen[block] = true;
	for (uint32_t i = 0; i < graph->arc_count; i++) {
		const struct gcno_arc *arc = &graph->arcs[i];
		bool is_on_tree = arc->flags & ON_TREE;

		if (i == parent)
			continue;
		if (arc->destination == block)
			excess += is_on_tree ? solve_below(graph, arc->source, i, is_seen)
					     : graph->counts[i];
		if (arc->source == block)
			excess -= is_on_tree ? solve_below(graph, arc->destination, i, is_seen)
					     : graph->counts[i];
	}
	if ((int64_t)excess < 0)
		excess = -excess;
	if (parent != UINT32_MAX)
		graph->counts[parent] = excess;
	return excess;
}

/* The first way back to a block that is on the path; 0 if there is none. */
static uint64_t find_one_cycle(struct graph *graph, const struct block_list *set,
			       struct block_list *on_path, uint32_t *path, bool *is_done)
{
	uint32_t block = on_path->items[on_path->count - 1];

	for (uint32_t i = 0; i < graph->arc_count; i++) {
		uint32_t other = graph->arcs[i].destination;
		uint64_t least = (uint64_t)graph->left[i];
		uint32_t first = on_path->count - 1;

		if (graph->arcs[i].source != block || !least || other == block || is_done[other] ||
		    !has_block(set, other))
			continue;
		path[on_path->count - 1] = i;
		if (!has_block(on_path, other)) {
			append_block(on_path, other);
			uint64_t found = find_one_cycle(graph, set, on_path, path, is_done);
			if (found)
				return found;
			continue;
		}
		while (on_path->items[first] != other)
			first--;
		for (uint32_t j = first; j < on_path->count; j++) {
			if ((uint64_t)graph->left[path[j]] < least)
				least = (uint64_t)graph->left[path[j]];
		}
		for (uint32_t j = first; j < on_path->count; j++)
			graph->left[path[j]] = (int64_t)((uint64_t)graph->left[path[j]] - least);
		return least;
	}
	is_done[block] = true;
	on_path->count--;
	return 0;
}

static int64_t count_by_llvm(struct graph *graph, const struct block_list *set)
{
	uint64_t total = 0, found;

	for (uint32_t i = 0; i < set->count; i++) {
		for (uint32_t j = 0; j < graph->arc_count; j++) {
			const struct gcno_arc *arc = &graph->arcs[j];

			if (set->items[i] == 0
				? arc->source == 0
				: arc->destination == set->items[i] && !has_block(set, arc->source))
				total += graph->counts[j];
		}
	}
	memcpy(graph->left, graph->counts, sizeof(graph->left));
	do {
		bool is_done[BLOCKS_MAX] = { false };

		found = 0;
		for (uint32_t i = 0; i < set->count && !found; i++) {
			struct block_list on_path = { 1, { set->items[i] } };
			uint32_t path[BLOCKS_MAX + 1];

			if (!is_done[set->items[i]])
				found = find_one_cycle(graph, set, &on_path, path, is_done);
		}
		total += found;
	} while (found);
	return (int64_t)total;
}

/* Blocks 0 and @exit, the rest in between, with up to three arcs each, sorted by destination. */
static struct graph make_graph(bool is_exit_last, bool has_self_arcs)
{
	struct graph graph = { .block_count = 4 + random_below(BLOCKS_MAX - 3) };

	graph.exit = is_exit_last ? graph.block_count - 1 : 1;
	for (uint32_t block = 0; block < graph.block_count; block++) {
		for (uint32_t other = 1; other < graph.block_count; other++) {
			if (block == graph.exit || (other == block && !has_self_arcs) ||
			    random_below(graph.block_count) >= 3)
				continue;
			graph.arcs[graph.arc_count++] = (struct gcno_arc){ block, other, 0 };
		}
	}
	return graph;
}

/* Arcs that join two parts so far become the tree; exit and entry are joined from the start. */
static void choose_tree(struct graph *graph)
{
	uint32_t part[BLOCKS_MAX];

	for (uint32_t i = 0; i < graph->block_count; i++)
		part[i] = i == graph->exit ? 0 : i;
	for (uint32_t i = 0; i < graph->arc_count; i++) {
		uint32_t from = part[graph->arcs[i].source];
		uint32_t to = part[graph->arcs[i].destination];

		if (from == to)
			continue;
		graph->arcs[i].flags |= ON_TREE;
		for (uint32_t j = 0; j < graph->block_count; j++) {
			if (part[j] == from)
				part[j] = to;
		}
	}
}

static void choose_counters(struct graph *graph, bool has_negative)
{
	for (uint32_t i = 0; i < graph->arc_count; i++) {
		if (graph->arcs[i].flags & ON_TREE)
			continue;
		int64_t counter = random_below(5);

		if (has_negative && random_below(3) == 0)
			counter = -counter;
		graph->counters[graph->counter_count++] = counter;
		graph->counts[i] = (uint64_t)counter;
	}
}

/* covdb's counts of lines 1 to LINES_MAX; the plan is left to the caller. */
static void count_by_covdb(const struct graph *graph, enum gcov_line_rule rule, bool is_exit_last,
			   int64_t *lines, struct plan *plan)
{
	static const char *sources[] = { "a.c" };
	struct gcov_format format = { .is_exit_last = is_exit_last };
	struct gcno_function function = {
		.name = "f",
		.start_line = 9,
		.end_line = 9,
		.block_count = graph->block_count,
		.arc_count = graph->arc_count,
		.counter_count = graph->counter_count,
		.location_count = graph->mention_count,
	};
	struct gcno_location locations[MENTIONS_MAX];
	uint32_t numbers[MENTIONS_MAX];
	struct gcno gcno = {
		.format = &format,
		.line_rule = rule,
		.sources = sources,
		.source_count = 1,
		.functions = &function,
		.function_count = 1,
		.arcs = (struct gcno_arc *)graph->arcs,
		.arc_count = graph->arc_count,
		.locations = locations,
		.location_count = graph->mention_count,
		.lines = numbers,
		.line_count = graph->mention_count,
	};
	COV_AUTO(evaluate_scratch_deinit) struct evaluate_scratch scratch = { 0 };
	int64_t counts[LINES_MAX] = { 0 };
	struct cov_error err;

	for (uint32_t i = 0; i < graph->mention_count; i++) {
		locations[i] = (struct gcno_location){ graph->mentions[i][0], 0, i, 1 };
		numbers[i] = graph->mentions[i][1];
	}
	assert_int_equal(plan_compile(&gcno, plan, &err), 0);
	assert_int_equal(plan->counter_count, graph->counter_count);
	plan_evaluate(plan, graph->counters, &(struct plan_counts){ .lines = counts }, &scratch);
	memset(lines, 0, (LINES_MAX + 1) * sizeof(*lines));
	for (uint32_t i = 0; i < plan->line_count; i++)
		lines[plan->lines[i].line] = counts[i];
}

static void mention(struct graph *graph, uint32_t block, uint32_t line)
{
	graph->mentions[graph->mention_count][0] = block;
	graph->mentions[graph->mention_count++][1] = line;
}

static void check_gcov_rule(enum gcov_line_rule rule, bool is_exit_last)
{
	bool is_any_cycle = rule == GCOV_LINES_FLOW_ALL_CYCLES;

	for (int i = 0; i < GRAPHS; i++) {
		struct graph graph = make_graph(is_exit_last, true);
		COV_AUTO(plan_deinit) struct plan plan = { 0 };
		int64_t lines[LINES_MAX + 1];

		choose_counters(&graph, i % 2);
		/* All but a few on one line; entry and last block hang nowhere. */
		for (uint32_t block = 1; block + 1 < graph.block_count; block++)
			mention(&graph, block, random_below(4) ? 1 : 2);
		count_by_covdb(&graph, rule, is_exit_last, lines, &plan);
		for (uint32_t line = 1; line <= 2; line++) {
			struct block_list set = blocks_of_line(&graph, line);

			assert_true(lines[line] == count_by_gcov(&graph, &set, is_any_cycle));
		}
	}
}

static void lines_of_gcc_count_what_enters_and_goes_round(void **state)
{
	(void)state;
	check_gcov_rule(GCOV_LINES_FLOW, false);
}

static void lines_of_gcc_8_3_count_cycles_below_0_and_look_twice(void **state)
{
	(void)state;
	check_gcov_rule(GCOV_LINES_FLOW_ALL_CYCLES, false);
}

/* A block's branches are on its last line, once for each time it mentions that. */
static void check_llvm_branches(const struct graph *graph, const struct plan *plan)
{
	uint32_t expected[LINES_MAX + 1] = { 0 }, got[LINES_MAX + 1] = { 0 };

	for (uint32_t i = 0; i < graph->mention_count; i++) {
		uint32_t block = graph->mentions[i][0], last = i;
		uint32_t ways = 0, sum = 0;

		while (last + 1 < graph->mention_count && graph->mentions[last + 1][0] == block)
			last++;
		if (graph->mentions[last][1] != graph->mentions[i][1])
			continue;
		for (uint32_t j = 0; j < graph->arc_count; j++) {
			if (graph->arcs[j].source == block) {
				ways++;
				sum += graph->arcs[j].destination + 100;
			}
		}
		expected[graph->mentions[i][1]] += ways > 1 ? sum : 0;
	}
	for (uint32_t i = 0; i < plan->branch_count; i++)
		got[plan->lines[plan->branches[i].line].line] +=
		    plan->arcs[plan->branches[i].arc].destination + 100;
	assert_memory_equal(got, expected, sizeof(got));
}

static void lines_of_clang_count_as_llvm_cov_does(void **state)
{
	(void)state;
	for (int i = 0; i < GRAPHS; i++) {
		bool is_exit_last = i & 1;
		struct graph graph = make_graph(is_exit_last, i & 4);
		COV_AUTO(plan_deinit) struct plan plan = { 0 };
		bool is_seen[BLOCKS_MAX] = { false };
		int64_t lines[LINES_MAX + 1];

		choose_tree(&graph);
		choose_counters(&graph, i & 2);
		/* Every block, entry and exit included, on up to three lines in any order. */
		for (uint32_t block = 0; block < graph.block_count; block++) {
			for (uint32_t j = random_below(4); j > 0; j--)
				mention(&graph, block, 1 + random_below(LINES_MAX));
		}
		/* Without any counter nothing is solved, here as for a function without data. */
		if (!graph.counter_count)
			continue;
		count_by_covdb(&graph, GCOV_LINES_LLVM, is_exit_last, lines, &plan);
		graph.arcs[graph.arc_count++] = (struct gcno_arc){ graph.exit, 0, ON_TREE };
		for (uint32_t block = 0; block < graph.block_count; block++)
			solve_below(&graph, block, UINT32_MAX, is_seen);
		for (uint32_t line = 1; line <= LINES_MAX; line++) {
			struct block_list set = blocks_of_line(&graph, line);

			assert_true(lines[line] == count_by_llvm(&graph, &set));
		}
		check_llvm_branches(&graph, &plan);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_gcc_count_what_enters_and_goes_round),
		cmocka_unit_test(lines_of_gcc_8_3_count_cycles_below_0_and_look_twice),
		cmocka_unit_test(lines_of_clang_count_as_llvm_cov_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
