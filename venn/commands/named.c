/* named.c - operands that name what the database has: trials, profiles. */
#include "venn/commands/named.h"

#include <stdbool.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/suggest.h"

int named_find(const struct cov_arguments *arguments, const struct named *named,
	       unsigned char *is_named, struct cov_error *err)
{
	for (size_t i = 0; i < arguments->operand_count; i++) {
		const char *operand = arguments->operands[i];
		bool is_there = false;

		for (size_t j = 0; j < named->count; j++) {
			if (strcmp(named->names[j], operand) != 0)
				continue;
			is_named[j] = 1;
			is_there = true;
		}
		if (is_there)
			continue;
		COV_AUTO(free)
		char *meant =
		    cov_suggest_of(operand, (const char *const *)named->names, named->count);
		return cov_fail(err, COV_ERR_MISMATCH,
				"kernel %s has no %s %s; 'covdb %s' names those that it has%s",
				named->kernel, named->what, operand, named->list, meant);
	}
	return 0;
}

size_t named_count(const struct named *named, const unsigned char *is_named)
{
	size_t count = 0;

	for (size_t i = 0; i < named->count; i++)
		count += is_named[i];
	return count;
}
