/*
 * kernel_file.h - a registered kernel as one portable file: all that decoding its snapshots takes,
 * on a machine without its build tree and without a database.
 *
 * The body of a file of sealed.h: name, release, build id and way of counting, texts that end with
 * NUL; then the kernel as kernel_image.h has it. All of it is input: whatever is not as it should
 * be is refused.
 */
#ifndef COLLECTOR_DECODE_KERNEL_FILE_H
#define COLLECTOR_DECODE_KERNEL_FILE_H

#include <stddef.h>

#include "collector/base/cleanup.h"
#include "collector/decode/sealed.h"

struct cov_error;
struct cov_kernel;
struct cov_text;

extern const struct sealed_kind kernel_file_kind;

/* What is known of the kernel besides; as store_kernel has it. All texts are owned. */
struct kernel_file {
	char *name;
	char *release;        /* or "" */
	char *build_id;       /* hexadecimal, or "" when it was not known */
	char *profile_update; /* "atomic", "prefer-atomic", "single" or "unknown" */
};

/** kernel_file_deinit() - free what @about owns; a zeroed struct is fine. */
void kernel_file_deinit(struct kernel_file *about);

COV_DEFINE_AUTO_STRUCT(struct kernel_file, kernel_file_deinit)

/**
 * kernel_file_make() - a kernel as such a file.
 * @kernel: with packed plans: of the database, or of kernel_read_notes() with KERNEL_BODIES
 * @out:    empty; what is added is the file
 */
void kernel_file_make(const struct cov_kernel *kernel, const struct kernel_file *about,
		      struct cov_text *out);

/** kernel_file_seal() - make the image's checksum in a body fit what was changed since. */
void kernel_file_seal(void *body, size_t size);

/**
 * kernel_file_parse() - the kernel of a file that is in memory.
 * @path:  for messages
 * @about: filled on success; free with kernel_file_deinit()
 * @ret:   filled on success; free with kernel_deinit()
 *
 * Return: 0; COV_ERR_FORMAT.
 */
int kernel_file_parse(const char *path, const void *data, size_t size, struct kernel_file *about,
		      struct cov_kernel *ret, struct cov_error *err);

/** kernel_file_read() - kernel_file_parse() of the file @path. Return: also COV_ERR_SYSTEM. */
int kernel_file_read(const char *path, struct kernel_file *about, struct cov_kernel *ret,
		     struct cov_error *err);

#endif
