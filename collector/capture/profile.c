/* profile.c - a trial whose stacks are sampled: perf records while the workload runs. */
#include "collector/capture/profile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <zstd.h>

#include "collector/base/clock.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/program.h"
#include "collector/base/text.h"

enum {
	/* Not a round number: what runs by a timer of its own would be sampled always, or never. */
	FREQUENCY_HZ = 997,
	ANSWER_BYTES_MAX = 64,
	ZSTD_LEVEL = 19, /* small files; it takes a second at most, when nothing is measured */
};

static const char event_name[] = "cpu-clock";

int profile_check(struct cov_error *err)
{
	COV_AUTO(free) char *program = cov_program_find("perf", NULL);
	COV_AUTO(free) char *missing = program ? NULL : cov_program_missing("perf");

	return program
		   ? 0
		   : cov_fail(err, COV_ERR_MACHINE, "profiles: %s (Debian: linux-perf)", missing);
}

/* perf says why on its last line. */
static int perf_fail(const struct cov_text *output, const char *what, struct cov_error *err)
{
	const char *text = output->data ? output->data : "";
	size_t end = output->length;

	while (end && strchr("\r\n ", text[end - 1]))
		end--;
	size_t start = end;
	while (start && text[start - 1] != '\n')
		start--;
	return cov_fail(err, COV_ERR_SYSTEM, "perf %s: %.*s", what,
			end > start ? (int)(end - start) : (int)strlen("it ended"),
			end > start ? text + start : "it ended");
}

/* Both ends are ours, so that opening it waits for nobody. */
static int make_pipe(const char *path, struct cov_error *err)
{
	if (mkfifo(path, S_IRUSR | S_IWUSR) != 0)
		return cov_fail_errno(err, "cannot make %s", path);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? cov_fail_errno(err, "cannot open %s", path) : fd;
}

static bool go_on(void *context, const char *line)
{
	(void)context;
	(void)line;
	return true;
}

/* Its output is taken as well, so that it never waits for a full pipe. */
static int fail_ended(struct profile *profile, struct cov_error *err)
{
	const struct process_watch watch = { go_on, NULL };

	process_wait(&profile->perf, LLONG_MAX, &watch);
	return perf_fail(&profile->perf.result.output, "record", err);
}

/* Tell perf something, and wait until it has done it. */
static int tell(struct profile *profile, const char *command, struct cov_error *err)
{
	char answer[ANSWER_BYTES_MAX];
	struct pollfd ends[] = { { profile->answer, POLLIN, 0 }, { profile->perf.output, 0, 0 } };

	if (cov_write_all(profile->control, command, strlen(command)) != 0)
		return cov_fail_errno(err, "cannot control perf record");
	/* Without events asked for, the other one tells that its writers are gone. */
	while (poll(ends, sizeof(ends) / sizeof(ends[0]), -1) < 0) {
		if (process_is_interrupted())
			return cov_fail(err, COV_ERR_SYSTEM, "interrupted");
	}
	if (!(ends[0].revents & POLLIN))
		return fail_ended(profile, err);
	if (read(profile->answer, answer, sizeof(answer)) < 0)
		return cov_fail_errno(err, "cannot control perf record");
	return 0;
}

static int start_perf(struct profile *profile, const char *control, struct cov_error *err)
{
	COV_AUTO(free) char *frequency = cov_format("%d", FREQUENCY_HZ);
	/* Ids of files would be read from each of them, and copied to a cache. */
	const char *const command[] = { "perf",         "record", "-e", event_name,    "-F",
					frequency,      "-a",     "-g", "-D",          "-1",
					"--no-buildid", control,  "-o", profile->data, NULL };

	return process_start((char *const *)command, &profile->perf, err);
}

int profile_start(struct profile *profile, const char *folder, struct cov_error *err)
{
	COV_AUTO(free) char *control = cov_format("%s/perf.control", folder);
	COV_AUTO(free) char *answer = cov_format("%s/perf.answer", folder);
	COV_AUTO(free) char *option = cov_format("--control=fifo:%s,%s", control, answer);

	profile->control = profile->answer = -1;
	profile->data = cov_format("%s/perf.data", folder);
	profile->control = make_pipe(control, err);
	if (profile->control < 0)
		return profile->control;
	profile->answer = make_pipe(answer, err);
	if (profile->answer < 0)
		return profile->answer;
	int result = start_perf(profile, option, err);
	if (result == 0)
		result = tell(profile, "enable\n", err);
	profile->start_ns = cov_monotonic_ns();
	return result;
}

/* @output: read to its end. */
static int fold_stream(FILE *output, struct fold *fold, struct cov_error *err)
{
	COV_AUTO(free) char *line = NULL;
	size_t capacity = 0;
	ssize_t length;

	while ((length = getline(&line, &capacity, output)) >= 0) {
		if (length && line[length - 1] == '\n')
			line[length - 1] = '\0';
		fold_line(fold, line);
	}
	if (ferror(output))
		return cov_fail_errno(err, "cannot read what perf script prints");
	fold_end(fold);
	return 0;
}

static int fold_output(int output, struct fold *fold, struct cov_error *err)
{
	FILE *stream = fdopen(output, "r");

	if (!stream) {
		close(output);
		return cov_fail_errno(err, "cannot read what perf script prints");
	}
	int result = fold_stream(stream, fold, err);
	fclose(stream);
	return result;
}

/* What it recorded, while the names of the kernel's addresses are known. */
static int fold_data(struct profile *profile, struct cov_error *err)
{
	const char *const command[] = { "perf",        "script",      "--show-lost-events",
					"--no-inline", "-F",          FOLD_FIELDS,
					"-i",          profile->data, NULL };
	const struct process_tie tie = { .death_signal = SIGKILL, .has_c_locale = true };
	int ends[2], status = 0;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return cov_fail_errno(err, "cannot make a pipe to perf script");
	const int descriptors[] = { PROCESS_NOTHING, ends[1], PROCESS_NOTHING };
	int result = process_start_tied((char *const *)command, &tie, descriptors, 3, &pid, err);
	close(ends[1]);
	if (result) {
		close(ends[0]);
		return result;
	}
	result = fold_output(ends[0], &profile->fold, err);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (result == 0 && status)
		return cov_fail(err, COV_ERR_SYSTEM, "perf script failed, with status %d",
				WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
	if (result == 0 && !profile->fold.samples)
		return cov_fail(err, COV_ERR_SYSTEM, "perf recorded no sample");
	return result;
}

int profile_stop(struct profile *profile, struct cov_error *err)
{
	const struct process_watch watch = { go_on, NULL };
	long long end_ns = cov_monotonic_ns();
	int result = tell(profile, "disable\n", err);

	if (result == 0)
		result = tell(profile, "stop\n", err);
	if (result)
		return result;
	process_wait(&profile->perf, LLONG_MAX, &watch);
	if (profile->perf.result.exit_status != 0)
		return perf_fail(&profile->perf.result.output, "record", err);
	profile->end_ns = end_ns;
	return fold_data(profile, err);
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
	process_deinit(&profile->perf);
	if (profile->data && profile->control >= 0)
		close(profile->control);
	if (profile->data && profile->answer >= 0)
		close(profile->answer);
	fold_deinit(&profile->fold);
	free(profile->data);
	memset(profile, 0, sizeof(*profile));
}
