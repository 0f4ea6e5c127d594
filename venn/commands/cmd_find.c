/* cmd_find.c - covdb find: where a word is the name of something, and the command that shows it. */
#include <stdlib.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "collector/collector.h"
#include "venn/commands/commands.h"
#include "venn/commands/options.h"
#include "venn/commands/question.h"
#include "venn/print/rows.h"
#include "venn/questions/maintainers.h"
#include "venn/store/store.h"
#include "venn/store/store_find.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_transaction.h"

static const struct cov_option options[] = {
	{ "db", 0, "FILE", "the database (default: $COVDB, else covdb.sqlite)" },
	{ "kernel", 0, "NAME", "which kernel, when several are registered" },
	{ "kernel-src", 0, "DIR",
	  "the kernel's source tree, for its subsystems (default: where it was built)" },
	OPTIONS_LIMIT(20),
	OPTIONS_FORMAT,
	{ 0 },
};

/* A word as a shell takes it; free() it. */
static char *quoted(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_./:,+@%=-";
	struct cov_text text = { 0 };

	if (*word && *word != '-' && strspn(word, plain) == strlen(word))
		return cov_xstrdup(word);
	cov_text_print(&text, "'");
	for (; *word; word++)
		cov_text_print(&text, *word == '\'' ? "'\\''" : "%c", *word);
	cov_text_print(&text, "'");
	return text.data;
}

/* What a command needs to ask where 'find' did: " --db FILE --kernel NAME"; free() it. */
static char *scope_of(const struct cov_arguments *arguments)
{
	static const char *const names[] = { "db", "kernel" };
	struct cov_text text = { 0 };

	cov_text_print(&text, "%s", "");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *value = cov_option_value(arguments, names[i]);
		COV_AUTO(free) char *word = value ? quoted(value) : NULL;

		if (word)
			cov_text_print(&text, " --%s %s", names[i], word);
	}
	return text.data;
}

/* The command that shows a hit; free() it. */
static char *command_for(const struct store_find_hit *hit, const char *scope)
{
	COV_AUTO(free)
	char *place =
	    hit->file ? cov_format("%s:%s", hit->file, hit->name) : cov_xstrdup(hit->name);
	COV_AUTO(free) char *word = quoted(place);

	switch (hit->kind) {
	case STORE_FIND_FUNCTION:
	case STORE_FIND_FILE:
		return cov_format("covdb annotate %s%s", word, scope);
	case STORE_FIND_DIRECTORY:
		return cov_format("covdb venn --dir %s%s", word, scope);
	case STORE_FIND_PLATFORM:
		return cov_format("covdb venn --platforms %s%s", word, scope);
	case STORE_FIND_WORKLOAD:
		break;
	}
	return cov_format("covdb venn --workload %s%s", word, scope);
}

/* What is found, of which some is printed. */
struct found {
	struct rows rows;
	size_t count;
	size_t limit;
	char *scope; /* of commands; owned */
};

static void found_deinit(struct found *found)
{
	rows_deinit(&found->rows);
	free(found->scope);
}

COV_DEFINE_AUTO_STRUCT(struct found, found_deinit)

/* Those of the kinds from @first to @last. */
static void add_hits(const struct store_find_hits *hits, enum store_find_kind first,
		     enum store_find_kind last, struct found *found)
{
	static const char *const kinds[] = { "platform", "workload", "directory", "file",
					     "function" };

	for (size_t i = 0; i < hits->count; i++) {
		const struct store_find_hit *hit = &hits->items[i];
		COV_AUTO(free) char *command = command_for(hit, found->scope);
		COV_AUTO(free)
		char *where =
		    hit->file ? cov_format("%s:%lld", hit->file, (long long)hit->start_line) : NULL;

		if (hit->kind < first || hit->kind > last || found->count++ >= found->limit)
			continue;
		rows_word(&found->rows, kinds[hit->kind]);
		rows_word(&found->rows, hit->name);
		rows_word(&found->rows, where);
		rows_word(&found->rows, command);
	}
}

