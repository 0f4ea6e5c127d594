/* votes.h - which text most objects of a kernel vote for. */
#ifndef COLLECTOR_DECODE_VOTES_H
#define COLLECTOR_DECODE_VOTES_H

#include <stddef.h>

/* A text and how many objects voted for it. */
struct vote {
	char *text; /* owned */
	size_t count;
};

/* A zeroed struct is without a vote. */
struct votes {
	struct vote *items; /* [count]; owned */
	size_t count, capacity;
};

/** votes_cast() - a vote for the first @length bytes of @text, which are copied. */
void votes_cast(struct votes *votes, const char *text, size_t length);

/** votes_close() - the text with the most votes, or ""; free() it. Empties @votes. */
char *votes_close(struct votes *votes);

#endif
