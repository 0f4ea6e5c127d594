/*
 * platform_oci.c - the driver oci: the workload runs in a container of an OCI runtime (runc, crun,
 * runsc).
 *
 * The bundle, the overlay and the network are made before the counters are reset. Starting and
 * ending the container is within the counted time, as in the paper: what a platform costs begins
 * with starting it.
 *
 * Source: OCI runtime specification 1.0.2, config.md and config-linux.md.
 */
#include "collector/platform/platform_oci.h"

#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/json.h"
#include "collector/base/text.h"
#include "collector/platform/ledger.h"
#include "collector/platform/leftover.h"
#include "collector/platform/network.h"
#include "collector/platform/platform.h"

enum { CPU_PERIOD_US = 100000 };

static const long long delete_limit_ns = 30000000000;

/* Whose `delete --force` needs no more than the folder of its state. */
static const char *const known_runtimes[] = { "runc", "crun", "runsc", "kata-runtime", NULL };

static const char *const environment[] = {
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"HOME=/root",
	NULL,
};
static const char *const masked_paths[] = {
	"/proc/acpi",
	"/proc/asound",
	"/proc/kcore",
	"/proc/keys",
	"/proc/latency_stats",
	"/proc/timer_list",
	"/proc/timer_stats",
	"/proc/sched_debug",
	"/proc/scsi",
	"/sys/firmware",
	NULL,
};
static const char *const read_only_paths[] = {
	"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger", NULL,
};
static const char *const name_spaces[] = { "pid", "ipc", "uts", "mount", "cgroup", NULL };

static const struct {
	const char *destination;
	const char *type;
	const char *options[8];
} mounts[] = {
	{ "/proc", "proc", { "nosuid", "noexec", "nodev" } },
	{ "/dev", "tmpfs", { "nosuid", "strictatime", "mode=755", "size=65536k" } },
	{ "/dev/pts",
	  "devpts",
	  { "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5" } },
	{ "/dev/shm", "tmpfs", { "nosuid", "noexec", "nodev", "mode=1777", "size=65536k" } },
	{ "/dev/mqueue", "mqueue", { "nosuid", "noexec", "nodev" } },
	{ "/sys", "sysfs", { "nosuid", "noexec", "nodev", "ro" } },
	{ "/tmp", "tmpfs", { "nosuid", "nodev", "mode=1777" } },
};

/* Word for word: a command may have escapes of its own, which are not those of names. */
static json_t *texts_json(const char *const *texts)
{
	json_t *list = cov_json_array();

	for (size_t i = 0; texts[i]; i++)
		cov_json_append(list, cov_json_text(texts[i], strlen(texts[i])));
	return list;
}

static json_t *mounts_json(void)
{
	json_t *list = cov_json_array();

	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++)
		cov_json_append(list, cov_json_pack("{s:s, s:s, s:s, s:o}", "destination",
						    mounts[i].destination, "type", mounts[i].type,
						    "source", mounts[i].type, "options",
						    texts_json(mounts[i].options)));
	return list;
}

static json_t *name_spaces_json(enum experiment_network network)
{
	json_t *list = cov_json_array();

	for (size_t i = 0; name_spaces[i]; i++)
		cov_json_append(list, cov_json_pack("{s:s}", "type", name_spaces[i]));
	if (network == NETWORK_NONE)
		cov_json_append(list, cov_json_pack("{s:s}", "type", "network"));
	if (network == NETWORK_BRIDGE)
		cov_json_append(
		    list, cov_json_pack("{s:s, s:s}", "type", "network", "path", network_box_path));
	return list;
}

static json_t *capabilities_json(void)
{
	return cov_json_pack("{s:o, s:o, s:o}", "bounding", texts_json(seccomp_profile_docker),
			     "effective", texts_json(seccomp_profile_docker), "permitted",
			     texts_json(seccomp_profile_docker));
}

static json_t *process_json(const struct experiment_workload *workload)
{
	return cov_json_pack("{s:b, s:{s:i, s:i}, s:o, s:o, s:s, s:o, s:b}", "terminal", 0, "user",
			     "uid", 0, "gid", 0, "args", texts_json(workload->command.texts), "env",
			     texts_json(environment), "cwd", "/", "capabilities",
			     capabilities_json(), "noNewPrivileges", 0);
}

