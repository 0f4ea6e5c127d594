/* compress_test.c - values as the database has them, compressed one after the other. */
#include "tests/unit/fixture.h"

#include <stdlib.h>
#include <string.h>

#include "collector/decode/compress.h"

enum { LARGE_BYTES = 3 << 20 };

/* @ret: [LARGE_BYTES]; of what does not shrink, or all 0. Source: Marsaglia's xorshift */
static void fill(unsigned char *ret, bool is_noise)
{
	uint32_t number = 2463534242;

	for (size_t i = 0; i < LARGE_BYTES; i++) {
		number ^= number << 13;
		number ^= number >> 17;
		number ^= number << 5;
		ret[i] = is_noise ? (unsigned char)number : 0;
	}
}

static void check(struct cov_compressor *compressor, const void *data, size_t size)
{
	COV_AUTO(cov_decompressor_deinit) struct cov_decompressor decompressor = { 0 };
	size_t packed_bytes, bytes;
	COV_AUTO(free) void *packed = cov_compress_next(compressor, data, size, &packed_bytes);

	assert_int_equal(cov_decompressed_bytes(packed, packed_bytes), size);
	const void *back = cov_decompress(&decompressor, packed, packed_bytes, &bytes);
	assert_non_null(back);
	assert_int_equal(bytes, size);
	assert_memory_equal(back, data, size);
}

static void whatever_shrinks_or_not_comes_back(void **state)
{
	static const size_t sizes[] = { LARGE_BYTES, 0, 1, LARGE_BYTES, 1000, 1 << 20 };
	COV_AUTO(cov_compressor_deinit) struct cov_compressor compressor = { 0 };
	COV_AUTO(free) unsigned char *noise = malloc(LARGE_BYTES);
	COV_AUTO(free) unsigned char *zeros = malloc(LARGE_BYTES);

	(void)state;
	assert_non_null(noise);
	assert_non_null(zeros);
	fill(noise, true);
	fill(zeros, false);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		check(&compressor, noise, sizes[i]);
		check(&compressor, zeros, sizes[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_shrinks_or_not_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
