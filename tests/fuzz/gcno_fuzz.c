/* gcno_fuzz.c - notes, compiled, evaluated with made-up counters, packed and unpacked. */
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/gcov/gcno.h"
#include "collector/gcov/gcov_format.h"
#include "collector/plan/compile.h"
#include "collector/plan/compiler.h"
#include "collector/plan/pack.h"
#include "collector/plan/survey.h"
#include "tests/fuzz/fuzz.h"

/* Each block and each arc without counter is a step of the solution, if there is one. */
static void check_solvability(const struct plan *plan)
{
	for (uint32_t i = 0; i < plan->function_count && plan->line_rule != GCOV_LINES_LLVM; i++) {
		const struct plan_function *function = &plan->functions[i];
		uint64_t known = (uint64_t)function->step_count + function->counter_count;
		bool is_whole = function->block_count > 1 &&
				known == (uint64_t)function->block_count + function->arc_count;

		fuzz_require(is_whole == !function->is_unsolvable,
			     "a function is solvable if all of it is solved");
	}
}

/* What is compiled of the functions that ran gives the counts of the whole plan. */
static void check_survey(const struct gcno *gcno, const struct plan *plan, const uint8_t *data,
			 size_t size)
{
	COV_AUTO(free) int64_t *counters = fuzz_counters(plan, data, size);
	COV_AUTO(plan_deinit) struct plan earlier = { 0 };
	COV_AUTO(plan_deinit) struct plan survey = { 0 };
	COV_AUTO(compiler_deinit) struct compiler compiler = { 0 };
	struct cov_error err;

	/* Every other function has not run. */
	for (uint32_t i = 0; i < plan->function_count; i++) {
		const struct plan_function *function = &plan->functions[i];

		if (i % 2 && function->counter_count)
			memset(counters + function->counter_first, 0,
			       function->counter_count * sizeof(*counters));
	}
	/* What is left of an earlier object does not show. */
	fuzz_require(plan_survey(&compiler, gcno, &earlier, &err) == 0,
		     "what is compiled can be surveyed");
	plan_compile_functions(&compiler, &earlier, NULL);
	fuzz_require(plan_survey(&compiler, gcno, &survey, &err) == 0,
		     "what was surveyed can be surveyed again");
	plan_compile_functions(&compiler, &survey, counters);
	COV_AUTO(free) int64_t *lines = fuzz_evaluate(plan, counters);
	COV_AUTO(free) int64_t *lines_again = fuzz_evaluate(&survey, counters);
	fuzz_require(survey.line_count == plan->line_count, "a survey has all lines");
	fuzz_require(memcmp(lines, lines_again, plan->line_count * sizeof(*lines)) == 0,
		     "functions that ran give the counts of all functions");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	COV_AUTO(gcno_deinit) struct gcno gcno = { 0 };
	COV_AUTO(plan_deinit) struct plan plan = { 0 };
	COV_AUTO(plan_deinit) struct plan again = { 0 };
	COV_AUTO(plan_packed_deinit) struct plan_packed packed = { 0 };
	COV_AUTO(pack_room_deinit) struct pack_room room = { 0 };
	struct cov_error err;
	struct plan view;

	if (size > FUZZ_INPUT_BYTES_MAX || gcno_parse(data, size, &gcno, &err) ||
	    plan_compile(&gcno, &plan, &err))
		return 0;
	check_solvability(&plan);
	check_survey(&gcno, &plan, data, size);
	plan_pack(&plan, NULL, &packed);
	fuzz_require(
	    pack_read_head(packed.head, packed.head_bytes, packed.body_bytes, &again, &err) == 0,
	    "what was packed is unpacked");
	COV_AUTO(free) int64_t *counters = fuzz_counters(&plan, data, size);
	fuzz_require(pack_open_body(&again, packed.body, counters, &room, &view, &err) == 0,
		     "what was packed is sound");
	COV_AUTO(free) int64_t *lines = fuzz_evaluate(&plan, counters);
	COV_AUTO(free) int64_t *lines_again = fuzz_evaluate(&view, counters);
	fuzz_require(view.line_count == plan.line_count, "an unpacked plan has the same lines");
	fuzz_require(memcmp(lines, lines_again, plan.line_count * sizeof(*lines)) == 0,
		     "an unpacked plan gives the same counts");
	return 0;
}
