/*
 * compiled.h - what a kernel build compiled, instrumented or not, by the commands that Kbuild
 * keeps.
 *
 * Beside each product X of a build is a file .X.cmd: its command, the file that it was made of and
 * all that were included. Format: scripts/basic/fixdep.c of the kernel.
 */
#ifndef COLLECTOR_DECODE_COMPILED_H
#define COLLECTOR_DECODE_COMPILED_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct cov_kernel;

/* An object of the kernel; those of programs that the build runs are left out. */
struct compiled_object {
	char *path;   /* relative to the build tree: "net/core/dev.o"; owned */
	char *source; /* relative to the kernel's roots, as cov_kernel.files: "net/core/dev.c";
			 owned */
};

/* A zeroed struct is that of a kernel of which it is unknown. */
struct cov_compiled {
	bool is_known;
	struct compiled_object *objects; /* [object_count], sorted by path; owned */
	size_t object_count;
	/* [file_count], sorted: all sources and what they include, also of the build's own
	 * programs; owned */
	char **files;
	size_t file_count;
	size_t without_command; /* instrumented objects whose command is missing */
};

/**
 * compiled_read() - read the .cmd files of a kernel build.
 * @notes:  what @kernel was read from: the build tree, a directory, an archive
 * @kernel: its objects and roots
 * @out:    filled on success; known if each instrumented object has its command; free with
 *          compiled_deinit()
 *
 * Return: 0; COV_ERR_SYSTEM if one cannot be read.
 */
int compiled_read(const char *notes, const struct cov_kernel *kernel, struct cov_compiled *out,
		  struct cov_error *err);

struct compiled_reader;

/** compiled_reader_new() - for commands that come one by one: compiled_reader_free() */
struct compiled_reader *compiled_reader_new(void);

/**
 * compiled_reader_add() - what a .cmd file says.
 * @name:   of the file, relative to the build tree
 * @text:   of it
 * @thread: < cov_thread_count(); several threads may add at once
 */
void compiled_reader_add(struct compiled_reader *reader, const char *name, const char *text,
			 size_t thread);

/** compiled_reader_finish() - what compiled_read() makes of the same files. */
void compiled_reader_finish(struct compiled_reader *reader, const struct cov_kernel *kernel,
			    struct cov_compiled *out);

/** compiled_reader_free() - NULL is fine. */
void compiled_reader_free(struct compiled_reader *reader);

COV_DEFINE_AUTO(struct compiled_reader *, compiled_reader_free)

/** compiled_deinit() - free what @compiled owns; a zeroed struct is fine. */
void compiled_deinit(struct cov_compiled *compiled);

COV_DEFINE_AUTO_STRUCT(struct cov_compiled, compiled_deinit)

#endif
