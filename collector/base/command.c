/* command.c - subcommands of a program: a table of them, their options, their help. */
#include "collector/base/command.h"

#include <argp.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/cleanup.h"
#include "collector/base/clock.h"
#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/output_file.h"
#include "collector/base/pager.h"
#include "collector/base/screen.h"
#include "collector/base/suggest.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"

enum {
	EXIT_USAGE = 2,
	USAGE_KEY = 256, /* of options without a letter */
	VERSION_KEY,
	DATABASE_KEY,
	COLOR_KEY,
	NO_PAGER_KEY,
	OPTION_KEY_FIRST,
	NAME_WIDTH = 22, /* of a command in the help */
};

/* What every command takes besides its own; the last two also before it, where they are described.
 */
static const struct argp_option common_options[] = {
	{ "help", 'h', NULL, 0, "give this help list", -1 },
	{ NULL, '?', NULL, OPTION_HIDDEN, NULL, -1 },
	{ "usage", USAGE_KEY, NULL, 0, "give a short usage message", -1 },
	{ "color", COLOR_KEY, "auto|always|never", OPTION_HIDDEN, NULL, -1 },
	{ "no-pager", NO_PAGER_KEY, NULL, OPTION_HIDDEN, NULL, -1 },
};
enum { COMMON_COUNT = sizeof(common_options) / sizeof(common_options[0]) };

static size_t option_count(const struct cov_option *options)
{
	size_t count = 0;

	while (options && options[count].name)
		count++;
	return count;
}

const char *cov_option_value(const struct cov_arguments *arguments, const char *name)
{
	const struct cov_option *options = arguments->command->options;

	for (size_t i = 0; i < option_count(options); i++) {
		if (strcmp(options[i].name, name) == 0)
			return arguments->values[i];
	}
	return NULL;
}

int cov_option_seconds(const struct cov_arguments *arguments, const char *name, long long *ret,
		       struct cov_error *err)
{
	const char *value = cov_option_value(arguments, name);
	char *end;

	if (!value)
		return 0;
	errno = 0;
	double seconds = strtod(value, &end);
	if (errno || end == value || *end || !(seconds > 0) || seconds > 1e9)
		return cov_fail(err, COV_ERR_USAGE,
				"--%s takes a positive number of seconds, not '%s'", name, value);
	*ret = llround(seconds * (double)COV_NS_PER_S);
	return 0;
}

int cov_option_number(const struct cov_arguments *arguments, const char *name, uint64_t least,
		      uint64_t most, uint64_t *ret, struct cov_error *err)
{
	const char *value = cov_option_value(arguments, name);
	COV_AUTO(free) char *bound = NULL;
	uint64_t number;

	if (!value)
		return 0;
	if (cov_number_read(value, most, NULL, &number) && number >= least) {
		*ret = number;
		return 0;
	}
	bound = most == UINT64_MAX ? cov_xstrdup("") : cov_format(" to %" PRIu64, most);
	return cov_fail(err, COV_ERR_USAGE,
			"--%s takes a whole number from %" PRIu64 "%s, not '%s'", name, least,
			bound, value);
}

int cov_option_share(const struct cov_arguments *arguments, const char *name, double *ret,
		     struct cov_error *err)
{
	const char *value = cov_option_value(arguments, name);
	char *end;

	if (!value)
		return 0;
	double share = strtod(value, &end);
	if (end == value || *end || !(share > 0 && share < 1))
		return cov_fail(err, COV_ERR_USAGE,
				"--%s takes a number above 0 and below 1, not '%s'", name, value);
	*ret = share;
	return 0;
}

int cov_option_choice(const struct cov_arguments *arguments, const char *name,
		      const char *const *choices, int *ret, struct cov_error *err)
{
	const char *value = cov_option_value(arguments, name);
	COV_AUTO(cov_text_deinit) struct cov_text list = { 0 };

	if (!value)
		return 0;
	size_t count = 0;
	for (; choices[count]; count++) {
		if (strcmp(choices[count], value) == 0) {
			*ret = (int)count;
			return 0;
		}
		cov_text_print(&list, "%s%s", count ? ", " : "", choices[count]);
	}
	COV_AUTO(free) char *meant = cov_suggest_of(value, choices, count);
	return cov_fail(err, COV_ERR_USAGE, "--%s takes one of %s, not '%s'%s", name, list.data,
			value, meant);
}

