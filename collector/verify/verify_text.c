/* verify_text.c - what the text of llvm-cov gcov, or of gcov before 8, says of an object. */
#include "collector/verify/verify_text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/text.h"
#include "collector/verify/facts.h"
#include "collector/verify/verify_place.h"

/* The row of a source "count:number:text", or a row in between about the source row before it. */
struct state {
	struct facts *facts;
	const char *const *roots;
	const char *file;       /* as covdb shows it; NULL before the first */
	int64_t line;           /* of the source row before */
	size_t first_functions; /* of facts: the functions from here on start at the next row */
};

static int64_t read_count(const char *text)
{
	/* Only gcov's counts can be negative, only LLVM's above the largest positive one. */
	return *text == '-' ? strtoll(text, NULL, 10) : (int64_t)strtoull(text, NULL, 10);
}

/* "function NAME called 21 returned 100% blocks executed 100%", before the row it starts on. */
static void state_function(struct state *state, char *row)
{
	char *name = row + strlen("function ");
	char *calls = strstr(name, " called ");

	if (!calls)
		return;
	facts_add(state->facts, (struct fact){ .kind = FACT_FUNCTION,
					       .file = state->file,
					       .name = cov_arena_text(&state->facts->arena, name,
								      (size_t)(calls - name)),
					       .count = read_count(calls + strlen(" called ")) });
}

/* "branch  0 taken 6 (fallthrough)" or "branch  0 never executed" */
static void state_branch(struct state *state, const char *row)
{
	const char *taken = strstr(row, " taken ");

	facts_add(state->facts,
		  (struct fact){ .kind = FACT_BRANCH,
				 .file = state->file,
				 .name = "",
				 .line = state->line,
				 .count = taken ? read_count(taken + strlen(" taken ")) : 0 });
}

static void start_source(struct state *state, const char *name)
{
	COV_AUTO(free) char *shown = verify_place(name, "", state->roots);

	state->file = cov_arena_text(&state->facts->arena, shown, strlen(shown));
}

/* "       21:   11:text": "-" for a line without code, "#####" or "=====" for a count of 0 */
static void state_source_row(struct state *state, char *row)
{
	struct facts *facts = state->facts;
	char *colon = strchr(row, ':');
	char *end;

	if (!colon)
		return;
	int64_t line = strtoll(colon + 1, &end, 10);
	if (*end != ':')
		return;
	if (line == 0 && strncmp(end, ":Source:", strlen(":Source:")) == 0)
		start_source(state, end + strlen(":Source:"));
	if (line == 0)
		return;
	for (; state->first_functions < facts->count; state->first_functions++) {
		if (facts->items[state->first_functions].kind == FACT_FUNCTION)
			facts->items[state->first_functions].line = line;
	}
	state->line = line;
	row += strspn(row, " ");
	if (strncmp(row, "-:", 2) != 0)
		facts_add(facts, (struct fact){ .kind = FACT_LINE,
						.file = state->file,
						.name = "",
						.line = line,
						.count = read_count(row) });
}

void verify_text_state(char *text, const char *const roots[2], struct facts *facts)
{
	struct state state = { .facts = facts, .roots = roots, .first_functions = facts->count };
	char *next;

	for (char *row = text; row; row = next) {
		next = strchr(row, '\n');
		if (next)
			*next++ = '\0';
		if (strncmp(row, "function ", strlen("function ")) == 0)
			state_function(&state, row);
		else if (strncmp(row, "branch ", strlen("branch ")) == 0)
			state_branch(&state, row);
		else
			state_source_row(&state, row);
	}
}

char *verify_text_cut(char **rest, const char *graph)
{
	static const char source_row[] = "\n        -:    0:Source:";
	COV_AUTO(free) char *graph_row = cov_format("\n        -:    0:Graph:%s\n", graph);
	char *text = *rest, *end = text;
	const char *after_source = strchr(end, '\n');

	/* An object has a part for each source, and each part begins with these two rows. */
	while (after_source && strncmp(after_source, graph_row, strlen(graph_row)) == 0) {
		char *next = strstr(after_source, source_row);

		end = next ? next + 1 : end + strlen(end);
		after_source = strchr(end, '\n');
	}
	if (end == text)
		return end + strlen(end);
	*rest = end;
	if (*end)
		end[-1] = '\0';
	return text;
}
