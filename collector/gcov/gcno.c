/* gcno.c - reader of .gcno (notes) files: the flow graphs of one object's functions. */
#include "collector/gcov/gcno.h"

#include <string.h>

#include "collector/base/cursor.h"
#include "collector/base/error.h"
#include "collector/base/text.h"

enum { NO_BLOCK = UINT32_MAX, INSERTION_SORT_MAX = 64 };

/* What grows while a file is read; the counts are in struct gcno. */
struct reader {
	struct cov_cursor cursor; /* its size is the end of the current record */
	size_t file_size;
	struct gcno *gcno;
	uint32_t *source_table; /* [source_table_size], index + 1 by hash of the name; owned */
	uint32_t source_table_size;
	const unsigned char *last_record; /* [last_record_bytes], the name of the source met last */
	size_t last_record_bytes;         /* its length word included; 0: not in the file */
	uint32_t last_source;
	bool has_function; /* the last function of gcno.functions takes records */
};

static void reader_deinit(struct reader *reader)
{
	free(reader->source_table);
}

COV_DEFINE_AUTO_STRUCT(struct reader, reader_deinit)

static int fail_at(const struct reader *reader, struct cov_error *err, const char *what)
{
	return cov_fail(err, COV_ERR_FORMAT, "%s at byte %zu", what, reader->cursor.offset);
}

/* A string: its first byte and length without padding; NULL for the empty record. */
static int read_string(struct reader *reader, const char **text, size_t *length,
		       struct cov_error *err)
{
	size_t length_bytes = cov_cursor_u32(&reader->cursor);

	if (!reader->gcno->format->is_length_in_bytes)
		length_bytes *= GCOV_WORD_BYTES;
	*text = NULL;
	*length = 0;
	if (length_bytes == 0)
		return 0;
	const char *bytes = cov_cursor_bytes(&reader->cursor, length_bytes);
	if (!bytes)
		return fail_at(reader, err, "a string is cut short");
	if (bytes[length_bytes - 1] != '\0')
		return fail_at(reader, err, "a string does not end in NUL");
	*text = bytes;
	*length = strlen(bytes);
	return 0;
}

static void rehash_sources(struct reader *reader)
{
	struct gcno *gcno = reader->gcno;
	uint32_t size = reader->source_table_size ? 2 * reader->source_table_size : 64;

	free(reader->source_table);
	reader->source_table = cov_xcalloc(size, sizeof(*reader->source_table));
	reader->source_table_size = size;
	for (uint32_t i = 0; i < gcno->source_count; i++) {
		size_t place =
		    cov_text_hash(gcno->sources[i], strlen(gcno->sources[i])) & (size - 1);

		while (reader->source_table[place])
			place = (place + 1) & (size - 1);
		reader->source_table[place] = i + 1;
	}
}

/* Index of a source name, which is added when it is new. */
static uint32_t intern_source(struct reader *reader, const char *name, size_t length)
{
	struct gcno *gcno = reader->gcno;

	if (2 * gcno->source_count >= reader->source_table_size)
		rehash_sources(reader);

	size_t mask = reader->source_table_size - 1;
	size_t place = cov_text_hash(name, length) & mask;
	for (; reader->source_table[place]; place = (place + 1) & mask) {
		const char *other = gcno->sources[reader->source_table[place] - 1];

		if (strncmp(other, name, length) == 0 && other[length] == '\0')
			break;
	}
	if (!reader->source_table[place]) {
		gcno->sources = cov_grow(gcno->sources, gcno->source_count, &gcno->room.sources,
					 sizeof(*gcno->sources));
		gcno->sources[gcno->source_count++] = cov_arena_text(&gcno->arena, name, length);
		reader->source_table[place] = gcno->source_count;
	}
	return reader->source_table[place] - 1;
}

/* The name of the source met last, once more: most are. Return: whether it was that, and is read.
 */
static bool skip_last_source(struct reader *reader)
{
	struct cov_cursor *cursor = &reader->cursor;
	size_t size = reader->last_record_bytes;

	if (!size || cov_cursor_left(cursor) < size ||
	    memcmp(cursor->data + cursor->offset, reader->last_record, size) != 0)
		return false;
	cursor->offset += size;
	return true;
}

/* The name of a source, which becomes the one met last. Return: 1, or 0 for the empty record. */
static int read_source(struct reader *reader, struct cov_error *err)
{
	const struct cov_cursor *cursor = &reader->cursor;
	size_t offset = cursor->offset;
	const char *name;
	size_t length;

	if (skip_last_source(reader))
		return 1;
	int result = read_string(reader, &name, &length, err);
	if (result || !name)
		return result;
	reader->last_source = intern_source(reader, name, length);
	reader->last_record = cursor->data + offset;
	reader->last_record_bytes = cursor->offset - offset;
	return 1;
}