/* Subsystems stand in the kernel's sources. @given: where these are, or NULL */
static int add_subsystems(const char *given, const struct store_kernel *kernel, const char *word,
			  struct found *found, struct cov_error *err)
{
	const char *tree = given ? given : kernel->source_root;
	COV_AUTO(free) char *path = cov_format("%s/MAINTAINERS", tree);
	COV_AUTO(maintainers_deinit) struct maintainers maintainers = { 0 };

	if (!given && (!*tree || cov_is_missing(path))) {
		cov_say("subsystems were not searched: there is no %s; --kernel-src says where "
			"the sources are",
			path);
		return 0;
	}
	int result = maintainers_read(tree, &maintainers, err);
	COV_AUTO(free) char *source = quoted(tree);
	for (size_t i = 0; result == 0 && i < maintainers.subsystem_count; i++) {
		COV_AUTO(free) char *name = quoted(maintainers.subsystems[i]);
		COV_AUTO(free)
		char *command =
		    cov_format("covdb venn --by subsystem --subsystem %s --kernel-src %s%s", name,
			       source, found->scope);

		if (!store_find_is_hit(word, maintainers.subsystems[i]) ||
		    found->count++ >= found->limit)
			continue;
		rows_word(&found->rows, "subsystem");
		rows_word(&found->rows, maintainers.subsystems[i]);
		rows_word(&found->rows, NULL);
		rows_word(&found->rows, command);
	}
	return result;
}

static int find_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	static const struct rows_column columns[] = {
		{ "KIND", "kind", ROWS_WORD },
		{ "NAME", "name", ROWS_WORD },
		{ "WHERE", "where", ROWS_WORD },
		{ "COMMAND", "command", ROWS_WORD },
	};
	/* A command in one line can be copied, and has the place in it but for a function's line.
	 */
	static const unsigned char leave[] = { ROWS_STAYS, ROWS_STAYS, 9, ROWS_WHOLE };
	const char *word = arguments->operands[0];
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_kernel_deinit) struct store_kernel kernel = { 0 };
	COV_AUTO(store_find_deinit) struct store_find_hits hits = { 0 };
	COV_AUTO(found_deinit)
	struct found found = { .rows = { .columns = columns, .column_count = 4, .leave = leave },
			       .scope = scope_of(arguments) };
	enum rows_format format;
	int result = options_format(arguments, &format, err);

	if (result == 0)
		result = options_limit(arguments, format, &found.limit, err);
	if (result == 0)
		result = options_store(arguments, STORE_READ, &store, &kernel, err);
	if (result == 0)
		result = store_find(store, kernel.id, word, &hits, err);
	if (result)
		return result;
	store_transaction_end(store);
	add_hits(&hits, STORE_FIND_PLATFORM, STORE_FIND_DIRECTORY, &found);
	result = add_subsystems(options_kernel_src(arguments), &kernel, word, &found, err);
	if (result)
		return result;
	add_hits(&hits, STORE_FIND_FILE, STORE_FIND_FUNCTION, &found);
	found.rows.about = question_about("find", kernel.name, NULL);
	cov_json_set(found.rows.about, "word", cov_json_name(word));
	found.rows.none = cov_format("no name of kernel %s has '%s' in it", kernel.name, word);
	options_print(&found.rows, format, found.count);
	return 0;
}

const struct cov_command cmd_find = {
	.name = "find",
	.operands = "WORD",
	.summary = "where a word is in a name: of platforms, workloads, directories, subsystems, "
		   "files, functions",
	.details =
	    "A name is found if it has WORD in it, whatever the case; with *, ? or [ WORD is a "
	    "shell pattern of a whole name. Each has the command that shows it. Of each kind those "
	    "that are WORD itself come first. Subsystems are those of MAINTAINERS in the kernel's "
	    "source tree.\n\n"
	    "Examples:\n"
	    "  $ covdb find convert_filter\n"
	    "  $ covdb find 'net/*bridge*' --limit 0\n"
	    "  $ covdb find bridge --format csv",
	.options = options,
	.operand_count_min = 1,
	.operand_count_max = 1,
	.is_paged = true,
	.run = find_run,
};
