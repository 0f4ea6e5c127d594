/* report_data.c - a part of the report's data as a script that the page can load from disk. */
#include "venn/report/report_data.h"

#include <libdeflate.h>
#include <nettle_late.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"

enum { COMPRESSION_LEVEL = 6 };

/* @json compressed with gzip, or NULL without memory for it; free() it. */
static unsigned char *compress(const struct cov_text *json, size_t *size)
{
	struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(COMPRESSION_LEVEL);

	if (!compressor)
		return NULL;
	size_t bound = libdeflate_gzip_compress_bound(compressor, json->length);
	unsigned char *bytes = cov_xmalloc(bound);

	*size = libdeflate_gzip_compress(compressor, json->data, json->length, bytes, bound);
	libdeflate_free_compressor(compressor);
	return bytes;
}

int report_data_write(const char *directory, const char *name, struct cov_text *json, size_t *size,
		      struct cov_error *err)
{
	COV_AUTO(free) char *path = cov_format("%s/%s.js", directory, name);
	COV_AUTO(cov_text_deinit) struct cov_text text = { 0 };
	size_t compressed_size;
	COV_AUTO(free) unsigned char *compressed = compress(json, &compressed_size);

	cov_text_deinit(json);
	int result = nettle_late_open(err);
	if (result)
		return result;
	if (!compressed)
		return cov_fail(err, COV_ERR_SYSTEM, "cannot write %s: out of memory", path);
	cov_text_print(&text, "covdbPart(\"%s\",\"", name);
	base64_encode_raw(cov_text_reserve(&text, BASE64_ENCODE_RAW_LENGTH(compressed_size)),
			  compressed_size, compressed);
	text.length += BASE64_ENCODE_RAW_LENGTH(compressed_size);
	cov_text_print(&text, "\")\n");

	*size += text.length;
	return cov_file_create(path, text.data, text.length, err);
}
