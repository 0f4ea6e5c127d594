/*
 * plan_fuzz.c - a stored plan, which a damaged database may hold, evaluated if it is accepted.
 *
 * An input is the length of the head in 32 bits, the head, the body.
 */
#include <string.h>

#include "collector/base/error.h"
#include "collector/plan/pack.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	COV_AUTO(plan_deinit) struct plan plan = { 0 };
	struct cov_error err;
	struct plan view;
	uint32_t head_bytes;

	if (size < sizeof(head_bytes) || size > FUZZ_INPUT_BYTES_MAX)
		return 0;
	memcpy(&head_bytes, data, sizeof(head_bytes));
	data += sizeof(head_bytes);
	size -= sizeof(head_bytes);
	if (head_bytes > size || pack_read_head(data, head_bytes, size - head_bytes, &plan, &err))
		return 0;
	COV_AUTO(free) int64_t *counters = fuzz_counters(&plan, data, size);
	/* Aligned, as what was decompressed is. */
	COV_AUTO(free) void *body = cov_xmalloc(size - head_bytes);
	memcpy(body, data + head_bytes, size - head_bytes);
	if (pack_open_body(&plan, body, counters, &view, &err) == 0)
		free(fuzz_evaluate(&view, counters));
	return 0;
}
