/* source_text.h - the text of a kernel's source file, if it is available. */
#ifndef VENN_QUESTIONS_SOURCE_TEXT_H
#define VENN_QUESTIONS_SOURCE_TEXT_H

#include <stddef.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct store_kernel;

struct source_text {
	char **lines; /* [count], tabs expanded, without line ends; owned */
	size_t count; /* 0: there is no text */
	size_t capacity;
};

void source_text_deinit(struct source_text *text);
COV_DEFINE_AUTO_STRUCT(struct source_text, source_text_deinit)

/** source_text_path() - where a file of a source tree is; those outside are absolute. free() it. */
char *source_text_path(const char *directory, const char *file);

/**
 * source_text_read() - read a source file of a kernel.
 * @directory: the kernel's source tree; NULL: where the kernel was built, if that is here
 * @file:      as in the database
 * @ret:       free with source_text_deinit()
 * @err:       where it was looked for
 *
 * Return: 0; COV_ERR_SYSTEM if the file is not there.
 */
int source_text_read(const struct store_kernel *kernel, const char *directory, const char *file,
		     struct source_text *ret, struct cov_error *err);

#endif
