/*
 * platform_firecracker.c - the driver firecracker: the real program, wherever there is one.
 *
 * Without an API socket it reads a configuration file; with one it is told by calls, which are then
 * counted. The jailer makes a namespace, a chroot and a control group first, which is counted too.
 *
 * For v0.19 to v1.16. Files and calls are checked against the descriptions of the API
 * (tests/unit/collector/firecracker_test.c), everything against a stand-in that behaves as each of
 * these versions was seen to (tests/cli/firecracker.sh).
 */
#include "collector/platform/guest.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/program.h"
#include "collector/base/text.h"
#include "collector/platform/firecracker_api.h"
#include "collector/platform/network.h"

/* Emulated, on a busy machine, the jailer alone takes seconds. */
static const long long call_limit_ns = 60000000000;
static const char socket_name[] = "api.socket";

/* What is to be told, made before the counters are reset. */
struct telling {
	struct firecracker_api_calls calls;
	const char *socket_path; /* as seen from outside of a jail */
};

/* There is no keyboard to look for, and one serial port: else each failed look is logged. */
static const char boot_words[] = " 8250.nr_uarts=1 i8042.noaux i8042.nomux i8042.dumbkbd";

/* v0.21 says it with its help only. */
static const char *version_of(const struct experiment_platform *platform, struct cov_arena *arena)
{
	const char *version = platform_program_version(platform->runtime, arena);

	return version ? version : platform_program_says(platform->runtime, "--help", arena);
}

/* What the jailer will run, and names its folder after: it follows links first. free() it. */
static char *real_program(const struct experiment_platform *platform)
{
	COV_AUTO(free) char *program = cov_program_find(platform->runtime, NULL);
	char *real = realpath(program ? program : platform->runtime, NULL);

	return real ? real : cov_xstrdup(platform->runtime);
}

/* The chroot that the jailer will make: it accepts a folder that exists already. */
static char *root_folder(const struct platform_run *run)
{
	COV_AUTO(free) char *program = real_program(run->platform);
	const char *slash = strrchr(program, '/');

	return run->platform->jailer ? cov_format("%s/jail/%s/%s/root", run->folder,
						  slash ? slash + 1 : program, platform_run_id)
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
		.version = firecracker_api_version(version_of(platform, arena)),
	};
}

/* The jailer passes one on below v0.21, and has an option of that name for it. */
static bool is_for_jailer(const struct experiment_platform *platform,
			  struct firecracker_version version, const char *word)
{
	static const char name[] = "--seccomp-level";

	return platform->jailer && firecracker_api_is_below(version, 0, 21) &&
	       strncmp(word, name, strlen(name)) == 0;
}

/* The arguments that are for the jailer, or those for Firecracker itself. */
static void add_arguments(struct platform_run *run, struct firecracker_version version,
			  bool of_jailer)
{
	const struct yaml_words *words = &run->platform->arguments;

	for (size_t i = 0; i < words->count; i++) {
		bool is_jailers = is_for_jailer(run->platform, version, words->texts[i]);
		bool has_value = is_jailers && !strchr(words->texts[i], '=');

		if (is_jailers == of_jailer)
			platform_add_word(run, words->texts[i]);
		if (has_value && ++i < words->count && of_jailer)
			platform_add_word(run, words->texts[i]);
	}
}

