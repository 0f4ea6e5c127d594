/* work_folder.c - the folder of the trial that is being run. */
#include "collector/platform/work_folder.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"
#include "collector/run/process.h"

/* That of the folder made last; or NULL. */
static struct process_ledger *mapped_ledger;

char *work_folder_path(void)
{
	const char *parent = getenv("TMPDIR");

	return cov_format("%s/covdb-trial", parent ? parent : "/var/tmp");
}

char *work_folder_sessions(const char *folder)
{
	return cov_format("%s/sessions", folder);
}

char *work_folder_command(const char *folder)
{
	return cov_format("%s/clean-up", folder);
}

int work_folder_make(char **ret, struct cov_error *err)
{
	COV_AUTO(free) char *folder = work_folder_path();
	COV_AUTO(free) char *path = work_folder_sessions(folder);
	int result = cov_directory_make(folder, err);

	if (result != 0)
		return result;
	COV_AUTO(close) int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, sizeof(struct process_ledger)) != 0)
		return cov_fail_errno(err, "cannot make %s", path);
	if (mapped_ledger)
		munmap(mapped_ledger, sizeof(*mapped_ledger));
	mapped_ledger =
	    mmap(NULL, sizeof(*mapped_ledger), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (mapped_ledger == MAP_FAILED) {
		mapped_ledger = NULL;
		return cov_fail_errno(err, "cannot map %s", path);
	}
	process_keep_ledger(mapped_ledger);
	*ret = folder;
	folder = NULL;
	return 0;
}

int work_folder_note_command(const char *folder, char *const *command, struct cov_error *err)
{
	COV_AUTO(free) char *path = work_folder_command(folder);
	COV_AUTO(cov_text_deinit) struct cov_text text = { 0 };

	for (size_t i = 0; command[i]; i++)
		cov_text_print(&text, "%s%s", i ? "\n" : "", command[i]);
	return cov_file_replace(path, text.data, text.length, err);
}
