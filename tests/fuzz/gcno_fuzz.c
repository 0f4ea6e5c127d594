/* gcno_fuzz.c - notes, compiled, evaluated with made-up counters, packed and unpacked. */
#include <string.h>

#include "collector/base/error.h"
#include "collector/gcno.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	COV_AUTO(gcno_deinit) struct gcno gcno = { 0 };
	COV_AUTO(plan_deinit) struct plan plan = { 0 };
	COV_AUTO(plan_deinit) struct plan again = { 0 };
	COV_AUTO(plan_packed_deinit) struct plan_packed packed = { 0 };
	struct cov_error err;
	struct plan view;

	if (size > FUZZ_INPUT_BYTES_MAX || gcno_parse(data, size, &gcno, &err) ||
	    plan_compile(&gcno, &plan, &err))
		return 0;
	plan_pack(&plan, NULL, &packed);
	fuzz_require(plan_unpack(packed.head, packed.head_bytes, packed.body_bytes, &again, &err) ==
			 0,
		     "what was packed is unpacked");
	COV_AUTO(free) int64_t *counters = fuzz_counters(&plan, data, size);
	fuzz_require(plan_open(&again, packed.body, counters, &view, &err) == 0,
		     "what was packed is sound");
	COV_AUTO(free) int64_t *lines = fuzz_evaluate(&plan, counters);
	COV_AUTO(free) int64_t *lines_again = fuzz_evaluate(&view, counters);
	fuzz_require(view.line_count == plan.line_count, "an unpacked plan has the same lines");
	fuzz_require(memcmp(lines, lines_again, plan.line_count * sizeof(*lines)) == 0,
		     "an unpacked plan gives the same counts");
	return 0;
}
