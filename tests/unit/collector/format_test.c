/*
 * format_test.c - files of compilers that cannot be installed here, built field by field.
 *
 * The layouts stand below as the description of the format has them, not as covdb's table does.
 */
#include "tests/unit/fixture.h"

#include "collector/decode/counters.h"
#include "collector/gcov/gcno.h"
#include "collector/plan/compile.h"
#include "collector/plan/evaluate.h"
#include "collector/plan/pack.h"
#include "collector/plan/plan.h"

enum {
	STAMP = 0x5a3d0001,
	ON_TREE = 1,
	FAKE = 2,
	FALLTHROUGH = 4,
	FUNCTIONS_MAX = 2,
	WORDS_MAX = 16,
};

struct layout {
	const char *version;
	bool is_in_bytes;    /* lengths; strings are not padded then */
	bool has_checksum;   /* word in both headers */
	bool has_cwd;        /* string in the notes' header */
	bool has_flag;       /* unexecuted blocks, in the notes' header */
	bool has_no_cfg;     /* function records have one checksum */
	bool has_artificial; /* flag, start column, end line */
	bool has_end_column;
	bool has_block_count; /* one word */
	bool is_exit_last;
	bool is_sum;        /* a line is the sum of its blocks */
	bool has_any_cycle; /* cycles below 0 count */
};

