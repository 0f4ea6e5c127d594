/* ids.h - lists of ids as narrow numbers, as the database keeps those that are read each time. */
#ifndef COLLECTOR_DECODE_IDS_H
#define COLLECTOR_DECODE_IDS_H

#include <stddef.h>
#include <stdint.h>

/**
 * cov_ids_pack() - a checksum of 32 bits, then @ids as folded differences to the one before
 * (collector/base/narrow.h); free() it.
 */
void *cov_ids_pack(const uint32_t *ids, size_t count, size_t *size_out);

/** cov_ids_unpack() - what cov_ids_pack() was given; NULL if damaged, or not @count; free() it. */
uint32_t *cov_ids_unpack(const void *data, size_t size, size_t count);

#endif
