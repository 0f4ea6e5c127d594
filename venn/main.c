/* main.c - the program covdb: the list of its commands. */
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "collector/base/command.h"
#include "collector/base/program.h"
#include "collector/collector.h"
#include "venn/commands/commands.h"

/* In the order of the help text, which follows the order of work; a command a line. */
static const struct cov_command *const commands[] = {
	/* clang-format off */
	&cmd_doctor,
	&cmd_check_config,
	&cmd_kernel_add,
	&cmd_kernel_list,
	&cmd_kernel_remove,
	&cmd_kernel_diff,
	&cmd_collect,
	&cmd_decode,
	&cmd_verify,
	&cmd_import,
	&cmd_trial_list,
	&cmd_trial_remove,
	&cmd_objects,
	&cmd_diff,
	&cmd_venn,
	&cmd_lines,
	&cmd_summary,
	&cmd_functions,
	&cmd_annotate,
	&cmd_conditional,
	&cmd_top,
	&cmd_kconfig,
	&cmd_stability,
	&cmd_noise,
	&cmd_metrics,
	&cmd_claims,
	&cmd_cve_add,
	&cmd_cve,
	&cmd_sql,
	&cmd_compare,
	&cmd_patch,
	&cmd_profile_list,
	&cmd_profile_remove,
	&cmd_profile,
	&cmd_syscalls_list,
	&cmd_syscalls_remove,
	&cmd_syscalls,
	&cmd_report,
	&cmd_paper,
	&cmd_export,
	&cmd_lab_build,
	&cmd_lab_run,
	&cmd_lab_shell,
	NULL,
	/* clang-format on */
};

enum {
	MEMORY_STEP_BYTES = 64 << 20, /* of addresses; pages are there once they are used */
	MEMORY_KEPT_BYTES = 256 << 20,
	HUGE_PAGE_BYTES = 2 << 20,
};

/*
 * Thousands of objects come and go within a few seconds. Memory that is handed back in between
 * returns as pages to be cleared, which took a fifth of the time of decoding with notes. Pages that
 * come one by one took a quarter of that of decoding with a registered kernel: the heap, of which
 * there is one for all threads, asks for huge ones.
 */
static void keep_memory(void)
{
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_TOP_PAD, MEMORY_STEP_BYTES);
	mallopt(M_TRIM_THRESHOLD, MEMORY_KEPT_BYTES);
	mallopt(M_MMAP_THRESHOLD, MEMORY_KEPT_BYTES / 4);

	void *first = malloc(HUGE_PAGE_BYTES); /* more than there is: it grows by a step */
	uintptr_t begin = ((uintptr_t)first + HUGE_PAGE_BYTES - 1) & -(uintptr_t)HUGE_PAGE_BYTES;
	uintptr_t end = (uintptr_t)sbrk(0);
	if (begin < end)
		madvise((void *)begin, end - begin, MADV_HUGEPAGE); /* ordinary ones will do */
	free(first);
}

int main(int argc, char **argv)
{
	static const struct cov_program program = {
		.name = "covdb",
		.version = COVDB_VERSION,
		.summary = "Which lines of the Linux kernel does each isolation platform execute?",
		.commands = commands,
	};

	keep_memory();
	cov_program_trust_path();
	return cov_program_main(&program, argc, argv);
}
