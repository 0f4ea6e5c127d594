/* history_lines.c - which line of one version of a text is which of another, as git diff has it. */
#include "venn/history/history_lines.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "venn/history/git.h"

void history_lines_deinit(struct history_lines *lines)
{
	free(lines->old.others);
	free(lines->old.is_replaced);
	free(lines->new.others);
	free(lines->new.is_replaced);
	memset(lines, 0, sizeof(*lines));
}

size_t history_lines_count(struct history_text text)
{
	size_t count = 0;

	for (const char *line = text.bytes; line < text.bytes + text.size; count++) {
		const char *end = memchr(line, '\n', (size_t)(text.bytes + text.size - line));

		line = end ? end + 1 : text.bytes + text.size;
	}
	return count;
}

static void side_init(struct history_side *side, struct history_text text)
{
	side->line_count = history_lines_count(text);
	side->others = cov_xcalloc(side->line_count + 1, sizeof(*side->others));
	side->is_replaced = cov_xcalloc(side->line_count + 1, sizeof(*side->is_replaced));
}

/* What is filled hunk by hunk: the next lines that nothing is said about yet. */
struct matching {
	struct history_lines *lines;
	size_t old_next, new_next;
};

/* Lines before a hunk are the same in both. */
static void join_until(struct matching *matching, size_t old_end)
{
	struct history_lines *lines = matching->lines;

	while (matching->old_next < old_end && matching->old_next <= lines->old.line_count &&
	       matching->new_next <= lines->new.line_count) {
		lines->old.others[matching->old_next] = (uint32_t)matching->new_next;
		lines->new.others[matching->new_next++] = (uint32_t)matching->old_next++;
	}
}

static void pass_over(struct history_side *side, size_t *next, size_t count, bool is_replaced)
{
	for (size_t i = 0; i < count && *next <= side->line_count; i++)
		side->is_replaced[(*next)++] = is_replaced;
}

static int take_hunk(const git_diff_delta *delta, const git_diff_hunk *hunk, void *context)
{
	struct matching *matching = context;
	size_t old_lines = (size_t)hunk->old_lines, new_lines = (size_t)hunk->new_lines;

	(void)delta;
	/* Where nothing is taken away, the place is behind the line that is named. */
	join_until(matching, (size_t)hunk->old_start + (old_lines ? 0 : 1));
	pass_over(&matching->lines->old, &matching->old_next, old_lines, new_lines > 0);
	pass_over(&matching->lines->new, &matching->new_next, new_lines, old_lines > 0);
	return 0;
}

int history_lines_match(struct history_text old, struct history_text new, struct history_lines *ret,
			struct cov_error *err)
{
	COV_AUTO(history_lines_deinit) struct history_lines lines = { 0 };
	struct matching matching = { &lines, 1, 1 };
	git_diff_options options;
	int result = git_begin(err);

	if (result)
		return result;
	result = git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	if (result)
		return git_say(result, "cannot use libgit2", err);
	side_init(&lines.old, old);
	side_init(&lines.new, new);
	options.context_lines = 0;
	/* As git diff does: text is text, and what moves by a line moves to where it reads well. */
	options.flags = GIT_DIFF_FORCE_TEXT | GIT_DIFF_INDENT_HEURISTIC;
	result = git_diff_buffers(old.bytes, old.size, NULL, new.bytes, new.size, NULL, &options,
				  NULL, NULL, take_hunk, NULL, &matching);
	if (result)
		return git_say(result, "cannot compare two texts", err);
	join_until(&matching, lines.old.line_count + 1);
	*ret = lines;
	memset(&lines, 0, sizeof(lines));
	return 0;
}
