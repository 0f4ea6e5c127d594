/* fuzz.h - what the fuzz targets share. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/plan/evaluate.h"
#include "collector/plan/pack.h"
#include "collector/plan/plan.h"

/* Larger inputs are passed over: they only cost time. */
enum { FUZZ_INPUT_BYTES_MAX = 64 * 1024 };

/** LLVMFuzzerTestOneInput() - the entry of a target, called once per input; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** fuzz_require() - end the program, which makes the input a finding, unless @is_true. */
static inline void fuzz_require(bool is_true, const char *what)
{
	if (is_true)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

/** fuzz_counters() - counters for a plan, most of them above 0, as cycles need; free() them. */
static inline int64_t *fuzz_counters(const struct plan *plan, const uint8_t *data, size_t size)
{
	int64_t *counters = cov_xcalloc(plan->counter_count, sizeof(*counters));

	for (uint32_t i = 0; i < plan->counter_count; i++)
		counters[i] = (data[(size_t)i * 7 % size] + 5 * (int64_t)i) % 23 - 2;
	return counters;
}

/** fuzz_evaluate() - line counts of a plan; free() them. */
static inline int64_t *fuzz_evaluate(const struct plan *plan, const int64_t *counters)
{
	COV_AUTO(evaluate_scratch_deinit) struct evaluate_scratch scratch = { 0 };
	COV_AUTO(free)
	int64_t *functions = cov_xcalloc(plan->function_count, sizeof(*functions));
	COV_AUTO(free)
	int64_t *blocks = cov_xcalloc(plan->function_count, sizeof(*blocks));
	COV_AUTO(free)
	int64_t *branches = cov_xcalloc(plan->branch_count, sizeof(*branches));
	int64_t *lines = cov_xcalloc(plan->line_count, sizeof(*lines));
	COV_AUTO(free) unsigned char *states = cov_xcalloc(plan->line_count, 1);
	COV_AUTO(free)
	int64_t *contradictions = cov_xcalloc(plan->function_count, sizeof(*contradictions));
	struct plan_counts counts = { lines,  functions,      blocks, branches,
				      states, contradictions, NULL };

	plan_evaluate(plan, counters, &counts, &scratch);
	return lines;
}

/** fuzz_evaluate_packed() - open the body of a plan and evaluate it; one that is broken is passed
 * over. */
static inline void fuzz_evaluate_packed(const struct plan *plan, const void *body,
					const uint8_t *data, size_t size)
{
	COV_AUTO(pack_room_deinit) struct pack_room room = { 0 };
	COV_AUTO(free) int64_t *counters = fuzz_counters(plan, data, size);
	struct cov_error err;
	struct plan view;

	if (pack_open_body(plan, body, counters, &room, &view, &err) == 0)
		free(fuzz_evaluate(&view, counters));
}

#endif
