/* filters.c - threads are stopped one by one, and asked for their filters. */
#include "collector/capture/filters.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"

enum { STOP_ROUNDS_MAX = 2000, STOP_PAUSE_NS = 1000 * 1000, EVENT_SHIFT = 8 };

/*
 * Ends are not taken: whoever waits for the process has to see them. Return: whether it stopped;
 * @signal: that it was about to get, or 0
 */
static bool wait_for_stop(pid_t tid, int *signal)
{
	static const struct timespec pause = { .tv_nsec = STOP_PAUSE_NS };

	for (int round = 0; round < STOP_ROUNDS_MAX; round++) {
		siginfo_t info = { 0 };

		if (waitid(P_PID, (id_t)tid, &info, WSTOPPED | WNOHANG | __WALL) != 0)
			return false;
		if (info.si_pid == tid) {
			bool is_event = info.si_status >> EVENT_SHIFT == PTRACE_EVENT_STOP;

			*signal = is_event ? 0 : info.si_status;
			return true;
		}
		nanosleep(&pause, NULL);
	}
	return false;
}

static int fail_reading(pid_t tid, struct cov_error *err)
{
	/* The function is a stub without that option. */
	if (errno == EINVAL || errno == EIO)
		return cov_fail(err, COV_ERR_MACHINE,
				"this kernel tells no filters: it has no "
				"CONFIG_CHECKPOINT_RESTORE");
	if (errno == EACCES)
		return cov_fail(err, COV_ERR_MACHINE,
				"reading filters needs CAP_SYS_ADMIN, and a process without a "
				"filter of its own");
	return cov_fail_errno(err, "cannot read the filters of thread %d", (int)tid);
}

/* Of a thread that is stopped, oldest first. */
static int read_filters(pid_t tid, struct syscalls_thread *thread, struct syscalls_file *file,
			struct cov_error *err)
{
	COV_AUTO(free) char *name = cov_format("filter of thread %d", (int)tid);

	for (size_t i = 0; i < BPF_STACK_MAX; i++) {
		COV_AUTO(bpf_program_deinit) struct bpf_program program = { 0 };
		long count = ptrace(PTRACE_SECCOMP_GET_FILTER, tid, i, NULL);

		if (count < 0 && errno == ENOENT)
			return 0;
		if (count < 0)
			return fail_reading(tid, err);
		size_t size = (size_t)count * sizeof(struct sock_filter);
		COV_AUTO(free) void *bytes = cov_xmalloc(size);
		if (ptrace(PTRACE_SECCOMP_GET_FILTER, tid, i, bytes) != count)
			return fail_reading(tid, err);
		int result = bpf_program_read(bytes, size, name, &program, err);
		if (result)
			return result;
		thread->filters[thread->filter_count++] = syscalls_file_add_program(file, &program);
	}
	return cov_fail(err, COV_ERR_FORMAT, "thread %d has more than %d filters", (int)tid,
			BPF_STACK_MAX);
}

static int read_stopped(const struct threads_item *item, struct syscalls_thread *thread,
			struct syscalls_file *file, struct cov_error *err)
{
	int signal = 0, result = 0;

	if (item->is_traced) {
		thread->unread = "another program traces it";
		return 0;
	}
	if (ptrace(PTRACE_SEIZE, item->tid, NULL, NULL) != 0) {
		thread->unread = errno == ESRCH ? "it has ended" : "it cannot be traced";
		return 0;
	}
	if (ptrace(PTRACE_INTERRUPT, item->tid, NULL, NULL) == 0 &&
	    wait_for_stop(item->tid, &signal))
		result = read_filters(item->tid, thread, file, err);
	else
		thread->unread = "it does not stop";
	ptrace(PTRACE_DETACH, item->tid, NULL, (void *)(intptr_t)signal);
	return result;
}

int filters_read(const struct threads *threads, struct syscalls_file *file, struct cov_error *err)
{
	for (size_t i = 0; i < threads->count; i++) {
		const struct threads_item *item = &threads->items[i];
		struct syscalls_thread thread = {
			.role = item->role,
			.process = item->process,
			.name = item->name,
			.count = 1,
			.seccomp = item->seccomp,
		};
		int result = 0;

		if (item->seccomp == SYSCALLS_SECCOMP_FILTER)
			result = read_stopped(item, &thread, file, err);
		if (result)
			return result;
		syscalls_file_add_thread(file, &thread);
	}
	return 0;
}
