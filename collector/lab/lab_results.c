/* lab_results.c - the folder that a lab's results go to: its lock, its data disk, its end. */
#include "collector/lab/lab_results.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/terminal.h"
#include "collector/lab/lab_disk.h"

int lab_results_lock(const char *directory, int *ret, struct cov_error *err)
{
	COV_AUTO(close) int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return cov_fail_errno(err, "cannot open %s", directory);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK
			   ? cov_fail(err, COV_ERR_SYSTEM, "another lab is using %s", directory)
			   : cov_fail_errno(err, "cannot lock %s", directory);
	*ret = fd;
	fd = -1;
	return 0;
}

int lab_results_fetch(const char *directory, struct cov_error *err)
{
	struct cov_error cause;

	cov_say("lab: bringing the results to %s", directory);
	int result = lab_disk_fetch(directory, &cause);
	if (result < 0)
		return cov_fail(err, cause.code, "%s (they are kept in %s/.lab/data.ext4)",
				cause.message, directory);
	return 0;
}

int lab_results_make_disk(const struct lab_disk *disk, char **ret, struct cov_error *err)
{
	if (lab_disk_exists(disk->result_dir)) {
		cov_say("lab: an earlier run was killed");
		int result = lab_results_fetch(disk->result_dir, err);
		if (result < 0)
			return result;
	}
	cov_say("lab: making the data disk");
	return lab_disk_create(disk, ret, err);
}

void lab_results_guard_begin(struct lab_results_guard *guard)
{
	sigemptyset(&guard->signals);
	sigaddset(&guard->signals, SIGINT);
	sigaddset(&guard->signals, SIGTERM);
	sigaddset(&guard->signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &guard->signals, &guard->mask_before);
}

void lab_results_guard_end(struct lab_results_guard *guard)
{
	struct timespec now = { 0 };

	while (sigtimedwait(&guard->signals, NULL, &now) > 0)
		continue;
	sigprocmask(SIG_SETMASK, &guard->mask_before, NULL);
}