static const struct layout gcc[] = {
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
static const struct layout clang[] = {
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

/* A file being written. */
struct writer {
	const struct layout *layout;
	bool is_swapped; /* in the other byte order */
	struct cov_text out;
	size_t record; /* offset of the open record's length */
};

static void put(struct writer *writer, uint32_t word)
{
	if (writer->is_swapped)
		word = __builtin_bswap32(word);
	cov_text_add(&writer->out, &word, sizeof(word));
}

static void put_text(struct writer *writer, const char *text)
{
	size_t length = strlen(text);

	put(writer, (uint32_t)(writer->layout->is_in_bytes ? length + 1 : length / 4 + 1));
	cov_text_add(&writer->out, text, length + 1);
	if (!writer->layout->is_in_bytes)
		cov_text_add(&writer->out, "\0\0\0", 3 - length % 4);
}

static void start_record(struct writer *writer, uint32_t tag)
{
	put(writer, tag);
	writer->record = writer->out.length;
	put(writer, 0);
}

static void end_record(struct writer *writer)
{
	uint32_t length = (uint32_t)(writer->out.length - writer->record - 4);

	length = writer->layout->is_in_bytes ? length : length / 4;
	if (writer->is_swapped)
		length = __builtin_bswap32(length);
	memcpy(writer->out.data + writer->record, &length, 4);
}

static void put_record(struct writer *writer, uint32_t tag, const uint32_t *words, size_t count)
{
	start_record(writer, tag);
	for (size_t i = 0; i < count; i++)
		put(writer, words[i]);
	end_record(writer);
}

static uint32_t version_word(const struct layout *layout)
{
	const unsigned char *text = (const unsigned char *)layout->version;

	return (uint32_t)text[0] << 24 | (uint32_t)text[1] << 16 | (uint32_t)text[2] << 8 | text[3];
}

/* One function, with the exit as block 1. */
struct made_function {
	uint32_t ident;
	const char *name;
	uint32_t line;
	uint32_t block_count;
	uint32_t arcs[WORDS_MAX][3];  /* source, destination, flags; ends with 0, 0 */
	uint32_t lines[WORDS_MAX][2]; /* block, line; ends with 0 */
};

/* The loop of "for (i = 0; i < 4; i++) s += f(i);", all on line 7, the call may not return. */
static const struct made_function loop = {
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
static const struct made_function choice = {
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
static const struct made_function clang_loop = {
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

static void put_header(struct writer *writer, uint32_t magic)
{
	put(writer, magic);
	put(writer, version_word(writer->layout));
	put(writer, STAMP);
	/* Any value: libgcov writes one, notes and the kernel have 0. */
	if (writer->layout->has_checksum)
		put(writer, magic == 0x67636461 ? 0x3b1e23d5 : 0);
}

static uint32_t cfg_checksum(const struct made_function *function)
{
	return function->ident ? 0x93d19550 + function->ident : STAMP;
}

static void put_function(struct writer *writer, const struct made_function *function)
{
	const struct layout *layout = writer->layout;

	start_record(writer, 0x01000000);
	put(writer, function->ident);
	put(writer, 0x20e93125);
	if (!layout->has_no_cfg)
		put(writer, cfg_checksum(function));
	put_text(writer, function->name);
	if (layout->has_artificial)
		put(writer, 0);
	put_text(writer, "hello.c");
	put(writer, function->line);
	if (layout->has_artificial) {
		put(writer, 5);
		put(writer, function->line);
	}
	if (layout->has_end_column)
		put(writer, 85);
	end_record(writer);

	start_record(writer, 0x01410000);
	for (uint32_t i = 0; i < function->block_count && !layout->has_block_count; i++)
		put(writer, 0);
	if (layout->has_block_count)
		put(writer, function->block_count);
	end_record(writer);
}

static void put_arcs(struct writer *writer, const struct made_function *function)
{
	for (uint32_t i = 0; function->arcs[i][0] || function->arcs[i][1];) {
		uint32_t source = function->arcs[i][0];

		start_record(writer, 0x01430000);
		put(writer, block_number(writer->layout, function, source));
		for (; function->arcs[i][1] && function->arcs[i][0] == source; i++) {
			put(writer, block_number(writer->layout, function, function->arcs[i][1]));
			put(writer, function->arcs[i][2]);
		}
		end_record(writer);
	}
}

/* Before GCC 8 the file is only named when it changes. */
static void put_lines(struct writer *writer, const struct made_function *function)
{
	for (uint32_t i = 0; function->lines[i][0];) {
		uint32_t block = function->lines[i][0];

		start_record(writer, 0x01450000);
		put(writer, block_number(writer->layout, function, block));
		if (writer->layout->has_artificial || !function->ident) {
			put(writer, 0);
			put_text(writer, "hello.c");
		}
		for (; function->lines[i][0] == block; i++)
			put(writer, function->lines[i][1]);
		put(writer, 0);
		put(writer, 0);
		end_record(writer);
	}
}

/* Between the records that matter: conditions (GCC 14), paths (GCC 15), one of the future. */
static void put_unknown_parts(struct writer *writer)
{
	static const uint32_t words[] = { 3, 1, 0x01450000, 0xffffffff };

	put_record(writer, 0x01470000, words, 2);
	put_record(writer, 0x01490000, words, 4);
	put_record(writer, 0x01510000, words, 0);
}

static struct writer make_notes(const struct layout *layout, bool is_swapped,
				const struct made_function *const *functions)
{
	struct writer writer = { .layout = layout, .is_swapped = is_swapped };

	put_header(&writer, 0x67636e6f);
	if (layout->has_cwd)
		put_text(&writer, functions[0]->ident ? "/usr/src/hello" : "");
	if (layout->has_flag)
		put(&writer, 1);
	for (size_t i = 0; i < FUNCTIONS_MAX && functions[i]; i++) {
		put_function(&writer, functions[i]);
		put_unknown_parts(&writer);
		put_arcs(&writer, functions[i]);
		put_lines(&writer, functions[i]);
	}
	put_record(&writer, 0xa5000000, (const uint32_t[]){ 9, 9 }, 2);
	return writer;
}

struct made_counters {
	const struct made_function *function; /* NULL: a record without a function */
	size_t count;
	int64_t values[WORDS_MAX];
	bool is_negative_length; /* all are 0 and none is written */
};

static void put_counters(struct writer *writer, const struct made_counters *counters)
{
	uint32_t unit = writer->layout->is_in_bytes ? 8 : 2;

	start_record(writer, 0x01000000);
	if (counters->function) {
		put(writer, counters->function->ident);
		put(writer, 0x20e93125);
		if (!writer->layout->has_no_cfg)
			put(writer, cfg_checksum(counters->function));
	}
	end_record(writer);
	if (!counters->function)
		return;
	put_record(writer, 0x01a30000, (const uint32_t[]){ 77, 0 }, 2); /* another kind */
	if (counters->is_negative_length) {
		put(writer, 0x01a10000);
		put(writer, 0 - unit * (uint32_t)counters->count);
		return;
	}
	start_record(writer, 0x01a10000);
	for (size_t i = 0; i < counters->count; i++) {
		put(writer, (uint32_t)counters->values[i]);
		put(writer, (uint32_t)((uint64_t)counters->values[i] >> 32));
	}
	end_record(writer);
}

/* As libgcov writes, with summary and end marker, or as the kernel does, without. */
static struct writer make_data(const struct layout *layout, bool is_swapped, bool is_libgcov,
			       const struct made_counters *list, size_t count)
{
	struct writer writer = { .layout = layout, .is_swapped = is_swapped };

	put_header(&writer, 0x67636461);
	/* A summary: clang has none before the functions. */
	if (is_libgcov && layout >= gcc && layout < gcc + sizeof(gcc) / sizeof(gcc[0]))
		put_record(&writer, layout->has_cwd ? 0xa1000000 : 0xa3000000,
			   (const uint32_t[]){ 1, 4, 5 }, layout->has_cwd ? 2 : 3);
	for (size_t i = 0; i < count; i++)
		put_counters(&writer, &list[i]);
	if (is_libgcov) {
		put(&writer, 0);
		put(&writer, 0xdeadbeef); /* nothing counts behind the marker */
	}
	return writer;
}

/* All counts of one object. */
struct decoded {
	struct plan plan;
	int64_t *lines;
	int64_t *calls;
	int64_t *branches;
	int64_t *executed;
};

static void decoded_deinit(struct decoded *decoded)
{
	plan_deinit(&decoded->plan);
	free(decoded->lines);
	free(decoded->calls);
	free(decoded->branches);
	free(decoded->executed);
}

COV_DEFINE_AUTO_STRUCT(struct decoded, decoded_deinit)

static struct decoded decode(struct writer notes, struct writer data)
{
	COV_AUTO(gcno_deinit) struct gcno gcno = { 0 };
	COV_AUTO(evaluate_scratch_deinit) struct evaluate_scratch scratch = { 0 };
	COV_AUTO(plan_packed_deinit) struct plan_packed packed = { 0 };
	COV_AUTO(plan_deinit) struct plan stored = { 0 };
	COV_AUTO(pack_room_deinit) struct pack_room room = { 0 };
	struct decoded decoded = { 0 };
	enum cov_problem_kind kind;
	struct cov_error err = { 0 };
	struct plan view;

	if (gcno_parse(notes.out.data, notes.out.length, &gcno, &err) ||
	    plan_compile(&gcno, &decoded.plan, &err))
		fail_msg("%s: notes: %s", notes.layout->version, err.message);
	/* What the database keeps says the same. */
	plan_pack(&decoded.plan, NULL, &packed);
	assert_int_equal(
	    pack_read_head(packed.head, packed.head_bytes, packed.body_bytes, &stored, &err), 0);

	COV_AUTO(free) int64_t *values = calloc(decoded.plan.counter_count + 1, sizeof(*values));
	if (counters_join(&stored, data.out.data, data.out.length, values, &kind, &err))
		fail_msg("%s: data: %s", data.layout->version, err.message);
	assert_int_equal(pack_open_body(&stored, packed.body, NULL, &room, &view, &err), 0);
	decoded.lines = calloc(decoded.plan.line_count + 1, sizeof(int64_t));
	decoded.calls = calloc(decoded.plan.function_count + 1, sizeof(int64_t));
	decoded.branches = calloc(decoded.plan.branch_count + 1, sizeof(int64_t));
	decoded.executed = calloc(decoded.plan.function_count + 1, sizeof(int64_t));
	plan_evaluate(&view, values,
		      &(struct plan_counts){ .lines = decoded.lines,
					     .functions = decoded.calls,
					     .blocks_executed = decoded.executed,
					     .branches = decoded.branches },
		      &scratch);
	cov_text_deinit(&notes.out);
	cov_text_deinit(&data.out);
	return decoded;
}

static void check_line(const struct decoded *decoded, const char *version, uint32_t number,
		       int64_t expected)
{
	const struct plan *plan = &decoded->plan;

	for (uint32_t i = 0; i < plan->line_count; i++) {
		if (plan->lines[i].line != number)
			continue;
		if (decoded->lines[i] != expected)
			fail_msg("%s: line %u counts %lld, not %lld", version, number,
				 (long long)decoded->lines[i], (long long)expected);
		assert_string_equal(plan->texts + plan->sources[plan->lines[i].source], "hello.c");
		return;
	}
	fail_msg("%s: no line %u", version, number);
}

/* The counts on line 7 and of f() are those that the worked example of the format has. */
static void check_gcc(const struct layout *notes, const struct layout *data, int order,
		      bool is_libgcov)
{
	const struct made_counters list[] = {
		{ .function = NULL },
		{ .function = &loop, .count = 3, .values = { 1, 4, 4 } },
		{ .function = &choice, .count = 2, .values = { ((int64_t)1 << 33) + 4, 2 } },
	};
	COV_AUTO(decoded_deinit)
	struct decoded decoded = decode(
	    make_notes(notes, order & 1, (const struct made_function *const[]){ &loop, &choice }),
	    make_data(data, order & 2, is_libgcov, list, 3));

	assert_int_equal(decoded.plan.function_count, 2);
	assert_int_equal(decoded.plan.line_count, 4);
	check_line(&decoded, notes->version, 7, notes->is_sum ? 1 + 4 + 4 + 5 + 1 : 5);
	check_line(&decoded, notes->version, 1, ((int64_t)1 << 33) + 4);
	check_line(&decoded, notes->version, 4, 2);
	check_line(&decoded, notes->version, 5, ((int64_t)1 << 33) + 2);
	assert_int_equal(decoded.calls[0], 1);
	assert_true(decoded.calls[1] == ((int64_t)1 << 33) + 4);
	/* Of main, the exit is among them where it is not the last block. */
	assert_int_equal(decoded.executed[0], 6);
	assert_int_equal(decoded.plan.branch_count, 4);
	assert_int_equal(decoded.branches[0], 4);
	assert_int_equal(decoded.branches[1], 1);
	assert_int_equal(decoded.branches[2], 2);
	assert_true(decoded.branches[3] == ((int64_t)1 << 33) + 2);
}

static void every_layout_of_gcc_is_read_in_every_byte_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(gcc) / sizeof(gcc[0]); i++) {
		for (int order = 0; order < 4; order++) {
			check_gcc(&gcc[i], &gcc[i], order, true);
			check_gcc(&gcc[i], &gcc[i], order, false);
		}
	}
}

static void a_function_without_a_record_counts_0(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(gcc) / sizeof(gcc[0]); i++) {
		const struct made_counters list[] = {
			{ .function = NULL },
			{ .function = &choice, .count = 2, .values = { 3, 1 } },
		};
		COV_AUTO(decoded_deinit)
		struct decoded decoded =
		    decode(make_notes(&gcc[i], false,
				      (const struct made_function *const[]){ &loop, &choice }),
			   make_data(&gcc[i], false, true, list, 2));

		check_line(&decoded, gcc[i].version, 7, 0);
		check_line(&decoded, gcc[i].version, 1, 3);
		assert_int_equal(decoded.calls[0], 0);
	}
}

static void a_negative_length_stands_for_counters_of_0(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(gcc) / sizeof(gcc[0]); i++) {
		const struct made_counters list[] = {
			{ .function = &loop, .count = 3, .is_negative_length = true },
			{ .function = &choice, .count = 2, .values = { 3, 1 } },
		};
		COV_AUTO(decoded_deinit)
		struct decoded decoded =
		    decode(make_notes(&gcc[i], false,
				      (const struct made_function *const[]){ &loop, &choice }),
			   make_data(&gcc[i], true, true, list, 2));

		check_line(&decoded, gcc[i].version, 7, 0);
		check_line(&decoded, gcc[i].version, 4, 1);
	}
}

/* The cycle 3-4-5 has -4 on every arc: gcov 8.3 and 9.2 add it, later ones pass over it. */
static void a_cycle_below_0_counts_before_gcc_8_4_and_9_3(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(gcc) / sizeof(gcc[0]); i++) {
		const struct made_counters list[] = {
			{ .function = &loop, .count = 3, .values = { 1, -4, -4 } },
			{ .function = &choice, .count = 2 },
		};
		COV_AUTO(decoded_deinit)
		struct decoded decoded =
		    decode(make_notes(&gcc[i], false,
				      (const struct made_function *const[]){ &loop, &choice }),
			   make_data(&gcc[i], false, false, list, 2));
		int64_t flow = gcc[i].has_any_cycle ? 1 - 4 : 1;

		check_line(&decoded, gcc[i].version, 7, gcc[i].is_sum ? 1 - 4 - 4 - 3 + 1 : flow);
	}
}