static int read_header(struct reader *reader, struct cov_error *err)
{
	struct gcno *gcno = reader->gcno;
	const char *text;
	size_t length;

	if (!gcov_format_read_magic(&reader->cursor, GCOV_NOTES_MAGIC))
		return cov_fail(err, COV_ERR_FORMAT, "not a gcov notes file");
	gcno->version = cov_cursor_u32(&reader->cursor);
	gcno->stamp = cov_cursor_u32(&reader->cursor);
	gcno->format = gcov_format_notes(gcno->version, &reader->cursor);
	if (!gcno->format) {
		char version[GCOV_VERSION_TEXT_BYTES];

		gcov_format_version_text(gcno->version, version);
		return cov_fail(err, COV_ERR_FORMAT, "notes of an unknown compiler version: %s",
				version);
	}
	gcno->line_rule = gcno->format->line_rule;
	if (gcno->format->has_checksum_word)
		cov_cursor_u32(&reader->cursor);
	if (gcno->format->has_cwd) {
		int result = read_string(reader, &text, &length, err);

		if (result)
			return result;
		gcno->cwd = text ? cov_arena_text(&gcno->arena, text, length) : NULL;
	}
	if (gcno->format->has_unexecuted_flag)
		cov_cursor_u32(&reader->cursor);
	if (reader->cursor.is_short)
		return fail_at(reader, err, "the header is cut short");
	return 0;
}

static void add_function(struct reader *reader, struct gcno_function *function)
{
	struct gcno *gcno = reader->gcno;

	function->arc_first = gcno->arc_count;
	function->location_first = gcno->location_count;
	gcno->functions = cov_grow(gcno->functions, gcno->function_count, &gcno->room.functions,
				   sizeof(*gcno->functions));
	gcno->functions[gcno->function_count++] = *function;
}

static int read_function(struct reader *reader, struct cov_error *err)
{
	struct gcno *gcno = reader->gcno;
	const struct gcov_format *format = gcno->format;
	struct cov_cursor *cursor = &reader->cursor;
	struct gcno_function function = { 0 };
	const char *text;
	size_t length;

	function.ident = cov_cursor_u32(cursor);
	function.lineno_checksum = cov_cursor_u32(cursor);
	if (format->has_cfg_checksum)
		function.cfg_checksum = cov_cursor_u32(cursor);
	if (!gcno->function_count &&
	    gcov_format_is_clang(format, gcno->stamp, function.ident, function.cfg_checksum))
		gcno->line_rule = GCOV_LINES_LLVM;
	int result = read_string(reader, &text, &length, err);
	if (result)
		return result;
	function.name = cov_arena_text(&gcno->arena, text ? text : "", length);
	if (format->has_artificial)
		function.is_artificial = cov_cursor_u32(cursor) != 0;
	result = read_source(reader, err);
	if (result < 0)
		return result;
	/* gcov calls a source without a name <unknown>. */
	if (!result) {
		reader->last_source = intern_source(reader, "<unknown>", strlen("<unknown>"));
		reader->last_record_bytes = 0;
	}
	function.source = reader->last_source;
	function.start_line = cov_cursor_u32(cursor);
	function.end_line = function.start_line;
	if (format->has_artificial) {
		function.start_column = cov_cursor_u32(cursor);
		function.end_line = cov_cursor_u32(cursor);
	}
	if (format->has_end_column)
		cov_cursor_u32(cursor);
	/* GCC before 11 writes an end before the start when the end is in another file. */
	if (function.end_line < function.start_line)
		function.end_line = function.start_line;
	add_function(reader, &function);
	reader->has_function = true;
	return 0;
}

static int read_blocks(struct reader *reader, size_t length_bytes, struct cov_error *err)
{
	struct gcno_function *function = &reader->gcno->functions[reader->gcno->function_count - 1];

	if (function->block_count)
		return fail_at(reader, err, "a function has two blocks records");
	function->block_count = reader->gcno->format->has_block_count
				    ? cov_cursor_u32(&reader->cursor)
				    : (uint32_t)(length_bytes / GCOV_WORD_BYTES);
	/* A block takes more than a byte of records, so this bounds what will be allocated. */
	if (function->block_count > reader->file_size)
		return fail_at(reader, err, "a function has more blocks than the file has bytes");
	return 0;
}

