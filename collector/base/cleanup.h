/*
 * cleanup.h - release a local variable on every way out of its scope.
 *
 * COV_AUTO(free) char *text = NULL; calls free(text) at the end. Declare it initialised; set it to
 * NULL (or -1 for a descriptor) to hand its value over.
 */
#ifndef COLLECTOR_BASE_CLEANUP_H
#define COLLECTOR_BASE_CLEANUP_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define COV_AUTO(release) __attribute__((cleanup(release##_auto)))

/* For what is released through its value (a pointer, a descriptor). */
#define COV_DEFINE_AUTO(type, release)                                                             \
	static inline void release##_auto(type *variable)                                          \
	{                                                                                          \
		release(*variable);                                                                \
	}

/* For a struct on the stack that is released through its address. */
#define COV_DEFINE_AUTO_STRUCT(type, release)                                                      \
	static inline void release##_auto(type *variable)                                          \
	{                                                                                          \
		release(variable);                                                                 \
	}

static inline void free_auto(void *variable)
{
	free(*(void **)variable);
}

static inline void close_auto(int *descriptor)
{
	if (*descriptor >= 0)
		close(*descriptor);
}

static inline void fclose_auto(FILE **stream)
{
	if (*stream)
		fclose(*stream);
}

static inline void closedir_auto(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

#endif