/*
 * Blocks 2 to 24, each with arcs to all others, on one line: more cycles than anybody can follow.
 * With counters of 1 each of them comes to an end.
 */
static void a_search_for_all_cycles_comes_to_an_end(void **state)
{
	enum { BLOCKS = 25 };
	static const struct layout *const layouts[] = { &gcc[7], &gcc[8] };
	int64_t counts[2];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct writer writer = { .layout = layouts[i] };
		struct made_function function = { .ident = 5, .name = "f", .block_count = BLOCKS };
		uint32_t counter_count = 0;

		put_header(&writer, 0x67636e6f);
		put(&writer, 1);
		put_function(&writer, &function);
		for (uint32_t j = 0; j < BLOCKS - 1; j++) {
			start_record(&writer, 0x01430000);
			put(&writer, j + (j > 0));
			for (uint32_t k = 2; j > 0 && k < BLOCKS; k++) {
				put(&writer, k);
				put(&writer, 0);
				counter_count++;
			}
			put(&writer, j ? 1 : 2);
			put(&writer, j ? 0 : ON_TREE);
			counter_count += j != 0;
			end_record(&writer);
		}
		for (uint32_t j = 2; j < BLOCKS - 1; j++)
			function.lines[0][0] = j, function.lines[0][1] = 9,
			put_lines(&writer, &function);

		struct writer data = { .layout = layouts[i] };
		put_header(&data, 0x67636461);
		put_record(&data, 0x01000000, (const uint32_t[]){ 5, 0x20e93125, 0x93d19555 }, 3);
		start_record(&data, 0x01a10000);
		for (uint32_t j = 0; j < counter_count; j++) {
			put(&data, 1);
			put(&data, 0);
		}
		end_record(&data);
		COV_AUTO(decoded_deinit) struct decoded decoded = decode(writer, data);
		counts[i] = decoded.lines[0];
	}
	/* Where the old search is given up, the line counts as in the versions after. */
	assert_true(counts[0] == counts[1]);
	assert_true(counts[0] > 0);
}

