/* guest.c - what the drivers of virtual machines share: disks, job, outcome. */
#include "collector/platform/guest.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"
#include "collector/experiment/addresses.h"
#include "collector/platform/network.h"
#include "collector/run/output.h"

enum { SECTOR_BYTES = 512, COPY_BYTES_MAX = 1 << 20 };

/* Locally administered, as it should be. */
const char guest_mac_address[] = "02:c0:7d:b0:00:01";

/* One run of data of a sparse file. */
static int copy_data(int from, int to, off_t start, off_t end)
{
	static char bytes[COPY_BYTES_MAX];

	while (start < end) {
		size_t wanted =
		    (size_t)(end - start) < sizeof(bytes) ? (size_t)(end - start) : sizeof(bytes);
		ssize_t got_bytes = pread(from, bytes, wanted, start);
		ssize_t written_bytes =
		    got_bytes > 0 ? pwrite(to, bytes, (size_t)got_bytes, start) : got_bytes;

		if (written_bytes < 0 && errno == EINTR)
			continue;
		if (written_bytes == 0)
			errno = EIO; /* shorter than it was a moment ago */
		if (written_bytes <= 0)
			return -1;
		start += written_bytes;
	}
	return 0;
}

/* Holes stay holes: an image is mostly empty. */
static int copy_image(const char *from_path, const char *to_path, struct cov_error *err)
{
	COV_AUTO(close) int from = -1;
	struct stat status;
	off_t start = 0;
	int result = cov_file_open(from_path, &from, err);

	if (result)
		return result;
	COV_AUTO(close)
	int to = open(to_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fstat(from, &status) != 0)
		return cov_fail_errno(err, "cannot open %s", from_path);
	if (to < 0 || ftruncate(to, status.st_size) != 0)
		return cov_fail_errno(err, "cannot make %s", to_path);
	while ((start = lseek(from, start, SEEK_DATA)) >= 0) {
		off_t end = lseek(from, start, SEEK_HOLE);

		if (end < 0 || copy_data(from, to, start, end) != 0)
			return cov_fail_errno(err, "cannot copy %s to %s", from_path, to_path);
		start = end;
	}
	if (errno != ENXIO)
		return cov_fail_errno(err, "cannot read %s", from_path);
	int copy = to;
	to = -1;
	return close(copy) == 0 ? 0 : cov_fail_errno(err, "cannot make %s", to_path);
}

char *guest_job(const struct experiment_workload *workload)
{
	struct cov_text text = { 0 };

	cov_text_print(&text, "exec");
	for (size_t i = 0; i < workload->command.count; i++) {
		cov_text_print(&text, " '");
		for (const char *c = workload->command.texts[i]; *c; c++)
			cov_text_print(&text, *c == '\'' ? "'\\''" : "%c", *c);
		cov_text_print(&text, "'");
	}
	cov_text_print(&text, "\n");
	/* The shell reads the disk to its end, which is that of a sector. */
	while (text.length % SECTOR_BYTES)
		cov_text_add(&text, "\n", 1);
	return text.data;
}

int guest_write_job(const struct platform_run *run, const char *folder, struct cov_error *err)
{
	COV_AUTO(free) char *path = cov_format("%s/job", folder);
	COV_AUTO(free) char *job = guest_job(run->workload);

	return cov_file_replace(path, job, strlen(job), err);
}

int guest_make_disks(const struct platform_run *run, const char *folder, struct cov_error *err)
{
	COV_AUTO(free) char *image = cov_format("%s/root.ext4", folder);
	int result = copy_image(run->platform->image, image, err);

	return result ? result : guest_write_job(run, folder, err);
}

char *guest_boot_text(const struct experiment_platform *platform, const char *reboot)
{
	struct cov_text text = { 0 };

	/* The clock and the timer are KVM's: neither has to be probed. */
	cov_text_print(&text,
		       "console=ttyS0 root=/dev/vda rw init=/covdb/init quiet loglevel=1 "
		       "reboot=%s panic=-1 pci=off tsc=reliable no_timer_check",
		       reboot);
	if (platform->network == NETWORK_TAP)
		cov_text_print(&text, " ip=%s::%s:255.255.255.0::eth0:off", address_guest,
			       address_gateway);
	if (platform->boot_arguments)
		cov_text_print(&text, " %s", platform->boot_arguments);
	return text.data;
}

int guest_check(const struct experiment_platform *platform, struct cov_error *err)
{
	const struct {
		const char *path;
		int mode;
		const char *what;
	} files[] = {
		{ platform->kernel, R_OK, "kernel" },
		{ platform->image, R_OK, "image" },
		{ "/dev/kvm", R_OK | W_OK, "device" },
		{ platform->network == NETWORK_TAP ? "/dev/net/tun" : NULL, R_OK | W_OK, "device" },
	};
	int result = platform_check_program(platform, platform->runtime, err);

	if (result)
		return result;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (files[i].path && access(files[i].path, files[i].mode) != 0)
			return cov_fail(err, COV_ERR_MACHINE,
					"platform %s: cannot use the %s %s: %s", platform->name,
					files[i].what, files[i].path, strerror(errno));
	}
	return 0;
}

int guest_outcome(struct platform_run *run, struct process_result *result, struct cov_error *err)
{
	bool has_exit = false;

	(void)run;
	for (const char *line = result->output.data; line && *line;) {
		size_t length = strcspn(line, "\n");
		COV_AUTO(free) char *copy = cov_xstrndup(line, length);

		has_exit |= output_event(copy, &result->exit_status) == OUTPUT_EXIT;
		line += length + (line[length] == '\n');
	}
	if (has_exit || result->is_over_limit || result->is_interrupted || result->signal)
		return 0;
	return cov_fail(err, COV_ERR_SYSTEM,
			"the machine ended (status %d) before its workload did",
			result->exit_status);
}
