/* tally.h - a comparison added up: by directory, by subsystem, by function. */
#ifndef VENN_CHANGE_TALLY_H
#define VENN_CHANGE_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "venn/change/compare.h"
#include "venn/change/sides.h"
#include "venn/questions/maintainers.h"

/* A number of lines, and its range over the resamples and the whole. */
struct tally_count {
	int64_t lines, low, high;
};

/* The executed lines of a directory or subsystem. */
struct tally_row {
	char *name; /* owned */
	struct tally_count counts[COMPARE_CLASS_COUNT];
};

struct tally {
	struct tally_row *rows; /* [count], by name; owned */
	size_t count;
	struct tally_row all; /* each line once; its name is "all" */
};

void tally_deinit(struct tally *tally);
COV_DEFINE_AUTO_STRUCT(struct tally, tally_deinit)

/**
 * tally_places() - lines by directory, or by subsystem.
 * @below:       canonical directory or file; "." for the whole kernel
 * @maintainers: NULL: a row for each directory right below; else one for each subsystem, which
 *               overlap
 * @ret:         free with tally_deinit()
 */
void tally_places(const struct sides *sides, const struct compare *compare, const char *below,
		  const struct maintainers *maintainers, struct tally *ret);

/* A function of which some line is not alike. */
struct tally_function {
	const char *file, *name;            /* borrowed; name "": lines outside of functions */
	int64_t lines[COMPARE_CLASS_COUNT]; /* of all trials */
	double old_rate, new_rate;          /* of its line that is executed most often */
	const char *became;                 /* "gained", "lost", "more often", "less often",
					       "changed" */
};

struct tally_functions {
	struct tally_function *items; /* [count], most lines gained or lost first; owned */
	size_t count;
};

void tally_functions_deinit(struct tally_functions *functions);
COV_DEFINE_AUTO_STRUCT(struct tally_functions, tally_functions_deinit)

/**
 * tally_functions() - lines by function.
 * @below: canonical directory or file
 * @ret:   free with tally_functions_deinit(); borrows names of @sides
 *
 * A function is gained if the new side executes a line of it and the old side none.
 */
void tally_functions(const struct sides *sides, const struct compare *compare, const char *below,
		     struct tally_functions *ret);

/** tally_file() - the file of a line, in the new kernel if it is there. */
const char *tally_file(const struct sides *sides, const struct compare_line *line);

/** tally_is_below() - whether a file is in a directory, or is it. @below: canonical */
bool tally_is_below(const char *file, const char *below);

#endif
