/* control.c - which branches decide whether a line runs. */
#include "collector/plan/control.h"

#include <string.h>

#include "collector/base/memory.h"
#include "collector/gcov/gcov_format.h"

enum { NOTHING = UINT32_MAX };

/* A function's graph turned around, and the tree of its post-dominators. */
struct control_graph {
	const struct plan_arc *arcs; /* [arc_count], by source */
	uint32_t arc_count;
	uint32_t block_count;
	uint32_t exit;            /* block_count: a block of its own behind all ends */
	uint32_t *way_count;      /* [block_count], ways out; owned, as all below */
	uint32_t *entering_first; /* [block_count + 1], into entering */
	uint32_t *entering;       /* [arc_count], arcs by destination */
	uint32_t *order;          /* [block_count + 1], blocks, each before what it leads to */
	uint32_t *number;         /* [block_count + 1], place in order; NOTHING: not met yet */
	uint32_t *post_dominator; /* [block_count + 1]; NOTHING: not known yet */
	uint32_t *stack;          /* [block_count + 1] */
	uint32_t *progress;       /* [block_count + 1], arcs followed */
	uint32_t order_count;
};

static void control_graph_deinit(struct control_graph *graph)
{
	free(graph->way_count);
	free(graph->entering_first);
	free(graph->entering);
	free(graph->order);
	free(graph->number);
	free(graph->post_dominator);
	free(graph->stack);
	free(graph->progress);
}

COV_DEFINE_AUTO_STRUCT(struct control_graph, control_graph_deinit)

void plan_controls_deinit(struct plan_controls *controls)
{
	free(controls->items);
	memset(controls, 0, sizeof(*controls));
}

static bool is_way(const struct plan_arc *arc)
{
	return !(arc->flags & (GCOV_ARC_FAKE | PLAN_ARC_RETURN));
}

static void index_ways(struct control_graph *graph)
{
	uint32_t *first = graph->entering_first;

	for (uint32_t i = 0; i < graph->arc_count; i++) {
		if (!is_way(&graph->arcs[i]))
			continue;
		graph->way_count[graph->arcs[i].source]++;
		first[graph->arcs[i].destination + 1]++;
	}
	for (uint32_t i = 0; i < graph->block_count; i++)
		first[i + 1] += first[i];
	memcpy(graph->progress, first, graph->block_count * sizeof(*first));
	for (uint32_t i = 0; i < graph->arc_count; i++) {
		if (is_way(&graph->arcs[i]))
			graph->entering[graph->progress[graph->arcs[i].destination]++] = i;
	}
}

/* Number what leads to @end and was not met yet, each block behind all that leads to it alone. */
static void walk_back(struct control_graph *graph, uint32_t end)
{
	uint32_t depth = 0;

	graph->stack[depth++] = end;
	graph->number[end] = 0; /* met */
	graph->progress[end] = graph->entering_first[end];
	while (depth) {
		uint32_t block = graph->stack[depth - 1];

		if (graph->progress[block] == graph->entering_first[block + 1]) {
			graph->number[block] = graph->order_count;
			graph->order[graph->order_count++] = block;
			depth--;
			continue;
		}
		uint32_t source = graph->arcs[graph->entering[graph->progress[block]++]].source;
		if (graph->number[source] != NOTHING)
			continue;
		graph->number[source] = 0;
		graph->progress[source] = graph->entering_first[source];
		graph->stack[depth++] = source;
	}
}

/* All ends first, then loops without an end, which are taken for ends themselves. */
static void order_blocks(struct control_graph *graph)
{
	memset(graph->number, 0xff, (graph->block_count + 1) * sizeof(*graph->number));
	for (uint32_t i = 0; i < graph->block_count; i++) {
		if (!graph->way_count[i])
			walk_back(graph, i);
	}
	for (uint32_t i = graph->block_count; i-- > 0;) {
		if (graph->number[i] == NOTHING) {
			graph->way_count[i] = 0;
			walk_back(graph, i);
		}
	}
	graph->number[graph->exit] = graph->order_count;
	graph->order[graph->order_count++] = graph->exit;
}

/* Where the ways up the tree from both meet. */
static uint32_t meet(const struct control_graph *graph, uint32_t a, uint32_t b)
{
	while (a != b) {
		while (graph->number[a] < graph->number[b])
			a = graph->post_dominator[a];
		while (graph->number[b] < graph->number[a])
			b = graph->post_dominator[b];
	}
	return a;
}

static uint32_t find_post_dominator(const struct control_graph *graph, uint32_t block,
				    const uint32_t *leaving_first)
{
	uint32_t found = NOTHING;

	if (!graph->way_count[block])
		return graph->exit;
	for (uint32_t i = leaving_first[block]; i < leaving_first[block + 1]; i++) {
		uint32_t next = graph->arcs[i].destination;

		if (!is_way(&graph->arcs[i]) || graph->post_dominator[next] == NOTHING)
			continue;
		found = found == NOTHING ? next : meet(graph, found, next);
	}
	return found;
}

