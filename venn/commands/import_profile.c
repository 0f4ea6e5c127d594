/* import_profile.c - a profile that collect left, into the database. */
#include "venn/commands/import_profile.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "venn/store/store_profile.h"
#include "venn/store/store_record.h"
#include "venn/store/store_transaction.h"

bool import_profile_is(const struct cov_manifest *manifest)
{
	return manifest->kind && strcmp(manifest->kind, cov_manifest_profile_kind) == 0;
}

/* Borrows from @manifest. */
static struct store_profile profile_of(const struct cov_manifest *manifest)
{
	return (struct store_profile){
		.platform = (char *)manifest->platform,
		.workload = (char *)manifest->workload,
		.number = manifest->number,
		.started_at = (char *)manifest->started_at,
		.duration_ns = manifest->duration_ns,
		.event = (char *)manifest->profile.event,
		.frequency_hz = manifest->profile.frequency_hz,
		.samples = manifest->profile.samples,
		.lost = manifest->profile.lost,
		.is_emulated = manifest->kernel.is_emulated,
	};
}

int import_profile_has(const struct import *import, const struct cov_manifest *manifest, bool *ret,
		       struct cov_error *err)
{
	const struct store_record_key key = {
		.platform = manifest->platform,
		.workload = manifest->workload,
		.started_at = manifest->started_at,
		.duration_ns = manifest->duration_ns,
	};

	return store_record_has(import->store, import->about.id, STORE_RECORD_PROFILE, &key, ret,
				err);
}

/* "a;b;c 12". Return: whether it is one; @line: only its frames afterwards. */
static bool split_line(char *line, int64_t *samples)
{
	char *space = strrchr(line, ' ');
	const char *end = NULL;
	uint64_t number = 0;

	if (!space || space == line || !cov_number_read(space + 1, INT32_MAX, &end, &number) ||
	    *end || !number)
		return false;
	*space = '\0';
	*samples = (int64_t)number;
	return true;
}

static int parse(const char *path, const char *text, size_t size, struct store_profile_stacks *ret,
		 struct cov_error *err)
{
	size_t line_number = 0;

	for (size_t start = 0, end; start < size; start = end + 1) {
		const char *newline = memchr(text + start, '\n', size - start);

		end = newline ? (size_t)(newline - text) : size;
		line_number++;
		COV_AUTO(free) char *line = cov_xstrndup(text + start, end - start);
		int64_t samples;
		if (!split_line(line, &samples))
			return cov_fail(err, COV_ERR_FORMAT,
					"%s:%zu: not a folded stack: frames, a space, a number",
					path, line_number);
		ret->items = cov_grow(ret->items, ret->count, &ret->capacity, sizeof(*ret->items));
		ret->items[ret->count++] = (struct store_profile_stack){ line, samples };
		line = NULL;
	}
	return 0;
}

static int compare_stacks(const void *a, const void *b)
{
	const struct store_profile_stack *left = a, *right = b;

	return strcmp(left->frames, right->frames);
}

/* collect writes each stack once, and the sum into the manifest. */
static int check(const char *path, struct store_profile_stacks *stacks, long long samples,
		 struct cov_error *err)
{
	long long sum = 0;

	if (stacks->count)
		qsort(stacks->items, stacks->count, sizeof(*stacks->items), compare_stacks);
	for (size_t i = 0; i < stacks->count; i++) {
		if (i && compare_stacks(&stacks->items[i - 1], &stacks->items[i]) == 0)
			return cov_fail(err, COV_ERR_FORMAT, "%s: a stack is in it twice: %s", path,
					stacks->items[i].frames);
		sum += stacks->items[i].samples;
	}
	if (sum != samples)
		return cov_fail(err, COV_ERR_FORMAT, "%s: %lld samples, its manifest says %lld",
				path, sum, samples);
	return 0;
}

static int read_text(const char *path, const void *data, size_t size, long long samples,
		     struct store_profile_stacks *ret, struct cov_error *err)
{
	COV_AUTO(cov_decompressor_deinit) struct cov_decompressor decompressor = { 0 };
	size_t text_size = 0;
	const char *text = cov_decompress(&decompressor, data, size, &text_size);

	if (!text)
		return cov_fail(err, COV_ERR_FORMAT, "%s: damaged, or not compressed with zstd",
				path);
	int result = parse(path, text, text_size, ret, err);
	return result ? result : check(path, ret, samples, err);
}

static int read_stacks(const struct import_file *file, long long samples,
		       struct store_profile_stacks *ret, struct cov_error *err)
{
	COV_AUTO(free) char *data = NULL;
	size_t size = 0;

	if (file->bytes)
		return read_text(file->path, file->bytes->data, file->bytes->size, samples, ret,
				 err);
	int result = cov_file_read(file->path, &data, &size, err);
	return result ? result : read_text(file->path, data, size, samples, ret, err);
}

static int write_profile(struct import *import, const struct cov_manifest *manifest,
			 const struct store_profile_stacks *stacks, bool *is_known,
			 struct cov_error *err)
{
	const struct store_profile profile = profile_of(manifest);
	int result = store_transaction_write(import->store, err);

	/* Another import may have written it meanwhile. */
	if (result == 0)
		result = import_profile_has(import, manifest, is_known, err);
	if (result == 0 && !*is_known)
		result = store_profile_add(import->store, import->about.id, &profile, stacks, err);
	if (result == 0)
		result = store_transaction_commit(import->store, err);
	store_transaction_end(import->store);
	return result;
}

int import_profile_add(struct import *import, const struct cov_manifest *manifest,
		       const struct import_file *file, struct cov_error *err)
{
	const char *workload = manifest->workload ? manifest->workload : "";
	COV_AUTO(store_profile_stacks_deinit) struct store_profile_stacks stacks = { 0 };
	COV_AUTO(free) char *samples = cov_number_grouped(manifest->profile.samples);
	bool is_known = false;

	if (!manifest->is_ok || !manifest->profile.file || !manifest->workload) {
		cov_say("%s %s profile: failed, %s; passed over", manifest->platform, workload,
			manifest->failure ? manifest->failure : "without stacks");
		return 0;
	}
	int result = read_stacks(file, manifest->profile.samples, &stacks, err);
	if (result == 0)
		result = write_profile(import, manifest, &stacks, &is_known, err);
	if (result)
		return result;
	import->known_count += is_known;
	import->profile_count += !is_known;
	if (!is_known)
		cov_say("%s %s profile: ok; %s samples, %zu stacks", manifest->platform, workload,
			samples, stacks.count);
	return 0;
}
