/* plan_fuzz.c - a stored plan, which a damaged database may hold, evaluated if it is accepted. */
#include "collector/base/error.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	COV_AUTO(plan_deinit) struct plan plan = { 0 };
	struct cov_error err;

	if (size > FUZZ_INPUT_BYTES_MAX || plan_unpack(data, size, &plan, &err))
		return 0;
	COV_AUTO(free) int64_t *counters = fuzz_counters(&plan, data, size);
	free(fuzz_evaluate(&plan, counters));
	return 0;
}
