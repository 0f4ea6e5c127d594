/*
 * platform_oci.c - the driver oci: the workload runs in a container of an OCI runtime (runc, crun,
 * runsc).
 *
 * The bundle is made before the counters are reset. Starting and ending the container is within the
 * counted time, as in the paper: what a platform costs begins with starting it.
 *
 * Source: OCI runtime specification 1.0.2, config.md and config-linux.md.
 */
#include "collector/platform.h"

#include <ftw.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/process.h"

enum { DESCRIPTORS_MAX = 16 };

static const long long delete_limit_ns = 30000000000;

/* Docker's default set. */
static const char *const capabilities[] = {
	"CAP_AUDIT_WRITE", "CAP_CHOWN",   "CAP_DAC_OVERRIDE",     "CAP_FOWNER",     "CAP_FSETID",
	"CAP_KILL",        "CAP_MKNOD",   "CAP_NET_BIND_SERVICE", "CAP_NET_RAW",    "CAP_SETFCAP",
	"CAP_SETGID",      "CAP_SETPCAP", "CAP_SETUID",           "CAP_SYS_CHROOT", NULL,
};
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
static const char *const name_spaces[] = {
	"pid", "network", "ipc", "uts", "mount", "cgroup", NULL
};

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

static json_t *texts_json(const char *const *texts)
{
	json_t *list = json_array();

	for (size_t i = 0; texts[i]; i++)
		json_array_append_new(list, json_string(texts[i]));
	return list;
}

static json_t *mounts_json(void)
{
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o}", "destination",
						      mounts[i].destination, "type", mounts[i].type,
						      "source", mounts[i].type, "options",
						      texts_json(mounts[i].options)));
	return list;
}

static json_t *name_spaces_json(void)
{
	json_t *list = json_array();

	for (size_t i = 0; name_spaces[i]; i++)
		json_array_append_new(list, json_pack("{s:s}", "type", name_spaces[i]));
	return list;
}

static json_t *capabilities_json(void)
{
	return json_pack("{s:o, s:o, s:o}", "bounding", texts_json(capabilities), "effective",
			 texts_json(capabilities), "permitted", texts_json(capabilities));
}

static json_t *process_json(const struct experiment_workload *workload)
{
	return json_pack("{s:b, s:{s:i, s:i}, s:o, s:o, s:s, s:o, s:b}", "terminal", 0, "user",
			 "uid", 0, "gid", 0, "args", texts_json(workload->command), "env",
			 texts_json(environment), "cwd", "/", "capabilities", capabilities_json(),
			 "noNewPrivileges", 0);
}

char *platform_oci_config(const struct experiment_platform *platform,
			  const struct experiment_workload *workload)
{
	json_t *root = json_pack(
	    "{s:s, s:o, s:{s:s, s:b}, s:s, s:o, s:{s:o, s:o, s:o}}", "ociVersion", "1.0.2",
	    "process", process_json(workload), "root", "path", platform->rootfs, "readonly", 1,
	    "hostname", "covdb", "mounts", mounts_json(), "linux", "namespaces", name_spaces_json(),
	    "maskedPaths", texts_json(masked_paths), "readonlyPaths", texts_json(read_only_paths));
	char *text = json_dumps(root, JSON_INDENT(2));

	json_decref(root);
	return text;
}

static int oci_check(const struct experiment_platform *platform, struct cov_error *err)
{
	COV_AUTO(free) char *runtime = platform_find_program(platform->runtime);

	if (!runtime)
		return cov_fail(err, COV_ERR_MACHINE,
				"platform %s: there is no program '%s' in PATH", platform->name,
				platform->runtime);
	if (!cov_is_directory(platform->rootfs))
		return cov_fail(err, COV_ERR_MACHINE,
				"platform %s: the rootfs %s is not a directory", platform->name,
				platform->rootfs);
	return 0;
}

/* RUNTIME ARGUMENTS... --root STATE, and then @rest, NULL at its end. */
static char **runtime_command(struct platform_run *run, const char *const *rest)
{
	const struct experiment_platform *platform = run->platform;
	COV_AUTO(free) char *state = cov_format("%s/state", run->folder);
	const char *const root[] = { "--root", state };
	size_t rest_count = 0, count = 0;

	while (rest[rest_count])
		rest_count++;

	char **command = cov_arena_alloc(&run->arena, platform->argument_count + rest_count + 4,
					 sizeof(*command));
	command[count++] =
	    cov_arena_text(&run->arena, platform->runtime, strlen(platform->runtime));
	for (size_t i = 0; i < platform->argument_count; i++)
		command[count++] = cov_arena_text(&run->arena, platform->arguments[i],
						  strlen(platform->arguments[i]));
	for (size_t i = 0; i < 2; i++)
		command[count++] = cov_arena_text(&run->arena, root[i], strlen(root[i]));
	for (size_t i = 0; i < rest_count; i++)
		command[count++] = cov_arena_text(&run->arena, rest[i], strlen(rest[i]));
	return command;
}

static int oci_prepare(const struct experiment_workload *workload, struct platform_run *ret,
		       struct cov_error *err)
{
	const char *parent = getenv("TMPDIR");
	COV_AUTO(free) char *folder = cov_format("%s/covdb-XXXXXX", parent ? parent : "/tmp");

	if (!mkdtemp(folder))
		return cov_fail_errno(err, "cannot make a temporary folder %s", folder);
	ret->folder = folder;
	folder = NULL;
	ret->id = strrchr(ret->folder, '/') + 1;

	COV_AUTO(free) char *bundle = cov_format("%s/bundle", ret->folder);
	COV_AUTO(free) char *config_path = cov_format("%s/config.json", bundle);
	COV_AUTO(free) char *config = platform_oci_config(ret->platform, workload);
	int result = cov_directory_make(bundle, err);
	if (result != 0)
		return result;
	if (!config)
		return cov_fail(err, COV_ERR_FORMAT, "the command of workload %s is not UTF-8",
				workload->name);
	const char *const rest[] = { "run", "--bundle", bundle, ret->id, NULL };
	ret->command = runtime_command(ret, rest);
	return cov_file_replace(config_path, config, strlen(config), err);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *position)
{
	(void)status;
	(void)type;
	(void)position;
	remove(path);
	return 0;
}

static void oci_tear_down(struct platform_run *run)
{
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };
	struct cov_error err;

	if (!run->folder)
		return;
	/* `run` has deleted the container if all went well; then this fails, and nobody minds. */
	const char *const rest[] = { "delete", "--force", run->id, NULL };
	if (run->command)
		process_run(runtime_command(run, rest), delete_limit_ns, &result, &err);
	process_kill_strays();
	/* Depth first, links not followed, nothing that is still mounted in there. */
	nftw(run->folder, remove_one, DESCRIPTORS_MAX, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

static const char *oci_version(const struct experiment_platform *platform, struct cov_arena *arena)
{
	return platform_program_version(platform->runtime, arena);
}

const struct platform_driver platform_oci = {
	.name = "oci",
	.check = oci_check,
	.prepare = oci_prepare,
	.tear_down = oci_tear_down,
	.version = oci_version,
};
