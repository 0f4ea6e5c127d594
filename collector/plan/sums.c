/* sums.c - what lines count in many sums of the same few snapshots of one object. */
#include "collector/plan/sums.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/gcov/gcov_format.h"
#include "collector/plan/evidence.h"

/* Sums are looked up by so many snapshots at once. */
enum { TABLE_BITS = 5, TABLE_SUMS = 1 << TABLE_BITS };

/* Beyond, a sum might not fit into 64 bits. */
static const double sum_max = 0x1p62;

/* One object. Arrays are within the scratch memory. */
struct summing {
	const struct plan *plan;
	const struct sums_asked *asked;
	struct evaluation evaluation;
	int64_t *lines;          /* of the caller, as is the next */
	unsigned char *executed; /* */
	size_t table_count;
	int64_t *tables;       /* [table_count][TABLE_SUMS] */
	int64_t *row;          /* [asked->count], the sums of values */
	int64_t *values;       /* [snapshot_count], what row was made of */
	uint64_t *arcs;        /* [snapshot_count][function->arc_count], of one function */
	uint64_t *blocks;      /* [snapshot_count][function->block_count] */
	uint64_t *ran;         /* [function->block_count], a bit for each snapshot */
	uint64_t *arc_sums;    /* [function->arc_count] */
	uint64_t *block_sums;  /* [function->block_count] */
	int64_t *counter_sums; /* [plan->counter_count] */
	int64_t *line_counts;  /* [plan->line_count], 0 between sums, as the next */
	unsigned char *states; /* [plan->line_count] */
	uint32_t *looped;      /* [plan->entry_count], entries with cycles that were passed */
	size_t looped_count;
};

void sums_scratch_deinit(struct sums_scratch *scratch)
{
	evaluate_scratch_deinit(&scratch->evaluate);
	free(scratch->memory);
	memset(scratch, 0, sizeof(*scratch));
}

static void *carve(char *memory, size_t *offset, size_t count, size_t element_bytes)
{
	size_t place = *offset;

	*offset += (count * element_bytes + 15) & ~(size_t)15;
	return memory ? memory + place : NULL;
}

/* Return: how large all is. @memory: NULL: only that is asked */
static size_t carve_all(struct summing *summing, char *memory)
{
	const struct plan *plan = summing->plan;
	size_t snapshots = summing->asked->snapshot_count, offset = 0;
	size_t arcs = plan->arc_count_max, blocks = plan->block_count_max;

	summing->tables = carve(memory, &offset, summing->table_count * TABLE_SUMS, 8);
	summing->row = carve(memory, &offset, summing->asked->count, 8);
	summing->values = carve(memory, &offset, snapshots, 8);
	summing->arcs = carve(memory, &offset, snapshots * arcs, 8);
	summing->blocks = carve(memory, &offset, snapshots * blocks, 8);
	summing->ran = carve(memory, &offset, blocks, 8);
	summing->arc_sums = carve(memory, &offset, arcs, 8);
	summing->block_sums = carve(memory, &offset, blocks, 8);
	summing->counter_sums = carve(memory, &offset, plan->counter_count, 8);
	summing->line_counts = carve(memory, &offset, plan->line_count, 8);
	summing->states = carve(memory, &offset, plan->line_count, 1);
	summing->looped = carve(memory, &offset, plan->entry_count, 4);
	return offset;
}

static const int64_t *counters_of(const struct summing *summing,
				  const struct plan_function *function, size_t snapshot)
{
	return summing->asked->counters + snapshot * summing->plan->counter_count +
	       function->counter_first;
}

/* Whether any counter of a function is not 0 in any snapshot. */
static bool has_run(const struct summing *summing, const struct plan_function *function)
{
	for (size_t i = 0; i < summing->asked->snapshot_count; i++) {
		const int64_t *counters = counters_of(summing, function, i);

		for (uint32_t j = 0; j < function->counter_count; j++) {
			if (counters[j])
				return true;
		}
	}
	return false;
}

/* As counters_add() adds them. */
static bool add_counters(const struct summing *summing, const struct plan_function *function,
			 uint64_t mask)
{
	int64_t *sums = summing->counter_sums;
	bool any = false;

	memset(sums, 0, function->counter_count * sizeof(*sums));
	for (; mask; mask &= mask - 1) {
		const int64_t *counters =
		    counters_of(summing, function, (size_t)__builtin_ctzll(mask));

		for (uint32_t i = 0; i < function->counter_count; i++)
			sums[i] = cov_number_add(sums[i], counters[i]);
	}
	for (uint32_t i = 0; i < function->counter_count; i++)
		any |= sums[i] != 0;
	return any;
}

