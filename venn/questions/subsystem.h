/* subsystem.h - the regions of each subsystem of the kernel, or of each file. */
#ifndef VENN_QUESTIONS_SUBSYSTEM_H
#define VENN_QUESTIONS_SUBSYSTEM_H

#include "venn/questions/diagram.h"
#include "venn/store/store_query.h"

struct cov_error;
struct store;

/**
 * subsystem_read() - the regions of the files of each subsystem, within the directory asked for.
 * @kernel_src: the tree whose MAINTAINERS is read; NULL: each file is a subsystem of its own
 * @ret:        filled on success: one row per subsystem, most executed lines first, those without
 *              instrumented lines left out; free with diagram_deinit()
 *
 * A file counts in each of its subsystems, so that these overlap and do not add up to the whole.
 *
 * Return: 0; what store_query_open(), maintainers_read() and store_code_read() return.
 */
int subsystem_read(struct store *store, const struct store_asked *asked, const char *kernel_src,
		   struct diagram *ret, struct cov_error *err);

#endif
