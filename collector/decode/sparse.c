/* sparse.c - bytes of which most are 0, in less memory. */
#include "collector/decode/sparse.h"

#include <stdint.h>
#include <string.h>

#include "collector/base/text.h"

enum { WORD_BYTES = sizeof(uint64_t), WORDS = 64, BLOCK_BYTES = WORDS * WORD_BYTES };

/* Without a branch: which words are 0 follows no rule. Return: behind what is written */
static char *put_word(char *to, uint64_t word, size_t place, uint64_t *mask)
{
	memcpy(to, &word, sizeof(word));
	*mask |= (uint64_t)(word != 0) << place;
	return to + (word ? WORD_BYTES : 0);
}

void sparse_pack(const void *data, size_t size, struct cov_text *out)
{
	const char *from = data;

	while (size) {
		/* With room for a last word that is 0. */
		char *mask_at = cov_text_reserve(out, (WORDS + 2) * WORD_BYTES);
		char *to = mask_at + WORD_BYTES;
		size_t block = size < BLOCK_BYTES ? size : BLOCK_BYTES, place = 0;
		uint64_t mask = 0, word = 0;

		for (; (place + 1) * WORD_BYTES <= block; place++) {
			memcpy(&word, from + place * WORD_BYTES, sizeof(word));
			to = put_word(to, word, place, &mask);
		}
		if (block % WORD_BYTES) {
			word = 0;
			memcpy(&word, from + place * WORD_BYTES, block % WORD_BYTES);
			to = put_word(to, word, place, &mask);
		}
		memcpy(mask_at, &mask, sizeof(mask));
		out->length += (size_t)(to - mask_at);
		from += block;
		size -= block;
	}
}

void sparse_unpack(const void *packed, size_t size, void *ret)
{
	const char *from = packed;
	char *to = ret;

	while (size) {
		size_t block = size < BLOCK_BYTES ? size : BLOCK_BYTES;
		uint64_t mask;

		memcpy(&mask, from, sizeof(mask));
		from += sizeof(mask);
		memset(to, 0, block);
		for (; mask; mask &= mask - 1) {
			size_t at = (size_t)__builtin_ctzll(mask) * WORD_BYTES;

			memcpy(to + at, from, block - at < WORD_BYTES ? block - at : WORD_BYTES);
			from += WORD_BYTES;
		}
		to += block;
		size -= block;
	}
}
