/* threads.c - the threads of a platform, out of /proc. */
#include "collector/capture/threads.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/number.h"
#include "collector/base/text.h"

/* The first row that fits says what a thread is for. */
static const struct {
	const char *driver;  /* NULL: any, as below */
	const char *process; /* how it begins */
	const char *thread;
	const char *role;
} roles[] = {
	{ NULL, "runsc-sandbox", NULL, "sentry" },
	{ NULL, "runsc-gofer", NULL, "gofer" },
	{ "qemu-microvm", NULL, "CPU ", "vcpu" },
	{ "qemu-microvm", NULL, NULL, "qemu" },
	{ "firecracker", "firecracker", "fc_vcpu", "vcpu" },
	{ "firecracker", "firecracker", "fc_api", "api" },
	{ "firecracker", "firecracker", NULL, "vmm" },
	{ "host", NULL, NULL, "workload" },
};

/* A process, as far as /proc says. */
struct process_seen {
	pid_t pid;
	pid_t parent;
	bool is_ours; /* a descendant of this one, and none of the others */
};

struct processes {
	struct process_seen *items; /* [count]; owned */
	size_t count;
	size_t capacity;
};

static void processes_deinit(struct processes *processes)
{
	free(processes->items);
}

COV_DEFINE_AUTO_STRUCT(struct processes, processes_deinit)

void threads_deinit(struct threads *threads)
{
	free(threads->items);
	cov_arena_deinit(&threads->arena);
	memset(threads, 0, sizeof(*threads));
}

/* Return: false if it is gone. @ret: free() it */
static bool read_file(const char *folder, const char *name, char **ret, size_t *size)
{
	COV_AUTO(free) char *path = cov_format("%s/%s", folder, name);
	struct cov_error err;

	return cov_file_read(path, ret, size, &err) == 0;
}

/* The number behind "NAME:" in /proc/PID/status; @nth: of several, from 0. -1: there is none. */
static long status_number(const char *status, const char *name, int nth)
{
	COV_AUTO(free) char *key = cov_format("\n%s:", name);
	const char *place = strstr(status, key);
	char *end;

	if (!place)
		return -1;
	for (place += strlen(key);; nth--, place = end) {
		place += strspn(place, " \t");
		long number = strtol(place, &end, 10);

		if (end == place)
			return -1;
		if (nth == 0)
			return number;
	}
}

/* Calls @take for each entry of @path that is a number. */
static int each_number(const char *path,
		       int (*take)(void *context, pid_t number, struct cov_error *err),
		       void *context, struct cov_error *err)
{
	COV_AUTO(closedir) DIR *directory = opendir(path);
	const struct dirent *entry;
	int result;

	/* A process may end at any time. */
	if (!directory)
		return 0;
	while ((result = cov_directory_next(directory, path, &entry, err)) > 0) {
		uint64_t number;

		if (!cov_number_read(entry->d_name, INT32_MAX, NULL, &number))
			continue;
		result = take(context, (pid_t)number, err);
		if (result)
			return result;
	}
	return result;
}

static int add_process(void *context, pid_t pid, struct cov_error *err)
{
	struct processes *processes = context;
	COV_AUTO(free) char *folder = cov_format("/proc/%d", (int)pid);
	COV_AUTO(free) char *status = NULL;
	size_t size;

	(void)err;
	if (!read_file(folder, "status", &status, &size))
		return 0;
	processes->items = cov_grow(processes->items, processes->count, &processes->capacity,
				    sizeof(*processes->items));
	processes->items[processes->count++] =
	    (struct process_seen){ .pid = pid, .parent = (pid_t)status_number(status, "PPid", 0) };
	return 0;
}

static bool is_parent_ours(const struct processes *processes, const struct process_seen *process)
{
	if (process->parent == getpid())
		return true;
	for (size_t i = 0; i < processes->count; i++) {
		if (processes->items[i].pid == process->parent)
			return processes->items[i].is_ours;
	}
	return false;
}

static bool is_among(const pid_t *others, size_t count, pid_t pid)
{
	for (size_t i = 0; i < count; i++) {
		if (others[i] == pid)
			return true;
	}
	return false;
}