#define COLOR_MESSAGE "--color takes one of auto, always, never, not '%s'"

/* Of common_options. Return: whether it is one of them. */
static bool parse_common(int key, const char *value, struct argp_state *state)
{
	switch (key) {
	case 'h':
	case '?':
		cov_pager_begin();
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		return true;
	case USAGE_KEY:
		argp_state_help(state, stdout, ARGP_HELP_USAGE | ARGP_HELP_EXIT_OK);
		return true;
	case COLOR_KEY:
		if (!cov_screen_choose_color(value))
			argp_error(state, COLOR_MESSAGE, value);
		return true;
	case NO_PAGER_KEY:
		cov_pager_forbid();
		return true;
	default:
		return false;
	}
}

/* The forms of the operands, a line each, as a sentence has them: "A or B"; free() it. */
static char *join_forms(const char *operands)
{
	struct cov_text text = { 0 };

	for (const char *end; (end = strchr(operands, '\n')); operands = end + 1)
		cov_text_print(&text, "%.*s or ", (int)(end - operands), operands);
	cov_text_print(&text, "%s", operands);
	return text.data;
}

static error_t parse_one(int key, char *value, struct argp_state *state)
{
	struct cov_arguments *arguments = state->input;
	const struct cov_option *options = arguments->command->options;

	if (key == ARGP_KEY_ARG) {
		if (arguments->operand_count == arguments->command->operand_count_max)
			argp_error(state, "unexpected operand '%s'", value);
		arguments->operands[arguments->operand_count++] = value;
		return 0;
	}
	if (key == ARGP_KEY_END) {
		COV_AUTO(free) char *forms = join_forms(arguments->command->operands);

		if (arguments->operand_count < arguments->command->operand_count_min)
			argp_error(state, "missing operand: %s", forms);
		return 0;
	}
	for (size_t i = 0; i < option_count(options); i++) {
		int own_key = options[i].letter ? options[i].letter : OPTION_KEY_FIRST + (int)i;

		if (key == own_key) {
			if (value && !*value)
				argp_error(state, "--%s needs a value", options[i].name);
			arguments->values[i] = value ? value : "";
			return 0;
		}
	}
	return parse_common(key, value, state) ? 0 : ARGP_ERR_UNKNOWN;
}

/* The option of which @text is the name, or the first of those that it begins; NULL: none. */
static const struct argp_option *find_option(const struct argp_option *options, const char *text,
					     size_t length)
{
	for (; options->name; options++) {
		if (strncmp(options->name, text, length) == 0)
			return options;
	}
	return NULL;
}

/* Whether the value of a short option is the next word: "-n". */
static bool takes_next(const struct argp_option *options, const char *word)
{
	for (; options->name && word[0] == '-' && word[1] && !word[2]; options++) {
		if (options->key == word[1])
			return options->arg != NULL;
	}
	return false;
}

/* A long option that is almost one is told so; of others argp says that they are none. */
static bool is_misspelt(const char *name, const struct argp_option *options, int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		size_t length = strcspn(argv[i], "=");

		if (strncmp(argv[i], "--", 2) != 0) {
			i += takes_next(options, argv[i]);
			continue;
		}
		const struct argp_option *option = find_option(options, argv[i] + 2, length - 2);
		if (option) {
			i += option->arg && !argv[i][length];
			continue;
		}
		COV_AUTO(free) char *word = cov_xstrndup(argv[i] + 2, length - 2);
		COV_AUTO(cov_suggestion_deinit) struct cov_suggestion suggestion = { .word = word };
		for (const struct argp_option *known = options; known->name; known++)
			cov_suggest(&suggestion, known->name);
		if (!suggestion.name)
			continue;
		cov_say("%s: there is no option --%s; did you mean --%s?", name, word,
			suggestion.name);
		return true;
	}
	return false;
}

/* Without argp's note on values of short options, which would stand before what a command says. */
static char *help_text(int key, const char *text, void *input)
{
	(void)input;
	return key == ARGP_KEY_HELP_DUP_ARGS_NOTE ? NULL : (char *)text;
}