static void check_clang(const struct layout *layout, int order, int64_t around,
			const int64_t expected[4])
{
	const struct made_counters list[] = {
		{ .function = &clang_loop, .count = 2, .values = { 1, around } },
	};
	COV_AUTO(decoded_deinit)
	struct decoded decoded =
	    decode(make_notes(layout, order & 1,
			      (const struct made_function *const[]){ &clang_loop, NULL }),
		   make_data(layout, order & 2, true, list, 1));

	for (uint32_t i = 0; i < 4; i++)
		check_line(&decoded, layout->version, 3 + i, expected[i]);
	assert_int_equal(decoded.calls[0], expected[0]);
	/* The only block with two ways out mentions line 4 last, behind a larger one. */
	assert_int_equal(decoded.plan.branch_count, 2);
	assert_int_equal(decoded.plan.lines[decoded.plan.branches[0].line].line, 4);
	assert_int_equal(decoded.branches[0], around < 0 ? -around : around);
	assert_int_equal(decoded.branches[1], 1);
	assert_int_equal(decoded.executed[0], 4);
}

static void every_layout_of_clang_is_read_in_every_byte_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(clang) / sizeof(clang[0]); i++) {
		for (int order = 0; order < 4; order++)
			check_clang(&clang[i], order, 10, (const int64_t[]){ 1, 11, 1, 11 });
	}
}

