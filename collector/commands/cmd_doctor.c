/* cmd_doctor.c - `covdb doctor`: what this machine lacks for collecting, and how to fix it. */
#include "collector/base/json.h"
#include "collector/commands/commands.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "collector/base/command.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/capture/debugfs.h"
#include "collector/capture/doctor.h"
#include "collector/capture/fleet.h"
#include "collector/capture/machine.h"
#include "collector/platform/platform.h"

enum {
	EXIT_MACHINE = 3,
	HEADER_BYTES_MAX = 16, /* magic, version, stamp, and since GCC 12 a checksum */
	PROBED_FILES_MAX = 50,
	NAME_WIDTH = 20,
};

static const long long free_bytes_min = 1LL << 30;
static const long long memory_bytes_min = 256LL << 20;

enum format { FORMAT_TEXT, FORMAT_JSON };

static const char *const formats[] = { "text", "json", NULL };

static const struct cov_option options[] = {
	{ "fleet", 0, "FOLDER",
	  "compare the manifests of all hosts below it instead: which do not belong together" },
	{ "format", 0, "FORMAT", "text or json" },
	{ 0 },
};

static const char *const status_names[] = { "ok", "advice", "missing" };

static void check_root(struct diagnosis *diagnosis)
{
	struct cov_error err;

	if (debugfs_check_root(&err) == 0)
		doctor_find(diagnosis, "root", DOCTOR_OK, NULL, "runs as root");
	else
		doctor_find(diagnosis, "root", DOCTOR_MISSING, "sudo covdb doctor", "%s",
			    err.message);
}

static void check_kernel(struct diagnosis *diagnosis)
{
	struct cov_error err;

	if (machine_read(&diagnosis->arena, &diagnosis->kernel, &err) != 0)
		doctor_find(diagnosis, "kernel", DOCTOR_MISSING, "sudo covdb doctor", "%s",
			    err.message);
}

static void check_mount(struct diagnosis *diagnosis)
{
	struct cov_error err;

	if (debugfs_check_mount(&err) == 0)
		doctor_find(diagnosis, "debugfs", DOCTOR_OK, NULL, "mounted");
	else
		doctor_find(diagnosis, "debugfs", DOCTOR_MISSING, strchr(err.message, ':') + 2,
			    "debugfs is not mounted");
}

static void check_gcov(struct diagnosis *diagnosis)
{
	const char *directory = debugfs_directory(NULL);
	COV_AUTO(free) char *reset = cov_format("%s/reset", directory);
	struct cov_error err;

	if (!cov_is_directory(directory)) {
		doctor_find(diagnosis, "gcov", DOCTOR_MISSING,
			    "build the kernel with kernel-config/gcov.config", "%s is missing",
			    directory);
		return;
	}
	if (debugfs_list(NULL, &diagnosis->files, &err) != 0)
		doctor_find(diagnosis, "gcov", DOCTOR_MISSING, "sudo covdb doctor", "%s",
			    err.message);
	else if (!diagnosis->files.count)
		doctor_find(diagnosis, "gcov", DOCTOR_MISSING,
			    "build the kernel with CONFIG_GCOV_PROFILE_ALL=y",
			    "no .gcda file below %s", directory);
	else
		doctor_find(diagnosis, "gcov", DOCTOR_OK, NULL, "%zu .gcda files",
			    diagnosis->files.count);

	if (access(reset, W_OK) == 0)
		doctor_find(diagnosis, "reset", DOCTOR_OK, NULL, "%s can be written", reset);
	else
		doctor_find(diagnosis, "reset", DOCTOR_MISSING,
			    "sudo covdb doctor; a locked-down kernel forbids it also to root",
			    "%s: %s", reset, strerror(errno));
}

static bool has_magic(const char *data, size_t size)
{
	static const uint32_t magic = 0x67636461; /* "gcda", as a word of the writer's byte order */
	uint32_t word;

	if (size < sizeof(word))
		return false;
	memcpy(&word, data, sizeof(word));
	return word == magic || word == __builtin_bswap32(magic);
}

/*
 * A kernel older than its compiler declares struct gcov_info with another number of counters. It
 * finds no function then, and every file ends after its header.
 */
