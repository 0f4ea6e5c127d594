/* image.h - from addresses of code to lines and functions, by a program's debug information. */
#ifndef COLLECTOR_EXCHANGE_IMAGE_H
#define COLLECTOR_EXCHANGE_IMAGE_H

#include <stdbool.h>

struct cov_error;
struct cov_tracefile;
struct tracefile_addresses;

/* The program that addresses are of. All borrowed. */
struct image {
	const char *path;     /* an ELF file with debug information, as a kernel's vmlinux */
	const char *build_id; /* that it must have; "": any */
};

/**
 * image_add_lines() - add the lines that addresses are of, and those that they were inlined at.
 * @addresses: of instructions that ran, as linked: no randomised base, no module
 * @name:      where they come from, for messages
 * @tracefile: added to; it then has no counts, since nobody knows how often
 *
 * Addresses in no code of the image, as those of modules, are remarked and passed over.
 * tracefile_settle() is left to the caller.
 *
 * Return: 0; COV_ERR_SYSTEM if the image cannot be read; COV_ERR_FORMAT if it is no ELF file, or
 * has no debug information; COV_ERR_MISMATCH if it is of another build, or none of the addresses is
 * in it. Source: DWARF 5, sections 2.17, 3.3.8, 6.2.
 */
int image_add_lines(const struct image *image, const struct tracefile_addresses *addresses,
		    const char *name, struct cov_tracefile *tracefile, struct cov_error *err);

#endif
