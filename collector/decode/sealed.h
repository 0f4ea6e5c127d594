/*
 * sealed.h - what one machine writes for another: a kind, a version, a checksum, and a compressed
 * body.
 *
 * The frame is 12 bytes that name the kind, the version in 32 bits, the checksum of the body as it
 * is in the file (CRC-32) in 32 bits, its length in 64, all of them little-endian. The body is a
 * frame of zstd with its own length and checksum (RFC 8878).
 */
#ifndef COLLECTOR_DECODE_SEALED_H
#define COLLECTOR_DECODE_SEALED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cov_error;
struct cov_text;

enum { SEALED_KIND_BYTES = 12, SEALED_FRAME_BYTES = 28 };

/* A kind of such files. */
struct sealed_kind {
	char name[SEALED_KIND_BYTES + 1]; /* what the file begins with */
	uint32_t version;                 /* that is written, and the only one that is read */
	const char *what;                 /* "a packed kernel", for messages */
	const char *mend;                 /* what makes such a file anew */
};

/** sealed_make() - @body as such a file. @out: empty; what is added is the file */
void sealed_make(const struct sealed_kind *kind, const struct cov_text *body, struct cov_text *out);

/** sealed_is() - whether bytes begin as such a file does, whatever its version. */
bool sealed_is(const struct sealed_kind *kind, const void *data, size_t size);

/** sealed_renew() - make length and checksum in @data fit what was changed since. */
void sealed_renew(void *data, size_t size);

/**
 * sealed_open() - the body of such a file.
 * @path: for messages
 * @body: empty; what is added is the body
 *
 * Return: 0; COV_ERR_FORMAT if it is something else, of another version, cut short or damaged.
 */
int sealed_open(const struct sealed_kind *kind, const char *path, const void *data, size_t size,
		struct cov_text *body, struct cov_error *err);

#endif
