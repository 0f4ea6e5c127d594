/* suggest.c - which name was meant by a word that is none. */
#include "collector/base/suggest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/text.h"

enum { WORD_MAX = 255, SHORT = 3, MIDDLING = 8, NAMES_MAX = 400 };

void cov_suggestion_deinit(struct cov_suggestion *suggestion)
{
	free(suggestion->name);
	suggestion->name = NULL;
	cov_text_deinit(&suggestion->names);
}

/* How many letters may be wrong. */
static size_t distance_max(size_t length)
{
	return length < SHORT ? length / 2 : length <= MIDDLING ? 2 : 3;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool is_same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Letters to put in, take out or replace, and neighbours to swap, whatever their case. Neither has
 * more than WORD_MAX. */
static size_t edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t rows[3][WORD_MAX + 1]; /* of the first i letters of a at i % 3, from 0 to b_length */

	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		const size_t *before = rows[(i + 1) % 3], *previous = rows[(i - 1) % 3];
		size_t *current = rows[i % 3];

		current[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			current[j] = least(previous[j - 1] + !is_same(a[i - 1], b[j - 1]),
					   least(previous[j], current[j - 1]) + 1);
			if (i > 1 && j > 1 && is_same(a[i - 1], b[j - 2]) &&
			    is_same(a[i - 2], b[j - 1]))
				current[j] = least(current[j], before[j - 2] + 1);
		}
	}
	return rows[a_length % 3][b_length];
}

static bool ends_in(const char *path, size_t path_length, const char *word, size_t length)
{
	return length && path_length > length && path[path_length - length - 1] == '/' &&
	       strcmp(path + path_length - length, word) == 0;
}

/* Of paths that end in the word, the shortest. */
static bool is_shorter(const struct cov_suggestion *suggestion, size_t name_length)
{
	return suggestion->name && suggestion->distance == 1 &&
	       ends_in(suggestion->name, strlen(suggestion->name), suggestion->word,
		       strlen(suggestion->word)) &&
	       name_length < strlen(suggestion->name);
}

static bool has_name(const char *names, const char *name)
{
	size_t length = strlen(name);

	for (const char *place = names; (place = strstr(place, name)); place++) {
		if ((place == names || place[-1] == ' ') &&
		    (!place[length] || place[length] == ','))
			return true;
	}
	return false;
}

static void note(struct cov_suggestion *suggestion, const char *name)
{
	struct cov_text *names = &suggestion->names;

	if (!*name || suggestion->is_cut || (names->length && has_name(names->data, name)))
		return;
	suggestion->is_cut = names->length + strlen(name) > NAMES_MAX;
	cov_text_print(names, "%s%s", names->length ? ", " : "", suggestion->is_cut ? "..." : name);
}

void cov_suggest(struct cov_suggestion *suggestion, const char *name)
{
	size_t length = strlen(suggestion->word), name_length = strlen(name);
	size_t most = suggestion->name ? suggestion->distance - 1 : distance_max(length);
	size_t distance = 1;

	note(suggestion, name);
	if (suggestion->name && !suggestion->distance)
		return;
	if (ends_in(name, name_length, suggestion->word, length)) {
		most += is_shorter(suggestion, name_length);
	} else {
		/* What differs more in length alone is not looked at. */
		if (length > WORD_MAX || name_length > WORD_MAX || length > name_length + most ||
		    name_length > length + most)
			return;
		distance = edit_distance(suggestion->word, length, name, name_length);
	}
	if (distance > most)
		return;
	free(suggestion->name);
	suggestion->name = cov_xstrdup(name);
	suggestion->distance = distance;
}

char *cov_suggest_text(const struct cov_suggestion *suggestion)
{
	/* A word that is a name is known, if not where it was looked for: no other was meant. */
	if (!suggestion->name || strcmp(suggestion->name, suggestion->word) == 0)
		return cov_xstrdup("");
	return cov_format("; did you mean '%s'?", suggestion->name);
}

char *cov_suggest_only(const struct cov_suggestion *suggestion)
{
	COV_AUTO(free) char *meant = cov_suggest_text(suggestion);

	if (!suggestion->names.length)
		return cov_xstrdup(", nor any other");
	return cov_format(", only %s%s", suggestion->names.data, meant);
}

char *cov_suggest_of(const char *word, const char *const *names, size_t count)
{
	COV_AUTO(cov_suggestion_deinit) struct cov_suggestion suggestion = { .word = word };

	for (size_t i = 0; i < count; i++)
		cov_suggest(&suggestion, names[i]);
	return cov_suggest_text(&suggestion);
}
