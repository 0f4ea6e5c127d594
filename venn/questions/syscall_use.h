/*
 * syscall_use.h - which system calls platforms may make, and which they made, by role.
 *
 *   syscall_use_begin        all that libseccomp knows of x86-64
 *   syscall_use_kernel       those of the measured kernel's table, and which are compiled
 *   syscall_use_add_trial    what a trial of system calls found: filters of threads, calls by role
 *   syscall_use_add_filter   a filter out of a profile, instead
 *   syscall_use_add_platform what the counters of a platform say: calls beyond the baseline
 *
 * Of threads of one role that have different filters, the one that lets most through counts: what
 * is allowed is allowed somewhere.
 */
#ifndef VENN_QUESTIONS_SYSCALL_USE_H
#define VENN_QUESTIONS_SYSCALL_USE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/collector.h"
#include "venn/store/store_function.h"
#include "venn/store/store_query.h"

/* A role of a platform, or all of it. */
struct syscall_use_role {
	const char *platform; /* in the arena, as the next two and answers */
	const char *role;     /* NULL: the whole platform, by its counters */
	const char *unread;   /* why the filters of some threads are not known, or NULL */
	int64_t thread_count; /* when it was ready, in the trial that had most */
	size_t filter_count;  /* of the thread that has most */
	bool has_filters;     /* it is known what it may call */
	bool has_calls;       /* it is known what it called */
	bool has_threads;     /* threads of the role were there */
	const struct bpf_answers *answers; /* [SYSCALL_NUMBERS_MAX]; NULL unless has_filters */
	unsigned char classes[SYSCALL_NUMBERS_MAX]; /* enum bpf_class */
	int64_t calls[SYSCALL_NUMBERS_MAX];
	bool is_called[SYSCALL_NUMBERS_MAX];
};

/* Filters that a role was seen with; all of the arena. */
struct syscall_use_stack {
	const struct syscall_use_role *role;
	struct bpf_stack stack;
	const struct bpf_answers *answers; /* [SYSCALL_NUMBERS_MAX], of calls that have a name */
	struct syscall_use_stack *next;
};

/* A zeroed struct is empty. */
struct syscall_use {
	struct syscall_table table;
	bool is_there[SYSCALL_NUMBERS_MAX];    /* in the kernel's table */
	bool is_compiled[SYSCALL_NUMBERS_MAX]; /* and more than an error */
	int64_t entries[SYSCALL_NUMBERS_MAX];  /* places of their functions; -1: none */
	size_t there_count;
	size_t compiled_count;           /* 0: no kernel was asked */
	struct syscall_use_role **roles; /* [role_count], by platform; owned */
	size_t role_count;
	size_t role_capacity;
	struct syscall_use_stack *stacks; /* each once for a role */
	struct cov_arena arena;
};

/* How many calls of the table a role may make, and made. */
struct syscall_use_counts {
	size_t classes[3]; /* by enum bpf_class; all 0 if it is not known */
	size_t called;
};

void syscall_use_deinit(struct syscall_use *use);
COV_DEFINE_AUTO_STRUCT(struct syscall_use, syscall_use_deinit)

int syscall_use_begin(struct syscall_use *ret, struct cov_error *err);

/**
 * syscall_use_kernel() - take the table of the kernel, which ends with the last call that has a
 * function.
 * @functions: that match syscall_use_glob
 */
void syscall_use_kernel(struct syscall_use *use, const struct store_functions *functions);

/* Names of the functions that system calls begin with. */
extern const char syscall_use_glob[];

/* By enum bpf_class. */
extern const char *const syscall_use_class_names[3];

void syscall_use_add_trial(struct syscall_use *use, const char *platform,
			   const struct syscalls_file *file);
void syscall_use_add_filter(struct syscall_use *use, const char *platform, const char *role,
			    const struct bpf_program *program);
/* @functions: the same as syscall_use_kernel() had */
void syscall_use_add_platform(struct syscall_use *use, const struct store_query *query,
			      const struct store_functions *functions, size_t place);

/** syscall_use_find() - a role, or with NULL the whole platform; NULL if there is none. */
const struct syscall_use_role *syscall_use_find(const struct syscall_use *use, const char *platform,
						const char *role);

struct syscall_use_counts syscall_use_count(const struct syscall_use *use,
					    const struct syscall_use_role *role);

/**
 * syscall_use_allowed() - how many calls of the table some of these roles of a platform may make,
 * by argument or whatever the arguments; 0 unless threads of each have a filter.
 */
size_t syscall_use_allowed(const struct syscall_use *use, const char *platform,
			   const char *const *roles, size_t role_count);

/** syscall_use_is_called() - by the counters of a platform, or by any of its roles. */
bool syscall_use_is_called(const struct syscall_use *use, const char *platform, size_t number);

#endif
