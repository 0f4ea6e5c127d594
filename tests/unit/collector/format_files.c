/* format_files.c - notes and data of compilers that cannot be installed here, built field by field.
 */
#include "tests/unit/collector/format_files.h"

#include <string.h>

const struct layout format_gcc[FORMAT_GCC_COUNT] = {
	{ .version = "407*", .is_exit_last = true, .is_sum = true },
	{ .version = "408*", .is_sum = true },
	{ .version = "409*", .is_sum = true },
	{ .version = "501*", .is_sum = true },
	{ .version = "504*", .is_sum = true },
	{ .version = "603*", .is_sum = true },
	{ .version = "A73*", .is_sum = true },
	{ .version = "A83*",
	  .has_flag = true,
	  .has_artificial = true,
	  .has_block_count = true,
	  .has_any_cycle = true },
	{ .version = "A85*", .has_flag = true, .has_artificial = true, .has_block_count = true },
#define SINCE_9                                                                                    \
	.has_cwd = true, .has_flag = true, .has_artificial = true, .has_end_column = true,         \
	.has_block_count = true
	{ .version = "A92*", .has_any_cycle = true, SINCE_9 },
	{ .version = "A93*", SINCE_9 },
	{ .version = "B02*", SINCE_9 },
	{ .version = "B13*", SINCE_9 },
	{ .version = "B22*", .is_in_bytes = true, .has_checksum = true, SINCE_9 },
	{ .version = "B32*", .is_in_bytes = true, .has_checksum = true, SINCE_9 },
	{ .version = "B42*", .is_in_bytes = true, .has_checksum = true, SINCE_9 },
	{ .version = "B51*", .is_in_bytes = true, .has_checksum = true, SINCE_9 },
};

/* The layouts that clang writes; above the last stands whatever word it was told. */
const struct layout format_clang[FORMAT_CLANG_COUNT] = {
	{ .version = "402*", .has_no_cfg = true, .is_exit_last = true },
	{ .version = "407*", .is_exit_last = true },
	{ .version = "408*" },
	{ .version = "A73*" },
	{ .version = "A83*", .has_flag = true, .has_artificial = true, .has_block_count = true },
	{ .version = "A93*", SINCE_9 },
	{ .version = "B13*", SINCE_9 },
	{ .version = "B22*", SINCE_9 },
	{ .version = "B51*", SINCE_9 },
};

void format_put(struct writer *writer, uint32_t word)
{
	if (writer->is_swapped)
		word = __builtin_bswap32(word);
	cov_text_add(&writer->out, &word, sizeof(word));
}

static void put_text(struct writer *writer, const char *text)
{
	size_t length = strlen(text);

	format_put(writer, (uint32_t)(writer->layout->is_in_bytes ? length + 1 : length / 4 + 1));
	cov_text_add(&writer->out, text, length + 1);
	if (!writer->layout->is_in_bytes)
		cov_text_add(&writer->out, "\0\0\0", 3 - length % 4);
}

void format_start_record(struct writer *writer, uint32_t tag)
{
	format_put(writer, tag);
	writer->record = writer->out.length;
	format_put(writer, 0);
}

void format_end_record(struct writer *writer)
{
	uint32_t length = (uint32_t)(writer->out.length - writer->record - 4);

	length = writer->layout->is_in_bytes ? length : length / 4;
	if (writer->is_swapped)
		length = __builtin_bswap32(length);
	memcpy(writer->out.data + writer->record, &length, 4);
}

void format_put_record(struct writer *writer, uint32_t tag, const uint32_t *words, size_t count)
{
	format_start_record(writer, tag);
	for (size_t i = 0; i < count; i++)
		format_put(writer, words[i]);
	format_end_record(writer);
}

static uint32_t version_word(const struct layout *layout)
{
	const unsigned char *text = (const unsigned char *)layout->version;

	return (uint32_t)text[0] << 24 | (uint32_t)text[1] << 16 | (uint32_t)text[2] << 8 | text[3];
}

