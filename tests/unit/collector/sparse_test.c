/* sparse_test.c - bytes of which most are 0, packed and unpacked. */
#include "tests/unit/fixture.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/text.h"
#include "collector/decode/sparse.h"

enum { BYTES_MAX = 3 * 64 * 8 + 9 };

/* @ret: [BYTES_MAX], every @each-th byte not 0; 0: none */
static void fill(unsigned char *ret, size_t each)
{
	for (size_t i = 0; i < BYTES_MAX; i++)
		ret[i] = each && i % each == 0 ? (unsigned char)(i % 255 + 1) : 0;
}

static void of_any_length_every_byte_comes_back(void **state)
{
	static const size_t eaches[] = { 0, 1, 2, 7, 8, 63, 512, 1000 };
	COV_AUTO(cov_text_deinit) struct cov_text packed = { 0 };
	unsigned char bytes[BYTES_MAX], back[BYTES_MAX + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(eaches) / sizeof(*eaches); i++) {
		fill(bytes, eaches[i]);
		for (size_t size = 0; size <= BYTES_MAX; size++) {
			packed.length = 0;
			sparse_pack(bytes, size, &packed);
			/* What is packed is in memory of its own, so that a read behind it is seen.
			 */
			COV_AUTO(free) char *own = malloc(packed.length + 1);
			assert_non_null(own);
			memcpy(own, packed.data ? packed.data : "", packed.length);
			memset(back, 0xaa, sizeof(back));
			sparse_unpack(own, size, back);
			assert_memory_equal(back, bytes, size);
			assert_int_equal(back[size], 0xaa);
		}
	}
}

static void zeros_take_a_bit_per_word(void **state)
{
	COV_AUTO(cov_text_deinit) struct cov_text packed = { 0 };
	unsigned char bytes[BYTES_MAX];

	(void)state;
	fill(bytes, 0);
	sparse_pack(bytes, (size_t)2 * 64 * 8, &packed);
	assert_int_equal(packed.length, 2 * 8);
	packed.length = 0;
	bytes[64 * 8] = 1;
	sparse_pack(bytes, (size_t)2 * 64 * 8, &packed);
	assert_int_equal(packed.length, 3 * 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_any_length_every_byte_comes_back),
		cmocka_unit_test(zeros_take_a_bit_per_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