static int read_arcs(struct reader *reader, size_t length_bytes, struct cov_error *err)
{
	struct gcno *gcno = reader->gcno;
	struct gcno_function *function = &gcno->functions[gcno->function_count - 1];
	uint32_t source = cov_cursor_u32(&reader->cursor);
	size_t count =
	    length_bytes < GCOV_WORD_BYTES ? 0 : (length_bytes / GCOV_WORD_BYTES - 1) / 2;

	if (source >= function->block_count)
		return fail_at(reader, err, "arcs of a block that the function does not have");
	if (function->arc_count && gcno->arcs[gcno->arc_count - 1].source == source)
		return fail_at(reader, err, "a block has two arcs records");
	gcno->arcs =
	    cov_reserve(gcno->arcs, gcno->arc_count, count, &gcno->room.arcs, sizeof(*gcno->arcs));
	struct gcno_arc *arcs = gcno->arcs + gcno->arc_count;
	size_t first = reader->cursor.offset;
	struct cov_words words = cov_cursor_words(&reader->cursor, 2 * count);
	uint32_t block_count = function->block_count, counter_count = 0;
	for (size_t i = 0; i < count; i++) {
		uint32_t destination = cov_word(words, 2 * i), flags = cov_word(words, 2 * i + 1);

		if (destination >= block_count) {
			reader->cursor.offset = first + 2 * (i + 1) * GCOV_WORD_BYTES;
			return fail_at(reader, err, "an arc to a block that does not exist");
		}
		arcs[i] = (struct gcno_arc){ source, destination, flags };
		counter_count += !(flags & GCOV_ARC_ON_TREE);
	}
	function->counter_count += counter_count;
	gcno->arc_count += (uint32_t)count;
	function->arc_count += (uint32_t)count;
	return 0;
}

static int compare_lines(const void *a, const void *b)
{
	const uint32_t *first = a, *second = b;

	return (*first > *second) - (*first < *second);
}

/* Ascending: the lists are short and nearly sorted, except in damaged files. */
static void sort_lines(uint32_t *lines, uint32_t count)
{
	if (count > INSERTION_SORT_MAX) {
		qsort(lines, count, sizeof(*lines), compare_lines);
		return;
	}
	for (uint32_t i = 1; i < count; i++) {
		uint32_t line = lines[i];
		uint32_t place = i;

		for (; place > 0 && lines[place - 1] > line; place--)
			lines[place] = lines[place - 1];
		lines[place] = line;
	}
}

static void start_location(struct reader *reader, uint32_t block, uint32_t line_first)
{
	struct gcno *gcno = reader->gcno;
	struct gcno_function *function = &gcno->functions[gcno->function_count - 1];

	gcno->locations = cov_grow(gcno->locations, gcno->location_count, &gcno->room.locations,
				   sizeof(*gcno->locations));
	gcno->locations[gcno->location_count++] = (struct gcno_location){
		.block = block,
		.source = reader->last_source,
		.line_first = line_first,
	};
	function->location_count++;
}

/* Line numbers up to the next 0, which is read as well. There is room for all of the record. */
static void read_numbers(struct reader *reader)
{
	struct cov_cursor *cursor = &reader->cursor;
	struct cov_words words = cov_cursor_rest(cursor);
	uint32_t *lines = reader->gcno->lines + reader->gcno->line_count;
	size_t count = 0;

	for (; count < words.count; count++) {
		lines[count] = cov_word(words, count);
		if (!lines[count])
			break;
	}
	reader->gcno->line_count += (uint32_t)count;
	cursor->offset += count * GCOV_WORD_BYTES;
	cov_cursor_u32(cursor);
}

/* The lines that follow the name of a file, or that are first in a record. */
static int read_location_lines(struct reader *reader, uint32_t block, bool is_first,
			       struct cov_error *err)
{
	struct gcno *gcno = reader->gcno;
	uint32_t line_first = gcno->line_count;
	size_t offset = reader->cursor.offset;

	read_numbers(reader);
	if (gcno->line_count == line_first)
		return 0;
	/* Where the file is kept, it is the function's until another is named. */
	if (is_first && !gcno->format->is_file_kept) {
		reader->cursor.offset = offset + GCOV_WORD_BYTES;
		return fail_at(reader, err, "a line number without a file name");
	}
	if (is_first)
		start_location(reader, block, line_first);
	gcno->locations[gcno->location_count - 1].line_count = gcno->line_count - line_first;
	return 0;
}

static int read_lines(struct reader *reader, size_t length_bytes, struct cov_error *err)
{
	struct gcno *gcno = reader->gcno;
	struct gcno_function *function = &gcno->functions[gcno->function_count - 1];
	uint32_t block = cov_cursor_u32(&reader->cursor);
	uint32_t location_first = gcno->location_count;

	if (block >= function->block_count)
		return fail_at(reader, err, "lines of a block that the function does not have");
	gcno->lines = cov_reserve(gcno->lines, gcno->line_count, length_bytes / GCOV_WORD_BYTES,
				  &gcno->room.lines, sizeof(*gcno->lines));
	for (;;) {
		bool is_first = gcno->location_count == location_first;
		int result = read_location_lines(reader, block, is_first, err);

		if (result == 0)
			result = read_source(reader, err);
		if (result < 0)
			return result;
		if (reader->cursor.is_short)
			return fail_at(reader, err, "a lines record is cut short");
		if (!result)
			break;
		start_location(reader, block, gcno->line_count);
	}
	bool is_sorted = gcno->line_rule != GCOV_LINES_SUM && gcno->line_rule != GCOV_LINES_LLVM;
	for (uint32_t i = location_first; i < gcno->location_count && is_sorted; i++)
		sort_lines(gcno->lines + gcno->locations[i].line_first,
			   gcno->locations[i].line_count);
	return 0;
}