static int run_command(const struct cov_program *program, const struct cov_command *command,
		       int argc, char **argv)
{
	struct argp_option argp_options[COV_OPTIONS_MAX + COMMON_COUNT + 1] = { { 0 } };
	COV_AUTO(free) char **operands = cov_xcalloc((size_t)argc, sizeof(*operands));
	struct cov_arguments arguments = {
		.program = program,
		.command = command,
		.operands = operands,
	};

	for (size_t i = 0; i < option_count(command->options); i++) {
		const struct cov_option *option = &command->options[i];

		argp_options[i] = (struct argp_option){
			.name = option->name,
			.key = option->letter ? option->letter : OPTION_KEY_FIRST + (int)i,
			.arg = option->value,
			.doc = option->help,
		};
	}

	COV_AUTO(free)
	char *doc =
	    cov_format("%s\v%s", command->summary, command->details ? command->details : "");
	memcpy(argp_options + option_count(command->options), common_options,
	       sizeof(common_options));
	struct argp argp = {
		argp_options, parse_one, command->operands, doc, NULL, help_text, NULL
	};
	COV_AUTO(free) char *name = cov_format("%s %s", program->name, command->name);
	argv[0] = name;
	if (is_misspelt(name, argp_options, argc, argv))
		return EXIT_USAGE;
	/* What is wrong with the arguments argp says itself, and ends the program. */
	if (argp_parse(&argp, argc, argv, ARGP_NO_HELP, NULL, &arguments) != 0)
		cov_out_of_memory();

	struct cov_error err = { 0 };
	if (command->is_paged)
		cov_pager_begin();
	int result = program->prepare ? program->prepare(&err) : 0;
	if (result == 0)
		result = command->run(&arguments, &err);
	cov_output_end_page();
	if (result < 0)
		cov_say("%s: %s", name, err.message);
	return cov_error_exit_status(result);
}

static void print_commands(const struct cov_program *program)
{
	for (size_t i = 0; program->commands[i]; i++) {
		const struct cov_command *command = program->commands[i];

		for (const struct cov_heading *heading = program->headings;
		     heading && heading->command; heading++) {
			if (strcmp(heading->command, command->name) == 0)
				printf(" %s\n", heading->text);
		}
		cov_screen_print(NAME_WIDTH + 3, "  %-*s %s\n", NAME_WIDTH, command->name,
				 command->summary);
	}
}

static void print_help(const struct cov_program *program)
{
	printf("Usage: %s [OPTION...] COMMAND [OPTION...]\n%s\n\nCommands:\n", program->name,
	       program->summary);
	print_commands(program);
	printf("\nOptions before the command:\n");
	if (program->database)
		printf("      --db=FILE              the database, in place of $%s\n",
		       program->database);
	printf("      --color=auto|always|never\n"
	       "                             in colour: on a terminal (default), always, never;\n"
	       "                             also after the command\n"
	       "      --no-pager             never through a pager; also after the command\n"
	       "  -h, --help                 give this help list\n"
	       "      --version              version and commit\n"
	       "\n'%s help COMMAND' and '%s COMMAND -h' describe one.\n",
	       program->name, program->name);
}

static void print_version(const struct cov_program *program)
{
	printf("%s %s", program->name, program->version);
	printf(*program->commit ? " (%s)\n" : "\n", program->commit);
}

/* How many words of argv name @command: 0 when it is not this one. */
static int matched_words(const struct cov_command *command, int argc, char **argv)
{
	const char *space = strchr(command->name, ' ');

	/* Two words may also be given as one, as messages quote them: 'lab run'. */
	if (argc >= 1 && strcmp(argv[0], command->name) == 0)
		return 1;
	if (!space)
		return 0;
	size_t first_length = (size_t)(space - command->name);
	if (argc >= 2 && strlen(argv[0]) == first_length &&
	    strncmp(argv[0], command->name, first_length) == 0 && strcmp(argv[1], space + 1) == 0)
		return 2;
	return 0;
}

