/* carried.c - the lines of one registered kernel looked at in those of another. */
#include "venn/commands/carried.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "venn/change/sources.h"

void carried_deinit(struct carried *carried)
{
	join_deinit(&carried->join);
	kernel_deinit(&carried->kernel);
	memset(carried, 0, sizeof(*carried));
}

int carried_open(const struct cov_arguments *arguments, struct store *store, const char *kernel,
		 struct carried *ret, struct cov_error *err)
{
	const char *from = cov_option_value(arguments, "from");
	const char *to = cov_option_value(arguments, "to");
	COV_AUTO(kernel_deinit) struct cov_kernel own = { 0 };
	COV_AUTO(sources_deinit) struct sources own_sources = { 0 };
	COV_AUTO(sources_deinit) struct sources sources = { 0 };

	ret->name = cov_option_value(arguments, "in-lines-of");
	if (!ret->name && (from || to))
		return cov_fail(err, COV_ERR_USAGE, "--%s needs --in-lines-of",
				from ? "from" : "to");
	if (!ret->name)
		return 0;
	int result = sources_load_kernel(store, kernel, from, &own, &own_sources, err);
	if (result == 0)
		result = sources_load_kernel(store, ret->name, to, &ret->kernel, &sources, err);
	if (result)
		return result;
	const struct join_kernel old = { &own, &own_sources };
	const struct join_kernel new = { &ret->kernel, &sources };
	return join_kernels(old, new, &ret->join, err);
}

void carried_count(struct carried *carried, uint32_t line)
{
	if (carried->name)
		carried->counts[carried->join.old.fates[line]]++;
}

void carried_add(const struct carried *carried, uint32_t line, struct rows *rows)
{
	uint32_t other = carried->join.old.lines[line];

	if (other == JOIN_NONE) {
		rows_word(rows, NULL);
		rows_missing(rows);
	} else {
		rows_word(rows, carried->kernel.files[carried->kernel.line_files[other]]);
		rows_count(rows, carried->kernel.line_numbers[other]);
	}
	rows_word(rows, join_fate_name(carried->join.old.fates[line]));
}

json_t *carried_json(const struct carried *carried)
{
	json_t *object = cov_json_object();

	cov_json_set(object, "kernel", cov_json_name(carried->name));
	for (size_t i = 0; i < JOIN_FATE_COUNT; i++) {
		COV_AUTO(free) char *key = cov_xstrdup(join_fate_name((enum join_fate)i));

		for (char *space = strchr(key, ' '); space; space = strchr(space, ' '))
			*space = '_';
		cov_json_set(object, key, cov_json_integer(carried->counts[i]));
	}
	return object;
}

void carried_say(const struct carried *carried, const char *command)
{
	COV_AUTO(cov_text_deinit) struct cov_text text = { 0 };
	int64_t all = 0;

	for (size_t i = 0; i < JOIN_FATE_COUNT; i++) {
		COV_AUTO(free) char *lines = cov_number_grouped(carried->counts[i]);

		cov_text_print(&text, "%s%s %s", i ? ", " : "", lines,
			       join_fate_name((enum join_fate)i));
		all += carried->counts[i];
	}
	COV_AUTO(free) char *lines = cov_number_grouped(all);
	cov_say("covdb %s: of %s lines, in kernel %s: %s", command, lines, carried->name,
		text.data);
}
