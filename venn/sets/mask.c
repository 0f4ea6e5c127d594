/* mask.c - sets of platforms: a bit for each, by its place. */
#include "venn/sets/mask.h"

#include "collector/base/memory.h"
#include "collector/base/text.h"

char *mask_join(uint64_t mask, const char *const *names, const char *separator)
{
	struct cov_text text = { 0 };

	for (; mask; mask &= mask - 1)
		cov_text_print(&text, "%s%s", text.length ? separator : "",
			       names[__builtin_ctzll(mask)]);
	return text.data ? text.data : cov_xstrdup("");
}
