/* store_limits.h - how large the numbers of a database may be; what is beyond is damage. */
#ifndef VENN_STORE_STORE_LIMITS_H
#define VENN_STORE_STORE_LIMITS_H

#include <stdint.h>

enum {
	STORE_LINES_MAX = 1 << 26, /* instrumented lines of a kernel, and its functions */
	STORE_OBJECTS_MAX = 1 << 22,
	STORE_CAPTURES_MAX = 1000, /* within a trial */
};

/* Nanoseconds of a trial, or of a group of them: 36 years. */
static const int64_t store_duration_ns_max = (int64_t)1 << 60;

/* Of a source file: what compilers count with. */
static const int64_t store_line_number_max = UINT32_MAX;

#endif
