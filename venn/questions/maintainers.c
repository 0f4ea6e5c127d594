/* maintainers.c - the MAINTAINERS file of a kernel tree: which subsystems a file belongs to. */
#include "venn/questions/maintainers.h"

#include <fnmatch.h>
#include <regex.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"

/* The first eight bytes of a path tell nearly all patterns apart at a glance. */
struct maintainers_pattern {
	uint64_t head, head_mask; /* of F and X: the bytes before a wildcard, and which count */
	uint32_t subsystem;
	char kind;     /* 'F', 'X' or 'N' */
	bool is_plain; /* F, X: without wildcards but the last */
	bool is_tree;  /* F, X: it ends with a slash: also what is further below */
	uint32_t slash_count;
	size_t plain_length; /* bytes of @name before the first wildcard */
	char *name;          /* F, X: for fnmatch(), what a path begins with; owned */
	regex_t *regex;      /* N; owned */
};

static uint32_t count_slashes(const char *path)
{
	uint32_t count = 0;

	for (; *path; path++)
		count += *path == '/';
	return count;
}

/* The first eight of @length bytes as a number. */
static uint64_t head_of(const char *bytes, size_t length)
{
	uint64_t head = 0;

	memcpy(&head, bytes, length < sizeof(head) ? length : sizeof(head));
	return head;
}

/* A directory may be written without the slash. */
static char *complete_name(const char *source_tree, const char *value)
{
	size_t length = strlen(value);
	COV_AUTO(free) char *path = cov_format("%s/%s", source_tree, value);

	if (length && value[length - 1] != '/' && !strpbrk(value, "*?[") && cov_is_directory(path))
		return cov_format("%s/*", value);
	return cov_format("%s*", value);
}

static int add_pattern(struct maintainers *maintainers, const char *source_tree, char kind,
		       const char *value, size_t line, struct cov_error *err)
{
	struct maintainers_pattern pattern = {
		.kind = kind,
		.subsystem = (uint32_t)maintainers->subsystem_count - 1,
	};

	if (kind == 'N') {
		COV_AUTO(free) regex_t *regex = cov_xcalloc(1, sizeof(*regex));

		if (regcomp(regex, value, REG_EXTENDED | REG_NOSUB) != 0)
			return cov_fail(err, COV_ERR_FORMAT,
					"%s/MAINTAINERS:%zu: not a regular expression: %s",
					source_tree, line, value);
		pattern.regex = regex;
		regex = NULL;
	} else {
		static const char ones[] = "\xff\xff\xff\xff\xff\xff\xff\xff";

		pattern.name = complete_name(source_tree, value);
		size_t length = strlen(pattern.name);

		pattern.plain_length = strcspn(pattern.name, "*?[");
		pattern.head = head_of(pattern.name, pattern.plain_length);
		pattern.head_mask = head_of(ones, pattern.plain_length);
		pattern.is_plain = pattern.plain_length == length - 1;
		pattern.is_tree = length > 1 && pattern.name[length - 2] == '/';
		pattern.slash_count = count_slashes(pattern.name);
	}
	maintainers->patterns =
	    cov_grow(maintainers->patterns, maintainers->pattern_count,
		     &maintainers->pattern_capacity, sizeof(*maintainers->patterns));
	maintainers->patterns[maintainers->pattern_count++] = pattern;
	return 0;
}

/* "F:	net/": an entry of the section; other lines that are not indented are titles. */
static int add_line(struct maintainers *maintainers, const char *source_tree, char *line,
		    size_t number, struct cov_error *err)
{
	bool is_entry = line[0] >= 'A' && line[0] <= 'Z' && line[1] == ':';

	if (is_entry) {
		char *value = line + 2 + strspn(line + 2, " \t");

		value[strcspn(value, "\r\n")] = '\0';
		if (!maintainers->subsystem_count || !*value || !strchr("FXN", line[0]))
			return 0;
		return add_pattern(maintainers, source_tree, line[0], value, number, err);
	}
	if (!*line || strchr(" \t\r", *line))
		return 0;
	maintainers->subsystems =
	    cov_grow(maintainers->subsystems, maintainers->subsystem_count,
		     &maintainers->subsystem_capacity, sizeof(*maintainers->subsystems));
	maintainers->subsystems[maintainers->subsystem_count++] = line;
	return 0;
}

int maintainers_read(const char *source_tree, struct maintainers *ret, struct cov_error *err)
{
	COV_AUTO(maintainers_deinit) struct maintainers maintainers = { 0 };
	COV_AUTO(free) char *path = cov_format("%s/MAINTAINERS", source_tree);
	size_t size, number = 0;
	int result = cov_file_read_text(path, &maintainers.text, &size, err);
	char *rest = maintainers.text;

	while (result == 0 && rest) {
		char *line = strsep(&rest, "\n");

		result = add_line(&maintainers, source_tree, line, ++number, err);
	}
	if (result)
		return result;
	if (!maintainers.pattern_count)
		return cov_fail(err, COV_ERR_FORMAT, "%s: no subsystem with files", path);
	*ret = maintainers;
	memset(&maintainers, 0, sizeof(maintainers));
	return 0;
}

void maintainers_deinit(struct maintainers *maintainers)
{
	for (size_t i = 0; i < maintainers->pattern_count; i++) {
		free(maintainers->patterns[i].name);
		if (maintainers->patterns[i].regex)
			regfree(maintainers->patterns[i].regex);
		free(maintainers->patterns[i].regex);
	}
	free(maintainers->patterns);
	free(maintainers->subsystems);
	free(maintainers->text);
	memset(maintainers, 0, sizeof(*maintainers));
}

static bool fits(const struct maintainers_pattern *pattern, const char *path, uint64_t head,
		 uint32_t slash_count)
{
	if ((head & pattern->head_mask) != pattern->head)
		return false;
	if (pattern->regex)
		return regexec(pattern->regex, path, 0, NULL, 0) == 0;
	if (strncmp(path, pattern->name, pattern->plain_length) != 0)
		return false;
	if (!pattern->is_tree && pattern->slash_count != slash_count)
		return false;
	return pattern->is_plain || fnmatch(pattern->name, path, FNM_NOESCAPE) == 0;
}

size_t maintainers_find(const struct maintainers *maintainers, const char *path, size_t *ret)
{
	uint64_t head = head_of(path, strlen(path));
	uint32_t slash_count = count_slashes(path);
	size_t count = 0;
	size_t rest = maintainers->subsystem_count; /* THE REST, if the file is of it */

	for (size_t i = 0; i < maintainers->pattern_count;) {
		size_t subsystem = maintainers->patterns[i].subsystem;
		bool is_in = false, is_out = false;

		for (; i < maintainers->pattern_count &&
		       maintainers->patterns[i].subsystem == subsystem;
		     i++) {
			const struct maintainers_pattern *pattern = &maintainers->patterns[i];
			bool *is_wanted = pattern->kind == 'X' ? &is_out : &is_in;

			if (!*is_wanted)
				*is_wanted = fits(pattern, path, head, slash_count);
		}
		if (!is_in || is_out)
			continue;
		if (strcmp(maintainers->subsystems[subsystem], "THE REST") == 0)
			rest = subsystem;
		else
			ret[count++] = subsystem;
	}
	if (!count && rest < maintainers->subsystem_count)
		ret[count++] = rest;
	return count;
}
