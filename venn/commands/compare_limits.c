/* compare_limits.c - how many lines may be gained below a directory before 'compare' fails. */
#include "venn/commands/compare_limits.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/change/tally.h"

enum { FUNCTIONS_SHOWN = 10 };

void compare_limits_deinit(struct compare_limits *limits)
{
	for (size_t i = 0; i < limits->count; i++)
		free(limits->items[i].directory);
	free(limits->items);
	memset(limits, 0, sizeof(*limits));
}

int compare_limits_parse(const char *text, struct compare_limits *ret, struct cov_error *err)
{
	for (const char *item = text; item;) {
		size_t length = strcspn(item, ",");
		COV_AUTO(free) char *directory = cov_xstrndup(item, length);
		char *equals = strrchr(directory, '=');
		uint64_t lines;

		if (!equals || equals == directory ||
		    !cov_number_read(equals + 1, INT64_MAX, NULL, &lines))
			return cov_fail(err, COV_ERR_USAGE,
					"--fail-above takes PATH=N,..., N being a number of lines, "
					"not '%s'",
					text);
		*equals = '\0';
		ret->items = cov_grow(ret->items, ret->count, &ret->capacity, sizeof(*ret->items));
		ret->items[ret->count++] = (struct compare_limit){
			.directory = kernel_directory_name(directory),
			.lines = (int64_t)lines,
		};
		item = item[length] ? item + length + 1 : NULL;
	}
	return 0;
}

static int64_t gained(const struct tally_function *function)
{
	return function->lines[COMPARE_GAINED] + function->lines[COMPARE_NEW];
}

/* "tcp_ack (net/ipv4/tcp_input.c) 12, ..."; free() it */
static char *list_functions(const struct tally_functions *functions)
{
	struct cov_text text = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < functions->count; i++) {
		const struct tally_function *function = &functions->items[i];

		if (!gained(function) || count++ >= FUNCTIONS_SHOWN)
			continue;
		cov_text_print(&text, "%s%s%s(%s) %lld", count > 1 ? ", " : "", function->name,
			       *function->name ? " " : "", function->file,
			       (long long)gained(function));
	}
	if (count > FUNCTIONS_SHOWN)
		cov_text_print(&text, " and %zu functions more", count - FUNCTIONS_SHOWN);
	return text.data;
}

int compare_limits_check(const struct compare_limits *limits, const struct sides *sides,
			 const struct compare *compare)
{
	int status = 0;

	for (size_t i = 0; i < limits->count; i++) {
		const struct compare_limit *limit = &limits->items[i];
		COV_AUTO(tally_functions_deinit) struct tally_functions functions = { 0 };
		int64_t lines = 0;

		tally_functions(sides, compare, limit->directory, &functions);
		for (size_t j = 0; j < functions.count; j++)
			lines += gained(&functions.items[j]);
		if (lines <= limit->lines)
			continue;
		COV_AUTO(free) char *list = list_functions(&functions);
		cov_say("covdb compare: %s: %lld lines gained or new code, more than %lld: %s",
			limit->directory, (long long)lines, (long long)limit->lines, list);
		status = 1;
	}
	return status;
}