static void check_counters(struct diagnosis *diagnosis)
{
	size_t bad_magic_count = 0, empty_count = 0, unreadable_count = 0, probed_count = 0;
	struct cov_error err;

	for (; probed_count < diagnosis->files.count && probed_count < PROBED_FILES_MAX;
	     probed_count++) {
		COV_AUTO(free)
		char *path = cov_format("%s/%s", debugfs_directory(NULL),
					diagnosis->files.paths[probed_count]);
		COV_AUTO(free) char *data = NULL;
		size_t size = 0;

		if (cov_file_read(path, &data, &size, &err) != 0)
			unreadable_count++;
		else if (!has_magic(data, size))
			bad_magic_count++;
		else
			empty_count += size <= HEADER_BYTES_MAX;
	}
	if (!probed_count)
		return;
	if (unreadable_count)
		doctor_find(diagnosis, "counters", DOCTOR_MISSING, "sudo covdb doctor",
			    "%zu of %zu .gcda files cannot be read: %s", unreadable_count,
			    probed_count, err.message);
	else if (bad_magic_count)
		doctor_find(diagnosis, "counters", DOCTOR_MISSING,
			    "build the kernel with a GCC that it knows: kernel/gcov/gcc_4_7.c",
			    "%zu of %zu .gcda files do not begin with 'gcda'", bad_magic_count,
			    probed_count);
	else if (empty_count == probed_count)
		doctor_find(diagnosis, "counters", DOCTOR_MISSING,
			    "build the kernel with a GCC that it knows: kernel/gcov/gcc_4_7.c",
			    "%zu .gcda files are a header without functions", empty_count);
	else
		doctor_find(diagnosis, "counters", DOCTOR_OK, NULL, "read from %zu .gcda files",
			    probed_count);
}

/* debugfs has a link to the notes beside each .gcda; it dangles without the build tree. */
static void check_notes(struct diagnosis *diagnosis)
{
	if (!diagnosis->files.count)
		return;
	const char *file = diagnosis->files.paths[0];
	COV_AUTO(free)
	char *link = cov_format("%s/%.*s.gcno", debugfs_directory(NULL),
				(int)(strlen(file) - strlen(".gcda")), file);
	if (access(link, R_OK) == 0)
		doctor_find(diagnosis, "notes", DOCTOR_OK, NULL,
			    "the .gcno files are on this machine");
	else
		doctor_find(
		    diagnosis, "notes", DOCTOR_ADVICE,
		    "register the kernel where its build tree is: covdb kernel add --notes DIR",
		    "the .gcno files are not on this machine");
}

static void check_atomic(struct diagnosis *diagnosis)
{
	const struct cov_manifest_kernel *kernel = &diagnosis->kernel;
	bool is_atomic = kernel->profile_update && strstr(kernel->profile_update, "atomic");

	if (!diagnosis->files.count)
		return;
	if (is_atomic || kernel->cpu_count == 1)
		doctor_find(diagnosis, "CPUs", DOCTOR_OK, NULL, "%d, profile update: %s",
			    kernel->cpu_count, kernel->profile_update);
	else
		doctor_find(
		    diagnosis, "CPUs", DOCTOR_ADVICE,
		    "build the kernel with -fprofile-update=atomic, or boot it with maxcpus=1",
		    "%d, profile update: %s; counters that are not atomic lose counts",
		    kernel->cpu_count, kernel->profile_update);
	if (kernel->is_gcov_persistent)
		doctor_find(diagnosis, "gcov_persist", DOCTOR_OK, NULL,
			    "counters of unloaded modules are kept");
	else
		doctor_find(diagnosis, "gcov_persist", DOCTOR_ADVICE, "boot without gcov_persist=0",
			    "counters of unloaded modules are lost");
}

static void check_processor(struct diagnosis *diagnosis)
{
	if (diagnosis->kernel.is_emulated)
		doctor_find(diagnosis, "processor", DOCTOR_ADVICE,
			    "use hardware where times matter",
			    "emulated: the lines are right, times mean nothing");
	else
		doctor_find(diagnosis, "processor", DOCTOR_OK, NULL, "not emulated");
}

