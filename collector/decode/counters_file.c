/* counters_file.c - the counters of a snapshot as one small file. */
#include "collector/decode/counters_file.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/narrow.h"
#include "collector/base/text.h"
#include "collector/decode/counters.h"
#include "collector/decode/kernel.h"

const struct sealed_kind counters_file_kind = { "covdb counts", 1, "a file of counters",
						"'covdb decode --format counters' makes one" };

enum { PROBLEM_BYTES_MIN = 3 };

bool counters_file_is(const char *path)
{
	return cov_has_suffix(path, ".covcounters") && !cov_is_directory(path);
}

/* What tells kernels apart whose build ids are not known. */
static uint32_t checksum_objects(const struct cov_kernel *kernel)
{
	uint32_t checksum = 0;

	for (size_t i = 0; i < kernel->object_count; i++) {
		const struct cov_object *object = &kernel->objects[i];
		COV_AUTO(free)
		char *text = cov_format("%s %lu", object->path, (unsigned long)object->plan.stamp);

		checksum = libdeflate_crc32(checksum, text, strlen(text));
	}
	return checksum;
}

static void add_text(struct cov_text *out, const char *text)
{
	cov_text_add(out, text, strlen(text) + 1);
}

static void add_counters(const struct cov_kernel *kernel, const struct cov_counters *counters,
			 struct cov_text *out)
{
	size_t count = 0, before = 0;

	for (size_t i = 0; i < kernel->counter_count; i++)
		count += counters->values[i] != 0;
	cov_narrow_add(out, count);
	for (size_t i = 0; i < kernel->counter_count; i++) {
		if (!counters->values[i])
			continue;
		cov_narrow_add(out, i - before);
		cov_narrow_add(out, cov_narrow_fold(counters->values[i]));
		before = i;
	}
}

void counters_file_make(const struct cov_kernel *kernel, const char *build_id,
			const struct cov_counters *counters, const struct cov_problems *problems,
			struct cov_text *out)
{
	COV_AUTO(cov_text_deinit) struct cov_text body = { 0 };

	add_text(&body, build_id);
	cov_narrow_add(&body, checksum_objects(kernel));
	cov_narrow_add(&body, kernel->object_count);
	cov_narrow_add(&body, kernel->counter_count);
	cov_text_add(&body, counters->states, kernel->object_count);
	cov_narrow_add(&body, problems->count);
	for (size_t i = 0; i < problems->count; i++) {
		cov_narrow_add(&body, problems->items[i].kind);
		add_text(&body, problems->items[i].path);
		add_text(&body, problems->items[i].message);
	}
	add_counters(kernel, counters, &body);
	sealed_make(&counters_file_kind, &body, out);
}

static int fail_damaged(const struct counters_file_of *of, struct cov_error *err)
{
	return cov_fail(err, COV_ERR_FORMAT, "%s: damaged: its counters cannot be", of->path);
}

static int check_kernel(const struct counters_file_of *of, struct cov_narrow *from,
			struct cov_error *err)
{
	const char *build_id = cov_narrow_text(from);
	uint32_t checksum = cov_narrow_u32(from);
	uint64_t objects = cov_narrow_number(from), counters = cov_narrow_number(from);

	if (from->is_short)
		return fail_damaged(of, err);
	if (*build_id && *of->build_id && strcmp(build_id, of->build_id) != 0)
		return cov_fail(
		    err, COV_ERR_MISMATCH,
		    "%s: taken on the kernel with build id %s, not on that with build id %s",
		    of->path, build_id, of->build_id);
	if (objects != of->kernel->object_count || counters != of->kernel->counter_count ||
	    checksum != checksum_objects(of->kernel))
		return cov_fail(err, COV_ERR_MISMATCH,
				"%s: of another build of the kernel: its objects are not those",
				of->path);
	return 0;
}

