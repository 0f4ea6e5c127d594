/* sides.h - the two sides of a comparison, and which line of the one is which of the other. */
#ifndef VENN_CHANGE_SIDES_H
#define VENN_CHANGE_SIDES_H

#include "venn/change/join.h"
#include "venn/change/side.h"

struct cov_error;

/* What was asked for. Texts are borrowed. */
struct sides_asked {
	const char *old, *new;               /* as for side_name_parse() */
	const char *old_source, *new_source; /* as for sources_read() */
	const char *database;                /* of --db */
	enum observations_unit unit;
};

struct sides {
	struct side old, new;
	struct join join;
	size_t old_missing, new_missing; /* files without source; 0 where none was needed */
};

void sides_deinit(struct sides *sides);
COV_DEFINE_AUTO_STRUCT(struct sides, sides_deinit)

/**
 * sides_open() - read both sides and join their kernels.
 * @ret: free with sides_deinit(), also on failure
 *
 * A tracefile whose source is given has the lines that it lists; one without is of the other side's
 * kernel, two of them are of one kernel. What it has that this kernel does not is said on stderr.
 *
 * Return: 0; what side_read(), sources_read(), join_kernels() and tracefile_match() return.
 */
int sides_open(const struct sides_asked *asked, struct sides *ret, struct cov_error *err);

#endif
