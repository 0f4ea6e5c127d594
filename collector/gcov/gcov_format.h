/*
 * gcov_format.h - what differs between the compilers that write .gcno and .gcda files, as data.
 *
 * Format: gcc/gcov-io.h of GCC 4.7 to 15; clang writes the layout of GCC 4.8 by default, and those
 * of GCC 3.4 to 9 when told to by -coverage-version=.
 */
#ifndef COLLECTOR_GCOV_GCOV_FORMAT_H
#define COLLECTOR_GCOV_GCOV_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/base/cursor.h"

enum {
	GCOV_NOTES_MAGIC = 0x67636e6f, /* "gcno" */
	GCOV_DATA_MAGIC = 0x67636461,  /* "gcda" */

	GCOV_TAG_FUNCTION = 0x01000000,
	GCOV_TAG_BLOCKS = 0x01410000,
	GCOV_TAG_ARCS = 0x01430000,
	GCOV_TAG_LINES = 0x01450000,
	GCOV_TAG_ARC_COUNTERS = 0x01a10000, /* the other kinds follow, 1 << 17 apart */
	GCOV_COUNTER_KINDS_MAX = 32,        /* GCC 15 has 9 */

	GCOV_ARC_ON_TREE = 1, /* no counter: its count is derived */
	GCOV_ARC_FAKE = 2,    /* a call that may not return, or an abnormal entry */
	GCOV_ARC_FALLTHROUGH = 4,

	GCOV_WORD_BYTES = 4,
	GCOV_COUNTER_BYTES = 8,
	GCOV_FUNCTION_WORDS = 3, /* of a function record in a data file: ident, two checksums */
	GCOV_VERSION_TEXT_BYTES = 32,
};

/* How a compiler's own gcov turns the counts of blocks and arcs into those of lines; see plan.h. */
enum gcov_line_rule {
	GCOV_LINES_UNKNOWN,
	GCOV_LINES_SUM,             /* GCC before 8: the sum of the blocks that mention the line */
	GCOV_LINES_FLOW_ALL_CYCLES, /* as GCOV_LINES_FLOW, cycles that nothing passes included */
	GCOV_LINES_FLOW, /* GCC since 8.4 and 9.3: what enters the line's blocks, and cycles */
	GCOV_LINES_LLVM, /* clang: the same for all mentions, counts never negative */
	GCOV_LINE_RULE_COUNT,
};

/* The layout of the files that one range of compiler versions writes. */
struct gcov_format {
	unsigned version_min;     /* as gcov_format_version_number() gives it */
	bool is_length_in_bytes;  /* of records and strings; else in words, strings padded */
	bool has_checksum_word;   /* behind the stamp in both headers */
	bool has_cwd;             /* notes header: the directory of the compilation */
	bool has_unexecuted_flag; /* notes header */
	bool has_cfg_checksum;    /* function records of both files: a third checksum word */
	bool has_artificial;      /* function record: artificial flag, start column, end line */
	bool has_end_column;      /* function record */
	bool has_block_count;     /* blocks record is one word, the count; else a word a block */
	bool is_file_kept;        /* lines record: the last file stays, the function's at first */
	bool is_exit_last;        /* the exit is the last block, not block 1 */
	enum gcov_line_rule line_rule; /* of GCC; see gcov_format_is_clang() */
};

/** gcov_format_version_number() - 122 for the word of GCC 12.2, 48 for that of GCC 4.8; 0 if
 * malformed. */
unsigned gcov_format_version_number(uint32_t version);

/** gcov_format_version_text() - "12.2 (B22*)", for messages. @text: [GCOV_VERSION_TEXT_BYTES] */
void gcov_format_version_text(uint32_t version, char *text);

/**
 * gcov_format_notes() - layout of a notes file, or NULL if no compiler wrote its version word.
 * @cursor: behind the stamp; looked at, not moved
 *
 * Clang writes any version word that it is asked for, but no layout newer than that of GCC 9.
 * Above such a body the word of GCC 12 is a lie, which the checksum word gives away: it is 0 in all
 * notes of GCC.
 */
const struct gcov_format *gcov_format_notes(uint32_t version, const struct cov_cursor *cursor);

/** gcov_format_data() - the same for a data file, where the first record decides. */
const struct gcov_format *gcov_format_data(uint32_t version, const struct cov_cursor *cursor);

/**
 * gcov_format_is_counters() - whether a record has counters, of arcs or of another kind (values,
 * conditions, ...).
 *
 * Source: gcc/gcov-io.h, GCOV_TAG_IS_COUNTER. The kinds differ between compilers; no other record
 * has a tag of this form.
 */
static inline bool gcov_format_is_counters(uint32_t tag)
{
	return !(tag & 0xffff) && tag >= GCOV_TAG_ARC_COUNTERS &&
	       (tag - GCOV_TAG_ARC_COUNTERS) >> 17 < GCOV_COUNTER_KINDS_MAX;
}

/**
 * gcov_format_is_clang() - whether clang wrote the notes whose first function record has these
 * words.
 *
 * The version word is of no use: clang writes that of GCC 4.8, or whatever it is told. But it
 * numbers functions from 0, an ident that no GCC gives, and has one cfg checksum for all functions,
 * which is the stamp.
 */
static inline bool gcov_format_is_clang(const struct gcov_format *format, uint32_t stamp,
					uint32_t ident, uint32_t cfg_checksum)
{
	return ident == 0 && (!format->has_cfg_checksum || cfg_checksum == stamp);
}

/**
 * gcov_format_read_magic() - read the magic word and learn the byte order from it.
 * @cursor: at offset 0; its is_swapped is set
 *
 * Return: whether the file starts with @magic in either byte order.
 */
bool gcov_format_read_magic(struct cov_cursor *cursor, uint32_t magic);

#endif
