/*
 * gcno.h - reader of .gcno (notes) files: the flow graphs of one object's functions.
 *
 * Format: gcc/gcov-io.h, in the layouts of gcov_format.h.
 */
#ifndef COLLECTOR_GCOV_GCNO_H
#define COLLECTOR_GCOV_GCNO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "collector/gcov/gcov_format.h"

struct cov_error;

struct gcno_arc {
	uint32_t source;      /* block of the same function */
	uint32_t destination; /* block of the same function */
	uint32_t flags;       /* GCOV_ARC_* */
};

/* Lines of one source file in one block; may hold no line at all (see lines.c). */
struct gcno_location {
	uint32_t block;
	uint32_t source;     /* index into gcno.sources */
	uint32_t line_first; /* index into gcno.lines */
	uint32_t line_count;
};

struct gcno_function {
	uint32_t ident; /* joins with the .gcda's function */
	uint32_t lineno_checksum;
	uint32_t cfg_checksum;
	const char *name; /* in the arena */
	bool is_artificial;
	uint32_t source; /* index into gcno.sources */
	uint32_t start_line;
	uint32_t start_column;
	uint32_t end_line;
	uint32_t block_count; /* block 0 is the entry; the exit is 1, or the last one */
	uint32_t arc_first;   /* index into gcno.arcs, in file order */
	uint32_t arc_count;
	uint32_t counter_count;  /* of arcs that the compiler gave a counter */
	uint32_t location_first; /* index into gcno.locations, in file order */
	uint32_t location_count;
};

/* For how many elements the arrays of a struct gcno have room. */
struct gcno_room {
	size_t sources, functions, arcs, locations, lines;
};

struct gcno {
	const struct gcov_format *format;
	enum gcov_line_rule line_rule; /* the format's, or clang's */
	uint32_t version;
	uint32_t stamp;  /* equals the stamp of the matching .gcda */
	const char *cwd; /* directory of the compilation, or NULL; in the arena */

	const char **sources; /* [source_count], distinct, as spelled in the file; owned */
	uint32_t source_count;
	struct gcno_function *functions; /* [function_count], in file order; owned */
	uint32_t function_count;
	struct gcno_arc *arcs; /* [arc_count]; owned */
	uint32_t arc_count;
	struct gcno_location *locations; /* [location_count]; owned */
	uint32_t location_count;
	/* [line_count], duplicates kept; ascending within a location where the line rule is one of
	 * GCC 8 and newer, else as in the file; owned */
	uint32_t *lines;
	uint32_t line_count;

	struct cov_arena arena; /* of the texts */
	struct gcno_room room;
};

/**
 * gcno_parse() - decode a whole .gcno file that is in memory.
 * @data: file content; not kept after the call
 * @size: length of @data in bytes
 * @out:  zeroed, or of another file, whose memory is used again; filled on success, without
 *        anything on failure; free with gcno_deinit()
 * @err:  what was wrong, and at which byte offset
 *
 * Return: 0; COV_ERR_FORMAT if a record is malformed or cut short, or no known compiler wrote it.
 * Source: gcc/gcov-io.h, records of the notes file.
 */
int gcno_parse(const void *data, size_t size, struct gcno *out, struct cov_error *err);

/** gcno_deinit() - free what @gcno owns; a zeroed struct is fine. */
void gcno_deinit(struct gcno *gcno);

COV_DEFINE_AUTO_STRUCT(struct gcno, gcno_deinit)

#endif
