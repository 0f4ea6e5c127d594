/* placeholder.c - replace {name} in words by values. */
#include "collector/experiment/placeholder.h"

#include <string.h>

#include "collector/base/text.h"

static const char name_characters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";

static const char *find_value(const struct placeholder *known, const char *name, size_t length)
{
	for (; known->name; known++) {
		if (strlen(known->name) == length && strncmp(known->name, name, length) == 0)
			return known->value;
	}
	return NULL;
}

const char *placeholder_fill(const char *word, const struct placeholder *known,
			     struct cov_arena *arena, const char **unknown)
{
	COV_AUTO(cov_text_deinit) struct cov_text text = { 0 };

	*unknown = NULL;
	while (*word) {
		size_t plain = strcspn(word, "{");

		cov_text_add(&text, word, plain);
		word += plain;
		if (!*word)
			break;
		size_t length = strspn(word + 1, name_characters);
		bool is_name = length && word[1 + length] == '}';
		const char *value = is_name ? find_value(known, word + 1, length) : NULL;
		if (is_name && !value && !*unknown)
			*unknown = cov_arena_text(arena, word + 1, length);
		if (value)
			cov_text_add(&text, value, strlen(value));
		else
			cov_text_add(&text, word, is_name ? length + 2 : 1);
		word += is_name ? length + 2 : 1;
	}
	return cov_arena_text(arena, text.data ? text.data : "", text.length);
}