static bool read_states(const struct cov_kernel *kernel, struct cov_narrow *from,
			struct cov_counters *ret)
{
	if ((size_t)(from->end - from->next) < kernel->object_count)
		return false;
	ret->states = cov_xcalloc(kernel->object_count, 1);
	memcpy(ret->states, from->next, kernel->object_count);
	from->next += kernel->object_count;
	for (size_t i = 0; i < kernel->object_count; i++) {
		if (ret->states[i] > COV_OBJECT_BAD)
			return false;
		ret->decoded_count += ret->states[i] == COV_OBJECT_DECODED;
	}
	return true;
}

static bool read_problems(struct cov_narrow *from, struct cov_problems *problems)
{
	uint64_t count = cov_narrow_number(from);

	if (from->is_short || count > (size_t)(from->end - from->next) / PROBLEM_BYTES_MIN)
		return false;
	for (uint64_t i = 0; i < count; i++) {
		uint64_t kind = cov_narrow_number(from);
		const char *path = cov_narrow_text(from), *message = cov_narrow_text(from);

		if (from->is_short || kind >= COV_PROBLEM_KIND_COUNT)
			return false;
		cov_problems_add(problems, (enum cov_problem_kind)kind, path, message);
	}
	return true;
}

/* Counters of objects that were not decoded are 0. */
static bool is_clean(const struct cov_kernel *kernel, const struct cov_counters *counters)
{
	bool is_zero = true;

	for (size_t i = 0; i < kernel->object_count; i++) {
		const struct cov_object *object = &kernel->objects[i];

		for (uint32_t j = 0;
		     counters->states[i] != COV_OBJECT_DECODED && j < object->plan.counter_count;
		     j++)
			is_zero &= !counters->values[object->counter_first + j];
	}
	return is_zero;
}

static bool read_counters(const struct cov_kernel *kernel, struct cov_narrow *from,
			  struct cov_counters *ret)
{
	uint64_t count = cov_narrow_number(from), place = 0;

	if (from->is_short || count > kernel->counter_count)
		return false;
	ret->values = cov_xcalloc(kernel->counter_count, sizeof(*ret->values));
	for (uint64_t i = 0; i < count; i++) {
		uint64_t step = cov_narrow_number(from);
		int64_t value = cov_narrow_unfold(cov_narrow_number(from));

		if (from->is_short || !value || (i && !step) ||
		    step >= kernel->counter_count - place)
			return false;
		place += step;
		ret->values[place] = value;
	}
	return from->next == from->end && is_clean(kernel, ret);
}

int counters_file_parse(const struct counters_file_of *of, const void *data, size_t size,
			struct cov_counters *ret, struct cov_problems *problems,
			struct cov_error *err)
{
	COV_AUTO(cov_text_deinit) struct cov_text body = { 0 };
	COV_AUTO(counters_deinit) struct cov_counters counters = { 0 };
	COV_AUTO(cov_problems_deinit) struct cov_problems list = { 0 };
	int result = sealed_open(&counters_file_kind, of->path, data, size, &body, err);

	if (result)
		return result;
	struct cov_narrow from = { (unsigned char *)body.data,
				   (unsigned char *)body.data + body.length, false };
	result = check_kernel(of, &from, err);
	if (result)
		return result;
	if (!read_states(of->kernel, &from, &counters) || !read_problems(&from, &list) ||
	    !read_counters(of->kernel, &from, &counters))
		return fail_damaged(of, err);
	for (size_t i = 0; i < list.count; i++)
		cov_problems_add(problems, list.items[i].kind, list.items[i].path,
				 list.items[i].message);
	*ret = counters;
	memset(&counters, 0, sizeof(counters));
	return 0;
}

int counters_file_read(const struct counters_file_of *of, struct cov_counters *ret,
		       struct cov_problems *problems, struct cov_error *err)
{
	COV_AUTO(free) char *data = NULL;
	size_t size;
	int result = cov_file_read(of->path, &data, &size, err);

	return result ? result : counters_file_parse(of, data, size, ret, problems, err);
}
