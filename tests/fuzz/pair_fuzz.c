/*
 * pair_fuzz.c - notes and data of one object, joined and evaluated.
 *
 * An input is the length of the notes (4 bytes, this machine's order), the notes, the data.
 */
#include <string.h>

#include "collector/base/error.h"
#include "collector/decode/counters.h"
#include "collector/decode/tree.h"
#include "collector/gcov/gcda.h"
#include "collector/gcov/gcno.h"
#include "collector/plan/compile.h"
#include "tests/fuzz/fuzz.h"

static bool is_all_zero(const int64_t *values, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (values[i])
			return false;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	COV_AUTO(gcno_deinit) struct gcno gcno = { 0 };
	COV_AUTO(gcda_deinit) struct gcda gcda = { 0 };
	COV_AUTO(plan_deinit) struct plan plan = { 0 };
	enum cov_problem_kind kind;
	struct cov_error err;
	uint32_t notes_bytes;

	if (size > FUZZ_INPUT_BYTES_MAX || size < sizeof(notes_bytes))
		return 0;
	memcpy(&notes_bytes, data, sizeof(notes_bytes));
	data += sizeof(notes_bytes);
	size -= sizeof(notes_bytes);
	if (notes_bytes > size || gcno_parse(data, notes_bytes, &gcno, &err) ||
	    plan_compile(&gcno, &plan, &err))
		return 0;
	COV_AUTO(free) int64_t *values = cov_xcalloc(plan.counter_count, sizeof(*values));
	const struct tree_content content = { .data = data + notes_bytes,
					      .size = size - notes_bytes };
	if (counters_join(&plan, &content, &gcda, values, &kind, &err)) {
		fuzz_require(kind < COV_PROBLEM_KIND_COUNT, "a failure is of a known kind");
		fuzz_require(is_all_zero(values, plan.counter_count),
			     "data that do not fit leave no counters");
		return 0;
	}
	free(fuzz_evaluate(&plan, values));
	return 0;
}
