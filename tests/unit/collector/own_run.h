/* own_run.h - a /run of the test's own, so that it meets nobody else's state, nor leaves its own.
 */
#ifndef TESTS_UNIT_COLLECTOR_OWN_RUN_H
#define TESTS_UNIT_COLLECTOR_OWN_RUN_H

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

/** own_run_enter() - as root; others have no state in /run. Return: 0, or -1 with errno. */
static inline int own_run_enter(void)
{
	if (geteuid() != 0)
		return 0;
	if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		return -1;
	return mount("run", "/run", "tmpfs", 0, "mode=755");
}

#endif
