/* compiler.c - sources and lines of the object that is being compiled, found by name and number. */
#include "collector/plan/compiler.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"
#include "collector/gcov/gcov_format.h"

void compiler_deinit(struct compiler *compiler)
{
	cov_arena_deinit(&compiler->arena);
	flow_deinit(&compiler->flow);
	cov_text_deinit(&compiler->texts);
	free(compiler->lines);
	free(compiler->is_hung);
	free(compiler->is_entry_private);
	free(compiler->mentions);
	free(compiler->hangings);
	free(compiler->is_conserving);
	free(compiler->arcs);
	free(compiler->steps);
	free(compiler->entries);
	free(compiler->branches);
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
	compiler->line_table =
	    cov_arena_alloc(&compiler->arena, size, sizeof(*compiler->line_table));
	compiler->line_table_size = size;
	for (uint32_t i = 0; i < compiler->plan->line_count; i++) {
		const struct plan_line *line = &compiler->lines[i];
		size_t place = hash_line(line->source, line->line) & (size - 1);

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

void compiler_begin(struct compiler *compiler, const struct gcno *gcno, struct plan *plan)
{
	cov_arena_clear(&compiler->arena);
	compiler->gcno = gcno;
	compiler->plan = plan;
	compiler->is_survey = true;
	compiler->texts.length = 0;
	compiler->last_key = UINT64_MAX; /* no source has that index */
	/* A line is mentioned more than once, in most objects. */
	rehash_lines(compiler, table_size(gcno->line_count / 2));
}

static uint32_t add_line(struct compiler *compiler, struct plan_line line)
{
	uint32_t index = compiler->plan->line_count++;

	compiler->lines =
	    cov_grow(compiler->lines, index, &compiler->line_capacity, sizeof(*compiler->lines));
	compiler->is_hung =
	    cov_grow(compiler->is_hung, index, &compiler->hung_capacity, sizeof(bool));
	compiler->lines[index] = line;
	/* Where clang's rule holds, a block hangs wherever it is mentioned. */
	compiler->is_hung[index] = compiler->gcno->line_rule == GCOV_LINES_LLVM;
	return index;
}

uint32_t compiler_find_line(struct compiler *compiler, uint32_t source, uint32_t line)
{
	if (2 * (size_t)compiler->plan->line_count >= compiler->line_table_size)
		rehash_lines(compiler, 4 * compiler->line_table_size);
	size_t mask = compiler->line_table_size - 1;
	size_t place = hash_line(source, line) & mask;
	for (; compiler->line_table[place]; place = (place + 1) & mask) {
		const struct plan_line *other = &compiler->lines[compiler->line_table[place] - 1];

		if (other->line == line && other->source == source)
			return compiler->line_table[place] - 1;
	}
	uint32_t index = add_line(compiler, (struct plan_line){ source, line });
	compiler->line_table[place] = index + 1;
	return index;
}