/*
 * Source: Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001), on the graph
 * turned around.
 */
static void find_post_dominators(struct control_graph *graph)
{
	COV_AUTO(free)
	uint32_t *leaving_first = cov_xcalloc(graph->block_count + 1, sizeof(*leaving_first));
	bool is_changing = true;

	for (uint32_t i = 0; i < graph->arc_count; i++)
		leaving_first[graph->arcs[i].source + 1]++;
	for (uint32_t i = 0; i < graph->block_count; i++)
		leaving_first[i + 1] += leaving_first[i];
	memset(graph->post_dominator, 0xff,
	       (graph->block_count + 1) * sizeof(*graph->post_dominator));
	graph->post_dominator[graph->exit] = graph->exit;
	while (is_changing) {
		is_changing = false;
		for (uint32_t i = graph->order_count - 1; i-- > 0;) {
			uint32_t block = graph->order[i];
			uint32_t found = find_post_dominator(graph, block, leaving_first);

			is_changing |= found != graph->post_dominator[block];
			graph->post_dominator[block] = found;
		}
	}
}

static void control_graph_build(struct control_graph *graph, const struct plan *plan,
				const struct plan_function *function)
{
	size_t count = (size_t)function->block_count + 1;

	*graph = (struct control_graph){
		.arcs = plan->arcs + function->arc_first,
		.arc_count = function->arc_count,
		.block_count = function->block_count,
		.exit = function->block_count,
		.way_count = cov_xcalloc(count, sizeof(uint32_t)),
		.entering_first = cov_xcalloc(count + 1, sizeof(uint32_t)),
		.entering = cov_xcalloc(function->arc_count, sizeof(uint32_t)),
		.order = cov_xcalloc(count, sizeof(uint32_t)),
		.number = cov_xcalloc(count, sizeof(uint32_t)),
		.post_dominator = cov_xcalloc(count, sizeof(uint32_t)),
		.stack = cov_xcalloc(count, sizeof(uint32_t)),
		.progress = cov_xcalloc(count, sizeof(uint32_t)),
	};
	index_ways(graph);
	order_blocks(graph);
	find_post_dominators(graph);
}

/* Whether a block at @distance depends on the way @arc. */
static bool is_deciding(const struct control_graph *graph, const struct plan_arc *arc,
			const uint32_t *distances, uint32_t distance)
{
	uint32_t end = graph->post_dominator[arc->source];

	for (uint32_t block = arc->destination; block != end && block != graph->exit;
	     block = graph->post_dominator[block]) {
		if (distances[block] == distance)
			return true;
	}
	return false;
}

static void add_branches(const struct plan *plan, const struct plan_function *function,
			 uint32_t arc, uint32_t distance, struct plan_controls *ret)
{
	for (uint32_t i = 0; i < function->branch_count; i++) {
		uint32_t branch = function->branch_first + i;

		if (plan->branches[branch].arc != arc)
			continue;
		ret->items = cov_grow(ret->items, ret->count, &ret->capacity, sizeof(*ret->items));
		ret->items[ret->count++] = (struct plan_control){ branch, distance };
	}
}

/* One step further away. Return: whether there is more behind. */
static bool find_next(const struct control_graph *graph, const struct plan *plan,
		      const struct plan_function *function, uint32_t *distances, uint32_t distance,
		      struct plan_controls *ret)
{
	bool is_more = false;

	for (uint32_t i = 0; i < graph->arc_count; i++) {
		const struct plan_arc *arc = &graph->arcs[i];

		if (!is_way(arc) || graph->way_count[arc->source] < 2 ||
		    distances[arc->source] < distance ||
		    !is_deciding(graph, arc, distances, distance - 1))
			continue;
		distances[arc->source] = distance;
		add_branches(plan, function, i, distance, ret);
		is_more = true;
	}
	return is_more;
}

void plan_controls_find(const struct plan *plan, uint32_t function_index, uint32_t line,
			struct plan_controls *ret)
{
	const struct plan_function *function = &plan->functions[function_index];
	COV_AUTO(control_graph_deinit) struct control_graph graph = { 0 };
	COV_AUTO(free)
	uint32_t *distances = cov_xcalloc(function->block_count, sizeof(*distances));

	control_graph_build(&graph, plan, function);
	memset(distances, 0xff, function->block_count * sizeof(*distances));
	for (uint32_t i = 0; i < function->entry_count; i++) {
		const struct plan_entry *entry = &plan->entries[function->entry_first + i];

		for (uint32_t j = 0; j < entry->block_count && entry->line == line; j++)
			distances[plan->blocks[entry->block_first + j]] = 0;
	}
	for (uint32_t distance = 1; find_next(&graph, plan, function, distances, distance, ret);
	     distance++)
		continue;
}
