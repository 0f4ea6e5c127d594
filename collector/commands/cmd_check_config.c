/* cmd_check_config.c - `covdb kernel check-config`: what a kernel configuration lacks. */
#include "collector/base/csv.h"
#include "collector/base/json.h"
#include "collector/commands/commands.h"

#include <stdio.h>
#include <string.h>

#include "collector/base/command.h"
#include "collector/base/data.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"
#include "collector/capture/check_config.h"

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_CSV };

static const char *const formats[] = { "text", "json", "csv", NULL };

static const struct cov_option options[] = {
	{ "format", 0, "FORMAT", "text, json or csv" },
	{ "csv-safe", 0, NULL, "of csv: ' before what a spreadsheet would take for a formula" },
	{ 0 },
};

static const struct {
	const char *name;
	bool is_module_enough;
} fragments[] = {
	{ "gcov.config", false },
	{ "platforms.config", true },
};

/* What the rules say of a configuration. */
struct findings {
	const struct check_config_rule **missing; /* [missing_count]; the array is owned */
	size_t missing_count;
	size_t required_count; /* of these, the required ones */
	size_t checked_count;  /* rules in all */
};

static void findings_deinit(struct findings *findings)
{
	free(findings->missing);
}

COV_DEFINE_AUTO_STRUCT(struct findings, findings_deinit)

static int read_rules(struct check_config_rules *rules, struct cov_error *err)
{
	for (size_t i = 0; i < sizeof(fragments) / sizeof(fragments[0]); i++) {
		COV_AUTO(free) char *name = cov_format("kernel-config/%s", fragments[i].name);
		COV_AUTO(free) char *path = NULL;
		COV_AUTO(free) char *text = NULL;
		size_t size;
		int result = cov_data_path(name, &path, err);

		if (result == 0)
			result = cov_file_read_text(path, &text, &size, err);
		if (result == 0)
			result = check_config_add_rules(rules, text, fragments[i].name,
							fragments[i].is_module_enough, err);
		if (result != 0)
			return result;
	}
	return 0;
}

static int read_config(const char *path, struct check_config *config, struct cov_error *err)
{
	COV_AUTO(free) char *text = NULL;
	size_t size;
	int result = check_config_read_text(path, &text, &size, err);

	if (result == 0)
		result = check_config_parse(text, path, config, err);
	if (result == 0)
		text = NULL; /* now the configuration's */
	return result;
}

/* Required ones first. */
static struct findings find_missing(const struct check_config *config,
				    const struct check_config_rules *rules)
{
	struct findings findings = {
		.missing = cov_xcalloc(rules->count, sizeof(*findings.missing)),
		.checked_count = rules->count,
	};

	for (int is_required = 1; is_required >= 0; is_required--) {
		for (size_t i = 0; i < rules->count; i++) {
			const struct check_config_rule *rule = &rules->rules[i];

			if (rule->is_required == is_required && !check_config_is_fit(config, rule))
				findings.missing[findings.missing_count++] = rule;
		}
		if (is_required)
			findings.required_count = findings.missing_count;
	}
	return findings;
}

/* The line that the configuration should have; free() it. */
static char *wanted_line(const struct check_config_rule *rule)
{
	if (!rule->value)
		return cov_format("# %s is not set", rule->option);
	return cov_format("%s=%s", rule->option, rule->value);
}

static const char *found_value(const struct check_config *config,
			       const struct check_config_rule *rule)
{
	const char *value = check_config_value(config, rule->option);

	return value ? value : "not set";
}

static const char *degree(const struct check_config_rule *rule)
{
	return rule->is_required ? "required" : "advised";
}

static void print_text(const char *path, const struct check_config *config,
		       const struct findings *findings)
{
	int width = 0;

	for (size_t i = 0; i < findings->missing_count; i++) {
		COV_AUTO(free) char *line = wanted_line(findings->missing[i]);

		width = (int)strlen(line) > width ? (int)strlen(line) : width;
	}
	for (size_t i = 0; i < findings->missing_count; i++) {
		const struct check_config_rule *rule = findings->missing[i];
		COV_AUTO(free) char *line = wanted_line(rule);

		printf("%-8s  %-*s  %s (here: %s)\n", degree(rule), width, line, rule->reason,
		       found_value(config, rule));
	}
	printf("%s: %zu required and %zu advised options are missing, of %zu\n", path,
	       findings->required_count, findings->missing_count - findings->required_count,
	       findings->checked_count);
}

