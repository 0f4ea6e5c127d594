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
#include "venn/history/config.h"

/* In the order of the help text: groups, which follow the order of work; a command a line. */
static const struct cov_command *const commands[] = {
	/* clang-format off */
	&cmd_doctor,
	&cmd_check_config,
	&cmd_kernel_add,
	&cmd_kernel_list,
	&cmd_kernel_pack,
	&cmd_kernel_remove,
	&cmd_kernel_diff,
	&cmd_lab_build,
	&cmd_lab_shell,
	&cmd_collect,
	&cmd_lab_run,
	&cmd_import,
	&cmd_trial_list,
	&cmd_trial_remove,
	&cmd_profile_list,
	&cmd_profile_remove,
	&cmd_syscalls_list,
	&cmd_syscalls_remove,
	&cmd_cve_add,
	&cmd_diff,
	&cmd_summary,
	&cmd_venn,
	&cmd_lines,
	&cmd_find,
	&cmd_functions,
	&cmd_annotate,
	&cmd_top,
	&cmd_conditional,
	&cmd_kconfig,
	&cmd_cve,
	&cmd_syscalls,
	&cmd_profile,
	&cmd_sql,
	&cmd_compare,
	&cmd_patch,
	&cmd_stability,
	&cmd_noise,
	&cmd_metrics,
	&cmd_claims,
	&cmd_objects,
	&cmd_verify,
	&cmd_report,
	&cmd_paper,
	&cmd_export,
	&cmd_decode,
	&cmd_tour,
	&cmd_complete,
	NULL,
	/* clang-format on */
};

/* Each before the command with which its group begins. */
static const struct cov_heading headings[] = {
	{ "doctor", "make a kernel and a machine ready" },
	{ "collect", "collect and import" },
	{ "summary", "ask which lines, and how often" },
	{ "compare", "compare kernels, studies and patches" },
	{ "stability", "know how far to trust it" },
	{ "report", "hand it on" },
	{ "tour", "learn it, and type less" },
	{ 0 },
};

enum {
	MEMORY_STEP_BYTES = 64 << 20, /* of addresses; pages are there once they are used */
	MEMORY_KEPT_BYTES = 256 << 20,
	MEMORY_APART_BYTES = 16 << 20,
	HUGE_PAGE_BYTES = 2 << 20,
};

/*
 * Thousands of objects come and go within a few seconds. Memory that is handed back in between
 * returns as pages to be cleared, which took a fifth of the time of decoding with notes. Pages that
 * come one by one took a quarter of that of decoding with a registered kernel: the heap, of which
 * there is one for all threads unless a command wants more, asks for huge ones. What is large, as
 * the 32 MiB that an archive is unpacked with, is handed back: others would be put in its hole,
 * and the next archive's behind them.
 */
static void keep_memory(void)
{
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_TOP_PAD, MEMORY_STEP_BYTES);
	mallopt(M_TRIM_THRESHOLD, MEMORY_KEPT_BYTES);
	mallopt(M_MMAP_THRESHOLD, MEMORY_APART_BYTES);

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
		.commit = COVDB_COMMIT,
		.summary = "Which lines of the Linux kernel does each isolation platform execute?",
		.commands = commands,
		.headings = headings,
		.database = "COVDB",
		.prepare = config_load,
	};

	keep_memory();
	cov_program_trust_path();
	return cov_program_main(&program, argc, argv);
}
