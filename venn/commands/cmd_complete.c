/* cmd_complete.c - covdb complete: what the last word of a command line may become, for shells. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/commands/commands.h"
#include "venn/store/store.h"
#include "venn/store/store_names.h"

enum { FUNCTIONS_MOST = 1000, NAMES_MOST = 10000 };

/* What a value is, if not one of a few words. */
enum kind {
	KIND_NONE,
	KIND_FILE, /* of the file system: the shell knows */
	KIND_PLATFORM,
	KIND_WORKLOAD,
	KIND_KERNEL,
	KIND_TRIAL,
	KIND_PATH, /* of the kernel */
	KIND_FUNCTION,
	KIND_RULE,
};

/* A command line that is being typed. */
struct line {
	const struct cov_program *program;
	const struct cov_command *command; /* once it is known */
	char **words;                      /* [count] behind the program; the last is completed */
	size_t count;
	const char *database; /* of --db, or NULL */
	const char *word;     /* the last, or the value in it */
	size_t kept;          /* bytes of the last word before that value: "--dir=" */
};

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* A candidate, and what it is. */
static void offer(const struct line *line, const char *candidate, const char *about)
{
	printf("%.*s%s\t%s\n", (int)line->kept, line->words[line->count - 1], candidate,
	       about ? about : "");
}

static const struct cov_option *find_option(const struct line *line, const char *word)
{
	const struct cov_option *option = line->command ? line->command->options : NULL;

	for (; option && option->name; option++) {
		if ((begins(word, "--") && strcmp(word + 2, option->name) == 0) ||
		    (word[0] == '-' && word[1] == option->letter && word[1] && !word[2]))
			return option;
	}
	return NULL;
}

/* Names of the database; a list keeps what stands before its last comma. */
static void offer_names(const struct line *line, enum store_names_kind kind, bool is_list)
{
	COV_AUTO(store_close) struct store *store = NULL;
	COV_AUTO(store_names_deinit) struct store_names names = { 0 };
	const char *comma = is_list ? strrchr(line->word, ',') : NULL;
	const char *begin = comma ? comma + 1 : line->word;
	size_t most = kind == STORE_NAMES_FUNCTIONS ? FUNCTIONS_MOST : NAMES_MOST;
	struct cov_error err;

	/*
	 * Without a database nothing can be offered, and a shell has no place for messages. Nobody
	 * who presses a key asks for an older one to be changed.
	 */
	if (store_open(store_path(line->database), STORE_PEEK, &store, &err) != 0 ||
	    store_names_read(store, kind, begin, most, &names, &err) != 0)
		return;
	for (size_t i = 0; i < names.count; i++) {
		COV_AUTO(free)
		char *candidate =
		    cov_format("%.*s%s", (int)(begin - line->word), line->word, names.items[i]);

		offer(line, candidate, NULL);
	}
}

static void offer_choices(const struct line *line, const char *choices)
{
	while (*choices) {
		size_t length = strcspn(choices, "|");
		COV_AUTO(free) char *choice = cov_xstrndup(choices, length);

		if (begins(choice, line->word))
			offer(line, choice, NULL);
		choices += length + (choices[length] == '|');
	}
}

static void offer_kind(const struct line *line, enum kind kind)
{
	switch (kind) {
	case KIND_FILE:
		puts(":files");
		break;
	case KIND_PLATFORM:
		offer_names(line, STORE_NAMES_PLATFORMS, true);
		break;
	case KIND_WORKLOAD:
		offer_names(line, STORE_NAMES_WORKLOADS, true);
		break;
	case KIND_KERNEL:
		offer_names(line, STORE_NAMES_KERNELS, false);
		break;
	case KIND_TRIAL:
		offer_names(line, STORE_NAMES_TRIALS, false);
		break;
	case KIND_PATH:
		offer_names(line, STORE_NAMES_PATHS, false);
		break;
	case KIND_FUNCTION:
		offer_names(line, STORE_NAMES_FUNCTIONS, true);
		break;
	case KIND_RULE:
		offer_choices(line, "rate|poisson|permutation");
		break;
	case KIND_NONE:
		break;
	}
}