static void print_json(const char *path, const struct check_config *config,
		       const struct findings *findings)
{
	json_t *list = cov_json_array();

	for (size_t i = 0; i < findings->missing_count; i++) {
		const struct check_config_rule *rule = findings->missing[i];

		cov_json_append(
		    list,
		    cov_json_pack("{s:o, s:o, s:o, s:b, s:o, s:o}", "option",
				  cov_json_name(rule->option), "wanted", cov_json_name(rule->value),
				  "found", cov_json_name(check_config_value(config, rule->option)),
				  "required", (int)rule->is_required, "fragment",
				  cov_json_name(rule->fragment), "reason",
				  cov_json_name(rule->reason)));
	}
	json_t *root = cov_json_answer("kernel check-config");
	size_t advised_count = findings->missing_count - findings->required_count;

	cov_json_set(root, "file", cov_json_name(path));
	cov_json_set(root, "checked", cov_json_integer((int64_t)findings->checked_count));
	cov_json_set(root, "required_missing", cov_json_integer((int64_t)findings->required_count));
	cov_json_set(root, "advised_missing", cov_json_integer((int64_t)advised_count));
	cov_json_set(root, "missing", json_incref(list));
	cov_json_set(root, "count", cov_json_integer((int64_t)findings->missing_count));
	cov_json_set(root, "rows", list);

	cov_json_print(root, JSON_INDENT(2), stdout);
	putchar('\n');
	json_decref(root);
}

static void print_csv(const struct check_config *config, const struct findings *findings,
		      bool is_safe)
{
	printf("option,wanted,found,degree,fragment,reason\n");
	for (size_t i = 0; i < findings->missing_count; i++) {
		const struct check_config_rule *rule = findings->missing[i];
		const char *const words[] = { rule->option,
					      rule->value ? rule->value : "not set",
					      found_value(config, rule),
					      degree(rule),
					      rule->fragment,
					      rule->reason };

		for (size_t j = 0; j < sizeof(words) / sizeof(*words); j++) {
			if (j)
				putchar(',');
			cov_csv_write(words[j], is_safe, stdout);
		}
		putchar('\n');
	}
}

static int check_config_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	const char *path = arguments->operands[0];
	COV_AUTO(check_config_rules_deinit) struct check_config_rules rules = { 0 };
	COV_AUTO(check_config_deinit) struct check_config config = { 0 };
	int format = FORMAT_TEXT;
	bool is_safe = cov_option_value(arguments, "csv-safe") != NULL;
	int result = cov_option_choice(arguments, "format", formats, &format, err);

	if (result == 0 && is_safe && format != FORMAT_CSV)
		return cov_fail(err, COV_ERR_USAGE, "--csv-safe goes with --format csv");
	if (result == 0)
		result = read_rules(&rules, err);
	if (result == 0)
		result = read_config(path, &config, err);
	if (result != 0)
		return result;

	COV_AUTO(findings_deinit) struct findings findings = find_missing(&config, &rules);
	if (format == FORMAT_TEXT)
		print_text(path, &config, &findings);
	else if (format == FORMAT_CSV)
		print_csv(&config, &findings, is_safe);
	else
		print_json(path, &config, &findings);
	return findings.required_count ? 1 : 0;
}

const struct cov_command cmd_check_config = {
	.name = "kernel check-config",
	.operands = "FILE",
	.summary = "what a kernel configuration lacks for counting, and for the platforms",
	.details =
	    "FILE is a .config, or a compressed one such as /proc/config.gz. The exit status "
	    "is 1 when a required option is missing. What is asked for, and why, is in "
	    "kernel-config/gcov.config and kernel-config/platforms.config.\n\n"
	    "Example:\n"
	    "  $ covdb kernel check-config /proc/config.gz",
	.options = options,
	.operand_count_min = 1,
	.operand_count_max = 1,
	.is_paged = true,
	.run = check_config_run,
};
