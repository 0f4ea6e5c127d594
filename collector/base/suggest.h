/* suggest.h - which name was meant by a word that is none. */
#ifndef COLLECTOR_BASE_SUGGEST_H
#define COLLECTOR_BASE_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/base/cleanup.h"
#include "collector/base/text.h"

/* The search for the closest name: begin with the word alone. */
struct cov_suggestion {
	const char *word; /* borrowed */
	char *name;       /* the closest so far; NULL: none is close; owned */
	size_t distance;  /* of it */
	/* The first names that were considered, each once, as a message has room for. */
	struct cov_text names;
	bool is_cut; /* there are more */
};

void cov_suggestion_deinit(struct cov_suggestion *suggestion);
COV_DEFINE_AUTO_STRUCT(struct cov_suggestion, cov_suggestion_deinit)

/**
 * cov_suggest() - consider a name.
 *
 * Close is what few letters make of it, whatever their case, and a path that ends in the word, of
 * these the shortest. Of names that are as close, the first one counts.
 */
void cov_suggest(struct cov_suggestion *suggestion, const char *name);

/**
 * cov_suggest_text() - "; did you mean 'NAME'?"; "" if none is close, or the word itself is a name,
 * if not where it was looked for. free() it.
 */
char *cov_suggest_text(const struct cov_suggestion *suggestion);

/**
 * cov_suggest_only() - ", only NAME, NAME; did you mean 'NAME'?"; ", nor any other" where there
 * is no name. free() it.
 *
 * So many names that a message is not cut; ", ..." stands for those after them.
 */
char *cov_suggest_only(const struct cov_suggestion *suggestion);

/** cov_suggest_of() - the same, of a list. @names: [@count] */
char *cov_suggest_of(const char *word, const char *const *names, size_t count);

#endif
