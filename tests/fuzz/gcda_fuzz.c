/* gcda_fuzz.c - a data file, and that all it says lies within its arrays. */
#include "collector/base/error.h"
#include "collector/gcov/gcda.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	COV_AUTO(gcda_deinit) struct gcda gcda = { 0 };
	struct cov_error err;

	if (size > FUZZ_INPUT_BYTES_MAX || gcda_parse(data, size, &gcda, &err))
		return 0;
	fuzz_require((size_t)gcda.counter_count * sizeof(int64_t) <= size,
		     "there are no more counters than the file has room for");
	for (uint32_t i = 0; i < gcda.function_count; i++) {
		const struct gcda_function *function = &gcda.functions[i];

		if (!function->has_counters || function->is_zero)
			continue;
		fuzz_require(function->counter_first <= gcda.counter_count &&
				 function->counter_count <=
				     gcda.counter_count - function->counter_first,
			     "a function's counters are among those of the file");
	}
	return 0;
}