static void add_jailer(struct platform_run *run, struct firecracker_version version)
{
	const struct experiment_platform *platform = run->platform;
	COV_AUTO(free) char *program = real_program(platform);
	COV_AUTO(free) char *base = cov_format("%s/jail", run->folder);
	COV_AUTO(free) char *uid = cov_format("%lld", platform->uid);
	COV_AUTO(free) char *gid = cov_format("%lld", platform->gid);
	const char *words[] = {
		platform->jailer, "--id", platform_run_id,     "--exec-file", program, "--uid", uid,
		"--gid",          gid,    "--chroot-base-dir", base,
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		platform_add_word(run, words[i]);
	if (firecracker_api_is_below(version, 0, 23)) {
		platform_add_word(run, "--node");
		platform_add_word(run, "0");
	}
	add_arguments(run, version, true);
	platform_add_word(run, "--");
}

static void set_command(struct platform_run *run, struct firecracker_version version)
{
	const struct experiment_platform *platform = run->platform;
	const char *inside = platform->jailer ? "" : run->folder;
	COV_AUTO(free) char *socket_path = cov_format("%s/%s", inside, socket_name);
	COV_AUTO(free) char *config_path = cov_format("%s/vm.json", inside);
	/* It is the same one. */
	bool has_jailers_socket = platform->jailer && firecracker_api_is_below(version, 0, 21);

	if (platform->jailer)
		add_jailer(run, version);
	else
		platform_add_word(run, platform->runtime);
	if (platform->has_api_socket && !has_jailers_socket) {
		platform_add_word(run, "--api-sock");
		platform_add_word(run, socket_path);
	}
	if (!platform->has_api_socket) {
		platform_add_word(run, "--no-api");
		platform_add_word(run, "--config-file");
		platform_add_word(run, config_path);
	}
	add_arguments(run, version, false);
}

static char *boot_text_of(const struct experiment_platform *platform)
{
	COV_AUTO(free) char *text = guest_boot_text(platform, "k");

	return cov_format("%s%s", text, boot_words);
}

static int firecracker_prepare(struct platform_run *run, struct cov_error *err)
{
	const struct experiment_platform *platform = run->platform;
	COV_AUTO(free) char *root = root_folder(run);
	COV_AUTO(free) char *boot_text = boot_text_of(platform);
	COV_AUTO(free) char *config_path = cov_format("%s/vm.json", root);
	COV_AUTO(free) char *kernel_path = cov_format("%s/kernel", root);
	COV_AUTO(free) char *socket_path = cov_format("%s/%s", root, socket_name);
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
	struct telling *telling = cov_arena_alloc(&run->arena, 1, sizeof(*telling));
	firecracker_api_calls(&machine, &telling->calls);
	telling->socket_path = cov_arena_text(&run->arena, socket_path, strlen(socket_path));
	run->state = telling;
	set_command(run, machine.version);
	return result;
}

/* Lines that follow the reason and say less. */
static bool is_after_reason(const char *line, bool has_reason)
{
	static const char debug[] = "Error: ", note[] = "note: ", help[] = "For more information ";

	return !*line || strstr(line, "Firecracker exiting") ||
	       strncmp(line, help, strlen(help)) == 0 || strncmp(line, note, strlen(note)) == 0 ||
	       (has_reason && strncmp(line, debug, strlen(debug)) == 0);
}

/* Add to the message why Firecracker ended, as far as it said so. */
static int explain(const struct process_result *result, struct cov_error *err)
{
	static const char usage[] = "error: "; /* below v0.21, with the usage behind it */
	COV_AUTO(free) char *text = cov_xstrdup(result->output.data ? result->output.data : "");
	const struct cov_error first = *err;
	const char *reason = NULL;
	char *rest = text, *line;
	bool is_usage = false;

	while (!is_usage && (line = strsep(&rest, "\r\n"))) {
		is_usage = strncmp(line, usage, strlen(usage)) == 0;
		if (!is_after_reason(line, reason != NULL))
			reason = line;
	}
	return reason ? cov_fail(err, first.code, "%s: %s", first.message, reason) : first.code;
}

static int firecracker_started(struct platform_run *run, struct process *process,
			       struct cov_error *err)
{
	const struct experiment_platform *platform = run->platform;
	COV_AUTO(free) char *root = root_folder(run);
	COV_AUTO(free) char *socket_path = cov_format("%s/%s", root, socket_name);
	const struct firecracker_api_calls *calls = run->state;
	int result = 0;

	for (size_t i = 0; platform->has_api_socket && result == 0 && i < calls->count; i++)
		result =
		    firecracker_api_put(socket_path, process, &calls->calls[i], call_limit_ns, err);
	if (result == 0)
		return 0;
	process_stop(process);
	/* One that was alive till now has said why in its answer. */
	return process->result.signal == SIGKILL ? result : explain(&process->result, err);
}

static int firecracker_outcome(struct platform_run *run, struct process_result *result,
			       struct cov_error *err)
{
	int code = guest_outcome(run, result, err);

	return code ? explain(result, err) : 0;
}

static void firecracker_tear_down(struct platform_run *run)
{
	struct telling *telling = run->state;

	if (telling)
		firecracker_api_calls_deinit(&telling->calls);
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
	.outcome = firecracker_outcome,
	.tear_down = firecracker_tear_down,
	.version = version_of,
};
