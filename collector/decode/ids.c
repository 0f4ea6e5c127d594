/* ids.c - lists of ids as narrow numbers. */
#include "collector/decode/ids.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/narrow.h"
#include "collector/base/text.h"

enum { CHECKSUM_BYTES = sizeof(uint32_t) };

void *cov_ids_pack(const uint32_t *ids, size_t count, size_t *size_out)
{
	struct cov_text out = { 0 };
	uint32_t last = 0, checksum = 0;

	cov_text_add(&out, &checksum, sizeof(checksum));
	for (size_t i = 0; i < count; i++) {
		cov_narrow_add(&out, cov_narrow_from(last, ids[i]));
		last = ids[i];
	}
	checksum = libdeflate_crc32(0, out.data + CHECKSUM_BYTES, out.length - CHECKSUM_BYTES);
	memcpy(out.data, &checksum, sizeof(checksum));
	*size_out = out.length;
	return out.data;
}

uint32_t *cov_ids_unpack(const void *data, size_t size, size_t count)
{
	uint32_t checksum, last = 0;

	/* Each takes a byte at least, which bounds what is allocated. */
	if (size < CHECKSUM_BYTES || count > size - CHECKSUM_BYTES)
		return NULL;
	memcpy(&checksum, data, sizeof(checksum));
	struct cov_narrow from = { (const unsigned char *)data + CHECKSUM_BYTES,
				   (const unsigned char *)data + size, false };
	if (libdeflate_crc32(0, from.next, size - CHECKSUM_BYTES) != checksum)
		return NULL;
	uint32_t *ids = cov_xmalloc(count * sizeof(*ids));
	for (size_t i = 0; i < count; i++)
		ids[i] = last = cov_narrow_after(last, cov_narrow_number(&from));
	if (!from.is_short && from.next == from.end)
		return ids;
	free(ids);
	return NULL;
}
