/*
 * format_files.h - notes and data of compilers that cannot be installed here, built field by field.
 *
 * The layouts are as the description of the format has them, not as covdb's table does.
 */
#ifndef TESTS_FORMAT_FILES_H
#define TESTS_FORMAT_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/text.h"

enum {
	STAMP = 0x5a3d0001,
	ON_TREE = 1,
	FAKE = 2,
	FALLTHROUGH = 4,
	FUNCTIONS_MAX = 2,
	WORDS_MAX = 16,
	FORMAT_GCC_COUNT = 17,
	FORMAT_CLANG_COUNT = 9,
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

/* In the order of versions. Those of clang are what it writes; above the last stands whatever word
 * it was told. */
extern const struct layout format_gcc[FORMAT_GCC_COUNT], format_clang[FORMAT_CLANG_COUNT];

/* A file being written. */
struct writer {
	const struct layout *layout;
	bool is_swapped; /* in the other byte order */
	struct cov_text out;
	size_t record; /* offset of the open record's length */
};

/* One function, with the exit as block 1. */
struct made_function {
	uint32_t ident;
	const char *name;
	uint32_t line;
	uint32_t block_count;
	uint32_t arcs[WORDS_MAX][3];  /* source, destination, flags; ends with 0, 0 */
	uint32_t lines[WORDS_MAX][2]; /* block, line; ends with 0 */
};

extern const struct made_function format_loop, format_choice, format_clang_loop;

struct made_counters {
	const struct made_function *function; /* NULL: a record without a function */
	size_t count;
	int64_t values[WORDS_MAX];
	bool is_negative_length; /* all are 0 and none is written */
};

/* Word by word, for files that no compiler makes. */
void format_put(struct writer *writer, uint32_t word);
void format_start_record(struct writer *writer, uint32_t tag);
void format_end_record(struct writer *writer);
void format_put_record(struct writer *writer, uint32_t tag, const uint32_t *words, size_t count);
void format_put_header(struct writer *writer, uint32_t magic);
void format_put_function(struct writer *writer, const struct made_function *function);
void format_put_lines(struct writer *writer, const struct made_function *function);

/* Notes of some functions; @functions: up to FUNCTIONS_MAX, NULL after the last. */
struct writer format_make_notes(const struct layout *layout, bool is_swapped,
				const struct made_function *const *functions);

/* As libgcov writes, with summary and end marker, or as the kernel does, without. */
struct writer format_make_data(const struct layout *layout, bool is_swapped, bool is_libgcov,
			       const struct made_counters *list, size_t count);

#endif
