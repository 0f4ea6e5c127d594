/* seccomp_compile.h - a filter of a profile as the BPF program that libseccomp makes of it, as runc
 * and Firecracker do. */
#ifndef COLLECTOR_FILTER_SECCOMP_COMPILE_H
#define COLLECTOR_FILTER_SECCOMP_COMPILE_H

#include "collector/filter/bpf.h"
#include "collector/filter/seccomp_profile.h"

/**
 * seccomp_compile() - the program for x86-64.
 * @path:    of the profile, for messages
 * @ret:     free with bpf_program_deinit()
 * @unknown: number of rules whose system call libseccomp does not know, as runtimes pass over them
 *
 * Return: 0; COV_ERR_FORMAT with the rule that libseccomp does not take; COV_ERR_SYSTEM.
 */
int seccomp_compile(const struct seccomp_filter *filter, const char *path, struct bpf_program *ret,
		    size_t *unknown, struct cov_error *err);

#endif
