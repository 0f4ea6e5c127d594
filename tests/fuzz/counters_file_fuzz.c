/*
 * counters_file_fuzz.c - a file of counters of a packed kernel, evaluated if it is accepted.
 *
 * An input is the length of the packed kernel in 32 bits, the packed kernel, then the body of the
 * file of counters as it is before it is compressed, or the whole file.
 */
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/text.h"
#include "collector/decode/counters.h"
#include "collector/decode/counters_file.h"
#include "collector/decode/counts.h"
#include "collector/decode/kernel.h"
#include "collector/decode/kernel_file.h"
#include "tests/fuzz/fuzz.h"

static void read_file(const struct counters_file_of *of, const void *data, size_t size)
{
	COV_AUTO(counters_deinit) struct cov_counters counters = { 0 }, again = { 0 };
	COV_AUTO(cov_problems_deinit) struct cov_problems problems = { 0 }, problems_again = { 0 };
	COV_AUTO(cov_text_deinit) struct cov_text file = { 0 };
	COV_AUTO(counts_deinit) struct cov_counts counts = { 0 };
	struct cov_error err;

	if (counters_file_parse(of, data, size, &counters, &problems, &err)) {
		fuzz_require(!problems.count, "what is refused adds nothing");
		return;
	}
	if (counts_evaluate(of->kernel, &counters, &counts, &err))
		return;
	counters_file_make(of->kernel, of->build_id, &counters, &problems, &file);
	fuzz_require(
	    counters_file_parse(of, file.data, file.length, &again, &problems_again, &err) == 0,
	    "what was read can be written");
	fuzz_require(memcmp(counters.values, again.values,
			    of->kernel->counter_count * sizeof(int64_t)) == 0 &&
			 problems.count == problems_again.count,
		     "what is written is what was read");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	COV_AUTO(kernel_file_deinit) struct kernel_file about = { 0 };
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	COV_AUTO(cov_text_deinit) struct cov_text body = { 0 }, file = { 0 };
	struct cov_error err;
	uint32_t kernel_bytes;

	if (size < sizeof(kernel_bytes) || size > FUZZ_INPUT_BYTES_MAX)
		return 0;
	memcpy(&kernel_bytes, data, sizeof(kernel_bytes));
	data += sizeof(kernel_bytes);
	size -= sizeof(kernel_bytes);
	if (kernel_bytes > size || kernel_bytes < SEALED_FRAME_BYTES)
		return 0;
	if (kernel_file_parse("kernel", data, kernel_bytes, &about, &kernel, &err))
		return 0;
	const struct counters_file_of of = { &kernel, about.build_id, "fuzzed" };
	read_file(&of, data + kernel_bytes, size - kernel_bytes);
	cov_text_add(&body, data + kernel_bytes, size - kernel_bytes);
	sealed_make(&counters_file_kind, &body, &file);
	read_file(&of, file.data, file.length);
	return 0;
}
