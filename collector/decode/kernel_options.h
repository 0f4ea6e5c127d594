/*
 * kernel_options.h - which options of its configuration each object of a kernel needs.
 *
 * Format: what kernel-config/options.mk prints: a line for each object, its path and the options,
 * parted by blanks.
 */
#ifndef COLLECTOR_DECODE_KERNEL_OPTIONS_H
#define COLLECTOR_DECODE_KERNEL_OPTIONS_H

#include <stddef.h>

#include "collector/base/cleanup.h"

struct cov_error;

/* One option that one object needs. */
struct kernel_option {
	const char *option; /* "NET", without CONFIG_; in the text */
	const char *object; /* "net/core/dev.o"; in the text */
};

/* A zeroed struct has none. */
struct cov_kernel_options {
	struct kernel_option *items; /* [count], by option, then object, each once; owned */
	size_t count;
	size_t capacity;
	char *text; /* owned */
};

/**
 * kernel_options_read() - read a list of options by object.
 * @out: zeroed; filled on success, free with kernel_options_deinit()
 * @err: names file and line
 *
 * Return: 0; COV_ERR_SYSTEM; COV_ERR_FORMAT, also if it lists no object.
 */
int kernel_options_read(const char *path, struct cov_kernel_options *out, struct cov_error *err);

/** kernel_options_parse() - the same of a text in memory. @name: for messages */
int kernel_options_parse(const char *text, size_t size, const char *name,
			 struct cov_kernel_options *out, struct cov_error *err);

/** kernel_options_deinit() - free what @options owns; a zeroed struct is fine. */
void kernel_options_deinit(struct cov_kernel_options *options);

COV_DEFINE_AUTO_STRUCT(struct cov_kernel_options, kernel_options_deinit)

#endif
