/* sparse.c - bytes of which most are 0, in less memory. */
#include "collector/decode/sparse.h"

#include <stdint.h>
#include <string.h>

#include "collector/base/text.h"

enum { WORD_BYTES = sizeof(uint64_t), WORDS = 64 };

static size_t word_bytes(size_t rest)
{
	return rest < WORD_BYTES ? rest : WORD_BYTES;
}

void sparse_pack(const void *data, size_t size, struct cov_text *out)
{
	const char *from = data;

	while (size) {
		char *mask_at = cov_text_reserve(out, (WORDS + 1) * WORD_BYTES);
		char *to = mask_at + WORD_BYTES;
		uint64_t mask = 0;

		for (unsigned i = 0; i < WORDS && size; i++) {
			size_t count = word_bytes(size);
			uint64_t word = 0;

			memcpy(&word, from, count);
			from += count;
			size -= count;
			if (!word)
				continue;
			mask |= (uint64_t)1 << i;
			memcpy(to, &word, sizeof(word));
			to += sizeof(word);
		}
		memcpy(mask_at, &mask, sizeof(mask));
		out->length += (size_t)(to - mask_at);
	}
}

void sparse_unpack(const void *packed, size_t size, void *ret)
{
	const char *from = packed;
	char *to = ret;

	while (size) {
		uint64_t mask;

		memcpy(&mask, from, sizeof(mask));
		from += sizeof(mask);
		for (unsigned i = 0; i < WORDS && size; i++) {
			size_t count = word_bytes(size);

			if (mask >> i & 1) {
				memcpy(to, from, count);
				from += WORD_BYTES;
			} else {
				memset(to, 0, count);
			}
			to += count;
			size -= count;
		}
	}
}
