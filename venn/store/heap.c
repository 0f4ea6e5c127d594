/* heap.c - the memory that SQLite takes, and a limit for what a thread has it take. */
#include "venn/store/heap.h"

#include <malloc.h>
#include <sqlite3.h>
#include <stddef.h>
#include <stdlib.h>

enum { ALIGNMENT_BYTES = 8 }; /* what SQLite asks for */

static bool is_installed;

/* What is given back counts as well, so that it may be more than there was at the beginning. */
static _Thread_local int64_t left_bytes = INT64_MAX;

static bool is_limited(void)
{
	return left_bytes != INT64_MAX;
}

static int size(void *memory)
{
	return (int)malloc_usable_size(memory);
}

static void *take(int size_bytes)
{
	void *memory = size_bytes > left_bytes ? NULL : malloc((size_t)size_bytes);

	if (memory && is_limited())
		left_bytes -= size(memory);
	return memory;
}

static void give_back(void *memory)
{
	if (is_limited())
		left_bytes += size(memory);
	free(memory);
}

static void *resize(void *memory, int size_bytes)
{
	int before_bytes = size(memory);
	void *resized =
	    size_bytes - before_bytes > left_bytes ? NULL : realloc(memory, (size_t)size_bytes);

	if (resized && is_limited())
		left_bytes -= size(resized) - before_bytes;
	return resized;
}

static int round_up(int size_bytes)
{
	return (size_bytes + ALIGNMENT_BYTES - 1) & ~(ALIGNMENT_BYTES - 1);
}

static int begin(void *context)
{
	(void)context;
	return SQLITE_OK;
}

static void end(void *context)
{
	(void)context;
}

void heap_install(void)
{
	static const struct sqlite3_mem_methods methods = {
		.xMalloc = take,
		.xFree = give_back,
		.xRealloc = resize,
		.xSize = size,
		.xRoundup = round_up,
		.xInit = begin,
		.xShutdown = end,
	};

	/* SQLite counts nothing, which it would do for all threads together, under a lock. */
	if (sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK &&
	    sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK)
		is_installed = true;
}

bool heap_is_installed(void)
{
	return is_installed;
}

void heap_limit(int64_t bytes)
{
	left_bytes = bytes;
}
