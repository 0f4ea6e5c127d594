/* profile.c - a trial whose stacks are sampled: perf records while the workload runs. */
#include "collector/capture/profile.h"

#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"

enum {
	/* Not a round number: what runs by a timer of its own would be sampled always, or never. */
	FREQUENCY_HZ = 997,
	ZSTD_LEVEL = 19, /* small files; it takes a second at most, when nothing is measured */
};

static const char event_name[] = "cpu-clock";

int profile_check(struct cov_error *err)
{
	return perf_check("profiles", err);
}

int profile_start(struct profile *profile, const char *folder, struct cov_error *err)
{
	COV_AUTO(free) char *frequency = cov_format("%d", FREQUENCY_HZ);
	const char *const options[] = { "-e", event_name, "-F", frequency, "-a", "-g", NULL };

	return perf_start(&profile->perf, folder, options, err);
}

static void take_line(void *context, const char *line)
{
	fold_line(context, line);
}

int profile_stop(struct profile *profile, struct cov_error *err)
{
	static const char *const options[] = { "--show-lost-events", "--no-inline", "-F",
					       FOLD_FIELDS, NULL };
	int result = perf_stop(&profile->perf, err);

	if (result == 0)
		result = perf_script(&profile->perf, options, take_line, &profile->fold, err);
	if (result)
		return result;
	fold_end(&profile->fold);
	return profile->fold.samples ? 0 : cov_fail(err, COV_ERR_SYSTEM, "perf recorded no sample");
}

static int compress_to(const char *path, const struct cov_text *text, struct cov_error *err)
{
	size_t capacity = ZSTD_compressBound(text->length);
	COV_AUTO(free) char *bytes = cov_xmalloc(capacity);
	size_t size = ZSTD_compress(bytes, capacity, text->data, text->length, ZSTD_LEVEL);

	if (ZSTD_isError(size))
		return cov_fail(err, COV_ERR_SYSTEM, "cannot compress %s: %s", path,
				ZSTD_getErrorName(size));
	return cov_file_replace(path, bytes, size, err);
}

int profile_save(const struct profile *profile, const char *path, struct cov_manifest_profile *ret,
		 struct cov_error *err)
{
	COV_AUTO(cov_text_deinit) struct cov_text text = { 0 };

	fold_print(&profile->fold, &text);
	int result = compress_to(path, &text, err);
	*ret = (struct cov_manifest_profile){
		.file = strrchr(path, '/') + 1,
		.event = event_name,
		.frequency_hz = FREQUENCY_HZ,
		.samples = profile->fold.samples,
		.lost = profile->fold.lost,
	};
	return result;
}

void profile_deinit(struct profile *profile)
{
	perf_deinit(&profile->perf);
	fold_deinit(&profile->fold);
	memset(profile, 0, sizeof(*profile));
}