static int unknown_command(const struct cov_program *program, int argc, char **argv)
{
	COV_AUTO(cov_text_deinit) struct cov_text list = { 0 };
	size_t length = strlen(argv[0]);
	COV_AUTO(cov_suggestion_deinit) struct cov_suggestion suggestion = { .word = argv[0] };

	for (size_t i = 0; program->commands[i]; i++) {
		const char *name = program->commands[i]->name;

		if (strncmp(name, argv[0], length) == 0 && name[length] == ' ')
			cov_text_print(&list, "%s'%s'", list.length ? ", " : "", name);
		cov_suggest(&suggestion, name);
	}
	if (list.length)
		cov_say("%s: '%s%s%s' is not a command; there are %s", program->name, argv[0],
			argc > 1 ? " " : "", argc > 1 ? argv[1] : "", list.data);
	else if (suggestion.name)
		cov_say("%s: '%s' is not a command; did you mean '%s'?", program->name, argv[0],
			suggestion.name);
	else
		cov_say("%s: '%s' is not a command; see '%s help'", program->name, argv[0],
			program->name);
	return EXIT_USAGE;
}

static int unexpected_word(const struct cov_program *program, const char *command, const char *word)
{
	cov_say("%s %s: unexpected operand '%s'", program->name, command, word);
	return EXIT_USAGE;
}

static int dispatch(const struct cov_program *program, bool is_help, int argc, char **argv)
{
	for (size_t i = 0; program->commands[i]; i++) {
		const struct cov_command *command = program->commands[i];
		int words = matched_words(command, argc, argv);

		if (!words)
			continue;
		if (is_help && argc > words)
			return unexpected_word(program, "help", argv[words]);
		if (is_help) {
			char help[] = "--help";
			char *help_argv[] = { argv[0], help, NULL };

			return run_command(program, command, 2, help_argv);
		}
		return run_command(program, command, argc - words + 1, argv + words - 1);
	}
	return unknown_command(program, argc, argv);
}

/* An option before the command. Return: -1 to go on, else the exit status. */
static int take_option(const struct cov_program *program, int key, const char *value)
{
	switch (key) {
	case 'h':
		cov_pager_begin();
		print_help(program);
		return 0;
	case VERSION_KEY:
		print_version(program);
		return 0;
	case DATABASE_KEY:
		if (*value && setenv(program->database, value, 1) != 0)
			cov_out_of_memory();
		if (!*value)
			cov_say("%s: --db needs a value", program->name);
		return *value ? -1 : EXIT_USAGE;
	case COLOR_KEY:
		if (cov_screen_choose_color(value))
			return -1;
		cov_say("%s: " COLOR_MESSAGE, program->name, value);
		return EXIT_USAGE;
	case NO_PAGER_KEY:
		cov_pager_forbid();
		return -1;
	default:
		cov_say("%s: see '%s help'", program->name, program->name);
		return EXIT_USAGE;
	}
}

/* Options before the command. Return: -1 with optind at the command, else the exit status. */
static int take_options(const struct cov_program *program, int argc, char **argv)
{
	const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, VERSION_KEY },
		{ "color", required_argument, NULL, COLOR_KEY },
		{ "no-pager", no_argument, NULL, NO_PAGER_KEY },
		{ program->database ? "db" : NULL, required_argument, NULL, DATABASE_KEY },
		{ 0 },
	};
	int key, status = -1;
	COV_AUTO(free) char *name = cov_xstrdup(program->name);

	argv[0] = name; /* in messages */
	while (status < 0 && (key = getopt_long(argc, argv, "+h", options, NULL)) != -1)
		status = take_option(program, key, optarg);
	argv[0] = NULL;
	return status;
}

int cov_program_main(const struct cov_program *program, int argc, char **argv)
{
	cov_output_guard(program->name);
	cov_terminal_guard();
	cov_json_begin();
	argp_err_exit_status = EXIT_USAGE;
	int status = take_options(program, argc, argv);
	if (status >= 0)
		return status;
	argc -= optind;
	argv += optind;
	if (argc == 0) {
		print_help(program);
		return EXIT_USAGE;
	}
	if (strcmp(argv[0], "version") == 0) {
		if (argc > 1)
			return unexpected_word(program, "version", argv[1]);
		print_version(program);
		return 0;
	}
	bool is_help = strcmp(argv[0], "help") == 0;
	if (is_help && argc == 1) {
		cov_pager_begin();
		print_help(program);
		return 0;
	}
	return dispatch(program, is_help, argc - is_help, argv + is_help);
}
