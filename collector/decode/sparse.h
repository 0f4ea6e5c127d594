/*
 * sparse.h - bytes of which most are 0, in less memory: the counters of one snapshot are 0 where
 * nothing ran, and several are held at once.
 *
 * 64 words of eight bytes at a time: a bit for each that is not 0, then these. The last word is
 * filled up with 0.
 */
#ifndef COLLECTOR_DECODE_SPARSE_H
#define COLLECTOR_DECODE_SPARSE_H

#include <stddef.h>

struct cov_text;

/** sparse_pack() - append @size bytes to @out, packed. */
void sparse_pack(const void *data, size_t size, struct cov_text *out);

/** sparse_unpack() - what sparse_pack() was given. @packed: its output; @ret: [@size] */
void sparse_unpack(const void *packed, size_t size, void *ret);

#endif
