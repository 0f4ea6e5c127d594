/* compress.h - zstd, as values in the database are compressed. */
#ifndef COLLECTOR_DECODE_COMPRESS_H
#define COLLECTOR_DECODE_COMPRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

/* What compressing value after value needs, in one thread; a zeroed struct serves. */
struct cov_compressor {
	struct ZSTD_CCtx_s *context; /* owned */
};

/** cov_compressor_deinit() - free what it owns; a zeroed struct is fine. */
void cov_compressor_deinit(struct cov_compressor *compressor);

COV_DEFINE_AUTO_STRUCT(struct cov_compressor, cov_compressor_deinit)

/** cov_compress_next() - cov_compress() with a compressor that is kept. */
void *cov_compress_next(struct cov_compressor *compressor, const void *data, size_t size,
			size_t *size_out);

/** cov_compress() - compress @size bytes with zstd; free() the result. */
void *cov_compress(const void *data, size_t size, size_t *size_out);

/** cov_compress_ids() - @count numbers, mostly ascending, as differences; free() the result. */
void *cov_compress_ids(const uint32_t *ids, size_t count, size_t *size_out);

/* What decompressing needs; a zeroed struct serves for value after value, in one thread. */
struct cov_decompressor {
	struct ZSTD_DCtx_s *context; /* owned */
	char *memory;                /* [capacity], the value decompressed last; owned */
	size_t capacity;
};

/** cov_decompressor_deinit() - free what it owns; a zeroed struct is fine. */
void cov_decompressor_deinit(struct cov_decompressor *decompressor);

COV_DEFINE_AUTO_STRUCT(struct cov_decompressor, cov_decompressor_deinit)

/** cov_decompressed_bytes() - length of a value made by cov_compress(); SIZE_MAX if damaged. */
size_t cov_decompressed_bytes(const void *data, size_t size);

/**
 * cov_decompress() - what cov_compress() was given.
 * @size_out: bytes of the value
 *
 * Return: the value, valid until the next call; NULL if it is damaged.
 */
const void *cov_decompress(struct cov_decompressor *decompressor, const void *data, size_t size,
			   size_t *size_out);

/**
 * cov_decompress_to() - the same, which has to be of exactly @size_out bytes, to @ret.
 *
 * Return: whether it is undamaged and of that size.
 */
bool cov_decompress_to(struct cov_decompressor *decompressor, const void *data, size_t size,
		       void *ret, size_t size_out);

/** cov_decompress_ids() - what cov_compress_ids() was given, NULL unless @count ids; free() it. */
uint32_t *cov_decompress_ids(struct cov_decompressor *decompressor, const void *data, size_t size,
			     size_t count);

#endif