/* The loop of "for (i = 0; i < 4; i++) s += f(i);", all on line 7, the call may not return. */
const struct made_function format_loop = {
	.ident = 0x067072eb,
	.name = "main",
	.line = 7,
	.block_count = 8,
	.arcs = { { 0, 2, FALLTHROUGH },
		  { 2, 5, ON_TREE | FALLTHROUGH },
		  { 3, 4, FALLTHROUGH },
		  { 3, 1, ON_TREE | FAKE },
		  { 4, 5, ON_TREE | FALLTHROUGH },
		  { 5, 3, 0 },
		  { 5, 6, ON_TREE | FALLTHROUGH },
		  { 6, 7, ON_TREE | FALLTHROUGH },
		  { 7, 1, ON_TREE } },
	.lines = { { 2, 7 }, { 3, 7 }, { 4, 7 }, { 5, 7 }, { 6, 7 } },
};

/* "if (x > 1) return x * 2; return 0;" on lines 3 to 5. */
const struct made_function format_choice = {
	.ident = 0x0433e5cc,
	.name = "f",
	.line = 1,
	.block_count = 6,
	.arcs = { { 0, 2, FALLTHROUGH },
		  { 2, 3, FALLTHROUGH },
		  { 2, 4, ON_TREE },
		  { 3, 5, ON_TREE | FALLTHROUGH },
		  { 4, 5, ON_TREE | FALLTHROUGH },
		  { 5, 1, ON_TREE } },
	.lines = { { 2, 1 }, { 3, 4 }, { 4, 5 } },
};

/* As clang makes them: functions numbered from 0, no FAKE and no FALLTHROUGH. */
const struct made_function format_clang_loop = {
	.ident = 0,
	.name = "main",
	.line = 3,
	.block_count = 6,
	.arcs = { { 0, 2, ON_TREE },
		  { 2, 3, ON_TREE },
		  { 3, 4, ON_TREE },
		  { 3, 5, 0 },
		  { 4, 3, 0 },
		  { 5, 1, ON_TREE } },
	.lines = { { 2, 3 }, { 3, 6 }, { 3, 4 }, { 4, 4 }, { 5, 5 } },
};

static uint32_t block_number(const struct layout *layout, const struct made_function *function,
			     uint32_t block)
{
	if (!layout->is_exit_last || block == 0)
		return block;
	return block == 1 ? function->block_count - 1 : block - 1;
}

void format_put_header(struct writer *writer, uint32_t magic)
{
	format_put(writer, magic);
	format_put(writer, version_word(writer->layout));
	format_put(writer, STAMP);
	/* Any value: libgcov writes one, notes and the kernel have 0. */
	if (writer->layout->has_checksum)
		format_put(writer, magic == 0x67636461 ? 0x3b1e23d5 : 0);
}

static uint32_t cfg_checksum(const struct made_function *function)
{
	return function->ident ? 0x93d19550 + function->ident : STAMP;
}

void format_put_function(struct writer *writer, const struct made_function *function)
{
	const struct layout *layout = writer->layout;

	format_start_record(writer, 0x01000000);
	format_put(writer, function->ident);
	format_put(writer, 0x20e93125);
	if (!layout->has_no_cfg)
		format_put(writer, cfg_checksum(function));
	put_text(writer, function->name);
	if (layout->has_artificial)
		format_put(writer, 0);
	put_text(writer, "hello.c");
	format_put(writer, function->line);
	if (layout->has_artificial) {
		format_put(writer, 5);
		format_put(writer, function->line);
	}
	if (layout->has_end_column)
		format_put(writer, 85);
	format_end_record(writer);

	format_start_record(writer, 0x01410000);
	for (uint32_t i = 0; i < function->block_count && !layout->has_block_count; i++)
		format_put(writer, 0);
	if (layout->has_block_count)
		format_put(writer, function->block_count);
	format_end_record(writer);
}

static void put_arcs(struct writer *writer, const struct made_function *function)
{
	for (uint32_t i = 0; function->arcs[i][0] || function->arcs[i][1];) {
		uint32_t source = function->arcs[i][0];

		format_start_record(writer, 0x01430000);
		format_put(writer, block_number(writer->layout, function, source));
		for (; function->arcs[i][1] && function->arcs[i][0] == source; i++) {
			format_put(writer,
				   block_number(writer->layout, function, function->arcs[i][1]));
			format_put(writer, function->arcs[i][2]);
		}
		format_end_record(writer);
	}
}

