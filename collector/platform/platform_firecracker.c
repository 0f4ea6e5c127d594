/*
 * platform_firecracker.c - the driver firecracker: the real program, wherever there is one.
 *
 * Without an API socket it reads a configuration file; with one it is told by calls, which are then
 * counted. The jailer makes a namespace, a chroot and a control group first, which is counted too.
 *
 * No Firecracker was available where this was written: files and calls are checked against its API
 * descriptions (tests/unit/collector/firecracker_test.c), the jailer's options against its
 * documentation only.
 */
#include "collector/platform/guest.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/program.h"
#include "collector/base/text.h"
#include "collector/platform/firecracker_api.h"
#include "collector/platform/network.h"

static const long long call_limit_ns = 10000000000;
static const char socket_name[] = "api.socket";

static const char *version_of(const struct experiment_platform *platform, struct cov_arena *arena)
{
	return platform_program_version(platform->runtime, arena);
}

/* The chroot that the jailer will make: it accepts a folder that exists already. */
static char *root_folder(const struct platform_run *run)
{
	const char *slash = strrchr(run->platform->runtime, '/');
	const char *name = slash ? slash + 1 : run->platform->runtime;

	return run->platform->jailer
		   ? cov_format("%s/jail/%s/%s/root", run->folder, name, platform_run_id)
		   : cov_format("%s", run->folder);
}

static int copy_kernel(const char *from, const char *to, struct cov_error *err)
{
	COV_AUTO(free) char *data = NULL;
	size_t size = 0;
	int result = cov_file_read(from, &data, &size, err);

	return result ? result : cov_file_replace(to, data, size, err);
}

/* What the jailed process has to read and write belongs to it. */
static int hand_over(const struct platform_run *run, const char *root, struct cov_error *err)
{
	static const char *const names[] = { "", "/kernel", "/root.ext4", "/job", "/vm.json" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		COV_AUTO(free) char *path = cov_format("%s%s", root, names[i]);

		if (access(path, F_OK) == 0 &&
		    chown(path, (uid_t)run->platform->uid, (gid_t)run->platform->gid) != 0)
			return cov_fail_errno(err, "cannot make the jailed process the owner of %s",
					      path);
	}
	return 0;
}

/* @inside: how the machine's files are called by Firecracker, "" in a chroot. */
static void describe(const struct platform_run *run, const char *inside, const char *boot_text,
		     struct firecracker_machine *ret, struct cov_arena *arena)
{
	const struct experiment_platform *platform = run->platform;
	const char *names[] = { "kernel", "root.ext4", "job" };
	const char *paths[3];

	for (size_t i = 0; i < 3; i++) {
		COV_AUTO(free) char *path = cov_format("%s/%s", inside, names[i]);

		paths[i] = cov_arena_text(arena, path, strlen(path));
	}
	*ret = (struct firecracker_machine){
		.kernel = platform->jailer ? paths[0] : platform->kernel,
		.boot_text = boot_text,
		.root_image = paths[1],
		.job_image = paths[2],
		.tap = platform->network == NETWORK_TAP ? network_tap_name : NULL,
		.address = guest_mac_address,
		.memory_mib = platform->memory_mib,
		.cpu_count = platform->cpu_count,
		.is_old = firecracker_api_is_old(version_of(platform, arena)),
	};
}

static void add_jailer(struct platform_run *run, const char *program, bool is_old)
{
	const struct experiment_platform *platform = run->platform;
	COV_AUTO(free) char *base = cov_format("%s/jail", run->folder);
	COV_AUTO(free) char *uid = cov_format("%lld", platform->uid);
	COV_AUTO(free) char *gid = cov_format("%lld", platform->gid);
	const char *words[] = {
		platform->jailer, "--id", platform_run_id,     "--exec-file", program, "--uid", uid,
		"--gid",          gid,    "--chroot-base-dir", base,
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		platform_add_word(run, words[i]);
	if (is_old) {
		platform_add_word(run, "--node");
		platform_add_word(run, "0");
	}
	platform_add_word(run, "--");
}

static void set_command(struct platform_run *run, bool is_old)
{
	const struct experiment_platform *platform = run->platform;
	const char *inside = platform->jailer ? "" : run->folder;
	COV_AUTO(free) char *program = cov_program_find(platform->runtime, NULL);
	COV_AUTO(free) char *socket_path = cov_format("%s/%s", inside, socket_name);
	COV_AUTO(free) char *config_path = cov_format("%s/vm.json", inside);

	if (platform->jailer)
		add_jailer(run, program ? program : platform->runtime, is_old);
	else
		platform_add_word(run, platform->runtime);
	if (platform->has_api_socket) {
		platform_add_word(run, "--api-sock");
		platform_add_word(run, socket_path);
		return;
	}
	platform_add_word(run, "--no-api");
	platform_add_word(run, "--config-file");
	platform_add_word(run, config_path);
}

static int firecracker_prepare(struct platform_run *run, struct cov_error *err)
{
	const struct experiment_platform *platform = run->platform;
	COV_AUTO(free) char *root = root_folder(run);
	COV_AUTO(free) char *boot_text = guest_boot_text(platform, "k");
	COV_AUTO(free) char *config_path = cov_format("%s/vm.json", root);
	COV_AUTO(free) char *kernel_path = cov_format("%s/kernel", root);
	struct firecracker_machine machine;
	int result = cov_directory_make(root, err);

	if (result == 0)
		result = guest_make_disks(run, root, err);
	if (result == 0 && platform->jailer)
		result = copy_kernel(platform->kernel, kernel_path, err);
	if (result != 0)
		return result;
	describe(run, platform->jailer ? "" : run->folder, boot_text, &machine, &run->arena);
	COV_AUTO(free) char *config = firecracker_api_config(&machine);
	if (!platform->has_api_socket)
		result = cov_file_replace(config_path, config, strlen(config), err);
	if (result == 0 && platform->jailer)
		result = hand_over(run, root, err);
	struct firecracker_api_calls *calls = cov_arena_alloc(&run->arena, 1, sizeof(*calls));
	firecracker_api_calls(&machine, calls);
	run->state = calls;
	set_command(run, machine.is_old);
	return result;
}

static int firecracker_started(struct platform_run *run, struct cov_error *err)
{
	const struct experiment_platform *platform = run->platform;
	COV_AUTO(free) char *root = root_folder(run);
	COV_AUTO(free) char *socket_path = cov_format("%s/%s", root, socket_name);
	const struct firecracker_api_calls *calls = run->state;
	int result = 0;

	for (size_t i = 0; platform->has_api_socket && result == 0 && i < calls->count; i++)
		result = firecracker_api_put(socket_path, &calls->calls[i], call_limit_ns, err);
	return result;
}

static void firecracker_tear_down(struct platform_run *run)
{
	if (run->state)
		firecracker_api_calls_deinit(run->state);
	run->state = NULL;
}

static int firecracker_check(const struct experiment_platform *platform, struct cov_error *err)
{
	int result = 0;

	if (platform->jailer)
		result = platform_check_program(platform, platform->jailer, err);
	return result ? result : guest_check(platform, err);
}

const struct platform_driver platform_firecracker = {
	.name = "firecracker",
	.check = firecracker_check,
	.prepare = firecracker_prepare,
	.started = firecracker_started,
	.outcome = guest_outcome,
	.tear_down = firecracker_tear_down,
	.version = version_of,
};
