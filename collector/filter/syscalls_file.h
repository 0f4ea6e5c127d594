/*
 * syscalls_file.h - what a trial of system calls leaves: threads, their filters, calls by role.
 *
 *   {"format": "covdb-syscalls", "version": 1, "arch": "x86_64",
 *    "threads": [{"role": "sentry", "process": "runsc-sandbox", "name": "exe", "count": 9,
 *                 "seccomp": 2, "filters": [0], "unread": null}],
 *    "programs": ["2000000004000000..."],
 *    "calls": [{"role": "sentry", "calls": [[0, 12], [1, 3]]}], "lost": 0}
 *
 * A program is the bytes of its instructions in hexadecimal. Threads of one role, process, name and
 * filters are counted together. Calls of "others" are those of threads that were gone, or had
 * another name, when the platform was ready: what starts and ends it.
 */
#ifndef COLLECTOR_FILTER_SYSCALLS_FILE_H
#define COLLECTOR_FILTER_SYSCALLS_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "collector/filter/bpf.h"

struct cov_error;

/* As /proc/PID/status and prctl() have it. */
enum { SYSCALLS_SECCOMP_NONE, SYSCALLS_SECCOMP_STRICT, SYSCALLS_SECCOMP_FILTER };

/* Threads that are counted together, at most: the kernel's PID_MAX_LIMIT. */
enum { SYSCALLS_THREADS_MAX = 1 << 22 };

/* Calls of one number and role, at most: no sum is beyond 64 bits. */
static const int64_t syscalls_calls_max = INT64_C(1) << 40;

struct syscalls_thread {
	const char *role; /* as those below in the arena */
	const char *process;
	const char *name;
	const char *unread; /* why its filters are not known; NULL: they are */
	int64_t count;
	int64_t seccomp;                 /* as above */
	uint32_t filters[BPF_STACK_MAX]; /* [filter_count], places of programs; oldest first */
	size_t filter_count;
};

struct syscalls_call {
	const char *role;
	uint32_t number;
	int64_t calls;
};

/* A zeroed struct is empty. */
struct syscalls_file {
	struct syscalls_thread *threads; /* [thread_count]; owned, as the next two */
	size_t thread_count, thread_capacity;
	struct bpf_program *programs; /* [program_count] */
	size_t program_count, program_capacity;
	struct syscalls_call *calls; /* [call_count], by role and number */
	size_t call_count, call_capacity;
	int64_t lost; /* calls that could not be kept */
	struct cov_arena arena;
};

void syscalls_file_deinit(struct syscalls_file *file);
COV_DEFINE_AUTO_STRUCT(struct syscalls_file, syscalls_file_deinit)

/** syscalls_file_add_program() - the place of a program, which is kept once. @program: copied */
uint32_t syscalls_file_add_program(struct syscalls_file *file, const struct bpf_program *program);

/** syscalls_file_add_thread() - one more thread, counted with those that are like it. @thread: its
 * texts are copied */
void syscalls_file_add_thread(struct syscalls_file *file, const struct syscalls_thread *thread);

/** syscalls_file_add_calls() - calls of a role, each number once. @role: copied */
void syscalls_file_add_calls(struct syscalls_file *file, const char *role, uint32_t number,
			     int64_t calls);

/** syscalls_file_stack() - the filters of a thread of @file. */
struct bpf_stack syscalls_file_stack(const struct syscalls_file *file,
				     const struct syscalls_thread *thread);

/** syscalls_file_write() - make or replace the file at @path. Return: 0; COV_ERR_SYSTEM. */
int syscalls_file_write(const struct syscalls_file *file, const char *path, struct cov_error *err);

/**
 * syscalls_file_read() - read one back.
 * @ret: free with syscalls_file_deinit()
 *
 * Return: 0; COV_ERR_SYSTEM; COV_ERR_FORMAT, with the place, if it is none.
 */
int syscalls_file_read(const char *path, struct syscalls_file *ret, struct cov_error *err);

/** syscalls_file_parse() - the same of a text of @size bytes. @path: what messages call it */
int syscalls_file_parse(const char *path, const char *text, size_t size, struct syscalls_file *ret,
			struct cov_error *err);

#endif