/* The tags below a function's share its high byte; another one ends the function. */
static bool is_function_part(uint32_t tag)
{
	return (tag & 0xff000000) == GCOV_TAG_FUNCTION && (tag & 0x0000ffff) == 0;
}

static int read_record(struct reader *reader, uint32_t tag, size_t length_bytes,
		       struct cov_error *err)
{
	if (tag == GCOV_TAG_FUNCTION)
		return read_function(reader, err);
	if (!is_function_part(tag))
		reader->has_function = false;
	if (!reader->has_function)
		return 0;
	if (tag == GCOV_TAG_BLOCKS)
		return read_blocks(reader, length_bytes, err);
	if (tag == GCOV_TAG_ARCS)
		return read_arcs(reader, length_bytes, err);
	if (tag == GCOV_TAG_LINES)
		return read_lines(reader, length_bytes, err);
	return 0;
}

static int read_records(struct reader *reader, struct cov_error *err)
{
	struct cov_cursor *cursor = &reader->cursor;

	while (cov_cursor_left(cursor) >= 2 * GCOV_WORD_BYTES) {
		size_t record_offset = cursor->offset;
		uint32_t tag = cov_cursor_u32(cursor);
		size_t length_bytes = cov_cursor_u32(cursor);
		size_t payload_offset = cursor->offset;

		if (tag == 0)
			return 0;
		if (!reader->gcno->format->is_length_in_bytes)
			length_bytes *= GCOV_WORD_BYTES;
		if (length_bytes > cov_cursor_left(cursor))
			return cov_fail(
			    err, COV_ERR_FORMAT,
			    "the record at byte %zu has %zu bytes, the file only %zu more",
			    record_offset, length_bytes, cov_cursor_left(cursor));
		/* A record is read within its own bounds. */
		cursor->size = payload_offset + length_bytes;
		int result = read_record(reader, tag, length_bytes, err);
		if (result == 0 && cursor->is_short)
			result = fail_at(reader, err, "a record is cut short");
		if (result)
			return result;
		cursor->size = reader->file_size;
		cursor->offset = payload_offset + length_bytes;
	}
	if (cov_cursor_left(cursor) != 0 &&
	    !(cov_cursor_left(cursor) == GCOV_WORD_BYTES && cov_cursor_u32(cursor) == 0))
		return fail_at(reader, err, "the file ends inside a record");
	return 0;
}

/* An array is never NULL, not even an empty one: C allows no offset to NULL, not even 0. */
static void reserve_arrays(struct gcno *gcno)
{
	struct gcno_room *room = &gcno->room;

	gcno->functions = cov_grow(gcno->functions, 0, &room->functions, sizeof(*gcno->functions));
	gcno->arcs = cov_grow(gcno->arcs, 0, &room->arcs, sizeof(*gcno->arcs));
	gcno->locations = cov_grow(gcno->locations, 0, &room->locations, sizeof(*gcno->locations));
	gcno->lines = cov_grow(gcno->lines, 0, &room->lines, sizeof(*gcno->lines));
}

/* Nothing but memory. */
static void clear(struct gcno *gcno)
{
	cov_arena_clear(&gcno->arena);
	*gcno = (struct gcno){
		.sources = gcno->sources,
		.functions = gcno->functions,
		.arcs = gcno->arcs,
		.locations = gcno->locations,
		.lines = gcno->lines,
		.arena = gcno->arena,
		.room = gcno->room,
	};
}

int gcno_parse(const void *data, size_t size, struct gcno *out, struct cov_error *err)
{
	COV_AUTO(reader_deinit)
	struct reader reader = {
		.cursor = { .data = data, .size = size },
		.file_size = size,
		.gcno = out,
	};

	clear(out);
	reserve_arrays(out);
	int result = read_header(&reader, err);
	if (result == 0)
		result = read_records(&reader, err);
	if (result)
		clear(out);
	return result;
}

void gcno_deinit(struct gcno *gcno)
{
	free(gcno->sources);
	free(gcno->functions);
	free(gcno->arcs);
	free(gcno->locations);
	free(gcno->lines);
	cov_arena_deinit(&gcno->arena);
	memset(gcno, 0, sizeof(*gcno));
}