/* A function as plan_evaluate() has it, sum by sum. */
static void evaluate_each(struct summing *summing, uint32_t index)
{
	const struct plan_function *function = &summing->plan->functions[index];
	const struct plan_entry *entries = summing->plan->entries + function->entry_first;
	const struct plan_counts counts = { .lines = summing->line_counts,
					    .states = summing->states };
	size_t count = summing->asked->count;

	for (size_t i = 0; i < count; i++) {
		if (!add_counters(summing, function, summing->asked->masks[i]))
			continue;
		evaluate_function(&summing->evaluation, summing->plan, index, summing->counter_sums,
				  &counts, 0);
		for (uint32_t j = 0; j < function->entry_count; j++) {
			uint32_t line = entries[j].line;
			int64_t *sum = &summing->lines[line * count + i];

			*sum = cov_number_add(*sum, summing->line_counts[line]);
			summing->executed[line * count + i] |= summing->states[line] != 0;
			summing->line_counts[line] = 0;
			summing->states[line] = 0;
		}
	}
}

/* What is found of the arcs of a function in all snapshots. */
struct outline {
	double largest;   /* of all counts, whatever its sign */
	bool is_negative; /* in some snapshot some arc is below 0 */
};

/* Arcs and blocks of a function in each snapshot. */
static struct outline solve(struct summing *summing, const struct plan_function *function)
{
	struct evaluation *evaluation = &summing->evaluation;
	struct outline outline = { 0 };

	evaluate_index(evaluation, summing->plan, function);
	memset(summing->ran, 0, function->block_count * sizeof(*summing->ran));
	for (size_t i = 0; i < summing->asked->snapshot_count; i++) {
		evaluation->arc_counts = summing->arcs + i * function->arc_count;
		evaluation->block_counts = summing->blocks + i * function->block_count;
		evaluate_solve(evaluation, summing->plan, function,
			       counters_of(summing, function, i));
		for (uint32_t j = 0; j < function->arc_count; j++) {
			int64_t count = (int64_t)evaluation->arc_counts[j];
			double size = count < 0 ? -(double)count : (double)count;

			outline.is_negative |= count < 0;
			outline.largest = size > outline.largest ? size : outline.largest;
		}
		for (uint32_t j = 0; j < function->block_count; j++)
			summing->ran[j] |= (uint64_t)((int64_t)evaluation->block_counts[j] > 0)
					   << i;
	}
	return outline;
}

static void fill_tables(const struct summing *summing)
{
	for (size_t i = 0; i < summing->table_count; i++) {
		int64_t *table = summing->tables + i * TABLE_SUMS;

		table[0] = 0;
		for (size_t j = 1; j < TABLE_SUMS; j++) {
			size_t snapshot = i * TABLE_BITS + (size_t)__builtin_ctzll(j);

			table[j] = table[j & (j - 1)] + (snapshot < summing->asked->snapshot_count
							     ? summing->values[snapshot]
							     : 0);
		}
	}
}

/* To row what values are in each sum. */
static void add_values(const struct summing *summing)
{
	const struct sums_asked *asked = summing->asked;

	fill_tables(summing);
	for (size_t i = 0; i < asked->count; i++) {
		const int64_t *table = summing->tables;
		int64_t sum = 0;

		for (uint64_t mask = asked->masks[i]; mask; mask >>= TABLE_BITS) {
			sum += table[mask % TABLE_SUMS];
			table += TABLE_SUMS;
		}
		summing->row[i] = sum;
	}
}

/* Whether cycles within the blocks of an entry were passed. Its set is marked then. */
static bool has_cycle(struct summing *summing, const struct plan_function *function,
		      const struct plan_entry *entry)
{
	struct evaluation *evaluation = &summing->evaluation;

	if (entry->kind != PLAN_FLOW_LOOP)
		return false;
	evaluation_mark_set(evaluation, summing->plan->blocks + entry->block_first,
			    entry->block_count);
	for (uint32_t i = 0; i < function->arc_count; i++) {
		if (!evaluation_is_in_set(evaluation, evaluation->arcs[i].source) ||
		    !evaluation_is_in_set(evaluation, evaluation->arcs[i].destination))
			continue;
		for (size_t j = 0; j < summing->asked->snapshot_count; j++) {
			if (summing->arcs[j * function->arc_count + i])
				return true;
		}
	}
	return false;
}

/* The counts of an entry in all sums, from those in each snapshot. @is_known: row has them of the
 * same values */
static bool add_entry(struct summing *summing, const struct plan_function *function,
		      const struct plan_entry *entry, bool is_known)
{
	struct evaluation *evaluation = &summing->evaluation;
	size_t count = summing->asked->count;
	int64_t *lines = summing->lines + entry->line * count, any = 0;

	for (size_t i = 0; i < summing->asked->snapshot_count; i++) {
		evaluation->arc_counts = summing->arcs + i * function->arc_count;
		evaluation->block_counts = summing->blocks + i * function->block_count;
		int64_t value = evaluate_entry(evaluation, summing->plan, entry);

		is_known &= summing->values[i] == value;
		any |= summing->values[i] = value;
	}
	if (!any)
		return is_known;
	if (!is_known)
		add_values(summing);
	for (size_t i = 0; i < count; i++)
		lines[i] = cov_number_add(lines[i], summing->row[i]);
	return true;
}