static enum kind option_kind(const struct line *line, const struct cov_option *option)
{
	static const struct {
		const char *option;
		enum kind kind;
	} kinds[] = {
		{ "platforms", KIND_PLATFORM }, { "only", KIND_PLATFORM },
		{ "platform", KIND_PLATFORM },  { "versus", KIND_PLATFORM },
		{ "footprint", KIND_PLATFORM }, { "region", KIND_PLATFORM },
		{ "sets", KIND_PLATFORM },      { "workload", KIND_WORKLOAD },
		{ "kernel", KIND_KERNEL },      { "trial", KIND_TRIAL },
		{ "dir", KIND_PATH },           { "function", KIND_FUNCTION },
		{ "rule", KIND_RULE },
	};

	/* What is imported is new: its names are not known yet. */
	if (strcmp(line->command->name, "import") == 0 && !strstr(option->value, "FILE"))
		return KIND_NONE;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].option, option->name) == 0)
			return kinds[i].kind;
	}
	if (begins(option->value, "FILE") || begins(option->value, "DIR") ||
	    begins(option->value, "PROGRAM"))
		return KIND_FILE;
	return KIND_NONE;
}

static void offer_value(const struct line *line, const struct cov_option *option)
{
	if (strchr(option->value, '|'))
		offer_choices(line, option->value);
	else
		offer_kind(line, option_kind(line, option));
}

static void offer_operand(const struct line *line)
{
	static const struct {
		const char *command;
		enum kind kinds[2];
	} operands[] = {
		{ "annotate", { KIND_PATH, KIND_FUNCTION } },
		{ "compare", { KIND_PLATFORM, KIND_TRIAL } },
		{ "find", { KIND_PATH, KIND_FUNCTION } },
		{ "functions", { KIND_FUNCTION } },
		{ "kernel diff", { KIND_KERNEL } },
		{ "kernel remove", { KIND_KERNEL } },
		{ "lines", { KIND_PLATFORM } },
		{ "top", { KIND_PLATFORM } },
		{ "trial remove", { KIND_TRIAL } },
		{ "venn", { KIND_PLATFORM } },
	};

	for (size_t i = 0; i < sizeof(operands) / sizeof(operands[0]); i++) {
		if (strcmp(operands[i].command, line->command->name) == 0) {
			offer_kind(line, operands[i].kinds[0]);
			offer_kind(line, operands[i].kinds[1]);
			return;
		}
	}
	if (line->command->operand_count_max)
		offer_kind(line, KIND_FILE);
}

static void offer_options(const struct line *line)
{
	const struct cov_option *option = line->command->options;
	static const char *const common[] = { "--help", "--usage", "--color", "--no-pager" };

	for (; option && option->name; option++) {
		COV_AUTO(free) char *name = cov_format("--%s", option->name);

		if (begins(name, line->word))
			offer(line, name, option->help);
	}
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
		if (begins(common[i], line->word))
			offer(line, common[i], NULL);
	}
}

/* First words of commands, or with @first the second ones of those that begin with it. */
static void offer_commands(const struct line *line, const char *first)
{
	const char *before = "";
	size_t before_length = 0;

	for (size_t i = 0; line->program->commands[i]; i++) {
		const struct cov_command *command = line->program->commands[i];
		size_t length = strcspn(command->name, " ");
		bool is_one = !command->name[length];
		COV_AUTO(free) char *name = cov_xstrndup(command->name, length);

		if (first) {
			if (!is_one && strcmp(name, first) == 0 &&
			    begins(command->name + length + 1, line->word))
				offer(line, command->name + length + 1, command->summary);
			continue;
		}
		if (!begins(name, line->word) ||
		    (length == before_length && strncmp(before, name, length) == 0))
			continue;
		before = command->name;
		before_length = length;
		offer(line, name, is_one ? command->summary : "");
	}
}

static const struct cov_command *find_command(const struct cov_program *program, const char *name)
{
	for (size_t i = 0; program->commands[i]; i++) {
		if (strcmp(program->commands[i]->name, name) == 0)
			return program->commands[i];
	}
	return NULL;
}

/* The words of the command: from line->words[@place], which is before the last. */
static size_t take_command(struct line *line, size_t place)
{
	const char *first = line->words[place];

	line->command = find_command(line->program, first);
	if (place + 2 < line->count) {
		COV_AUTO(free) char *two = cov_format("%s %s", first, line->words[place + 1]);
		const struct cov_command *longer = find_command(line->program, two);

		if (longer) {
			line->command = longer;
			return place + 2;
		}
	}
	return place + 1;
}

/* The value of a long option in the words from @place, behind which it goes; NULL: it is another
 * option, or its value is still to come. */
