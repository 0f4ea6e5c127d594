/* syscalls.c - a trial of system calls: perf and the threads' filters. */
#include "collector/capture/syscalls.h"

#include <string.h>
#include <unistd.h>

#include "collector/base/error.h"
#include "collector/capture/calls.h"
#include "collector/capture/filters.h"

int syscalls_check(struct cov_error *err)
{
	return perf_check("system calls", err);
}

int syscalls_start(struct syscalls *syscalls, const char *folder, struct cov_error *err)
{
	/* Its own calls would fill the buffers that they empty. */
	static const char *const options[] = { "-e", "raw_syscalls:sys_enter", "-a", "-m",
					       "4M", "--exclude-perf",         NULL };

	return perf_start(&syscalls->perf, folder, options, err);
}

int syscalls_ready(struct syscalls *syscalls, const char *driver, pid_t peer, struct cov_error *err)
{
	const pid_t others[] = { syscalls->perf.process.pid, peer };

	if (syscalls->is_read)
		return 0;
	syscalls->is_read = true;
	int result = threads_list(driver, others, 2, &syscalls->threads, err);
	return result ? result : filters_read(&syscalls->threads, &syscalls->file, err);
}

int syscalls_stop(struct syscalls *syscalls, struct cov_error *err)
{
	static const char *const options[] = { "--show-task-events", "--show-lost-events", "-F",
					       "comm,pid,tid,trace", NULL };
	COV_AUTO(calls_deinit) struct calls calls = { .root = getpid() };
	int result = perf_stop(&syscalls->perf, err);

	if (result == 0 && !syscalls->is_read)
		return cov_fail(err, COV_ERR_FORMAT,
				"the workload never printed {\"event\": \"ready\"}, which reading "
				"filters needs");
	if (result == 0)
		result = perf_script(&syscalls->perf, options, calls_take_line, &calls, err);
	if (result == 0)
		calls_sum(&calls, &syscalls->threads, &syscalls->file);
	return result;
}

int syscalls_save(const struct syscalls *syscalls, const char *path, struct cov_error *err)
{
	return syscalls_file_write(&syscalls->file, path, err);
}

void syscalls_deinit(struct syscalls *syscalls)
{
	perf_deinit(&syscalls->perf);
	threads_deinit(&syscalls->threads);
	syscalls_file_deinit(&syscalls->file);
	memset(syscalls, 0, sizeof(*syscalls));
}
