/*
 * tracefile_content.c - what a file of counts holds, whatever it is called.
 *
 * Format: RFC 1952; gzip(1) on several members in one file.
 */
#include "collector/exchange/tracefile_content.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "collector/base/error.h"
#include "collector/exchange/tracefile_addresses.h"

enum {
	GZIP = 15 + 16, /* window bits of zlib */
	PEEK_BYTES = 512,
	TEXT_BYTES_MAX = 1 << 30,
	CHUNK_BYTES = 1 << 18,
};

static const unsigned char gzip_magic[] = { 0x1f, 0x8b };

static bool is_gzip(const void *data, size_t size)
{
	return size >= sizeof(gzip_magic) && memcmp(data, gzip_magic, sizeof(gzip_magic)) == 0;
}

size_t tracefile_content_skip_mark(const char *text, size_t size)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t length = strlen(mark);

	return size >= length && memcmp(text, mark, length) == 0 ? length : 0;
}

static bool begins_with(const char *line, size_t left, const char *start)
{
	return left >= strlen(start) && memcmp(line, start, strlen(start)) == 0;
}

/* By a line that is no comment, without blanks before it; [@left] are behind it. */
static enum tracefile_format line_format(const char *line, size_t left)
{
	static const char *const starts[] = { "TN:", "SF:", "KF:", "VER:" };
	const char *newline = memchr(line, '\n', left);

	if (*line == '{' || *line == '[')
		return TRACEFILE_JSON;
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		if (begins_with(line, left, starts[i]))
			return TRACEFILE_INFO;
	}
	if (begins_with(line, left, "PC,Module,Offset,Filename,"))
		return TRACEFILE_FRAMES;
	return tracefile_addresses_begin(line, newline ? (size_t)(newline - line) : left)
		   ? TRACEFILE_ADDRESSES
		   : TRACEFILE_UNKNOWN;
}

enum tracefile_format tracefile_content_format(const char *text, size_t size)
{
	size_t offset = tracefile_content_skip_mark(text, size);

	while (offset < size) {
		const char *line = text + offset;
		size_t left = size - offset;

		if (strchr(" \t\r\n", *line) && *line) {
			offset++;
			continue;
		}
		const char *newline = memchr(line, '\n', left);
		if (*line != '#' || !newline)
			return line_format(line, left);
		offset += (size_t)(newline - line);
	}
	return TRACEFILE_UNKNOWN;
}

enum tracefile_format tracefile_content_peek(const char *path)
{
	char text[PEEK_BYTES];
	struct stat status;

	if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
		return TRACEFILE_UNKNOWN;
	gzFile file = gzopen(path, "rbe");
	if (!file)
		return TRACEFILE_UNKNOWN;
	int got_bytes = gzread(file, text, sizeof(text));
	gzclose_r(file);
	/* A tar has zeros in its first block, whatever its first file is called. */
	if (got_bytes <= 0 || memchr(text, '\0', (size_t)got_bytes))
		return TRACEFILE_UNKNOWN;
	return tracefile_content_format(text, (size_t)got_bytes);
}

static void inflate_end(z_stream *stream)
{
	inflateEnd(stream);
}

COV_DEFINE_AUTO_STRUCT(z_stream, inflate_end)

/* Inflate the next member, to its end. */
static int inflate_member(z_stream *stream, const char *name, struct cov_text *out,
			  struct cov_error *err)
{
	for (;;) {
		stream->next_out = (Bytef *)cov_text_reserve(out, CHUNK_BYTES);
		stream->avail_out = CHUNK_BYTES;
		int status = inflate(stream, Z_NO_FLUSH);

		out->length += CHUNK_BYTES - stream->avail_out;
		if (out->length > TEXT_BYTES_MAX)
			return cov_fail(err, COV_ERR_FORMAT, "%s: larger than 1 GiB", name);
		if (status == Z_STREAM_END)
			return 0;
		if (status == Z_BUF_ERROR || (status == Z_OK && !stream->avail_in))
			return cov_fail(err, COV_ERR_TRUNCATED,
					"%s: cut short: gzip's data end too early", name);
		if (status != Z_OK)
			return cov_fail(err, COV_ERR_FORMAT, "%s: gzip's data are damaged: %s",
					name, stream->msg ? stream->msg : zError(status));
	}
}

/* Zeros up to a block of a tape, which gzip(1) passes over, too. */
static bool is_padding(const unsigned char *data, size_t size)
{
	return size && data[0] == 0 && memcmp(data, data + 1, size - 1) == 0;
}

static int unpack(const void *data, size_t size, const char *name, struct cov_text *out,
		  struct cov_error *err)
{
	COV_AUTO(inflate_end) z_stream stream = { 0 };
	int result = 0;

	if (size > UINT_MAX)
		return cov_fail(err, COV_ERR_FORMAT, "%s: larger than 4 GiB", name);
	if (inflateInit2(&stream, GZIP) != Z_OK)
		return cov_fail(err, COV_ERR_SYSTEM, "%s: cannot initialise zlib", name);
	stream.next_in = (Bytef *)(uintptr_t)data; /* zlib only reads it */
	stream.avail_in = (uInt)size;
	while (result == 0 && stream.avail_in) {
		if (out->length && is_padding(stream.next_in, stream.avail_in))
			break;
		if (!is_gzip(stream.next_in, stream.avail_in))
			return cov_fail(err, COV_ERR_FORMAT,
					"%s: %u bytes that are not gzip's behind its data", name,
					stream.avail_in);
		result = inflate_member(&stream, name, out, err);
		if (result == 0 && inflateReset(&stream) != Z_OK)
			return cov_fail(err, COV_ERR_SYSTEM, "%s: cannot reset zlib", name);
	}
	return result;
}

int tracefile_content_unpack(const void *data, size_t size, const char *name,
			     struct tracefile_content *ret, struct cov_error *err)
{
	if (is_gzip(data, size)) {
		int result = unpack(data, size, name, &ret->unpacked, err);

		if (result)
			return result;
		data = ret->unpacked.data;
		size = ret->unpacked.length;
	}
	ret->text = size ? data : "";
	ret->text_bytes = size;
	return 0;
}

void tracefile_content_deinit(struct tracefile_content *content)
{
	cov_text_deinit(&content->unpacked);
}
