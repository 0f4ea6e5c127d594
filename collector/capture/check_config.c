/* check_config.c - does a kernel configuration have what covdb's fragments ask for. */
#include "collector/capture/check_config.h"

#include <archive_late.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"

/* A configuration has about 200 KB; more than this is something else. */
enum { TEXT_BYTES_MAX = 16 << 20 };

unsigned check_config_version(const char *text)
{
	unsigned major = 0, minor = 0;

	if (sscanf(text, "%3u.%3u", &major, &minor) != 2)
		return 0;
	return major * 1000 + minor;
}

static void archive_read_free_auto(struct archive **archive)
{
	archive_read_free(*archive);
}

static int unpack_fail(struct cov_error *err, const char *path, struct archive *archive)
{
	const char *text = archive_error_string(archive);

	return cov_fail(err, COV_ERR_FORMAT, "cannot unpack %s: %s", path,
			text ? text : "no memory");
}

static int unpack(const char *path, const char *data, size_t size, struct cov_text *ret,
		  struct cov_error *err)
{
	struct cov_error cause;
	if (archive_late_open(&cause))
		return cov_fail(err, cause.code, "%s: %s", path, cause.message);
	COV_AUTO(archive_read_free) struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	char chunk[16384];

	if (!archive || archive_read_support_filter_gzip(archive) != ARCHIVE_OK ||
	    archive_read_support_format_raw(archive) != ARCHIVE_OK ||
	    archive_read_open_memory(archive, data, size) != ARCHIVE_OK ||
	    archive_read_next_header(archive, &entry) != ARCHIVE_OK)
		return unpack_fail(err, path, archive);
	for (;;) {
		la_ssize_t got_bytes = archive_read_data(archive, chunk, sizeof(chunk));

		if (got_bytes < 0)
			return unpack_fail(err, path, archive);
		if (got_bytes == 0)
			return 0;
		if (ret->length > TEXT_BYTES_MAX)
			return cov_fail(err, COV_ERR_FORMAT, "%s unpacks to more than %d bytes",
					path, TEXT_BYTES_MAX);
		cov_text_add(ret, chunk, (size_t)got_bytes);
	}
}

/*
 * libarchive takes a gzip file that ends too early for a whole one. The last four bytes give the
 * length of the text (RFC 1952, ISIZE).
 */
static bool is_complete(const char *data, size_t size, size_t text_bytes)
{
	const unsigned char *end = (const unsigned char *)data + size;

	return size >= 4 && (uint32_t)text_bytes ==
				((uint32_t)end[-1] << 24 | end[-2] << 16 | end[-3] << 8 | end[-4]);
}

int check_config_read_text(const char *path, char **text_out, size_t *size_out,
			   struct cov_error *err)
{
	COV_AUTO(free) char *data = NULL;
	COV_AUTO(cov_text_deinit) struct cov_text text = { 0 };
	size_t size;
	int result = cov_file_read_text(path, &data, &size, err);

	if (result != 0)
		return result;
	if (size < 2 || memcmp(data, "\x1f\x8b", 2) != 0) {
		*text_out = data;
		*size_out = size;
		data = NULL;
		return 0;
	}
	result = unpack(path, data, size, &text, err);
	if (result != 0)
		return result;
	if (!is_complete(data, size, text.length))
		return cov_fail(err, COV_ERR_FORMAT, "%s is cut short", path);
	cov_text_add(&text, "", 0);
	*text_out = text.data;
	*size_out = text.length;
	text.data = NULL;
	return 0;
}

