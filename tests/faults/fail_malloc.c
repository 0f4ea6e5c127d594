/*
 * fail_malloc.c - loaded into a program by fail_call: its n-th malloc(), calloc() or realloc()
 * fails.
 *
 * A program asks for memory thousands of times from some hundred places. With FAIL_MALLOC=list it
 * is told which calls are the first from their place, a place being the upper frames of the stack:
 * to let these fail, one by one, is to let all fail that can go wrong in a way of its own.
 */
#include "tests/faults/fail_call.h"

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { FRAMES = 8, PLACES = 1 << 16, PATH_BYTES = 4096 };

void *__libc_malloc(size_t size_bytes);
void *__libc_calloc(size_t count, size_t element_bytes);
void *__libc_realloc(void *memory, size_t size_bytes);

static long wanted;      /* which call fails, from 1; 0 for none */
static bool is_for_good; /* and all later ones */
static bool is_listing;
static char report_path[PATH_BYTES];
static atomic_long count;
static uint64_t places[PLACES];      /* hashes of stacks, open addressing; 0 is free */
static _Thread_local bool is_inside; /* backtrace() and stdio ask for memory, too */

static void tell(const char *format, long number)
{
	char line[64];
	int length = snprintf(line, sizeof(line), format, number);
	int fd = open(report_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

	if (fd < 0 || write(fd, line, (size_t)length) != length)
		abort();
	close(fd);
}

/* Whether no call before had the stack of this one. */
static bool is_new_place(void)
{
	void *frames[FRAMES];
	int frame_count = backtrace(frames, FRAMES);
	uint64_t hash = 14695981039346656037u; /* FNV-1a, over words */

	for (int i = 0; i < frame_count; i++)
		hash = (hash ^ (uint64_t)(uintptr_t)frames[i]) * 1099511628211u;
	for (uint64_t i = hash >> 32;; i++) {
		uint64_t *place = &places[i % PLACES];

		if (*place == hash)
			return false;
		if (*place == 0) {
			*place = hash;
			return true;
		}
	}
}

/*
 * Of a library that takes no memory for something else, or ends the program: libgit2 does so as it
 * begins, and calls a diff corrupt.
 */
static bool is_of_others(const void *caller)
{
	static const char *const names[] = { "/libarchive.so", "/libgit2.so" };
	struct dl_find_object found;

	/* Not dladdr(), which goes through all symbols. The name of the program itself is empty. */
	if (_dl_find_object((void *)caller, &found) != 0)
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strstr(found.dlfo_link_map->l_name, names[i]))
			return true;
	}
	return false;
}

/* Whether this call is one that fails. Lists are for programs that run in one thread. */
static bool is_to_fail(const void *caller)
{
	if ((wanted == 0 && !is_listing) || is_inside || is_of_others(caller))
		return false;
	is_inside = true;

	long number = atomic_fetch_add(&count, 1) + 1;
	bool fails = number == wanted || (is_for_good && number > wanted);

	if (is_listing && is_new_place())
		tell("%ld\n", number);
	if (number == wanted)
		tell("failed %ld malloc\n", number);
	is_inside = false;
	if (fails)
		errno = ENOMEM;
	return fails;
}

void *malloc(size_t size_bytes)
{
	return is_to_fail(__builtin_return_address(0)) ? NULL : __libc_malloc(size_bytes);
}

void *calloc(size_t elements, size_t element_bytes)
{
	return is_to_fail(__builtin_return_address(0)) ? NULL
						       : __libc_calloc(elements, element_bytes);
}

void *realloc(void *memory, size_t size_bytes)
{
	return is_to_fail(__builtin_return_address(0)) ? NULL : __libc_realloc(memory, size_bytes);
}

__attribute__((constructor)) static void begin(void)
{
	const char *which = getenv(FAIL_MALLOC_VARIABLE);
	const char *report = getenv(FAIL_REPORT_VARIABLE);
	char *rest = NULL;
	void *frame;

	if (which && report && strlen(report) < sizeof(report_path)) {
		memcpy(report_path, report, strlen(report) + 1);
		backtrace(&frame, 1); /* loads a library the first time */
		is_listing = strcmp(which, "list") == 0;
		is_for_good = which[strlen(which) - 1] == '+';
		wanted = strtol(which, &rest, 10);
	}
	/* What the program starts is left alone. */
	unsetenv("LD_PRELOAD");
	unsetenv(FAIL_MALLOC_VARIABLE);
	unsetenv(FAIL_REPORT_VARIABLE);
	prctl(FAIL_CALL_BEGIN, 0, 0, 0, 0);
}
