/* store_range.h - lines of a kernel whose ids follow each other. */
#ifndef VENN_STORE_STORE_RANGE_H
#define VENN_STORE_STORE_RANGE_H

#include <stddef.h>

struct store_range {
	size_t line_first;
	size_t line_count;
};

#endif
