/* record.c - one record of the kernel's CVE numbering authority. */
#include "venn/exposure/record.h"

#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/collector.h"
#include "venn/store/store_cve.h"

enum { COMMIT_DIGITS = 40 };

static void add_text(struct store_cve_texts *texts, char *text)
{
	texts->items =
	    cov_grow(texts->items, texts->count, &texts->capacity, sizeof(*texts->items));
	texts->items[texts->count++] = text;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_texts(struct store_cve_texts *texts)
{
	size_t count = 0;

	if (texts->count)
		qsort(texts->items, texts->count, sizeof(*texts->items), compare_texts);
	for (size_t i = 0; i < texts->count; i++) {
		if (count && strcmp(texts->items[count - 1], texts->items[i]) == 0)
			free(texts->items[i]);
		else
			texts->items[count++] = texts->items[i];
	}
	texts->count = count;
}

static void texts_deinit(struct store_cve_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		free(texts->items[i]);
	free(texts->items);
}

COV_DEFINE_AUTO_STRUCT(struct store_cve_texts, texts_deinit)

/* A text of an object; "" where there is none. */
static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static bool is_letter(char character)
{
	return isalnum((unsigned char)character) || character == '_';
}

/* Those that may be names of functions: prose has words as well, but with '_' or before '('. */
static void add_words(struct store_cve_texts *words, const char *text)
{
	while (*text) {
		size_t length = 0;

		while (is_letter(text[length]))
			length++;
		if (length > 1 && !isdigit((unsigned char)*text) &&
		    (text[length] == '(' || memchr(text, '_', length)))
			add_text(words, cov_xstrndup(text, length));
		text += length ? length : 1;
	}
}

/* All that people wrote about it: the title, the description, what the score was argued by. */
static char *find_words(const json_t *cna, const char *title)
{
	COV_AUTO(texts_deinit) struct store_cve_texts words = { 0 };
	struct cov_text joined = { 0 };
	size_t i, j;
	const json_t *item, *scenario;

	add_words(&words, title);
	json_array_foreach(json_object_get(cna, "descriptions"), i, item)
	    add_words(&words, text_of(item, "value"));
	json_array_foreach(json_object_get(cna, "metrics"), i, item)
	{
		json_array_foreach(json_object_get(item, "scenarios"), j, scenario)
		    add_words(&words, text_of(scenario, "value"));
	}
	sort_texts(&words);
	cov_text_add(&joined, "", 0);
	for (size_t k = 0; k < words.count; k++)
		cov_text_print(&joined, "%s%s", k ? " " : "", words.items[k]);
	return joined.data ? joined.data : cov_xstrdup("");
}

static void find_score(const json_t *cna, struct store_cve *record)
{
	const json_t *metrics = json_object_get(cna, "metrics");
	const char *vector = "";
	const json_t *item;
	size_t i;

	record->score = NAN;
	json_array_foreach(metrics, i, item)
	{
		const json_t *score = json_object_get(item, "cvssV3_1");
		const json_t *base = json_object_get(score, "baseScore");

		if (json_is_number(base) && isnan(record->score)) {
			record->score = json_number_value(base);
			vector = text_of(score, "vectorString");
		}
	}
	record->vector = cov_xstrdup(vector);
}

/* "4.19.*" ends with its branch, "*" never. */
static bool parse_last(const char *text, int64_t *behind)
{
	size_t length = strlen(text);

	if (strcmp(text, "*") == 0) {
		*behind = version_end;
		return true;
	}
	if (!version_parse(text, behind))
		return false;
	*behind = length > 2 && strcmp(text + length - 2, ".*") == 0 ? version_branch_end(*behind)
								     : *behind + 1;
	return true;
}

/* Return: whether it is one: what it says of commits is passed over, with range->first at the end.
 */
static bool parse_range(const json_t *entry, struct version_range *range)
{
	const char *below = json_string_value(json_object_get(entry, "lessThan"));
	const char *last = json_string_value(json_object_get(entry, "lessThanOrEqual"));

	*range = (struct version_range){ version_end, version_end };
	if (strcmp(text_of(entry, "versionType"), "git") == 0)
		return true;
	if (!version_parse(text_of(entry, "version"), &range->first))
		return false;
	if (below)
		return version_parse(below, &range->behind);
	if (last)
		return parse_last(last, &range->behind);
	range->behind = range->first + 1;
	return true;
}

/*
 * What one element says: versions that are named, the rest by its default. One of commits alone
 * says nothing of versions.
 */
static bool parse_element(const json_t *element, struct version_ranges *affected,
			  bool *has_versions)
{
	COV_AUTO(version_ranges_deinit) struct version_ranges own = { 0 };
	const struct version_range all = { 0, version_end };
	bool has_own = false;
	const json_t *entry;
	size_t i;

	version_set(&own, all, strcmp(text_of(element, "defaultStatus"), "affected") == 0);
	json_array_foreach(json_object_get(element, "versions"), i, entry)
	{
		struct version_range range;

		if (!parse_range(entry, &range))
			return false;
		has_own |= range.first < version_end;
		version_set(&own, range, strcmp(text_of(entry, "status"), "affected") == 0);
	}
	/* Affected by one is affected: a stable branch may have got the fault by a backport. */
	for (i = 0; has_own && i < own.count; i++)
		version_set(affected, own.items[i], true);
	*has_versions |= has_own;
	return true;
}

static int parse_affected(const json_t *cna, const char *path, bool *has_versions,
			  struct store_cve *record, struct cov_error *err)
{
	const json_t *list = json_object_get(cna, "affected");
	const json_t *element, *file;
	size_t i, j;

	if (!json_is_array(list))
		return cov_fail(err, COV_ERR_FORMAT,
				"%s: not a CVE record of the kernel: no containers.cna.affected",
				path);
	json_array_foreach(list, i, element)
	{
		if (!parse_element(element, &record->affected, has_versions))
			return cov_fail(err, COV_ERR_FORMAT,
					"%s: affected[%zu] has a version that is none", path, i);
		json_array_foreach(json_object_get(element, "programFiles"), j, file)
		{
			if (!json_is_string(file))
				return cov_fail(err, COV_ERR_FORMAT,
						"%s: affected[%zu].programFiles[%zu] is no text",
						path, i, j);
			add_text(&record->files, kernel_directory_name(json_string_value(file)));
		}
	}
	sort_texts(&record->files);
	return 0;
}

static bool is_name(const char *name)
{
	size_t year = strspn(name + (strncmp(name, "CVE-", 4) == 0 ? 4 : 0), "0123456789");

	return strncmp(name, "CVE-", 4) == 0 && year == 4 && name[8] == '-' && name[9] &&
	       strspn(name + 9, "0123456789") == strlen(name + 9) && strlen(name) < 32;
}

static int take(const json_t *root, const char *path, bool *has_versions, struct store_cve *record,
		struct cov_error *err)
{
	const json_t *metadata = json_object_get(root, "cveMetadata");
	const json_t *cna = json_object_get(json_object_get(root, "containers"), "cna");
	const char *name = text_of(metadata, "cveId");

	if (!is_name(name))
		return cov_fail(err, COV_ERR_FORMAT, "%s: not a CVE record: no cveMetadata.cveId",
				path);
	record->name = cov_xstrdup(name);
	record->title = cov_xstrdup(text_of(cna, "title"));
	find_score(cna, record);
	record->words = find_words(cna, record->title);
	if (strcmp(text_of(metadata, "state"), "REJECTED") == 0)
		return 0;
	int result = parse_affected(cna, path, has_versions, record, err);
	return result ? result : 1;
}

int record_parse(const void *data, size_t size, const char *path, bool *has_versions,
		 struct store_cve *out, struct cov_error *err)
{
	COV_AUTO(store_cve_deinit) struct store_cve record = { 0 };
	json_error_t error;
	COV_AUTO(json_decref) json_t *root = json_loadb(data, size, 0, &error);

	if (!root)
		return cov_fail(err, COV_ERR_FORMAT, "%s:%d: not JSON: %s", path, error.line,
				error.text);
	*has_versions = false;
	int result = take(root, path, has_versions, &record, err);
	if (result < 0)
		return result;
	*out = record;
	memset(&record, 0, sizeof(record));
	return result;
}

/* One line: version and commit that brought it, version and commit that fixed it; 0 for none. */
struct pair {
	int64_t from, fixed; /* 0: never fixed */
	const char *commit;  /* [COMMIT_DIGITS], of the fix */
};

static const char *parse_half(const char *text, int64_t *version, const char **commit)
{
	size_t digits;

	if (*text == '0' && text[1] == ':')
		*version = 0;
	else if (!version_parse(text, version))
		return NULL;
	text += strcspn(text, ":\n");
	if (*text++ != ':')
		return NULL;
	*commit = text;
	digits = strspn(text, "0123456789abcdef");
	/* 0:0 is none; a version has a commit. */
	if (*version ? digits != COMMIT_DIGITS : digits != 1 || *text != '0')
		return NULL;
	return text + digits;
}

static bool parse_pair(const char *line, struct pair *pair)
{
	const char *commit;

	line = parse_half(line, &pair->from, &commit);
	if (!line || *line++ != ':')
		return false;
	line = parse_half(line, &pair->fixed, &pair->commit);
	return line && (*line == '\n' || !*line);
}

static bool is_mainline(int64_t version)
{
	return version_branch(version) == version;
}

/* First what mainline has, then what its stable branches have otherwise. */
static void add_pair(struct version_ranges *affected, const struct pair *pair, bool is_of_mainline)
{
	int64_t behind = pair->fixed ? pair->fixed : version_end;
	struct version_range range = { pair->from, behind };

	if (is_mainline(pair->from) && is_mainline(behind)) {
		if (is_of_mainline)
			version_set(affected, range, true);
		return;
	}
	if (is_of_mainline)
		return;
	if (is_mainline(pair->from)) {
		range = (struct version_range){ behind, version_branch_end(behind) };
		version_set(affected, range, false);
		return;
	}
	if (version_branch(behind) != version_branch(pair->from))
		range.behind = version_branch_end(pair->from);
	version_set(affected, range, true);
}

static void add_fix(struct store_cve *record, const struct pair *pair)
{
	record->fixes = cov_grow(record->fixes, record->fix_count, &record->fix_capacity,
				 sizeof(*record->fixes));
	record->fixes[record->fix_count++] = (struct store_cve_fix){
		.version = pair->fixed,
		.commit = cov_xstrndup(pair->commit, COMMIT_DIGITS),
	};
}

static int compare_fixes(const void *a, const void *b)
{
	const struct store_cve_fix *first = a, *second = b;

	return (first->version > second->version) - (first->version < second->version);
}

int record_parse_pairs(const char *text, const char *path, bool has_versions,
		       struct store_cve *record, struct cov_error *err)
{
	struct pair pair;
	size_t number = 0;

	for (const char *line = text, *next; line; line = next) {
		next = strchr(line, '\n');
		next = next ? next + 1 : NULL;
		number++;
		if (!*line || *line == '\n' || *line == '#')
			continue;
		if (!parse_pair(line, &pair))
			return cov_fail(err, COV_ERR_FORMAT,
					"%s:%zu: not VERSION:COMMIT:VERSION:COMMIT", path, number);
		if (!has_versions)
			add_pair(&record->affected, &pair, true);
		if (pair.fixed)
			add_fix(record, &pair);
	}
	/* Again, now that mainline's are there. */
	for (const char *line = has_versions ? NULL : text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (parse_pair(line, &pair))
			add_pair(&record->affected, &pair, false);
		if (!*line)
			break;
	}
	if (record->fix_count)
		qsort(record->fixes, record->fix_count, sizeof(*record->fixes), compare_fixes);
	return 0;
}
