/* side_name.c - what a side of a comparison is called, and which trials that means. */
#include "venn/change/side_name.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/suggest.h"
#include "collector/base/text.h"
#include "venn/store/store_kernel.h"
#include "venn/store/store_workload.h"

enum { TRIAL_NUMBER_MAX = 999999999 };

void side_name_deinit(struct side_name *name)
{
	for (size_t i = 0; i < name->part_count; i++) {
		free(name->parts[i].platform);
		free(name->parts[i].workload);
	}
	free(name->parts);
	free(name->database);
	free(name->kernel);
	free(name->tracefile);
	memset(name, 0, sizeof(*name));
}

void side_name_members_deinit(struct side_name_members *members)
{
	free(members->items);
	memset(members, 0, sizeof(*members));
}

static bool is_file(const char *path)
{
	return !cov_is_missing(path) && !cov_is_directory(path);
}

/* Files are named as kernels are: vmlinux, 6.1. */
static bool is_database(const char *path)
{
	static const char magic[] = "SQLite format 3";
	char head[sizeof(magic)] = "";
	struct cov_error unreadable;
	COV_AUTO(close) int fd = -1;

	if (!is_file(path) || cov_file_open(path, &fd, &unreadable) != 0)
		return false;
	return read(fd, head, sizeof(head)) == (ssize_t)sizeof(head) &&
	       memcmp(head, magic, sizeof(magic)) == 0;
}

/* What stands behind the name of a database, if there is one. */
static const char *take_database(const char *text, struct side_name *ret)
{
	for (const char *colon = strchr(text, ':'); colon; colon = strchr(colon + 1, ':')) {
		COV_AUTO(free) char *path = cov_xstrndup(text, (size_t)(colon - text));

		if (is_database(path)) {
			ret->database = path;
			path = NULL;
			return colon + 1;
		}
	}
	return text;
}

/* @text: PLATFORM[/WORKLOAD[/NUMBER]]; it is cut. Return: whether it is that */
static bool add_part(char *text, struct side_name *ret)
{
	char *workload = strchr(text, '/');
	char *trial = workload ? strchr(workload + 1, '/') : NULL;
	uint64_t number = 0;

	if (trial)
		*trial++ = '\0';
	if (workload)
		*workload++ = '\0';
	if (!cov_is_name(text) || (workload && !cov_is_name(workload)) ||
	    (trial && (!cov_number_read(trial, TRIAL_NUMBER_MAX, NULL, &number) || number == 0)))
		return false;
	ret->parts =
	    cov_grow(ret->parts, ret->part_count, &ret->part_capacity, sizeof(*ret->parts));
	ret->parts[ret->part_count++] = (struct side_name_part){
		.platform = cov_xstrdup(text),
		.workload = workload ? cov_xstrdup(workload) : NULL,
		.number = (int64_t)number,
	};
	return true;
}

int side_name_parse(const char *text, struct side_name *ret, struct cov_error *err)
{
	if (is_file(text)) {
		ret->tracefile = cov_xstrdup(text);
		return 0;
	}
	const char *rest = take_database(text, ret);
	const char *colon = strrchr(rest, ':');
	if (colon)
		ret->kernel = cov_xstrndup(rest, (size_t)(colon - rest));
	for (const char *item = colon ? colon + 1 : rest; item;) {
		size_t length = strcspn(item, ",");
		COV_AUTO(free) char *part = cov_xstrndup(item, length);

		if (!add_part(part, ret))
			return cov_fail(
			    err, COV_ERR_USAGE,
			    "'%s' is no file, and not "
			    "[DATABASE:][KERNEL:]PLATFORM[/WORKLOAD[/NUMBER]],...: '%.*s' is no "
			    "part of it",
			    text, (int)length, item);
		item = item[length] ? item + length + 1 : NULL;
	}
	return 0;
}

int side_name_kernel(const struct side_name *name, struct store *store, struct store_kernel *ret,
		     struct cov_error *err)
{
	int result = store_kernel_find(store, NULL, name->kernel, ret, err);

