/*
 * calls.h - which system calls the threads of a platform made, out of what perf script prints.
 *
 *   calls_take_line(line)...   of `perf script --show-task-events --show-lost-events
 *                              -F comm,pid,tid,trace` after recording raw_syscalls:sys_enter
 *   calls_sum                  by role, when it is known which thread had which
 *
 * Descendants of one process are counted. A call is that of a role if its thread, or the thread
 * that this one comes from, has the role and the name that it called under; else "others".
 */
#ifndef COLLECTOR_CAPTURE_CALLS_H
#define COLLECTOR_CAPTURE_CALLS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "collector/base/cleanup.h"
#include "collector/capture/threads.h"
#include "collector/filter/syscalls_file.h"

enum { CALLS_BUCKETS = 4096 };

/* Calls of one number by one thread under one name. */
struct calls_item {
	pid_t tid;
	uint32_t number;
	int64_t count;
	size_t next;   /* place, from 1, of another in its bucket; 0: none */
	char name[32]; /* of the thread; the kernel's have 15 bytes */
};

struct calls_task {
	pid_t tid;
	pid_t parent; /* thread that it comes from */
};

/* A zeroed struct is empty; @root is set by the caller. */
struct calls {
	pid_t root;               /* whose descendants are counted; itself it is not */
	struct calls_task *tasks; /* [task_count], in the order of their start; owned */
	size_t task_count, task_capacity;
	struct calls_item *items; /* [item_count]; owned */
	size_t item_count, item_capacity;
	size_t buckets[CALLS_BUCKETS]; /* place of an item, from 1, by thread and number */
	int64_t lost;
};

void calls_deinit(struct calls *calls);
COV_DEFINE_AUTO_STRUCT(struct calls, calls_deinit)

/** calls_take_line() - the next line. @context: struct calls */
void calls_take_line(void *context, const char *line);

/** calls_sum() - into @file, by role and number. @threads: when the platform was ready */
void calls_sum(struct calls *calls, const struct threads *threads, struct syscalls_file *file);

#endif
