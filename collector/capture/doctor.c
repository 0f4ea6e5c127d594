/* doctor.c - what `covdb doctor` finds out about platforms and their tools. */
#include "collector/capture/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/program.h"
#include "collector/base/text.h"
#include "collector/capture/profile.h"
#include "collector/capture/syscalls.h"
#include "collector/platform/network.h"
#include "collector/platform/place.h"
#include "collector/platform/platform.h"

static const char control_groups[] = "/sys/fs/cgroup";

void doctor_diagnosis_deinit(struct diagnosis *diagnosis)
{
	free(diagnosis->findings);
	debugfs_files_deinit(&diagnosis->files);
	cov_arena_deinit(&diagnosis->arena);
}

void doctor_find(struct diagnosis *diagnosis, const char *name, enum doctor_status status,
		 const char *mend, const char *detail_format, ...)
{
	char detail[COV_ERROR_MESSAGE_BYTES];
	struct cov_arena *arena = &diagnosis->arena;
	va_list arguments;

	va_start(arguments, detail_format);
	vsnprintf(detail, sizeof(detail), detail_format, arguments);
	va_end(arguments);
	diagnosis->findings = cov_grow(diagnosis->findings, diagnosis->count, &diagnosis->capacity,
				       sizeof(*diagnosis->findings));
	diagnosis->findings[diagnosis->count++] = (struct doctor_finding){
		.name = cov_arena_text(arena, name, strlen(name)),
		.status = status,
		.detail = cov_arena_text(arena, detail, strlen(detail)),
		.mend =
		    status == DOCTOR_OK || !mend ? NULL : cov_arena_text(arena, mend, strlen(mend)),
	};
}

static void find_missing(struct diagnosis *diagnosis, const char *name, const char *mend)
{
	COV_AUTO(free) char *passed_over = cov_program_passed_over(name);

	doctor_find(diagnosis, name, DOCTOR_ADVICE, mend, "%s",
		    passed_over ? passed_over : "not in PATH");
}

static void check_programs(struct diagnosis *diagnosis)
{
	static const struct {
		const char *name;
		const char *mend;
	} programs[] = {
		{ "runc", "apt-get install runc" },
		{ "crun", "apt-get install crun" },
		{ "runsc", "apt-get install runsc" },
		{ "qemu-system-x86_64", "apt-get install qemu-system-x86" },
		{ "firecracker", "take it from its releases: "
				 "https://github.com/firecracker-microvm/firecracker/releases" },
		{ "sysbench", "apt-get install sysbench" },
		{ "iperf3", "apt-get install iperf3" },
		{ "perf", "apt-get install linux-perf" },
	};

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		COV_AUTO(free) char *path = cov_program_find(programs[i].name, NULL);

		if (!path) {
			find_missing(diagnosis, programs[i].name, programs[i].mend);
			continue;
		}
		const char *version = platform_program_version(path, &diagnosis->arena);
		doctor_find(diagnosis, programs[i].name, version ? DOCTOR_OK : DOCTOR_ADVICE,
			    programs[i].mend, "%s", version ? version : "version unknown");
	}
}

static void check_other_programs(struct diagnosis *diagnosis)
{
	static const char *const others[][2] = {
		{ "ping", "apt-get install iputils-ping" },
		{ "covdb-work", "cmake --install build/release" },
	};
	struct cov_error err;

	if (network_check(&err) == 0)
		doctor_find(diagnosis, "networks", DOCTOR_OK, NULL, "iproute2 is here");
	else
		doctor_find(diagnosis, "networks", DOCTOR_ADVICE, "apt-get install iproute2",
			    "no bridge, no TAP, no peer: iproute2 is missing");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		COV_AUTO(free) char *path = cov_program_find(others[i][0], NULL);

		if (path)
			doctor_find(diagnosis, others[i][0], DOCTOR_OK, NULL, "%s", path);
		else
			find_missing(diagnosis, others[i][0], others[i][1]);
	}
}

/* That it opens does not prove that it boots anything, only a guest does: `covdb lab run`. */
static void check_kvm(struct diagnosis *diagnosis)
{
	COV_AUTO(close) int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	int version = fd < 0 ? -1 : ioctl(fd, KVM_GET_API_VERSION, 0);

	if (fd < 0)
		doctor_find(diagnosis, "KVM", DOCTOR_ADVICE,
			    "enable virtualisation in the firmware; modprobe kvm_intel or "
			    "kvm_amd",
			    "/dev/kvm: %s; no microVM, no gVisor with --platform=kvm",
			    strerror(errno));
	else if (version != KVM_API_VERSION)
		doctor_find(diagnosis, "KVM", DOCTOR_ADVICE, "use another kernel",
			    "/dev/kvm speaks version %d, not %d", version, KVM_API_VERSION);
	else
		doctor_find(diagnosis, "KVM", DOCTOR_OK, NULL,
			    "/dev/kvm opens; only a guest proves that it boots");
}

static void check_tap(struct diagnosis *diagnosis)
{
	if (access("/dev/net/tun", R_OK | W_OK) == 0)
		doctor_find(diagnosis, "TAP", DOCTOR_OK, NULL, "/dev/net/tun can be opened");
	else
		doctor_find(diagnosis, "TAP", DOCTOR_ADVICE, "modprobe tun",
			    "/dev/net/tun: %s; no network for microVMs", strerror(errno));
}

