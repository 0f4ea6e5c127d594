/* gcda.c - reader of .gcda (data) files: the counters of one object. */
#include "collector/gcov/gcda.h"

#include <string.h>

#include "collector/base/cursor.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/gcov/gcov_format.h"

struct reader {
	struct cov_cursor cursor;
	const struct gcov_format *format;
	struct gcda *gcda;
	bool has_function; /* the last function record takes counters */
};

static int read_header(struct reader *reader, struct cov_error *err)
{
	struct cov_cursor *cursor = &reader->cursor;

	if (cursor->size == 0)
		return cov_fail(err, COV_ERR_FORMAT, "the file is empty");
	if (!gcov_format_read_magic(cursor, GCOV_DATA_MAGIC))
		return cov_fail(err, COV_ERR_FORMAT, "not a gcov data file");
	reader->gcda->version = cov_cursor_u32(cursor);
	reader->gcda->stamp = cov_cursor_u32(cursor);
	reader->format = gcov_format_data(reader->gcda->version, cursor);
	if (!cursor->is_short && !reader->format) {
		char version[GCOV_VERSION_TEXT_BYTES];

		gcov_format_version_text(reader->gcda->version, version);
		return cov_fail(err, COV_ERR_MISMATCH, "data of an unknown compiler version: %s",
				version);
	}
	if (reader->format && reader->format->has_checksum_word)
		cov_cursor_u32(cursor);
	if (cursor->is_short)
		return cov_fail(err, COV_ERR_TRUNCATED, "cut short at byte %zu, within the header",
				cursor->size);
	return 0;
}

static int read_function(struct reader *reader, size_t length_bytes, struct cov_error *err)
{
	struct gcda *gcda = reader->gcda;
	struct cov_cursor *cursor = &reader->cursor;

	/* An empty record stands for a function that the linker took from another object. */
	if (length_bytes == 0) {
		reader->has_function = false;
		return 0;
	}
	bool has_cfg_checksum = reader->format->has_cfg_checksum;
	size_t expected_bytes =
	    (has_cfg_checksum ? GCOV_FUNCTION_WORDS : GCOV_FUNCTION_WORDS - 1) * GCOV_WORD_BYTES;
	if (length_bytes != expected_bytes)
		return cov_fail(err, COV_ERR_FORMAT,
				"a function record of %zu bytes at byte %zu, not %zu", length_bytes,
				cursor->offset, expected_bytes);
	gcda->functions = cov_grow(gcda->functions, gcda->function_count, &gcda->function_capacity,
				   sizeof(*gcda->functions));

	struct gcda_function *function = &gcda->functions[gcda->function_count++];
	*function = (struct gcda_function){ .ident = cov_cursor_u32(cursor) };
	function->lineno_checksum = cov_cursor_u32(cursor);
	if (has_cfg_checksum)
		function->cfg_checksum = cov_cursor_u32(cursor);
	reader->has_function = true;
	return 0;
}

/* A second counter record for a function becomes a function of its own: both are added. */
static void read_counters(struct reader *reader, size_t count, bool is_zero)
{
	struct gcda *gcda = reader->gcda;

	if (gcda->functions[gcda->function_count - 1].has_counters) {
		gcda->functions = cov_grow(gcda->functions, gcda->function_count,
					   &gcda->function_capacity, sizeof(*gcda->functions));
		gcda->functions[gcda->function_count] = gcda->functions[gcda->function_count - 1];
		gcda->function_count++;
	}

	struct gcda_function *function = &gcda->functions[gcda->function_count - 1];
	function->has_counters = true;
	function->is_zero = is_zero;
	function->counter_first = gcda->counter_count;
	function->counter_count = (uint32_t)count;
	if (is_zero)
		return;
	if (gcda->counter_count + count > gcda->counter_capacity) {
		gcda->counter_capacity = 2 * (gcda->counter_count + count);
		gcda->counters = cov_xreallocarray(gcda->counters, gcda->counter_capacity,
						   sizeof(*gcda->counters));
	}
	struct cov_words words =
	    cov_cursor_words(&reader->cursor, count * GCOV_COUNTER_BYTES / GCOV_WORD_BYTES);
	int64_t *counters = gcda->counters + gcda->counter_count;
	gcda->counter_count += function->counter_count;
	for (size_t i = 0; i < count; i++)
		counters[i] = (int64_t)cov_word_counter(words, i);
}

static int read_record(struct reader *reader, uint32_t tag, uint32_t length, struct cov_error *err)
{
	struct cov_cursor *cursor = &reader->cursor;
	size_t unit_bytes = reader->format->is_length_in_bytes ? 1 : GCOV_WORD_BYTES;
	bool is_zero = gcov_format_is_counters(tag) && (int32_t)length < 0;
	uint32_t length_units = is_zero ? 0 - length : length;
	size_t length_bytes = length_units * unit_bytes;
	size_t payload_offset = cursor->offset;
	int result = 0;

	/* A negative length, GCC 11 and newer: so many counters of any kind, all 0, without a
	 * payload. */
	if (!is_zero && length_bytes > cov_cursor_left(cursor))
		return cov_fail(
		    err, COV_ERR_TRUNCATED,
		    "cut short: the record at byte %zu has %zu bytes, the file only %zu more",
		    payload_offset - 2 * GCOV_WORD_BYTES, length_bytes, cov_cursor_left(cursor));
	if (tag == GCOV_TAG_FUNCTION)
		result = read_function(reader, length_bytes, err);
	else if (tag == GCOV_TAG_ARC_COUNTERS && reader->has_function)
		read_counters(reader, length_bytes / GCOV_COUNTER_BYTES, is_zero);
	cursor->offset = payload_offset + (is_zero ? 0 : length_bytes);
	return result;
}

static int read_records(struct reader *reader, struct cov_error *err)
{
	struct cov_cursor *cursor = &reader->cursor;

	while (cov_cursor_left(cursor) > 0) {
		size_t offset = cursor->offset;
		uint32_t tag = cov_cursor_u32(cursor);

		if (tag == 0 && !cursor->is_short) {
			reader->gcda->has_end_marker = true;
			return 0;
		}
		uint32_t length = cov_cursor_u32(cursor);
		if (cursor->is_short)
			return cov_fail(err, COV_ERR_TRUNCATED,
					"cut short at byte %zu, within the record at byte %zu",
					cursor->size, offset);
		int result = read_record(reader, tag, length, err);
		if (result)
			return result;
	}
	return 0;
}

/* Nothing but memory. */
static void clear(struct gcda *gcda)
{
	*gcda = (struct gcda){
		.functions = gcda->functions,
		.counters = gcda->counters,
		.function_capacity = gcda->function_capacity,
		.counter_capacity = gcda->counter_capacity,
	};
}

int gcda_parse(const void *data, size_t size, struct gcda *out, struct cov_error *err)
{
	struct reader reader = { .cursor = { .data = data, .size = size }, .gcda = out };

	clear(out);
	int result = read_header(&reader, err);
	if (result == 0)
		result = read_records(&reader, err);
	if (result)
		clear(out);
	return result;
}

void gcda_deinit(struct gcda *gcda)
{
	free(gcda->functions);
	free(gcda->counters);
	memset(gcda, 0, sizeof(*gcda));
}
