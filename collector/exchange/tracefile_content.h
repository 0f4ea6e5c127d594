/* tracefile_content.h - what a file of counts holds, whatever it is called. */
#ifndef COLLECTOR_EXCHANGE_TRACEFILE_CONTENT_H
#define COLLECTOR_EXCHANGE_TRACEFILE_CONTENT_H

#include <stddef.h>

#include "collector/base/cleanup.h"
#include "collector/base/text.h"

struct cov_error;

enum tracefile_format {
	TRACEFILE_UNKNOWN,
	TRACEFILE_INFO,      /* records of lcov */
	TRACEFILE_JSON,      /* as gcov or syzkaller writes it */
	TRACEFILE_FRAMES,    /* syz-cover's rawcoverfiles */
	TRACEFILE_ADDRESSES, /* of code that ran */
};

/** tracefile_content_format() - by the first bytes of a text, blanks and a byte order mark apart.
 */
enum tracefile_format tracefile_content_format(const char *text, size_t size);

/**
 * tracefile_content_peek() - by the first bytes of a regular file, compressed by gzip or not.
 *
 * Return: TRACEFILE_UNKNOWN also if it cannot be read.
 */
enum tracefile_format tracefile_content_peek(const char *path);

/* The text of a file; a zeroed struct has none. */
struct tracefile_content {
	const char *text; /* [text_bytes], in the file's bytes or in what was unpacked */
	size_t text_bytes;
	struct cov_text unpacked;
};

/**
 * tracefile_content_unpack() - the text of bytes that may be compressed by gzip.
 * @data: [@size]; must live as long as @ret
 * @ret:  zeroed, filled on success; free with tracefile_content_deinit()
 *
 * Members of gzip that follow one another are one text, as for gzip itself.
 *
 * Return: 0; COV_ERR_TRUNCATED; COV_ERR_FORMAT if it is damaged or larger than 1 GiB, or if
 *         something else is behind a member.
 */
int tracefile_content_unpack(const void *data, size_t size, const char *name,
			     struct tracefile_content *ret, struct cov_error *err);

/** tracefile_content_deinit() - free what @content owns. */
void tracefile_content_deinit(struct tracefile_content *content);

COV_DEFINE_AUTO_STRUCT(struct tracefile_content, tracefile_content_deinit)

/** tracefile_content_skip_mark() - bytes of the byte order mark that @text begins with, or 0. */
size_t tracefile_content_skip_mark(const char *text, size_t size);

#endif
