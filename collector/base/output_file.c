/* output_file.c - where results go: a file that appears whole or not at all, or standard output. */
#include "collector/base/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/pager.h"
#include "collector/base/terminal.h"

enum { STATUS_SIGNAL = 128 };

static struct cov_output standard = { .file = STDOUT_FILENO };
static bool standard_is_said;    /* that it failed */
static const char *program_name; /* once it is guarded */

/* What every program does whose reader has had enough, and quietly. */
static void end_by_pipe(void)
{
	sigset_t pipe_set;

	cov_pager_end();
	sigemptyset(&pipe_set);
	sigaddset(&pipe_set, SIGPIPE);
	signal(SIGPIPE, SIG_DFL);
	pthread_sigmask(SIG_UNBLOCK, &pipe_set, NULL);
	raise(SIGPIPE);
	_exit(STATUS_SIGNAL + SIGPIPE);
}

/* After the first failure, nothing: what comes later would leave a gap. Return: 0 for failed. */
static ssize_t write_stream(void *cookie, const char *data, size_t size)
{
	struct cov_output *output = cookie;

	if (!output->failure && output == &standard && cov_pager_is_on())
		output->failure = cov_pager_write(data, size);
	else if (!output->failure && cov_write_all(output->file, data, size) != 0)
		output->failure = errno;
	if (output->failure == EPIPE)
		end_by_pipe();
	errno = output->failure;
	return output->failure ? 0 : (ssize_t)size;
}

static FILE *make_stream(struct cov_output *output)
{
	return fopencookie(output, "w", (cookie_io_functions_t){ .write = write_stream });
}

/* The number of the open file that @path is another name of, or -1. */
static int named_descriptor(const char *path)
{
	static const char *const folders[] = { "/dev/fd/", "/proc/self/fd/" };
	uint64_t number;

	if (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0)
		return STDOUT_FILENO;
	if (strcmp(path, "/dev/stderr") == 0)
		return STDERR_FILENO;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		size_t length = strlen(folders[i]);

		if (strncmp(path, folders[i], length) == 0 &&
		    cov_number_read(path + length, INT_MAX, NULL, &number))
			return (int)number;
	}
	return -1;
}

/* A file that is there has to be one that may be written: the folder alone would let it be
 * replaced. */
static int open_regular(const char *path, bool is_there, struct cov_output *output,
			struct cov_error *err)
{
	struct stat status;
	bool is_link = lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
	COV_AUTO(free)
	char *target = is_link && is_there ? realpath(path, NULL) : cov_xstrdup(path);

	if (is_link && !is_there)
		return cov_fail(err, COV_ERR_SYSTEM,
				"cannot write %s: it is a link to a file that is not there", path);
	if (!target || (is_there && access(target, W_OK) != 0))
		return cov_fail_errno(err, "cannot write %s", path);
	int result = cov_partial_open(target, &output->partial, err);
	if (result == 0)
		output->file = output->partial.file;
	return result;
}

static int open_file(const char *path, struct cov_output *output, struct cov_error *err)
{
	int descriptor = named_descriptor(path);
	struct stat status;

	if (descriptor >= 0) {
		output->file = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
		return output->file < 0 ? cov_fail_errno(err, "cannot write %s", path) : 0;
	}
	bool is_there = stat(path, &status) == 0;
	if (!is_there && errno != ENOENT)
		return cov_fail_errno(err, "cannot create %s", path);
	if (!is_there || S_ISREG(status.st_mode))
		return open_regular(path, is_there, output, err);
	output->file = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	return output->file < 0 ? cov_fail_errno(err, "cannot write %s", path) : 0;
}

int cov_output_open(const char *path, struct cov_output *output, struct cov_error *err)
{
	*output = (struct cov_output){ .path = path, .file = -1 };
	if (!path || named_descriptor(path) == STDOUT_FILENO) {
		output->path = NULL;
		output->stream = stdout;
		return 0;
	}
	int result = open_file(path, output, err);
	if (result)
		return result;
	output->stream = make_stream(output);
	if (output->stream)
		return 0;
	result = cov_fail_errno(err, "cannot write %s", path);
	cov_output_deinit(output);
	return result;
}

static int close_standard(struct cov_output *output, struct cov_error *err)
{
	bool has_failed = fflush(output->stream) != 0 || ferror(output->stream);

	output->stream = NULL;
	if (!has_failed)
		return 0;
	errno = standard.failure ? standard.failure : errno;
	standard_is_said = true;
	return cov_fail_errno(err, "standard output");
}

int cov_output_close(struct cov_output *output, struct cov_error *err)
{
	int result = 0;

	if (!output->path)
		return close_standard(output, err);
	if (fclose(output->stream) != 0 || output->failure) {
		errno = output->failure ? output->failure : errno;
		result = cov_fail_errno(err, "cannot write %s", output->path);
	}
	output->stream = NULL;
	if (result == 0 && output->partial.is_open) {
		output->file = -1;
		result = cov_partial_commit(&output->partial, err);
	} else if (result == 0) {
		int file = output->file;

		output->file = -1;
		if (close(file) != 0)
			result = cov_fail_errno(err, "cannot write %s", output->path);
	}
	cov_output_deinit(output);
	return result;
}

void cov_output_deinit(struct cov_output *output)
{
	if (output->stream && output->path) {
		output->failure = output->failure ? output->failure : ECANCELED;
		fclose(output->stream);
	}
	if (output->path && output->file >= 0 && !output->partial.is_open)
		close(output->file);
	cov_partial_discard(&output->partial);
	*output = (struct cov_output){ .file = -1 };
}

void cov_output_end_page(void)
{
	fflush(stdout); /* a failure stays with the stream */
	int failure = cov_pager_end();

	if (!standard.failure)
		standard.failure = failure;
}

/* The last thing: also what exit() ends, such as --help, has been printed by then. */
static void check_standard(void)
{
	cov_output_end_page();
	bool has_failed = fflush(stdout) != 0 || ferror(stdout) || standard.failure;
	if (close(STDOUT_FILENO) != 0 && !standard.failure) {
		standard.failure = errno;
		has_failed = true;
	}
	if (!has_failed || standard_is_said)
		return;
	cov_say("%s: standard output: %s", program_name,
		strerror(standard.failure ? standard.failure : errno));
	_exit(1);
}

/* To nothing that can be read or written. */
static void open_closed_streams(void)
{
	for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++) {
		if (fcntl(i, F_GETFD) < 0 && open("/", O_RDONLY | O_DIRECTORY) < 0)
			_exit(1);
	}
}

void cov_output_guard(const char *program)
{
	if (program_name)
		return;
	program_name = program;
	open_closed_streams();
	signal(SIGXFSZ, SIG_IGN);
	if (atexit(check_standard) != 0)
		cov_out_of_memory();
	/* The C library's own stream forgets why a write failed, and goes on writing. */
	FILE *stream = make_stream(&standard);
	if (!stream || (isatty(STDOUT_FILENO) && setvbuf(stream, NULL, _IOLBF, 0) != 0))
		cov_out_of_memory();
	stdout = stream;
}
