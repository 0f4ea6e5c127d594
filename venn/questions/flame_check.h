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
#include "collector/collector.h"
#include "venn/store/store_profile.h"
#include "venn/store/store_tile_ids.h"

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
	char *name;                     /* owned */
	const char *file;               /* of the first copy; borrowed */
	size_t copy_first, copy_count;  /* of the check's copies */
	int64_t samples[FLAME_CLASSES]; /* of stacks that have it, each once */
	bool is_executed;
	size_t profile; /* that it was sampled in last: samples and is_executed are of this one */
};

/* A symbol that was sampled, as it stands in stacks. */
struct flame_check_symbol {
	char *name;      /* owned */
	size_t function; /* index; SIZE_MAX: no instrumented one has the name */
	size_t profile;  /* that it was sampled in last */
};

/* Profiles of a kernel, one after the other; what is known of its functions is kept. */
struct flame_check {
	struct store *store; /* borrowed */
	int64_t kernel_id;
	struct cov_kernel kernel; /* its files and lines; owned, as is all that follows */
	struct store_profile_functions lookup;
	struct store_tile_ids calls, lines;
	struct flame_check_function *functions; /* [function_count] */
	size_t function_count, function_capacity;
	struct store_profile_function *copies; /* [copy_count] */
	size_t copy_count, copy_capacity;
	struct flame_check_symbol *symbols; /* [symbol_count] */
	size_t symbol_count, symbol_capacity;
	uint32_t *slots; /* [slot_count], 1 + index of a symbol by its hash; 0: free */
	size_t slot_count;
	uint64_t *called;   /* a bit for each function of the kernel, whether a trial called it */
	uint64_t *executed; /* a bit for each line of the kernel; 0 between functions */

	/* Of the profile that was checked last: */
	size_t profile;                             /* its number, from 1 */
	struct store_profile_counted counted;       /* the trials it is compared with */
	size_t classes[FLAME_CLASSES];              /* functions of the profile */
	const struct flame_check_function **denied; /* [denied_count], by name */
	size_t denied_count, denied_capacity;
};

/** flame_check_open() - @ret: release it with flame_check_deinit(), whatever the result is */
int flame_check_open(struct store *store, int64_t kernel_id, struct flame_check *ret,
		     struct cov_error *err);

/**
 * flame_check_profile() - which functions of the kernel counters deny.
 * @profile: whose platform and workload
 *
 * A function was executed if a trial called it, or executed a line of it, however it was entered.
 * Other trials are counted than are sampled, so what happens rarely may be in one of them alone. If
 * each sample were an occurrence, at the same rate in both, all of them would be within the time
 * sampled, and none within the time counted, with the probability (sampled / (sampled + counted)) ^
 * samples. Only where that is below 1 % is a function denied.
 *
 * Return: 0; COV_ERR_MISMATCH if there are no such trials; COV_ERR_STORE.
 */
int flame_check_profile(struct flame_check *check, const struct store_profile *profile,
			const struct store_profile_stacks *stacks, struct cov_error *err);

void flame_check_deinit(struct flame_check *check);
COV_DEFINE_AUTO_STRUCT(struct flame_check, flame_check_deinit)

#endif
