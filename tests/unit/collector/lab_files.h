/* lab_files.h - a folder of files for a test of the lab, made anew for each. */
#ifndef TESTS_UNIT_COLLECTOR_LAB_FILES_H
#define TESTS_UNIT_COLLECTOR_LAB_FILES_H

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"

enum { DIRECTORY_BYTES = 64, OPEN_FILES_MAX = 16 };

static char directory[DIRECTORY_BYTES];

static inline char *path_of(const char *name)
{
	return cov_format("%s/%s", directory, name);
}

static inline void write_text(const char *name, const char *text)
{
	COV_AUTO(free) char *path = path_of(name);
	struct cov_error err;

	assert_int_equal(cov_file_replace(path, text, strlen(text), &err), 0);
}

static inline void assert_text(const char *name, const char *expected)
{
	COV_AUTO(free) char *path = path_of(name);
	COV_AUTO(free) char *text = NULL;
	struct cov_error err;
	size_t size = 0;

	assert_int_equal(cov_file_read(path, &text, &size, &err), 0);
	assert_string_equal(text, expected);
}

static inline int make_directory(void **state)
{
	(void)state;
	strncpy(directory, "/tmp/covdb-lab-test-XXXXXX", sizeof(directory) - 1);
	return mkdtemp(directory) ? 0 : -1;
}

static inline int remove_one(const char *path, const struct stat *status, int type,
			     struct FTW *place)
{
	(void)status;
	(void)type;
	(void)place;
	return remove(path);
}

static inline int remove_directory(void **state)
{
	(void)state;
	return nftw(directory, remove_one, OPEN_FILES_MAX, FTW_DEPTH | FTW_PHYS);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_directory, remove_directory)

#endif
