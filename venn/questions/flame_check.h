/*
 * flame_check.h - a profile against the counters of the same platform and workload.
 *
 * What was sampled was executed, so counters that say a function never was contradict it.
 */
#ifndef VENN_QUESTIONS_FLAME_CHECK_H
#define VENN_QUESTIONS_FLAME_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "venn/store/store_profile.h"

struct cov_error;
struct store;

/* What the counters say of a function of the kernel that was sampled. */
enum flame_check_class {
	FLAME_COUNTED,        /* it was called, or a line of it executed */
	FLAME_UNINSTRUMENTED, /* no instrumented function has the name: assembler, noinstr, ... */
	FLAME_BEFORE, /* 0 calls, and so have all its callers, down to where a kernel thread begins:
			 running since before the reset */
	FLAME_RECORDING, /* 0 calls; of the kernel's perf events, which no counted trial has on */
	FLAME_RARE,   /* 0 calls, in so few samples that it may have happened in one trial only */
	FLAME_DENIED, /* 0 calls: an error */
	FLAME_CLASSES
};

struct flame_check_function {
	char *name;                     /* owned, as is the file */
	char *file;                     /* "" if it is not instrumented */
	int64_t samples[FLAME_CLASSES]; /* of stacks that have it, each once */
	bool is_executed;
};

struct flame_check {
	struct flame_check_function
	    *functions; /* [count], sorted by name; those never sampled too */
	size_t count;
	size_t capacity;
	size_t classes[FLAME_CLASSES]; /* functions of the profile */
};

/* What is compared. */
struct flame_check_asked {
	int64_t kernel_id;
	const struct store_profile *profile; /* whose platform and workload */
	const struct store_profile_stacks *stacks;
};

/**
 * flame_check() - which functions of the kernel counters deny.
 *
 * Other trials are counted than are sampled, so what happens rarely may be in one of them alone. If
 * each sample were an occurrence, at the same rate in both, all of them would be within the time
 * sampled, and none within the time counted, with the probability (sampled / (sampled + counted)) ^
 * samples. Only where that is below 1 % is a function denied.
 *
 * Return: 0; COV_ERR_MISMATCH if there are no such trials; COV_ERR_STORE.
 */
int flame_check(struct store *store, const struct flame_check_asked *asked, struct flame_check *ret,
		struct cov_error *err);

void flame_check_deinit(struct flame_check *check);
COV_DEFINE_AUTO_STRUCT(struct flame_check, flame_check_deinit)

#endif
