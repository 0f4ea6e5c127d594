/*
 * check_config.h - does a kernel configuration have what covdb's fragments ask for.
 *
 * The rules are the fragments in kernel-config/: an option, and directly above it the comments
 * "why:" (it is required) or "advice:" (it may be missing), "since:" and "until:" (first and last
 * version that has it).
 */
#ifndef COLLECTOR_CAPTURE_CHECK_CONFIG_H
#define COLLECTOR_CAPTURE_CHECK_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"

struct cov_error;

struct check_config_rule {
	const char *option;   /* "CONFIG_DEBUG_FS" */
	const char *value;    /* "y", "m", a number, a quoted text; NULL: must not be set */
	const char *reason;   /* one line */
	const char *fragment; /* name of the file: "gcov.config" */
	bool is_required;
	bool is_module_enough; /* =m serves where =y is asked for */
	unsigned since;        /* check_config_version(); 0: from the beginning */
	unsigned until;        /* 0: still there */
};

/* The rules of one or more fragments. A zeroed struct is empty. */
struct check_config_rules {
	struct check_config_rule *rules; /* [count], in the order of the files; owned */
	size_t count;
	size_t capacity;
	struct cov_arena arena; /* owns the texts */
};

/* An option that a configuration sets: `CONFIG_X=value`. */
struct check_config_option {
	const char *name;
	const char *value; /* as written, with quotation marks */
};

/* A .config. A zeroed struct is empty. */
struct check_config {
	struct check_config_option *options; /* [option_count], sorted by name; owned */
	size_t option_count;
	size_t option_capacity;
	unsigned version; /* of the kernel, from the header line; 0 when that is missing */
	char *text;       /* what the options point into; owned */
};

/** check_config_version() - number that orders versions like "6.1" or "6.1.192-x"; 0 if none. */
unsigned check_config_version(const char *text);

/**
 * check_config_read_text() - the text of a .config, plain or compressed with gzip.
 * @text_out: NUL-terminated; free() it
 * @err:      names @path
 *
 * Return: 0; COV_ERR_SYSTEM if it cannot be read, COV_ERR_FORMAT if the compression is broken.
 */
int check_config_read_text(const char *path, char **text_out, size_t *size_out,
			   struct cov_error *err);

/**
 * check_config_parse() - parse a .config.
 * @text: changed and kept: it belongs to @ret on success
 * @path: for messages
 * @ret:  free with check_config_deinit()
 *
 * Return: 0; COV_ERR_FORMAT if it has no CONFIG_ line.
 */
int check_config_parse(char *text, const char *path, struct check_config *ret,
		       struct cov_error *err);

/** check_config_deinit() - free what @config owns; a zeroed struct is fine. */
void check_config_deinit(struct check_config *config);

/**
 * check_config_add_rules() - append the rules of one fragment.
 * @text:             of the fragment
 * @fragment:         its name, for the rules and for messages; copied
 * @is_module_enough: for its options
 *
 * Return: 0; COV_ERR_FORMAT with the line of an option that has no reason.
 */
int check_config_add_rules(struct check_config_rules *rules, const char *text, const char *fragment,
			   bool is_module_enough, struct cov_error *err);

/** check_config_rules_deinit() - free what @rules owns; a zeroed struct is fine. */
void check_config_rules_deinit(struct check_config_rules *rules);

/** check_config_value() - value of @option, owned by @config; NULL when it is not set. */
const char *check_config_value(const struct check_config *config, const char *option);

/** check_config_is_fit() - whether @config satisfies @rule, or its version has no such option. */
bool check_config_is_fit(const struct check_config *config, const struct check_config_rule *rule);

COV_DEFINE_AUTO_STRUCT(struct check_config, check_config_deinit)
COV_DEFINE_AUTO_STRUCT(struct check_config_rules, check_config_rules_deinit)

#endif
