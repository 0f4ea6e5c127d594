/* fixture.h - what several unit tests need. */
#ifndef TESTS_FIXTURE_H
#define TESTS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"

struct fixture_bytes {
	char *data; /* [size]; free() it */
	size_t size;
};

/* A file of tests/data, whole. */
static inline struct fixture_bytes fixture_read(const char *name)
{
	struct fixture_bytes bytes = { 0 };
	struct cov_error err;
	COV_AUTO(free) char *path = cov_format("%s/tests/data/%s", COVDB_SOURCE_DIR, name);

	assert_int_equal(cov_file_read(path, &bytes.data, &bytes.size, &err), 0);
	return bytes;
}

/* A copy of exactly @size bytes, so that a sanitizer sees a read behind the end. */
static inline char *fixture_copy(const struct fixture_bytes *bytes, size_t size)
{
	char *copy = malloc(size ? size : 1);

	memcpy(copy, bytes->data, size);
	return copy;
}

#endif