/* Numbers start again at their end, so a parent may come behind its child. */
static void mark_ours(struct processes *processes, const pid_t *others, size_t other_count)
{
	bool is_changed = true;

	while (is_changed) {
		is_changed = false;
		for (size_t i = 0; i < processes->count; i++) {
			struct process_seen *process = &processes->items[i];

			if (process->is_ours || is_among(others, other_count, process->pid) ||
			    !is_parent_ours(processes, process))
				continue;
			process->is_ours = is_changed = true;
		}
	}
}

static bool begins(const char *text, const char *with)
{
	return !with || strncmp(text, with, strlen(with)) == 0;
}

static const char *role_of(const char *driver, const struct threads_item *item, bool is_contained)
{
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		if ((!roles[i].driver || strcmp(roles[i].driver, driver) == 0) &&
		    begins(item->process, roles[i].process) && begins(item->name, roles[i].thread))
			return roles[i].role;
	}
	return is_contained ? "container" : item->process;
}

/* One process of the platform, while its threads are read. */
struct within {
	struct threads *threads;
	const char *driver;
	const char *process;
	pid_t pid;
};

static int add_thread(void *context, pid_t tid, struct cov_error *err)
{
	struct within *within = context;
	struct threads *threads = within->threads;
	COV_AUTO(free)
	char *folder = cov_format("/proc/%d/task/%d", (int)within->pid, (int)tid);
	COV_AUTO(free) char *status = NULL, *name = NULL;
	size_t size, length;

	(void)err;
	if (!read_file(folder, "status", &status, &size) ||
	    !read_file(folder, "comm", &name, &length))
		return 0;
	name[strcspn(name, "\n")] = '\0';
	struct threads_item item = {
		.pid = within->pid,
		.tid = tid,
		.process = within->process,
		.name = cov_arena_text(&threads->arena, name, strlen(name)),
		.is_traced = status_number(status, "TracerPid", 0) > 0,
		.seccomp = (int)status_number(status, "Seccomp", 0),
	};
	item.role = role_of(within->driver, &item, status_number(status, "NSpid", 1) >= 0);
	if (item.is_traced)
		item.role = "stub";
	threads->items =
	    cov_grow(threads->items, threads->count, &threads->capacity, sizeof(*threads->items));
	threads->items[threads->count++] = item;
	return 0;
}

/* A process that has ended, or has set its arguments to nothing, has the name of its thread. */
static const char *process_name(struct threads *threads, pid_t pid)
{
	COV_AUTO(free) char *folder = cov_format("/proc/%d", (int)pid);
	COV_AUTO(free) char *line = NULL, *name = NULL;
	size_t size, length;

	if (read_file(folder, "cmdline", &line, &size) && size && *line) {
		const char *slash = strrchr(line, '/');

		return cov_arena_text(&threads->arena, slash ? slash + 1 : line,
				      strlen(slash ? slash + 1 : line));
	}
	if (!read_file(folder, "comm", &name, &length))
		return "unknown";
	return cov_arena_text(&threads->arena, name, strcspn(name, "\n"));
}

int threads_list(const char *driver, const pid_t *others, size_t other_count, struct threads *ret,
		 struct cov_error *err)
{
	COV_AUTO(threads_deinit) struct threads threads = { 0 };
	COV_AUTO(processes_deinit) struct processes processes = { 0 };
	int result = each_number("/proc", add_process, &processes, err);

	mark_ours(&processes, others, other_count);
	for (size_t i = 0; result == 0 && i < processes.count; i++) {
		pid_t pid = processes.items[i].pid;
		COV_AUTO(free) char *folder = cov_format("/proc/%d/task", (int)pid);

		if (!processes.items[i].is_ours)
			continue;
		struct within within = { &threads, driver, process_name(&threads, pid), pid };
		result = each_number(folder, add_thread, &within, err);
	}
	if (result)
		return result;
	*ret = threads;
	memset(&threads, 0, sizeof(threads));
	return 0;
}