static json_t *resources_json(const struct experiment_platform *platform)
{
	json_t *resources = cov_json_object();

	if (platform->memory_mib)
		cov_json_set(resources, "memory",
			     cov_json_pack("{s:I}", "limit",
					   (json_int_t)platform->memory_mib * 1024 * 1024));
	if (platform->cpu_count)
		cov_json_set(resources, "cpu",
			     cov_json_pack("{s:I, s:i}", "quota",
					   (json_int_t)platform->cpu_count * CPU_PERIOD_US,
					   "period", CPU_PERIOD_US));
	return resources;
}

int platform_oci_profile(const struct experiment_platform *platform, struct seccomp_profile *ret,
			 struct cov_error *err)
{
	struct utsname name;

	if (!platform->seccomp)
		return 0;
	uname(&name);
	const struct seccomp_subject subject = { seccomp_profile_docker, name.release };
	int result = seccomp_profile_read(platform->seccomp, &subject, ret, err);
	if (result)
		return result;
	if (strcmp(ret->filters[0].role, "container") != 0)
		return cov_fail(err, COV_ERR_FORMAT, "%s: not a seccomp profile of OCI's form",
				platform->seccomp);
	return 0;
}

char *platform_oci_config(const struct experiment_platform *platform,
			  const struct experiment_workload *workload, const char *root,
			  const struct seccomp_profile *profile)
{
	COV_AUTO(free) char *group = cov_format("/covdb/%s", platform_run_id);
	json_t *config = cov_json_pack(
	    "{s:s, s:o, s:{s:s, s:b}, s:s, s:o, s:{s:o, s:o, s:o, s:s, s:o}}", "ociVersion",
	    "1.0.2", "process", process_json(workload), "root", "path", root, "readonly",
	    !platform->has_overlay, "hostname", "covdb", "mounts", mounts_json(), "linux",
	    "namespaces", name_spaces_json(platform->network), "maskedPaths",
	    texts_json(masked_paths), "readonlyPaths", texts_json(read_only_paths), "cgroupsPath",
	    group, "resources", resources_json(platform));
	if (profile->filter_count)
		cov_json_set(json_object_get(config, "linux"), "seccomp",
			     seccomp_profile_json(profile));
	char *text = cov_json_format(config, JSON_INDENT(2));

	json_decref(config);
	return text;
}

static int oci_check(const struct experiment_platform *platform, struct cov_error *err)
{
	COV_AUTO(seccomp_profile_deinit) struct seccomp_profile profile = { 0 };
	int result = platform_check_program(platform, platform->runtime, err);

	if (result == 0)
		result = platform_check_rootfs(platform, err);
	return result ? result : platform_oci_profile(platform, &profile, err);
}

/* Where a command is looked for in a container, without following links out of its root. */
static bool is_in_root(const char *rootfs, const char *program)
{
	static const char *const folders[] = { "/usr/local/sbin", "/usr/local/bin", "/usr/sbin",
					       "/usr/bin",        "/sbin",          "/bin" };
	struct stat status;

	if (strchr(program, '/')) {
		COV_AUTO(free) char *path = cov_format("%s/%s", rootfs, program);

		return lstat(path, &status) == 0;
	}
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		COV_AUTO(free) char *path = cov_format("%s%s/%s", rootfs, folders[i], program);

		if (lstat(path, &status) == 0)
			return true;
	}
	return false;
}

static int oci_check_workload(const struct experiment_platform *platform,
			      const struct experiment_workload *workload, struct cov_error *err)
{
	if (is_in_root(platform->rootfs, workload->command.texts[0]))
		return 0;
	return cov_fail(
	    err, COV_ERR_MACHINE, "workload %s: there is no program '%s' in %s of platform %s",
	    workload->name, workload->command.texts[0], platform->rootfs, platform->name);
}

/* RUNTIME ARGUMENTS... --root STATE, and then @rest, NULL at its end; in the run's command. */
static void set_command(struct platform_run *run, const char *const *rest)
{
	const struct experiment_platform *platform = run->platform;
	COV_AUTO(free) char *state = cov_format("%s/state", run->folder);

	run->command = NULL;
	platform_add_word(run, platform->runtime);
	for (size_t i = 0; i < platform->arguments.count; i++)
		platform_add_word(run, platform->arguments.texts[i]);
	platform_add_word(run, "--root");
	platform_add_word(run, state);
	for (size_t i = 0; rest[i]; i++)
		platform_add_word(run, rest[i]);
}

