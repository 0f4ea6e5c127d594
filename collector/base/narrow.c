/* narrow.c - numbers in as few bytes as hold them. */
#include "collector/base/narrow.h"

#include <string.h>

#include "collector/base/text.h"

enum { BITS = 7, BIT_COUNT = 64, MORE = 0x80 };

uint64_t cov_narrow_long(struct cov_narrow *from)
{
	uint64_t number = 0;

	for (unsigned shift = 0; from->next != from->end && shift < BIT_COUNT; shift += BITS) {
		unsigned char byte = *from->next++;

		number |= (uint64_t)(byte & (MORE - 1)) << shift;
		if (byte < MORE)
			return number;
	}
	from->next = from->end;
	from->is_short = true;
	return 0;
}

const char *cov_narrow_text(struct cov_narrow *from)
{
	const char *text = (const char *)from->next;
	const unsigned char *last = memchr(from->next, '\0', (size_t)(from->end - from->next));

	from->is_short |= !last;
	from->next = last ? last + 1 : from->end;
	return last ? text : "";
}

void cov_narrow_add(struct cov_text *out, uint64_t number)
{
	char *place = cov_text_reserve(out, COV_NARROW_BYTES_MAX);
	size_t length = 0;

	for (; number >= MORE; number >>= BITS)
		place[length++] = (char)(number | MORE);
	place[length++] = (char)number;
	out->length += length;
}
