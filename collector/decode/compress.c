/* compress.c - zstd, as values in the database are compressed. */
#include "collector/decode/compress.h"

#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "collector/base/memory.h"

enum {
	COMPRESSION_LEVEL = 3,
	CONTENT_BYTES_MAX = 1 << 30,
	LARGE_BYTES = 1 << 20, /* from here on a value is expected to shrink to a sixteenth */
	LARGE_SHARE = 16,
};

void cov_compressor_deinit(struct cov_compressor *compressor)
{
	ZSTD_freeCCtx(compressor->context);
	memset(compressor, 0, sizeof(*compressor));
}

/* Into @capacity bytes. Return: how many it took; 0: they were too few. */
static size_t compress_into(struct cov_compressor *compressor, const void *data, size_t size,
			    void *out, size_t capacity)
{
	if (!compressor->context)
		compressor->context = ZSTD_createCCtx();
	ZSTD_CCtx *context = compressor->context;

	if (!context ||
	    /* The attempt before may have ended in the middle. */
	    ZSTD_isError(ZSTD_CCtx_reset(context, ZSTD_reset_session_only)) ||
	    ZSTD_isError(
		ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, COMPRESSION_LEVEL)) ||
	    /* Without it a damaged value may well decompress to something else. */
	    ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)))
		cov_out_of_memory();
	size_t length = ZSTD_compress2(context, out, capacity, data, size);
	if (ZSTD_getErrorCode(length) == ZSTD_error_dstSize_tooSmall)
		return 0;
	if (ZSTD_isError(length))
		cov_out_of_memory(); /* nothing else can be lacking */
	return length;
}

void *cov_compress_next(struct cov_compressor *compressor, const void *data, size_t size,
			size_t *size_out)
{
	size_t bound = ZSTD_compressBound(size);
	/* Counters of a snapshot shrink to a hundredth: as much room again would never be used. */
	size_t capacity = size < LARGE_BYTES ? bound : size / LARGE_SHARE;
	COV_AUTO(free) void *out = cov_xmalloc(capacity);

	*size_out = compress_into(compressor, data, size, out, capacity);
	if (!*size_out) {
		out = cov_xrealloc(out, bound);
		*size_out = compress_into(compressor, data, size, out, bound);
	}
	/* Not what is left of @out, behind which there would be a hole: it is kept for long. */
	void *value = cov_xmalloc(*size_out);
	memcpy(value, out, *size_out);
	return value;
}

void *cov_compress(const void *data, size_t size, size_t *size_out)
{
	COV_AUTO(cov_compressor_deinit) struct cov_compressor compressor = { 0 };

	return cov_compress_next(&compressor, data, size, size_out);
}

void *cov_compress_ids(const uint32_t *ids, size_t count, size_t *size_out)
{
	COV_AUTO(free) uint32_t *differences = cov_xcalloc(count, sizeof(*differences));

	for (size_t i = 0; i < count; i++)
		differences[i] = ids[i] - (i ? ids[i - 1] : 0);
	return cov_compress(differences, count * sizeof(*differences), size_out);
}

void cov_decompressor_deinit(struct cov_decompressor *decompressor)
{
	ZSTD_freeDCtx(decompressor->context);
	free(decompressor->memory);
	memset(decompressor, 0, sizeof(*decompressor));
}

size_t cov_decompressed_bytes(const void *data, size_t size)
{
	unsigned long long content = ZSTD_getFrameContentSize(data, size);

	/* Both error codes of zstd are larger than any size. */
	return content > CONTENT_BYTES_MAX ? SIZE_MAX : (size_t)content;
}

bool cov_decompress_to(struct cov_decompressor *decompressor, const void *data, size_t size,
		       void *ret, size_t size_out)
{
	if (cov_decompressed_bytes(data, size) != size_out)
		return false;
	if (!decompressor->context)
		decompressor->context = ZSTD_createDCtx();
	if (!decompressor->context)
		cov_out_of_memory();
	size_t got_bytes = ZSTD_decompressDCtx(decompressor->context, ret, size_out, data, size);
	if (ZSTD_getErrorCode(got_bytes) == ZSTD_error_memory_allocation)
		cov_out_of_memory(); /* which says nothing of the value */
	return !ZSTD_isError(got_bytes) && got_bytes == size_out;
}

const void *cov_decompress(struct cov_decompressor *decompressor, const void *data, size_t size,
			   size_t *size_out)
{
	size_t content = cov_decompressed_bytes(data, size);

	if (content == SIZE_MAX)
		return NULL;
	if (!decompressor->memory || content > decompressor->capacity) {
		decompressor->capacity = content + 1;
		free(decompressor->memory);
		decompressor->memory = cov_xmalloc(decompressor->capacity);
	}
	*size_out = content;
	return cov_decompress_to(decompressor, data, size, decompressor->memory, content)
		   ? decompressor->memory
		   : NULL;
}

uint32_t *cov_decompress_ids(struct cov_decompressor *decompressor, const void *data, size_t size,
			     size_t count)
{
	size_t got_bytes;
	const uint32_t *differences =
	    (const uint32_t *)cov_decompress(decompressor, data, size, &got_bytes);

	/* Only now is the count known to be no larger than what is there. */
	if (!differences || got_bytes != count * sizeof(*differences))
		return NULL;
	uint32_t *ids = cov_xcalloc(count, sizeof(*ids));
	for (size_t i = 0; i < count; i++)
		ids[i] = differences[i] + (i ? ids[i - 1] : 0);
	return ids;
}
