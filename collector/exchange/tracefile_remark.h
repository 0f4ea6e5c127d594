/* tracefile_remark.h - what a reader of counts took otherwise than it was written. */
#ifndef COLLECTOR_EXCHANGE_TRACEFILE_REMARK_H
#define COLLECTOR_EXCHANGE_TRACEFILE_REMARK_H

#include <stddef.h>

enum tracefile_remark_kind {
	TRACEFILE_LINE_0,          /* a record of line 0, passed over */
	TRACEFILE_BRANCH_BLOCK,    /* a branch whose block has no number, passed over */
	TRACEFILE_BRANCH_NEGATIVE, /* a branch taken fewer than 0 times, as 0 */
	TRACEFILE_COUNT_LARGE,     /* a count beyond 64 bits, as the nearest that is not */
	TRACEFILE_FUNCTION_END,    /* a function that ends before it starts: its end is not known */
	TRACEFILE_ADDRESS_OUTSIDE, /* an address in no code of the image, passed over */
	TRACEFILE_REMARK_COUNT,
};

/* A zeroed struct has none. */
struct tracefile_remarks {
	struct {
		size_t count;
		char *place; /* "file:line" of the first, NULL if there is none; owned */
	} kinds[TRACEFILE_REMARK_COUNT];
};

/** tracefile_remark() - one more; @line 0 if that is not known. */
void tracefile_remark(struct tracefile_remarks *remarks, enum tracefile_remark_kind kind,
		      const char *name, size_t line);

/** tracefile_remarks_print() - a line for each kind there is, on stderr. */
void tracefile_remarks_print(const struct tracefile_remarks *remarks);

/** tracefile_remarks_deinit() - free what @remarks owns; a zeroed struct is fine. */
void tracefile_remarks_deinit(struct tracefile_remarks *remarks);

#endif
