/*
 * command.h - subcommands of a program: a table of them, their options, their help.
 *
 * Options are parsed by argp. A command declares what it takes as data; its run function asks for
 * values by name.
 */
#ifndef COLLECTOR_BASE_COMMAND_H
#define COLLECTOR_BASE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cov_error;
struct cov_program;

enum { COV_OPTIONS_MAX = 24 };

/* One option; an array of them ends with a zeroed one. */
struct cov_option {
	const char *name;  /* without the dashes */
	int letter;        /* short form, or 0 */
	const char *value; /* what the value is called in the help, or NULL for a flag */
	const char *help;
};

/* What the command line said. */
struct cov_arguments {
	const struct cov_program *program;
	const struct cov_command *command;
	const char
	    *values[COV_OPTIONS_MAX]; /* [index of the option]; NULL if not given, "" for flags */
	char **operands;              /* [operand_count]; owned */
	size_t operand_count;
};

struct cov_command {
	const char *name;     /* "venn", or two words: "kernel add" */
	const char *operands; /* as in the help: "SNAPSHOT", "DIR..."; "" for none */
	const char *summary;  /* one line */
	const char *details;  /* paragraphs below the options: what is printed, examples; or NULL */
	const struct cov_option *options;
	size_t operand_count_min;
	size_t operand_count_max;
	bool is_paged; /* what it prints may go through a pager: it only reads, and answers */
	/* Return: 0, a negative enum cov_error_code with @err filled, or an exit status. */
	int (*run)(const struct cov_arguments *arguments, struct cov_error *err);
};

/* A heading in the help, before the command of that name. */
struct cov_heading {
	const char *command;
	const char *text;
};

struct cov_program {
	const char *name;
	const char *version;
	const char *commit; /* that it was built from, as git describes it; "" if unknown */
	const char *summary;
	const struct cov_command *const *commands; /* in the order of the help; NULL at the end */
	const struct cov_heading *headings;        /* a zeroed one at the end; or NULL */
	int (*prepare)(struct cov_error *err);     /* before any command runs; or NULL */
	const char *database; /* variable that --db before the command sets; NULL: no --db there */
};

/** cov_option_value() - value of option @name, or NULL when it was not given; "" for a given flag.
 */
const char *cov_option_value(const struct cov_arguments *arguments, const char *name);

/**
 * cov_option_seconds() - value of option @name as a positive number of seconds.
 * @ret: in nanoseconds; untouched when the option was not given
 * @err: names the option and what was given
 *
 * Return: 0; COV_ERR_USAGE if it is not a positive decimal number.
 */
int cov_option_seconds(const struct cov_arguments *arguments, const char *name, long long *ret,
		       struct cov_error *err);

/**
 * cov_option_number() - value of option @name as a whole number from @least to @most.
 * @most: UINT64_MAX if there is no bound worth stating
 * @ret:  untouched when the option was not given
 * @err:  names the option, its bounds, and what was given
 *
 * Return: 0; COV_ERR_USAGE.
 */
int cov_option_number(const struct cov_arguments *arguments, const char *name, uint64_t least,
		      uint64_t most, uint64_t *ret, struct cov_error *err);

/**
 * cov_option_share() - value of option @name as a share, above 0 and below 1.
 * @ret: untouched when the option was not given
 *
 * Return: 0; COV_ERR_USAGE.
 */
int cov_option_share(const struct cov_arguments *arguments, const char *name, double *ret,
		     struct cov_error *err);

/**
 * cov_option_choice() - index of option @name's value in @choices.
 * @choices: NULL at the end
 * @ret:     untouched when the option was not given
 *
 * Return: 0; COV_ERR_USAGE with a list of the choices.
 */
int cov_option_choice(const struct cov_arguments *arguments, const char *name,
		      const char *const *choices, int *ret, struct cov_error *err);

/**
 * cov_program_main() - main() of a program with subcommands.
 *
 * Return: exit status: 0 done, 1 failed or bad input, 2 wrong usage, 3 this machine cannot do it.
 */
int cov_program_main(const struct cov_program *program, int argc, char **argv);

#endif