/* Counts of lines of a function; what is not the sum of its snapshots is only listed. */
static void add_entries(struct summing *summing, const struct plan_function *function)
{
	bool is_known = false;

	summing->looped_count = 0;
	for (uint32_t i = 0; i < function->entry_count; i++) {
		const struct plan_entry *entry = &summing->plan->entries[function->entry_first + i];

		if (has_cycle(summing, function, entry))
			summing->looped[summing->looped_count++] = function->entry_first + i;
		else
			is_known = add_entry(summing, function, entry, is_known);
	}
}

/* Without contradictions what ran in a snapshot ran in each sum that has it. */
static void mark_executed(const struct summing *summing, const struct plan_function *function)
{
	const struct plan *plan = summing->plan;
	size_t count = summing->asked->count;

	for (uint32_t i = 0; i < function->entry_count; i++) {
		const struct plan_entry *entry = &plan->entries[function->entry_first + i];
		unsigned char *executed = summing->executed + entry->line * count;
		uint64_t ran = 0;

		for (uint32_t j = 0; j < entry->block_count; j++)
			ran |= summing->ran[plan->blocks[entry->block_first + j]];
		for (size_t j = 0; ran && j < count; j++)
			executed[j] |= (ran & summing->asked->masks[j]) != 0;
	}
}

static void add_rows(const uint64_t *rows, size_t row_count, uint64_t mask, uint64_t *ret)
{
	memset(ret, 0, row_count * sizeof(*ret));
	for (; mask; mask &= mask - 1) {
		const uint64_t *row = rows + (size_t)__builtin_ctzll(mask) * row_count;

		for (size_t i = 0; i < row_count; i++)
			ret[i] += row[i];
	}
}

/* What takes all arcs of a sum. @is_negative: which blocks ran does, too */
static void look_at(struct summing *summing, const struct plan_function *function, size_t sum,
		    bool is_negative)
{
	const struct plan *plan = summing->plan;
	struct evaluation *evaluation = &summing->evaluation;
	size_t count = summing->asked->count;
	uint64_t mask = summing->asked->masks[sum];

	add_rows(summing->arcs, function->arc_count, mask, summing->arc_sums);
	add_rows(summing->blocks, function->block_count, mask, summing->block_sums);
	evaluation->arc_counts = summing->arc_sums;
	evaluation->block_counts = summing->block_sums;
	for (size_t i = 0; i < summing->looped_count; i++) {
		const struct plan_entry *entry = &plan->entries[summing->looped[i]];
		int64_t *line = &summing->lines[entry->line * count + sum];

		*line = cov_number_add(*line, evaluate_entry(evaluation, plan, entry));
	}
	if (!is_negative)
		return;
	evidence_find(evaluation, function, evidence_contradiction(evaluation, function) > 0);
	for (uint32_t i = 0; i < function->entry_count; i++) {
		const struct plan_entry *entry = &plan->entries[function->entry_first + i];

		summing->executed[entry->line * count + sum] |=
		    evidence_line_state(evaluation, plan, entry) != 0;
	}
}

static void evaluate_one(struct summing *summing, uint32_t index)
{
	const struct plan_function *function = &summing->plan->functions[index];
	double terms = (double)summing->asked->snapshot_count *
		       ((double)function->arc_count + function->mention_count);

	if (!has_run(summing, function))
		return;
	/* Clang's rule takes the larger of several, and GCC 8.3's search counts its steps. */
	if (summing->plan->line_rule == GCOV_LINES_LLVM ||
	    summing->plan->line_rule == GCOV_LINES_FLOW_ALL_CYCLES) {
		evaluate_each(summing, index);
		return;
	}
	const struct evaluation evaluation = summing->evaluation; /* its own arrays */
	struct outline outline = solve(summing, function);
	if (outline.largest * terms * terms > sum_max) {
		summing->evaluation = evaluation;
		evaluate_each(summing, index);
		return;
	}
	add_entries(summing, function);
	if (!outline.is_negative)
		mark_executed(summing, function);
	for (size_t i = 0;
	     (outline.is_negative || summing->looped_count) && i < summing->asked->count; i++)
		look_at(summing, function, i, outline.is_negative);
	summing->evaluation.arc_counts = evaluation.arc_counts;
	summing->evaluation.block_counts = evaluation.block_counts;
}

void sums_evaluate(const struct plan *plan, const struct sums_asked *asked, int64_t *lines,
		   unsigned char *executed, struct sums_scratch *scratch)
{
	struct summing summing = {
		.plan = plan,
		.asked = asked,
		.lines = lines,
		.executed = executed,
		.table_count = (asked->snapshot_count + TABLE_BITS - 1) / TABLE_BITS,
	};
	size_t needed = carve_all(&summing, NULL);

	evaluate_begin(plan, &scratch->evaluate, &summing.evaluation);
	if (needed > scratch->size_bytes) {
		scratch->size_bytes = 2 * needed;
		scratch->memory = cov_xrealloc(scratch->memory, scratch->size_bytes);
	}
	carve_all(&summing, scratch->memory);
	memset(summing.line_counts, 0, plan->line_count * sizeof(*summing.line_counts));
	memset(summing.states, 0, plan->line_count);
	for (uint32_t i = 0; i < plan->function_count; i++)
		evaluate_one(&summing, i);
}
