/* compiler.c - sources and lines of the object that is being compiled, found by name and number. */
#include "collector/plan/compiler.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"
#include "collector/gcov/gcov_format.h"

void compiler_deinit(struct compiler *compiler)
{
	cov_text_deinit(&compiler->texts);
	flow_deinit(&compiler->flow);
	free(compiler->line_table);
	free(compiler->line_states);
	free(compiler->is_entry_private);
	free(compiler->mentions);
	free(compiler->hangings);
	free(compiler->is_conserving);
	free(compiler->block_base);
}

static size_t hash_line(uint32_t source, uint32_t line)
{
	uint64_t key = (uint64_t)source << 32 | line;

	key *= 0x9e3779b97f4a7c15u;
	return (size_t)(key >> 32);
}

/* Put all lines into a table of @size places, a power of two. */
static void rehash_lines(struct compiler *compiler, size_t size)
{
	struct plan *plan = compiler->plan;

	free(compiler->line_table);
	compiler->line_table = cov_xcalloc(size, sizeof(*compiler->line_table));
	compiler->line_table_size = size;
	for (uint32_t i = 0; i < plan->line_count; i++) {
		size_t place = hash_line(plan->lines[i].source, plan->lines[i].line) & (size - 1);

		while (compiler->line_table[place])
			place = (place + 1) & (size - 1);
		compiler->line_table[place] = i + 1;
	}
}

/* Places for @count lines, of which half stay free. */
static size_t table_size(size_t count)
{
	size_t size = 256;

	while (2 * count >= size)
		size *= 2;
	return size;
}

void compiler_expect_lines(struct compiler *compiler)
{
	struct plan *plan = compiler->plan;
	/* A line is mentioned more than once, in most objects. */
	size_t count = compiler->gcno->line_count / 2;

	plan->lines = cov_reserve(NULL, 0, count, &compiler->line_capacity, sizeof(*plan->lines));
	plan->is_hung = cov_reserve(NULL, 0, count, &compiler->hung_capacity, sizeof(bool));
	rehash_lines(compiler, table_size(count));
}

void compiler_index_lines(struct compiler *compiler)
{
	uint32_t count = compiler->plan->line_count;

	compiler->line_states = cov_xcalloc(count, sizeof(*compiler->line_states));
	for (uint32_t i = 0; i < count; i++)
		compiler->line_states[i].function = UINT32_MAX;
	rehash_lines(compiler, table_size(count));
}

uint32_t compiler_intern_line(struct compiler *compiler, uint32_t source, uint32_t line)
{
	struct plan *plan = compiler->plan;

	if (plan->line_count) {
		const struct plan_line *last = &plan->lines[compiler->last_line];

		if (last->line == line && last->source == source)
			return compiler->last_line;
	}
	if (2 * (size_t)plan->line_count >= compiler->line_table_size)
		rehash_lines(compiler, 4 * compiler->line_table_size);
	size_t mask = compiler->line_table_size - 1;
	size_t place = hash_line(source, line) & mask;
	for (; compiler->line_table[place]; place = (place + 1) & mask) {
		const struct plan_line *other = &plan->lines[compiler->line_table[place] - 1];

		if (other->line == line && other->source == source)
			return compiler->last_line = compiler->line_table[place] - 1;
	}
	plan->lines =
	    cov_grow(plan->lines, plan->line_count, &compiler->line_capacity, sizeof(*plan->lines));
	plan->is_hung =
	    cov_grow(plan->is_hung, plan->line_count, &compiler->hung_capacity, sizeof(bool));
	plan->lines[plan->line_count] = (struct plan_line){ source, line };
	/* Where clang's rule holds, a block hangs wherever it is mentioned. */
	plan->is_hung[plan->line_count] = compiler->gcno->line_rule == GCOV_LINES_LLVM;
	compiler->last_line = plan->line_count;
	compiler->line_table[place] = ++plan->line_count;
	return compiler->last_line;
}

bool compiler_is_private(const struct plan *plan, uint32_t function, const struct plan_line *line)
{
	const struct plan_function *owner = &plan->functions[function];

	return plan->is_group[function] && line->source == owner->source &&
	       line->line >= owner->start_line && line->line <= owner->end_line;
}