int platform_oci_mount_overlay(struct platform_run *run, const char **root, struct cov_error *err)
{
	static const char *const names[] = { "upper", "work", "root" };
	int result = 0;

	for (size_t i = 0; result == 0 && i < 3; i++) {
		COV_AUTO(free) char *path = cov_format("%s/%s", run->folder, names[i]);

		result = cov_directory_make(path, err);
	}
	if (result != 0)
		return result;
	COV_AUTO(free)
	char *options = cov_format("lowerdir=%s,upperdir=%s/upper,workdir=%s/work",
				   run->platform->rootfs, run->folder, run->folder);
	COV_AUTO(free) char *path = cov_format("%s/root", run->folder);
	if (mount("overlay", path, "overlay", 0, options) != 0)
		return cov_fail_errno(err, "cannot mount an overlay of %s at %s",
				      run->platform->rootfs, path);
	*root = cov_arena_text(&run->arena, path, strlen(path));
	return 0;
}

static int write_bundle(const struct platform_run *run, const char *bundle, const char *root,
			struct cov_error *err)
{
	COV_AUTO(free) char *path = cov_format("%s/config.json", bundle);
	COV_AUTO(seccomp_profile_deinit) struct seccomp_profile profile = { 0 };
	int result = platform_oci_profile(run->platform, &profile, err);

	if (result == 0)
		result = cov_directory_make(bundle, err);
	if (result != 0)
		return result;
	COV_AUTO(free)
	char *config = platform_oci_config(run->platform, run->workload, root, &profile);
	return cov_file_replace(path, config, strlen(config), err);
}

static bool is_known(const char *runtime)
{
	size_t i = 0;

	while (known_runtimes[i] && strcmp(known_runtimes[i], runtime) != 0)
		i++;
	return known_runtimes[i];
}

/*
 * By the name of its runtime alone: what the next collect runs is of its own PATH. One that only
 * the experiment knows is of the next one's experiment.
 */
static int note_container(const struct experiment_platform *platform, struct cov_error *err)
{
	const char *slash = strrchr(platform->runtime, '/');
	const char *name = slash ? slash + 1 : platform->runtime;

	return is_known(name) ? ledger_note(LEDGER_CONTAINER, name, err)
			      : ledger_note(LEDGER_PLATFORM, platform->name, err);
}

static int oci_prepare(struct platform_run *run, struct cov_error *err)
{
	COV_AUTO(free) char *bundle = cov_format("%s/bundle", run->folder);
	const char *const start[] = { "run", "--bundle", bundle, platform_run_id, NULL };
	const char *root = run->platform->rootfs;
	int result = 0;

	if (run->platform->has_overlay)
		result = platform_oci_mount_overlay(run, &root, err);
	if (result == 0)
		result = write_bundle(run, bundle, root, err);
	if (result == 0)
		result = note_container(run->platform, err);
	if (result == 0)
		result = leftover_note_group(err);
	if (result == 0)
		set_command(run, start);
	return result;
}

void platform_oci_end_run(struct platform_run *run)
{
	const char *const delete[] = { "delete", "--force", platform_run_id, NULL };
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };
	struct cov_error err;

	set_command(run, delete);
	process_run(run->command, delete_limit_ns, &result, &err);
}

/* `run` deletes the container if all goes well; then this fails, and nobody minds. */
static void oci_tear_down(struct platform_run *run)
{
	if (run->command)
		platform_oci_end_run(run);
}

void platform_oci_end(const char *runtime, const char *folder)
{
	COV_AUTO(free) char *state = cov_format("%s/state", folder);
	const char *const command[] = { runtime,   "--root",        state, "delete",
					"--force", platform_run_id, NULL };
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };
	struct cov_error err;

	if (is_known(runtime))
		process_run((char *const *)command, delete_limit_ns, &result, &err);
}

static const char *oci_version(const struct experiment_platform *platform, struct cov_arena *arena)
{
	return platform_program_version(platform->runtime, arena);
}

const struct platform_driver platform_oci = {
	.name = "oci",
	.check = oci_check,
	.check_workload = oci_check_workload,
	.prepare = oci_prepare,
	.tear_down = oci_tear_down,
	.version = oci_version,
};