static void check_control_groups(struct diagnosis *diagnosis)
{
	COV_AUTO(free) char *path = cov_format("%s/cgroup.controllers", control_groups);
	COV_AUTO(free) char *controllers = NULL;
	struct statfs status;
	size_t size = 0;
	struct cov_error err;

	if (statfs(control_groups, &status) != 0 || status.f_type != CGROUP2_SUPER_MAGIC) {
		doctor_find(diagnosis, "control groups", DOCTOR_ADVICE,
			    "mount -t cgroup2 cgroup2 /sys/fs/cgroup, or boot with "
			    "systemd.unified_cgroup_hierarchy=1",
			    "%s is not a cgroup v2 hierarchy; limits depend on the runtime",
			    control_groups);
		return;
	}
	if (cov_file_read(path, &controllers, &size, &err) != 0) {
		doctor_find(diagnosis, "control groups", DOCTOR_ADVICE, NULL, "%s", err.message);
		return;
	}
	controllers[strcspn(controllers, "\n")] = '\0';
	if (strstr(controllers, "memory") && strstr(controllers, "cpu"))
		doctor_find(diagnosis, "control groups", DOCTOR_OK, NULL, "version 2: %s",
			    controllers);
	else
		doctor_find(diagnosis, "control groups", DOCTOR_ADVICE,
			    "boot without cgroup_disable=",
			    "version 2, without the controller memory or cpu: %s", controllers);
}

static void check_overlay(struct diagnosis *diagnosis)
{
	COV_AUTO(free) char *systems = NULL;
	size_t size = 0;
	struct cov_error err;

	if (cov_file_read("/proc/filesystems", &systems, &size, &err) != 0) {
		doctor_find(diagnosis, "overlayfs", DOCTOR_ADVICE, NULL, "%s", err.message);
		return;
	}
	bool is_there = strstr(systems, "\toverlay\n");
	doctor_find(diagnosis, "overlayfs", is_there ? DOCTOR_OK : DOCTOR_ADVICE,
		    "modprobe overlay", "%s",
		    is_there ? "known to the kernel" : "not known to the kernel");
}

/* Overlays, and copies of images, are there: in memory they are not what the paper measured. */
static void check_work_folder(struct diagnosis *diagnosis)
{
	COV_AUTO(free) char *folder = NULL;
	struct statfs status;
	struct cov_error err;

	if (place_find(&folder, &err) != 0)
		doctor_find(diagnosis, "work folder", DOCTOR_MISSING, "set TMPDIR", "%s",
			    err.message);
	else if (statfs(folder, &status) != 0)
		doctor_find(diagnosis, "work folder", DOCTOR_MISSING, "set TMPDIR", "%s: %s",
			    folder, strerror(errno));
	else if (status.f_type == TMPFS_MAGIC || status.f_type == OVERLAYFS_SUPER_MAGIC)
		doctor_find(diagnosis, "work folder", DOCTOR_ADVICE,
			    "set TMPDIR to a folder on ext4",
			    "%s is a %s: not the ext4 that the paper had below overlays", folder,
			    status.f_type == TMPFS_MAGIC ? "tmpfs" : "overlay itself");
	else
		doctor_find(diagnosis, "work folder", DOCTOR_OK, NULL, "%s, %.1f GiB free", folder,
			    (double)status.f_bavail * (double)status.f_bsize / (1 << 30));
}

void doctor_check_tools(struct diagnosis *diagnosis)
{
	check_kvm(diagnosis);
	check_tap(diagnosis);
	check_control_groups(diagnosis);
	check_overlay(diagnosis);
	check_work_folder(diagnosis);
	check_programs(diagnosis);
	check_other_programs(diagnosis);
}

/* @check: of trials that record something else than counters */
static void check_recording(struct diagnosis *diagnosis, const char *what,
			    int (*check)(struct cov_error *err))
{
	struct cov_error err;

	if (check(&err) == 0)
		doctor_find(diagnosis, what, DOCTOR_OK, NULL, "perf is here");
	else
		doctor_find(diagnosis, what, DOCTOR_MISSING, "apt-get install linux-perf", "%s",
			    err.message);
}

void doctor_check_experiment(struct diagnosis *diagnosis, const struct experiment *experiment)
{
	if (experiment->profile_trial_count)
		check_recording(diagnosis, "profiles", profile_check);
	if (experiment->syscalls_trial_count)
		check_recording(diagnosis, "system calls", syscalls_check);
	for (size_t i = 0; i < experiment->platform_count; i++) {
		const struct experiment_platform *platform = &experiment->platforms[i];
		COV_AUTO(free) char *name = cov_format("platform %s", platform->name);
		struct cov_error err;

		if (platform->is_optional && !platform_has_programs(platform)) {
			COV_AUTO(free) char *missing = platform_missing(platform);

			doctor_find(diagnosis, name, DOCTOR_ADVICE,
				    "'collect' leaves it out; docs/platforms.md says what it needs",
				    "%s", missing);
			continue;
		}
		if (platform_check(experiment, platform, &err) != 0) {
			doctor_find(diagnosis, name, DOCTOR_MISSING,
				    "docs/platforms.md says what each driver needs", "%s",
				    err.message);
			continue;
		}
		const char *version = platform_version(platform, &diagnosis->arena);
		doctor_find(diagnosis, name, DOCTOR_OK, NULL, "%s%s%s, network %s",
			    platform->driver, version ? ": " : "", version ? version : "",
			    experiment_network_names[platform->network]);
	}
}