	if (result == 0 || !name->kernel || !is_file(name->kernel))
		return result;
	const struct cov_error reason = *err;
	return cov_fail(err, reason.code, "the file %s is no database, and %s", name->kernel,
			reason.message);
}

/* What parts are found with. */
struct finding {
	struct store *store;
	const struct store_groups *groups;
	struct side_name_members *members;
	bool is_whole; /* the only part is all of the name, which might have been that of a file */
};

/* What there is instead, each platform and workload once. */
static int fail_none(const struct finding *finding, const struct side_name_part *part,
		     struct cov_error *err)
{
	const struct store_groups *groups = finding->groups;
	COV_AUTO(free)
	char *asked = cov_format("%s%s%s", part->platform, part->workload ? "/" : "",
				 part->workload ? part->workload : "");
	COV_AUTO(cov_suggestion_deinit) struct cov_suggestion suggestion = { .word = asked };

	for (size_t i = 0; i < groups->count; i++) {
		COV_AUTO(free)
		char *group =
		    cov_format("%s/%s", groups->items[i].platform, groups->items[i].workload);

		cov_suggest(&suggestion, part->workload ? group : groups->items[i].platform);
	}
	COV_AUTO(free) char *only = cov_suggest_only(&suggestion);
	if (finding->is_whole)
		return cov_fail(err, COV_ERR_MISMATCH,
				"%s is no file, and there is no good trial of it%s", asked, only);
	return cov_fail(err, COV_ERR_MISMATCH, "there is no good trial of %s%s", asked, only);
}

static int add_member(const struct finding *finding, const struct store_group *group,
		      int64_t number, struct cov_error *err)
{
	struct side_name_members *members = finding->members;

	for (size_t i = 0; i < members->count; i++) {
		if (members->items[i].group == group)
			return cov_fail(err, COV_ERR_MISMATCH, "%s/%s is part of one side twice",
					group->platform, group->workload);
	}
	members->items =
	    cov_grow(members->items, members->count, &members->capacity, sizeof(*members->items));
	members->items[members->count++] = (struct side_name_member){ group, number };
	return 0;
}

static bool is_of_group(const struct store_members *members, int64_t workload_id)
{
	for (size_t i = 0; i < members->count; i++) {
		if (members->items[i].workload_id == workload_id)
			return true;
	}
	return false;
}

static bool is_meant(const struct side_name_part *part, const struct store_members *members,
		     const struct store_group *group)
{
	if (strcmp(group->platform, part->platform) != 0)
		return false;
	if (!part->workload)
		return group->kind == STORE_WORKLOAD;
	return strcmp(group->workload, part->workload) == 0 ||
	       is_of_group(members, group->workload_id);
}

static int find_part(const struct finding *finding, const struct side_name_part *part,
		     struct cov_error *err)
{
	COV_AUTO(store_workload_members_deinit) struct store_members members = { 0 };
	size_t before = finding->members->count;
	int result = part->workload
			 ? store_workload_members(finding->store, part->workload, &members, err)
			 : 0;

	for (size_t i = 0; result == 0 && i < finding->groups->count; i++) {
		const struct store_group *group = &finding->groups->items[i];

		if (is_meant(part, &members, group))
			result = add_member(finding, group, part->number, err);
	}
	if (result == 0 && finding->members->count == before)
		result = fail_none(finding, part, err);
	return result;
}

int side_name_find(const struct side_name *name, struct store *store,
		   const struct store_groups *groups, struct side_name_members *ret,
		   struct cov_error *err)
{
	bool is_whole =
	    name->part_count == 1 && !name->database && !name->kernel && !name->parts[0].number;
	const struct finding finding = { store, groups, ret, is_whole };
	int result = 0;

	for (size_t i = 0; result == 0 && i < name->part_count; i++)
		result = find_part(&finding, &name->parts[i], err);
	return result;
}
