/* votes.c - which text most objects of a kernel vote for. */
#include "collector/decode/votes.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"

void votes_cast(struct votes *votes, const char *text, size_t length)
{
	for (size_t i = 0; i < votes->count; i++) {
		struct vote *vote = &votes->items[i];

		if (strncmp(vote->text, text, length) == 0 && vote->text[length] == '\0') {
			vote->count++;
			return;
		}
	}
	votes->items =
	    cov_grow(votes->items, votes->count, &votes->capacity, sizeof(*votes->items));
	votes->items[votes->count++] = (struct vote){ cov_xstrndup(text, length), 1 };
}

char *votes_close(struct votes *votes)
{
	char *winner = cov_xstrdup("");
	size_t winner_count = 0;

	for (size_t i = 0; i < votes->count; i++) {
		struct vote *vote = &votes->items[i];

		if (vote->count > winner_count) {
			free(winner);
			winner = vote->text;
			winner_count = vote->count;
		} else {
			free(vote->text);
		}
	}
	free(votes->items);
	memset(votes, 0, sizeof(*votes));
	return winner;
}
