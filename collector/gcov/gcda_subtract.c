/* gcda_subtract.c - what was counted between two captures of one .gcda file. */
#include "collector/gcov/gcda_subtract.h"

#include <stdint.h>
#include <string.h>

#include "collector/gcov/gcov_format.h"

/* A .gcda of this machine's kernel: the byte order is this machine's. */
static uint32_t word_at(const char *bytes, size_t offset)
{
	uint32_t word;

	memcpy(&word, bytes + offset, sizeof(word));
	return word;
}

/* A counter is two words, the low one first; so it is in little-endian memory. */
static uint64_t counter_at(const char *bytes, size_t offset)
{
	return word_at(bytes, offset) | (uint64_t)word_at(bytes, offset + GCOV_WORD_BYTES) << 32;
}

static void set_counter(char *bytes, size_t offset, uint64_t counter)
{
	uint32_t low = (uint32_t)counter, high = (uint32_t)(counter >> 32);

	memcpy(bytes + offset, &low, sizeof(low));
	memcpy(bytes + offset + GCOV_WORD_BYTES, &high, sizeof(high));
}

/* Return: bytes of the header; 0 if this is no .gcda that is known. */
static size_t header_bytes(const char *bytes, size_t size, const struct gcov_format **format)
{
	if (size < 3 * GCOV_WORD_BYTES || word_at(bytes, 0) != GCOV_DATA_MAGIC)
		return 0;
	struct cov_cursor behind_stamp = { .data = (const unsigned char *)bytes,
					   .size = size,
					   .offset = 3 * GCOV_WORD_BYTES };
	*format = gcov_format_data(word_at(bytes, GCOV_WORD_BYTES), &behind_stamp);
	if (!*format)
		return 0;
	size_t header = ((*format)->has_checksum_word ? 4 : 3) * GCOV_WORD_BYTES;
	return header <= size ? header : 0;
}

bool gcda_subtract(char *later, const char *earlier, size_t size)
{
	const struct gcov_format *format = NULL;
	size_t offset = header_bytes(later, size, &format);

	if (!offset || memcmp(later, earlier, offset) != 0)
		return false;
	while (size - offset >= 2 * GCOV_WORD_BYTES) {
		uint32_t tag = word_at(later, offset);
		/* A negative length stands for that many zeros, which the kernel never writes. */
		uint64_t length = word_at(later, offset + GCOV_WORD_BYTES);
		uint64_t bytes = format->is_length_in_bytes ? length : length * GCOV_WORD_BYTES;

		if (memcmp(later + offset, earlier + offset, 2 * GCOV_WORD_BYTES) != 0)
			return false;
		offset += 2 * GCOV_WORD_BYTES;
		if (bytes > size - offset)
			return false;
		size_t end = offset + (size_t)bytes;
		if (tag != GCOV_TAG_ARC_COUNTERS &&
		    memcmp(later + offset, earlier + offset, (size_t)bytes) != 0)
			return false;
		for (; tag == GCOV_TAG_ARC_COUNTERS && offset + GCOV_COUNTER_BYTES <= end;
		     offset += GCOV_COUNTER_BYTES)
			set_counter(later, offset,
				    counter_at(later, offset) - counter_at(earlier, offset));
		offset = end;
	}
	/* A last word of 0 ends some versions' files; anything else is a record that was cut. */
	if (size - offset == GCOV_WORD_BYTES)
		return word_at(later, offset) == 0 && word_at(earlier, offset) == 0;
	return offset == size;
}
