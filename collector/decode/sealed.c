/* sealed.c - what one machine writes for another: kind, version, checksum, compressed body. */
#include "collector/decode/sealed.h"

#include <endian.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/decode/compress.h"

struct frame {
	char kind[SEALED_KIND_BYTES];
	uint32_t version, checksum; /* little-endian, as is the next */
	uint64_t body_bytes;
} __attribute__((packed));

_Static_assert(sizeof(struct frame) == SEALED_FRAME_BYTES, "the frame is as its description says");

void sealed_make(const struct sealed_kind *kind, const struct cov_text *body, struct cov_text *out)
{
	struct frame frame = { .version = htole32(kind->version) };
	size_t size;
	COV_AUTO(free) void *packed = cov_compress(body->data, body->length, &size);

	memcpy(frame.kind, kind->name, sizeof(frame.kind));
	cov_text_add(out, &frame, sizeof(frame));
	cov_text_add(out, packed, size);
	sealed_renew(out->data, out->length);
}

bool sealed_is(const struct sealed_kind *kind, const void *data, size_t size)
{
	return size >= SEALED_KIND_BYTES && memcmp(data, kind->name, SEALED_KIND_BYTES) == 0;
}

void sealed_renew(void *data, size_t size)
{
	struct frame frame;

	if (size < sizeof(frame))
		return;
	memcpy(&frame, data, sizeof(frame));
	frame.body_bytes = htole64(size - sizeof(frame));
	frame.checksum =
	    htole32(libdeflate_crc32(0, (char *)data + sizeof(frame), size - sizeof(frame)));
	memcpy(data, &frame, sizeof(frame));
}

static int fail_version(const struct sealed_kind *kind, const char *path, uint32_t version,
			struct cov_error *err)
{
	return cov_fail(err, COV_ERR_FORMAT,
			"%s: %s of version %u, and this covdb reads version %u: %s", path,
			kind->what, (unsigned)version, (unsigned)kind->version, kind->mend);
}

int sealed_open(const struct sealed_kind *kind, const char *path, const void *data, size_t size,
		struct cov_text *body, struct cov_error *err)
{
	const char *packed = (const char *)data + sizeof(struct frame);
	COV_AUTO(cov_decompressor_deinit) struct cov_decompressor decompressor = { 0 };
	struct frame frame;

	if (!sealed_is(kind, data, size))
		return cov_fail(err, COV_ERR_FORMAT, "%s: not %s: %s", path, kind->what,
				kind->mend);
	if (size < sizeof(frame))
		return cov_fail(err, COV_ERR_FORMAT,
				"%s: cut short: %zu bytes are no frame, which has %zu", path, size,
				sizeof(frame));
	memcpy(&frame, data, sizeof(frame));
	if (le32toh(frame.version) != kind->version)
		return fail_version(kind, path, le32toh(frame.version), err);
	size -= sizeof(frame);
	if (le64toh(frame.body_bytes) != size)
		return cov_fail(err, COV_ERR_FORMAT,
				"%s: %s: its body has %zu bytes, of %llu that it says", path,
				size < le64toh(frame.body_bytes) ? "cut short" : "too long", size,
				(unsigned long long)le64toh(frame.body_bytes));
	if (libdeflate_crc32(0, packed, size) != le32toh(frame.checksum))
		return cov_fail(err, COV_ERR_FORMAT,
				"%s: damaged: its bytes do not have the checksum that it says",
				path);
	size_t body_bytes = cov_decompressed_bytes(packed, size);
	if (body_bytes == SIZE_MAX)
		return cov_fail(err, COV_ERR_FORMAT, "%s: damaged: its body is no frame of zstd",
				path);
	if (!cov_decompress_to(&decompressor, packed, size, cov_text_reserve(body, body_bytes),
			       body_bytes))
		return cov_fail(err, COV_ERR_FORMAT, "%s: damaged: its body does not decompress",
				path);
	body->length = body_bytes;
	return 0;
}