static void check_disk(struct diagnosis *diagnosis)
{
	struct statvfs status;

	if (statvfs(".", &status) != 0) {
		doctor_find(diagnosis, "disk", DOCTOR_ADVICE, NULL, "%s", strerror(errno));
		return;
	}
	long long free_bytes = (long long)status.f_bavail * (long long)status.f_frsize;
	doctor_find(diagnosis, "disk", free_bytes < free_bytes_min ? DOCTOR_ADVICE : DOCTOR_OK,
		    "collect to another file system with -o DIR", "%.1f GiB free here",
		    (double)free_bytes / (1 << 30));
}

static void check_memory(struct diagnosis *diagnosis)
{
	COV_AUTO(free) char *text = NULL;
	size_t size;
	struct cov_error err;
	long long available_kib;

	if (cov_file_read("/proc/meminfo", &text, &size, &err) != 0) {
		doctor_find(diagnosis, "memory", DOCTOR_ADVICE, NULL, "%s", err.message);
		return;
	}
	const char *line = strstr(text, "MemAvailable:");
	if (!line || sscanf(line, "MemAvailable: %lld", &available_kib) != 1)
		return;
	doctor_find(diagnosis, "memory",
		    available_kib * 1024 < memory_bytes_min ? DOCTOR_ADVICE : DOCTOR_OK,
		    "give the machine more memory", "%lld MiB available", available_kib / 1024);
}

static size_t missing_count(const struct diagnosis *diagnosis)
{
	size_t count = 0;

	for (size_t i = 0; i < diagnosis->count; i++)
		count += diagnosis->findings[i].status == DOCTOR_MISSING;
	return count;
}

static void print_text(const struct diagnosis *diagnosis)
{
	size_t missing = missing_count(diagnosis);

	for (size_t i = 0; i < diagnosis->count; i++) {
		const struct doctor_finding *finding = &diagnosis->findings[i];

		printf("%-8s  %-*s  %s\n", status_names[finding->status], NAME_WIDTH, finding->name,
		       finding->detail);
		if (finding->mend)
			printf("%-8s  %-*s  -> %s\n", "", NAME_WIDTH, "", finding->mend);
	}
	if (missing)
		printf("This machine cannot collect yet: %zu missing.\n", missing);
	else
		printf("This machine can collect.\n");
}

static void print_json(const struct diagnosis *diagnosis)
{
	json_t *list = cov_json_array();

	for (size_t i = 0; i < diagnosis->count; i++) {
		const struct doctor_finding *finding = &diagnosis->findings[i];

		cov_json_append(list, cov_json_pack("{s:s, s:s, s:o, s:o}", "check", finding->name,
						    "status", status_names[finding->status],
						    "detail", cov_json_name(finding->detail),
						    "mend", cov_json_name(finding->mend)));
	}
	json_t *root = cov_json_answer("doctor");

	cov_json_set(root, "fit", json_boolean(missing_count(diagnosis) == 0));
	cov_json_set(root, "release", cov_json_name(diagnosis->kernel.release));
	cov_json_set(root, "build_id", cov_json_name(diagnosis->kernel.build_id));
	cov_json_set(root, "checks", json_incref(list));
	cov_json_set(root, "count", cov_json_integer((int64_t)diagnosis->count));
	cov_json_set(root, "rows", list);

	cov_json_print(root, JSON_INDENT(2), stdout);
	putchar('\n');
	json_decref(root);
}

static size_t print_fleet_text(const struct fleet *fleet)
{
	size_t grave_count = 0;

	for (size_t i = 0; i < fleet->finding_count; i++) {
		const struct fleet_finding *finding = &fleet->findings[i];

		printf("%s %s: %s\n", finding->is_grave ? "apart " : "differs", finding->host,
		       finding->what);
		grave_count += finding->is_grave;
	}
	printf("%zu trials of %zu kernels on %zu hosts: %s\n", fleet->trial_count,
	       fleet->kernel_count, fleet->host_count,
	       grave_count ? "some do not belong to the others" : "they belong together");
	return grave_count;
}