static int compare_options(const void *a, const void *b)
{
	const struct check_config_option *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static const char config_prefix[] = "CONFIG_";

static bool has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* "# Linux/x86 6.1.192 Kernel Configuration" */
static void read_header_line(const char *line, struct check_config *config)
{
	const char *number = strchr(line, ' ');

	if (!has_prefix(line, "# Linux/") || config->version)
		return;
	number = number ? strchr(number + 1, ' ') : NULL;
	if (number)
		config->version = check_config_version(number + 1);
}

int check_config_parse(char *text, const char *path, struct check_config *ret,
		       struct cov_error *err)
{
	struct check_config config = { 0 };
	size_t option_line_count = 0;

	for (char *next = text, *line; (line = strsep(&next, "\n"));) {
		char *equals = strchr(line, '=');

		read_header_line(line, &config);
		option_line_count += has_prefix(line, "# CONFIG_");
		if (!has_prefix(line, config_prefix) || !equals)
			continue;
		option_line_count++;
		*equals = '\0';
		if (strcmp(equals + 1, "n") == 0) /* written by hand; Kconfig leaves a comment */
			continue;
		config.options = cov_grow(config.options, config.option_count,
					  &config.option_capacity, sizeof(*config.options));
		config.options[config.option_count++] = (struct check_config_option){
			.name = line,
			.value = equals + 1,
		};
	}
	if (!option_line_count) {
		free(config.options);
		return cov_fail(err, COV_ERR_FORMAT,
				"%s is not a kernel configuration: "
				"it has no line with CONFIG_",
				path);
	}
	if (config.option_count)
		qsort(config.options, config.option_count, sizeof(*config.options),
		      compare_options);
	config.text = text;
	*ret = config;
	return 0;
}

void check_config_deinit(struct check_config *config)
{
	free(config->options);
	free(config->text);
	memset(config, 0, sizeof(*config));
}

/* The comments above an option, as far as they are read. */
struct comments {
	const char *reason;
	bool is_required;
	unsigned since;
	unsigned until;
};

static void read_comment(struct check_config_rules *rules, const char *line,
			 struct comments *comments)
{
	static const char why[] = "# why: ", advice[] = "# advice: ";
	static const char since[] = "# since: ", until[] = "# until: ";

	if (has_prefix(line, why) || has_prefix(line, advice)) {
		const char *reason = strchr(line, ':') + 2;

		comments->is_required = has_prefix(line, why);
		comments->reason = cov_arena_text(&rules->arena, reason, strlen(reason));
	} else if (has_prefix(line, since)) {
		comments->since = check_config_version(line + strlen(since));
	} else if (has_prefix(line, until)) {
		comments->until = check_config_version(line + strlen(until));
	}
}

/* The option that @line is a rule about; @value is NULL for "is not set". False for other lines. */
static bool is_option(struct check_config_rules *rules, const char *line, const char **option,
		      const char **value)
{
	static const char unset[] = " is not set";
	bool is_unset = has_prefix(line, "# CONFIG_") && strstr(line, unset);
	const char *name = is_unset ? line + 2 : line;

	if (!has_prefix(name, config_prefix))
		return false;
	const char *end = is_unset ? strstr(name, unset) : strchr(name, '=');
	if (!end)
		return false;
	*option = cov_arena_text(&rules->arena, name, (size_t)(end - name));
	*value = is_unset ? NULL : cov_arena_text(&rules->arena, end + 1, strlen(end + 1));
	return true;
}

int check_config_add_rules(struct check_config_rules *rules, const char *text, const char *fragment,
			   bool is_module_enough, struct cov_error *err)
{
	COV_AUTO(free) char *copy = cov_xstrdup(text);
	const char *name = cov_arena_text(&rules->arena, fragment, strlen(fragment));
	struct comments comments = { 0 };
	int line_number = 0;

	for (char *next = copy, *line; (line = strsep(&next, "\n"));) {
		struct check_config_rule rule = { .fragment = name,
						  .is_module_enough = is_module_enough };

		line_number++;
		if (!is_option(rules, line, &rule.option, &rule.value)) {
			if (*line == '#')
				read_comment(rules, line, &comments);
			else
				comments = (struct comments){ 0 };
			continue;
		}
		if (!comments.reason)
			return cov_fail(err, COV_ERR_FORMAT,
					"%s:%d: no '# why:' or '# advice:' "
					"directly above %s",
					fragment, line_number, rule.option);
		rule.reason = comments.reason;
		rule.is_required = comments.is_required;
		rule.since = comments.since;
		rule.until = comments.until;
		comments = (struct comments){ 0 };
		rules->rules =
		    cov_grow(rules->rules, rules->count, &rules->capacity, sizeof(*rules->rules));
		rules->rules[rules->count++] = rule;
	}
	return 0;
}

void check_config_rules_deinit(struct check_config_rules *rules)
{
	free(rules->rules);
	cov_arena_deinit(&rules->arena);
	memset(rules, 0, sizeof(*rules));
}

const char *check_config_value(const struct check_config *config, const char *option)
{
	struct check_config_option key = { .name = option };

	if (!config->option_count)
		return NULL;
	const struct check_config_option *found =
	    bsearch(&key, config->options, config->option_count, sizeof(key), compare_options);
	return found ? found->value : NULL;
}

bool check_config_is_fit(const struct check_config *config, const struct check_config_rule *rule)
{
	const char *value = check_config_value(config, rule->option);

	if (config->version && rule->since && config->version < rule->since)
		return true;
	if (config->version && rule->until && config->version > rule->until)
		return true;
	if (!value || !rule->value)
		return !value && !rule->value;
	if (strcmp(value, rule->value) == 0)
		return true;
	return rule->is_module_enough && strcmp(rule->value, "y") == 0 && strcmp(value, "m") == 0;
}