/* What an arc lacks is never negative in LLVM: with -5 going round, 5 must come from somewhere. */
static void counters_that_contradict_each_other_count_as_in_llvm(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(clang) / sizeof(clang[0]); i++)
		check_clang(&clang[i], 0, -5, (const int64_t[]){ 11, 16, 1, 6 });
}

/* Nothing but the first function tells: a GCC file of the same version keeps GCC's rule. */
static void a_version_word_does_not_make_a_file_one_of_clang(void **state)
{
	struct made_function functions[2] = { clang_loop, clang_loop };

	(void)state;
	functions[1].ident = 1;
	for (size_t i = 0; i < 2; i++) {
		struct writer notes = make_notes(
		    &clang[2], false, (const struct made_function *const[]){ &functions[i], NULL });
		COV_AUTO(gcno_deinit) struct gcno gcno = { 0 };
		struct cov_error err;

		assert_int_equal(gcno_parse(notes.out.data, notes.out.length, &gcno, &err), 0);
		assert_int_equal(gcno.line_rule, i ? GCOV_LINES_SUM : GCOV_LINES_LLVM);
		cov_text_deinit(&notes.out);
	}
}

static void gcc_before_4_7_is_refused_by_name(void **state)
{
	static const struct layout old = { .version = "406*",
					   .has_no_cfg = true,
					   .is_exit_last = true };
	struct writer notes =
	    make_notes(&old, false, (const struct made_function *const[]){ &loop, NULL });
	COV_AUTO(gcno_deinit) struct gcno gcno = { 0 };
	struct plan plan;
	struct cov_error err;

	(void)state;
	assert_int_equal(gcno_parse(notes.out.data, notes.out.length, &gcno, &err), 0);
	assert_int_equal(plan_compile(&gcno, &plan, &err), COV_ERR_FORMAT);
	assert_non_null(strstr(err.message, "4.6 (406*)"));
	cov_text_deinit(&notes.out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_layout_of_gcc_is_read_in_every_byte_order),
		cmocka_unit_test(a_function_without_a_record_counts_0),
		cmocka_unit_test(a_negative_length_stands_for_counters_of_0),
		cmocka_unit_test(a_cycle_below_0_counts_before_gcc_8_4_and_9_3),
		cmocka_unit_test(a_search_for_all_cycles_comes_to_an_end),
		cmocka_unit_test(every_layout_of_clang_is_read_in_every_byte_order),
		cmocka_unit_test(counters_that_contradict_each_other_count_as_in_llvm),
		cmocka_unit_test(a_version_word_does_not_make_a_file_one_of_clang),
		cmocka_unit_test(gcc_before_4_7_is_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
