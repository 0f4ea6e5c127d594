/* counts.h - what the counters of a snapshot say of each line and function. */
#ifndef COLLECTOR_DECODE_COUNTS_H
#define COLLECTOR_DECODE_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/plan/evaluate.h"
#include "collector/plan/pack.h"
#include "collector/plan/plan.h"

struct cov_counters;
struct cov_error;
struct cov_kernel;
struct cov_object;

/*
 * What is known of a line. A line has a copy in each function that it is inlined into or expanded
 * in; its state is that of the copy of which most ran.
 */
enum cov_line_state {
	COV_LINE_NOT_INSTRUMENTED = 0, /* in no decoded object */
	COV_LINE_NOT_EXECUTED = 1,
	COV_LINE_PARTLY = 2,   /* some block of it ran and some did not, in every copy that ran */
	COV_LINE_EXECUTED = 3, /* in some copy every block of it ran */
};

struct cov_counts {
	int64_t *lines;          /* [kernel->line_count], by line id, summed over objects; owned */
	unsigned char *states;   /* [kernel->line_count], enum cov_line_state; owned */
	int64_t *functions;      /* [kernel->function_count], calls; owned */
	int64_t *contradictions; /* [kernel->function_count], see evidence.h; owned */
	size_t found_count;      /* lines instrumented */
	size_t hit_count;        /* lines executed, fully or partly */
	size_t partly_count;
	size_t negative_count;      /* lines with a count below 0 */
	size_t contradicting_count; /* functions whose counters contradict each other */
	int64_t contradiction_max;  /* of all functions */
};

/** cov_line_state_of() - of an instrumented line, from the PLAN_LINE_* of all its copies. */
enum cov_line_state cov_line_state_of(unsigned char plan_states);

/** cov_line_state_name() - "not executed", "partly executed", ... */
const char *cov_line_state_name(enum cov_line_state state);

/**
 * counts_evaluate() - decode the counters of a snapshot.
 * @out: filled on success; free with counts_deinit()
 *
 * Return: 0; COV_ERR_FORMAT if a plan of the database is damaged.
 */
int counts_evaluate(const struct cov_kernel *kernel, const struct cov_counters *counters,
		    struct cov_counts *out, struct cov_error *err);

/**
 * counts_apply_evidence() - make the counts say what the states say, to compare rates.
 *
 * In a function whose counters contradict each other a line that ran may have a count of 0 or
 * below, which becomes 1, and one that did not may have one above 0, which becomes 0.
 */
void counts_apply_evidence(const struct cov_kernel *kernel, struct cov_counts *counts);

/**
 * counts_open_plan() - the whole plan of an object, to evaluate counters.
 * @object:   of a kernel from the database, or of notes read as KERNEL_PLANS
 * @counters: [object->plan.counter_count]; functions whose counters are all 0 are left out of a
 *            plan from the database; NULL: none is
 * @room:     what keeps the plan until it is used again
 * @view:     owns nothing
 *
 * Return: 0; COV_ERR_FORMAT if the plan in the database is damaged.
 */
int counts_open_plan(const struct cov_object *object, const int64_t *counters,
		     struct pack_room *room, struct plan *view, struct cov_error *err);

/**
 * counts_list_functions() - the functions of decoded objects.
 *
 * Return: [kernel->function_count], 1 for those; free() it.
 */
unsigned char *counts_list_functions(const struct cov_kernel *kernel,
				     const struct cov_counters *counters);

/* What one object's counters say: its own copies of lines, and what is not summed over objects. */
struct cov_object_counts {
	struct plan plan;          /* of the object; owns nothing */
	struct plan_counts counts; /* of the plan; all arrays owned */
	struct pack_room room;     /* that the plan is in */
};

/**
 * counts_evaluate_object() - decode the counters of one object, branches included.
 * @index: of a decoded object of @kernel
 * @out:   filled on success; free with counts_object_deinit() before @kernel
 *
 * Return: 0; COV_ERR_FORMAT if its plan in the database is damaged.
 */
int counts_evaluate_object(const struct cov_kernel *kernel, const struct cov_counters *counters,
			   size_t index, struct cov_object_counts *out, struct cov_error *err);

/** counts_object_deinit() - free what @counts owns; a zeroed struct is fine. */
void counts_object_deinit(struct cov_object_counts *counts);

COV_DEFINE_AUTO_STRUCT(struct cov_object_counts, counts_object_deinit)

/** counts_deinit() - free what @counts owns; a zeroed struct is fine. */
void counts_deinit(struct cov_counts *counts);

COV_DEFINE_AUTO_STRUCT(struct cov_counts, counts_deinit)

#endif