/* Before GCC 8 the file is only named when it changes. */
void format_put_lines(struct writer *writer, const struct made_function *function)
{
	for (uint32_t i = 0; function->lines[i][0];) {
		uint32_t block = function->lines[i][0];

		format_start_record(writer, 0x01450000);
		format_put(writer, block_number(writer->layout, function, block));
		if (writer->layout->has_artificial || !function->ident) {
			format_put(writer, 0);
			put_text(writer, "hello.c");
		}
		for (; function->lines[i][0] == block; i++)
			format_put(writer, function->lines[i][1]);
		format_put(writer, 0);
		format_put(writer, 0);
		format_end_record(writer);
	}
}

/* Between the records that matter: conditions (GCC 14), paths (GCC 15), one of the future. */
static void put_unknown_parts(struct writer *writer)
{
	static const uint32_t words[] = { 3, 1, 0x01450000, 0xffffffff };

	format_put_record(writer, 0x01470000, words, 2);
	format_put_record(writer, 0x01490000, words, 4);
	format_put_record(writer, 0x01510000, words, 0);
}

struct writer format_make_notes(const struct layout *layout, bool is_swapped,
				const struct made_function *const *functions)
{
	struct writer writer = { .layout = layout, .is_swapped = is_swapped };

	format_put_header(&writer, 0x67636e6f);
	if (layout->has_cwd)
		put_text(&writer, functions[0]->ident ? "/usr/src/hello" : "");
	if (layout->has_flag)
		format_put(&writer, 1);
	for (size_t i = 0; i < FUNCTIONS_MAX && functions[i]; i++) {
		format_put_function(&writer, functions[i]);
		put_unknown_parts(&writer);
		put_arcs(&writer, functions[i]);
		format_put_lines(&writer, functions[i]);
	}
	format_put_record(&writer, 0xa5000000, (const uint32_t[]){ 9, 9 }, 2);
	return writer;
}

static void put_counters(struct writer *writer, const struct made_counters *counters)
{
	uint32_t unit = writer->layout->is_in_bytes ? 8 : 2;

	format_start_record(writer, 0x01000000);
	if (counters->function) {
		format_put(writer, counters->function->ident);
		format_put(writer, 0x20e93125);
		if (!writer->layout->has_no_cfg)
			format_put(writer, cfg_checksum(counters->function));
	}
	format_end_record(writer);
	if (!counters->function)
		return;
	format_put_record(writer, 0x01a30000, (const uint32_t[]){ 77, 0 }, 2); /* another kind */
	if (counters->is_negative_length) {
		format_put(writer, 0x01a10000);
		format_put(writer, 0 - unit * (uint32_t)counters->count);
		return;
	}
	format_start_record(writer, 0x01a10000);
	for (size_t i = 0; i < counters->count; i++) {
		format_put(writer, (uint32_t)counters->values[i]);
		format_put(writer, (uint32_t)((uint64_t)counters->values[i] >> 32));
	}
	format_end_record(writer);
}

/* As libgcov writes, with summary and end marker, or as the kernel does, without. */
struct writer format_make_data(const struct layout *layout, bool is_swapped, bool is_libgcov,
			       const struct made_counters *list, size_t count)
{
	struct writer writer = { .layout = layout, .is_swapped = is_swapped };

	format_put_header(&writer, 0x67636461);
	/* A summary: clang has none before the functions. */
	if (is_libgcov && layout >= format_gcc && layout < format_gcc + FORMAT_GCC_COUNT)
		format_put_record(&writer, layout->has_cwd ? 0xa1000000 : 0xa3000000,
				  (const uint32_t[]){ 1, 4, 5 }, layout->has_cwd ? 2 : 3);
	for (size_t i = 0; i < count; i++)
		put_counters(&writer, &list[i]);
	if (is_libgcov) {
		format_put(&writer, 0);
		format_put(&writer, 0xdeadbeef); /* nothing counts behind the marker */
	}
	return writer;
}
