/*
 * bpf.h - classic BPF programs of seccomp, and what they answer for a system call whose arguments
 * nobody knows.
 *
 * A program is run for one number with "any argument": where an argument decides, both ways are
 * taken. What an equality says of an argument is remembered on its way, so that a second look at
 * the same half of it finds the same. All that a call can meet is in the answer; what is in it may
 * be out of reach where arguments are compared with each other, or by order and then for equality.
 *
 * Sources: kernel/seccomp.c, Documentation/userspace-api/seccomp_filter.rst, linux/filter.h.
 */
#ifndef COLLECTOR_FILTER_BPF_H
#define COLLECTOR_FILTER_BPF_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_error;

enum {
	BPF_PROGRAM_MAX = BPF_MAXINSNS, /* instructions of one; 4096 */
	BPF_STACK_MAX = 64,             /* programs of one thread that are taken */
	BPF_ANSWERS_MAX = 64,           /* different answers for one call */
};

/* A zeroed struct is none. */
struct bpf_program {
	struct sock_filter *instructions; /* [count]; owned */
	size_t count;
};

void bpf_program_deinit(struct bpf_program *program);
COV_DEFINE_AUTO_STRUCT(struct bpf_program, bpf_program_deinit)

/**
 * bpf_program_read() - a program as the kernel has it: 8 bytes for each instruction.
 * @name: what it is, for messages
 * @ret:  filled on success; free with bpf_program_deinit()
 *
 * Return: 0; COV_ERR_FORMAT, with the instruction, for what the kernel would not take as a filter.
 */
int bpf_program_read(const void *bytes, size_t size, const char *name, struct bpf_program *ret,
		     struct cov_error *err);

/* The filters of a thread. */
struct bpf_stack {
	const struct bpf_program *programs[BPF_STACK_MAX]; /* [count], oldest first; borrowed */
	size_t count;
};

/* All that a call can meet: values that filters return, action and data. */
struct bpf_answers {
	uint32_t values[BPF_ANSWERS_MAX]; /* [count], each once, the mildest action first */
	size_t count;
	bool is_more; /* a value is made of arguments, or there are more of them */
};

enum bpf_class {
	BPF_ALLOWED,     /* whatever the arguments */
	BPF_BY_ARGUMENT, /* or not */
	BPF_DENIED,
};

/**
 * bpf_stack_evaluate() - what the filters of a thread together answer for one system call.
 * @stack: none: it is allowed
 * @arch:  AUDIT_ARCH_X86_64
 *
 * Of several programs the answer of the first action in this order counts: kill the process, kill
 * the thread, trap, errno, notify, trace, log, allow; of equals that of the newest program.
 */
void bpf_stack_evaluate(const struct bpf_stack *stack, uint32_t arch, uint32_t number,
			struct bpf_answers *ret);

/** bpf_answers_class() - allow and log let a call through, all else does not. */
enum bpf_class bpf_answers_class(const struct bpf_answers *answers);

/** bpf_answer_text() - "allow", "errno 1", "kill process"; free() it. */
char *bpf_answer_text(uint32_t value);

/** bpf_answers_text() - all of them: "allow, errno 1"; free() it. */
char *bpf_answers_text(const struct bpf_answers *answers);

#endif
