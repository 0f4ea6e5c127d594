/* subsystem.h - the regions of each subsystem of the kernel. */
#ifndef VENN_QUESTIONS_SUBSYSTEM_H
#define VENN_QUESTIONS_SUBSYSTEM_H

struct cov_arguments;
struct cov_error;
struct diagram;

/**
 * subsystem_read() - the regions of the files of each subsystem, within --dir.
 * @arguments: with --kernel-src, the tree whose MAINTAINERS is read
 * @diagram:   of --dir; its rows are replaced by one a subsystem, most executed lines first, those
 *             without instrumented lines left out
 *
 * A file counts in each of its subsystems, so that these overlap and do not add up to the whole.
 *
 * Return: 0; what maintainers_read(), question_open() and store_code_read() return.
 */
int subsystem_read(const struct cov_arguments *arguments, struct diagram *diagram,
		   struct cov_error *err);

#endif
