/* report_syscalls.h - which system calls may be made and were made, as a part of the report. */
#ifndef VENN_REPORT_REPORT_SYSCALLS_H
#define VENN_REPORT_REPORT_SYSCALLS_H

#include "venn/report/report_study.h"

/**
 * report_syscalls_json() - the kernel's table, and what each role of a platform may call and
 * called, as covdb syscalls has it: by trials of system calls, and in each view by the counters.
 * null where there are no such trials, or the kernel has no function of a system call.
 */
int report_syscalls_json(struct store *store, const struct report_study *study,
			 struct cov_text *ret, struct cov_error *err);

#endif