static const char *take_value(const struct line *line, size_t *place, const char *option)
{
	const char *word = line->words[*place];
	size_t length = strlen(option), next = *place + 1;

	if (!begins(word, option) || (word[length] && word[length] != '='))
		return NULL;
	if (word[length]) {
		*place = next;
		return word + length + 1;
	}
	/* As bash has it: "--db" "=" "FILE" */
	next += next + 1 < line->count && strcmp(line->words[next], "=") == 0;
	if (next + 1 >= line->count)
		return NULL;
	*place = next + 1;
	return line->words[next];
}

/* Options before the command. Return: the place of the command. */
static size_t skip_options(struct line *line)
{
	size_t place = 0;

	while (place + 1 < line->count && line->words[place][0] == '-') {
		const char *database = take_value(line, &place, "--db");

		if (database)
			line->database = database;
		else if (!take_value(line, &place, "--color"))
			place++;
	}
	return place;
}

/* The option whose value is being typed, as "--dir n", "--dir=n" or bash's "--dir" "=" "n". */
static const struct cov_option *valued_option(struct line *line, size_t first)
{
	size_t last = line->count - 1;
	const char *equals = strchr(line->word, '=');
	const struct cov_option *option = NULL;

	if (last > first && strcmp(line->word, "=") == 0) {
		line->word = "";
		return find_option(line, line->words[last - 1]);
	}
	if (last > first + 1 && strcmp(line->words[last - 1], "=") == 0)
		return find_option(line, line->words[last - 2]);
	if (last > first)
		option = find_option(line, line->words[last - 1]);
	/* The word before may be an option that has no value. */
	if ((!option || !option->value) && equals && begins(line->word, "--")) {
		COV_AUTO(free)
		char *name = cov_xstrndup(line->word, (size_t)(equals - line->word));

		option = find_option(line, name);
		line->kept = (size_t)(equals + 1 - line->word);
		line->word = equals + 1;
	}
	return option && option->value ? option : NULL;
}

/* What covdb itself takes in place of a command, and before it. */
static void offer_first(const struct line *line)
{
	static const char *const more[] = { "help",       "version", "--db",     "--color",
					    "--no-pager", "--help",  "--version" };

	offer_commands(line, NULL);
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		if (begins(more[i], line->word) && (more[i][0] != '-' || line->word[0] == '-'))
			offer(line, more[i], "");
	}
}

static void offer_last(struct line *line)
{
	size_t place = skip_options(line), last = line->count - 1;

	if (place == last) {
		offer_first(line);
		return;
	}
	if (strcmp(line->words[place], "help") == 0)
		place++;
	bool is_help = place && strcmp(line->words[place - 1], "help") == 0;
	if (place == last) {
		offer_commands(line, NULL);
		return;
	}
	size_t first = take_command(line, place);
	if (first == place + 1 && last == first)
		offer_commands(line, line->words[place]);
	if (!line->command || is_help)
		return;
	for (size_t i = first; i < last;) {
		const char *database = take_value(line, &i, "--db");

		if (database)
			line->database = database;
		else
			i++;
	}
	const struct cov_option *option = valued_option(line, first);
	if (option)
		offer_value(line, option);
	else if (line->word[0] == '-')
		offer_options(line);
	else
		offer_operand(line);
}

static int complete_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	struct line line = {
		.program = arguments->program,
		.words = arguments->operands,
		.count = arguments->operand_count,
	};

	(void)err;
	line.word = line.words[line.count - 1];
	offer_last(&line);
	return 0;
}

const struct cov_command cmd_complete = {
	.name = "complete",
	.operands = "-- WORD...",
	.summary = "what the last word of a command line may become, for the shells' completion",
	.details =
	    "WORDs are those behind 'covdb', the last as far as it is typed, or empty. Each "
	    "candidate is a line, with what it is behind a tab; ':files' stands for files, which "
	    "the shell knows itself. Platforms, workloads, kernels, trials, functions and paths of "
	    "the kernel come from the database: that of --db among the WORDs, else $COVDB, else "
	    "covdb.sqlite.\n\n"
	    "Examples:\n"
	    "  $ covdb complete -- venn --dir net/\n"
	    "  $ covdb complete -- venn --platforms host,",
	.operand_count_min = 1,
	.operand_count_max = SIZE_MAX,
	.run = complete_run,
};