static size_t print_fleet_json(const struct fleet *fleet)
{
	size_t grave_count = 0;
	json_t *list = cov_json_array(), *root = cov_json_answer("doctor");

	for (size_t i = 0; i < fleet->finding_count; i++) {
		const struct fleet_finding *finding = &fleet->findings[i];

		cov_json_append(list,
				cov_json_pack("{s:o, s:s, s:o, s:o}", "check",
					      cov_json_name(finding->host), "status",
					      finding->is_grave ? "apart" : "differs", "detail",
					      cov_json_name(finding->what), "mend", json_null()));
		grave_count += finding->is_grave;
	}
	cov_json_set(root, "fit", json_boolean(grave_count == 0));
	cov_json_set(root, "release", json_null());
	cov_json_set(root, "build_id", json_null());
	cov_json_set(root, "checks", json_incref(list));
	cov_json_set(root, "hosts", cov_json_integer((int64_t)fleet->host_count));
	cov_json_set(root, "kernels", cov_json_integer((int64_t)fleet->kernel_count));
	cov_json_set(root, "trials", cov_json_integer((int64_t)fleet->trial_count));
	cov_json_set(root, "count", cov_json_integer((int64_t)fleet->finding_count));
	cov_json_set(root, "rows", list);
	cov_json_print(root, JSON_INDENT(2), stdout);
	putchar('\n');
	json_decref(root);
	return grave_count;
}

static int compare_fleet(const char *folder, int format, struct cov_error *err)
{
	COV_AUTO(fleet_deinit) struct fleet fleet = { 0 };
	int result = fleet_read(folder, &fleet, err);

	if (result)
		return result;
	size_t grave_count =
	    format == FORMAT_TEXT ? print_fleet_text(&fleet) : print_fleet_json(&fleet);
	return grave_count > 0;
}

static int read_experiment(const char *path, struct experiment *ret, struct cov_error *err)
{
	COV_AUTO(free) char *text = NULL;
	size_t size;
	int result = cov_file_read_text(path, &text, &size, err);

	return result ? result : experiment_parse(text, size, path, ret, err);
}

static int doctor_run(const struct cov_arguments *arguments, struct cov_error *err)
{
	COV_AUTO(doctor_diagnosis_deinit) struct diagnosis diagnosis = { 0 };
	COV_AUTO(experiment_deinit) struct experiment experiment = { 0 };
	const char *folder = cov_option_value(arguments, "fleet");
	int format = FORMAT_TEXT;
	int result = cov_option_choice(arguments, "format", formats, &format, err);

	if (result == 0 && folder && arguments->operand_count)
		result = cov_fail(err, COV_ERR_USAGE, "--fleet looks at no experiment");
	if (result == 0 && folder)
		return compare_fleet(folder, format, err);
	if (result == 0 && arguments->operand_count)
		result = read_experiment(arguments->operands[0], &experiment, err);
	if (result != 0)
		return result;
	check_root(&diagnosis);
	check_kernel(&diagnosis);
	check_mount(&diagnosis);
	check_gcov(&diagnosis);
	check_counters(&diagnosis);
	check_notes(&diagnosis);
	check_atomic(&diagnosis);
	check_processor(&diagnosis);
	doctor_check_tools(&diagnosis);
	check_disk(&diagnosis);
	check_memory(&diagnosis);
	doctor_check_experiment(&diagnosis, &experiment);
	if (format == FORMAT_TEXT)
		print_text(&diagnosis);
	else
		print_json(&diagnosis);
	return missing_count(&diagnosis) ? EXIT_MACHINE : 0;
}

const struct cov_command cmd_doctor = {
	.name = "doctor",
	.operands = "[EXPERIMENT.yaml]",
	.summary = "what this machine lacks for collecting, and how to fix it",
	.details =
	    "With an experiment, each of its platforms is checked as 'collect' would do before "
	    "the first trial: programs, images, KVM, networks, the workloads' programs, perf if "
	    "there are profiles or trials of system calls. "
	    "Counters are read, never reset. The exit status is 3 when something that is "
	    "needed is missing; what is marked 'advice' is not.\n\n"
	    "With --fleet nothing is said of this machine: manifests of many hosts are compared. 'apart' marks "
	    "trials that cannot be added up with the others, of another build of the kernel or without their "
	    "snapshot, and the exit status is 1 then; 'differs' what rates depend on: clocks, processors, "
	    "versions of programs.\n\n"
	    "Examples:\n"
	    "  $ covdb doctor --format json\n"
	    "  $ covdb doctor workloads/vee20.yaml\n"
	    "  $ covdb doctor --fleet /srv/coverage",
	.options = options,
	.operand_count_max = 1,
	.is_paged = true,
	.run = doctor_run,
};
