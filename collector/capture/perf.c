/* perf.c - perf record under control by two pipes, and what perf script prints. */
#include "collector/capture/perf.h"

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

#include "collector/base/clock.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/program.h"
#include "collector/base/text.h"

enum { ANSWER_BYTES_MAX = 64, WORDS_MAX = 32 };

int perf_check(const char *what, struct cov_error *err)
{
	COV_AUTO(free) char *program = cov_program_find("perf", NULL);
	COV_AUTO(free) char *missing = program ? NULL : cov_program_missing("perf");

	return program
		   ? 0
		   : cov_fail(err, COV_ERR_MACHINE, "%s: %s (Debian: linux-perf)", what, missing);
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
static int fail_ended(struct perf *perf, struct cov_error *err)
{
	const struct process_watch watch = { go_on, NULL };

	process_wait(&perf->process, LLONG_MAX, &watch);
	return perf_fail(&perf->process.result.output, "record", err);
}

/* Tell perf something, and wait until it has done it. */
static int tell(struct perf *perf, const char *command, struct cov_error *err)
{
	char answer[ANSWER_BYTES_MAX];
	struct pollfd ends[] = { { perf->answer, POLLIN, 0 }, { perf->process.output, 0, 0 } };

	if (cov_write_all(perf->control, command, strlen(command)) != 0)
		return cov_fail_errno(err, "cannot control perf record");
	/* Without events asked for, the other one tells that its writers are gone. */
	while (poll(ends, sizeof(ends) / sizeof(ends[0]), -1) < 0) {
		if (process_is_interrupted())
			return cov_fail(err, COV_ERR_SYSTEM, "interrupted");
	}
	if (!(ends[0].revents & POLLIN))
		return fail_ended(perf, err);
	if (read(perf->answer, answer, sizeof(answer)) < 0)
		return cov_fail_errno(err, "cannot control perf record");
	return 0;
}

/* @words: [WORDS_MAX]; @options behind @count of them, and then @rest; both end with NULL */
static void join(const char **words, size_t count, const char *const *options,
		 const char *const *rest)
{
	for (size_t i = 0; options[i] && count < WORDS_MAX - 1; i++)
		words[count++] = options[i];
	for (size_t i = 0; rest[i] && count < WORDS_MAX - 1; i++)
		words[count++] = rest[i];
	words[count] = NULL;
}

int perf_start(struct perf *perf, const char *folder, const char *const *options,
	       struct cov_error *err)
{
	COV_AUTO(free) char *control = cov_format("%s/perf.control", folder);
	COV_AUTO(free) char *answer = cov_format("%s/perf.answer", folder);
	COV_AUTO(free) char *option = cov_format("--control=fifo:%s,%s", control, answer);
	const char *words[WORDS_MAX] = { "perf", "record" };

	perf->control = perf->answer = -1;
	perf->data = cov_format("%s/perf.data", folder);
	perf->control = make_pipe(control, err);
	if (perf->control < 0)
		return perf->control;
	perf->answer = make_pipe(answer, err);
	if (perf->answer < 0)
		return perf->answer;
	/* Ids of files would be read from each of them, and copied to a cache. */
	const char *const rest[] = { "-D", "-1", "--no-buildid", option, "-o", perf->data, NULL };
	join(words, 2, options, rest);
	int result = process_start((char *const *)words, &perf->process, err);
	if (result == 0)
		result = tell(perf, "enable\n", err);
	perf->start_ns = cov_monotonic_ns();
	return result;
}

int perf_stop(struct perf *perf, struct cov_error *err)
{
	const struct process_watch watch = { go_on, NULL };
	long long end_ns = cov_monotonic_ns();
	int result = tell(perf, "disable\n", err);

	if (result == 0)
		result = tell(perf, "stop\n", err);
	if (result)
		return result;
	process_wait(&perf->process, LLONG_MAX, &watch);
	if (perf->process.result.exit_status != 0)
		return perf_fail(&perf->process.result.output, "record", err);
	perf->end_ns = end_ns;
	return 0;
}

/* @output: closed */
static int read_lines(int output, void (*take_line)(void *context, const char *line), void *context,
		      struct cov_error *err)
{
	COV_AUTO(fclose) FILE *stream = fdopen(output, "r");
	COV_AUTO(free) char *line = NULL;
	size_t capacity = 0;
	ssize_t length;

	if (!stream) {
		close(output);
		return cov_fail_errno(err, "cannot read what perf script prints");
	}
	while ((length = getline(&line, &capacity, stream)) >= 0) {
		if (length && line[length - 1] == '\n')
			line[length - 1] = '\0';
		take_line(context, line);
	}
	return ferror(stream) ? cov_fail_errno(err, "cannot read what perf script prints") : 0;
}

static int start_script(const struct perf *perf, const char *const *options, int *output,
			pid_t *pid, struct cov_error *err)
{
	const char *const rest[] = { "-i", perf->data, NULL };
	const struct process_tie tie = { .death_signal = SIGKILL, .has_c_locale = true };
	const char *words[WORDS_MAX] = { "perf", "script" };
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return cov_fail_errno(err, "cannot make a pipe to perf script");
	const int descriptors[] = { PROCESS_NOTHING, ends[1], PROCESS_NOTHING };
	join(words, 2, options, rest);
	int result = process_start_tied((char *const *)words, &tie, descriptors, 3, pid, err);
	close(ends[1]);
	if (result)
		close(ends[0]);
	*output = ends[0];
	return result;
}

int perf_script(const struct perf *perf, const char *const *options,
		void (*take_line)(void *context, const char *line), void *context,
		struct cov_error *err)
{
	int output, status = 0;
	pid_t pid;
	int result = start_script(perf, options, &output, &pid, err);

	if (result)
		return result;
	result = read_lines(output, take_line, context, err);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (result == 0 && status)
		return cov_fail(err, COV_ERR_SYSTEM, "perf script failed, with status %d",
				WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
	return result;
}

void perf_deinit(struct perf *perf)
{
	process_deinit(&perf->process);
	if (perf->data && perf->control >= 0)
		close(perf->control);
	if (perf->data && perf->answer >= 0)
		close(perf->answer);
	free(perf->data);
	memset(perf, 0, sizeof(*perf));
}
