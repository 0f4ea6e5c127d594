/*
 * plan_fuzz.c - a stored plan, which a damaged database may hold, evaluated if it is accepted.
 *
 * An input is the length of the head in 32 bits, the head, the body. Its checksums are made to fit,
 * else nothing behind them would be tried.
 */
#include <string.h>

#include "collector/base/error.h"
#include "collector/plan/pack.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	COV_AUTO(plan_deinit) struct plan plan = { 0 };
	struct cov_error err;
	uint32_t head_bytes;

	if (size < sizeof(head_bytes) || size > FUZZ_INPUT_BYTES_MAX)
		return 0;
	memcpy(&head_bytes, data, sizeof(head_bytes));
	data += sizeof(head_bytes);
	size -= sizeof(head_bytes);
	if (head_bytes > size || head_bytes < PACK_HEAD_BYTES_MIN)
		return 0;
	COV_AUTO(free) char *head = cov_xmalloc(head_bytes);
	memcpy(head, data, head_bytes);
	const uint8_t *body = data + head_bytes;
	size_t body_bytes = size - head_bytes;
	pack_seal(head, head_bytes, body, body_bytes);
	uint32_t counter_count = 0;
	int result = pack_head_count(head, head_bytes, body_bytes, &counter_count, &err);
	if (pack_read_head(head, head_bytes, body_bytes, &plan, &err))
		return 0;
	fuzz_require(result == 0 && counter_count == plan.counter_count,
		     "as many counters are counted as are read");
	if (!plan.counter_count)
		return 0;
	fuzz_evaluate_packed(&plan, body, data, size);
	return 0;
}
