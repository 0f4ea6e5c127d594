/* lab.c - the lab: where its parts are, and which acceleration QEMU gets. */
#include "collector/lab/lab.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/base/clock.h"
#include "collector/base/data.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/program.h"
#include "collector/base/progress.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "collector/lab/guest_time.h"

enum { PROBE_MEMORY_MIB = 512 };

static const long long PROBE_LIMIT_NS = 40LL * 1000000000;

/* e2fsprogs are not in the PATH of an ordinary user. */
static const char system_path[] = "/usr/local/sbin:/usr/sbin:/sbin";

const char lab_qemu_program[] = "qemu-system-x86_64";

struct process_tie lab_tie(const char *folder)
{
	return (struct process_tie){
		.death_signal = SIGTERM,
		.folder = folder,
		.path_behind = system_path,
		.has_c_locale = true,
	};
}

const char *lab_last_line(struct cov_text *output)
{
	while (output->length && strchr(" \t\n", output->data[output->length - 1]))
		output->data[--output->length] = '\0';
	if (!output->length)
		return "no output";
	const char *newline = strrchr(output->data, '\n');
	return newline ? newline + 1 : output->data;
}

static bool has_program(const char *name)
{
	COV_AUTO(free) char *path = cov_program_find(name, system_path);

	return path != NULL;
}

int lab_check_programs(struct cov_error *err)
{
	static const char *const file_system_programs[] = { "mkfs.ext4", "e2fsck", "debugfs",
							    NULL };
	const char *missing = NULL;
	bool has_qemu = has_program(lab_qemu_program);

	for (size_t i = 0; file_system_programs[i]; i++) {
		if (!has_program(file_system_programs[i]))
			missing = file_system_programs[i];
	}
	if (has_qemu && !missing)
		return 0;
	COV_AUTO(free)
	char *passed_over = cov_program_passed_over(has_qemu ? missing : lab_qemu_program);
	if (passed_over)
		return cov_fail(err, COV_ERR_MACHINE, "%s", passed_over);
	return cov_fail(err, COV_ERR_MACHINE, "%s is not installed; run: apt-get install%s%s",
			has_qemu ? missing : lab_qemu_program, has_qemu ? "" : " qemu-system-x86",
			missing ? " e2fsprogs" : "");
}

void lab_paths_deinit(struct lab_paths *paths)
{
	free(paths->kernel_dir);
	free(paths->kernel_tree);
	free(paths->kernel_image);
	free(paths->rootfs);
	*paths = (struct lab_paths){ 0 };
}

int lab_paths_parse(const char *text, struct lab_paths *out, struct cov_error *err)
{
	COV_AUTO(lab_paths_deinit) struct lab_paths paths = { 0 };
	const struct {
		const char *key;
		char **value;
	} fields[] = {
		{ "KERNEL_DIR=", &paths.kernel_dir },
		{ "KERNEL_TREE=", &paths.kernel_tree },
		{ "KERNEL_IMAGE=", &paths.kernel_image },
		{ "ROOTFS=", &paths.rootfs },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		size_t key_length = strlen(fields[i].key);

		for (const char *line = text; line && *line; line = strchr(line, '\n')) {
			line += *line == '\n';
			if (strncmp(line, fields[i].key, key_length) != 0)
				continue;
			free(*fields[i].value);
			*fields[i].value =
			    cov_xstrndup(line + key_length, strcspn(line + key_length, "\n"));
		}
		if (!*fields[i].value || !**fields[i].value)
			return cov_fail(err, COV_ERR_FORMAT,
					"the lab's build.sh did not print %.*s",
					(int)key_length - 1, fields[i].key);
	}
	*out = paths;
	paths = (struct lab_paths){ 0 };
	return 0;
}

/* The static collector is installed beside this program. Return: NULL if it is not there. */
static char *find_collector(void)
{
	const char *own = getenv("COVDB_COLLECTOR");
	COV_AUTO(free) char *program = realpath("/proc/self/exe", NULL);
	char *slash = program ? strrchr(program, '/') : NULL;

	if (own)
		return cov_xstrdup(own);
	if (!slash)
		return NULL;
	*slash = '\0';
	char *path = cov_format("%s/covdb-collector", program);
	if (access(path, X_OK) == 0)
		return path;
	free(path);
	return NULL;
}

int lab_find(const char *verb, struct lab_paths *out, struct cov_error *err)
{
	COV_AUTO(free) char *collector = find_collector();
	COV_AUTO(free) char *script = NULL;
	COV_AUTO(cov_text_deinit) struct cov_text output = { 0 };
	int status = 0;

	int result = cov_data_path("workloads/lab/build.sh", &script, err);
	if (result < 0)
		return result;
	if (collector && access(collector, R_OK) != 0)
		return cov_fail_errno(err, "cannot read the collector %s", collector);
	if (!collector && strcmp(verb, "build") == 0)
		return cov_fail(err, COV_ERR_SYSTEM,
				"covdb-collector is not beside covdb; set COVDB_COLLECTOR");
	if (collector && setenv("COVDB_COLLECTOR", collector, 1) != 0)
		cov_out_of_memory();
	const char *argv[] = { "bash", script, verb, NULL };
	const struct process_tie tie = lab_tie(NULL);
	result = process_capture(argv, &tie, false, &output, &status, err);
	if (result < 0)
		return result;
	if (status != 0)
		return status;
	return lab_paths_parse(output.data ? output.data : "", out, err);
}

void lab_deinit(struct lab *lab)
{
	lab_paths_deinit(&lab->paths);
}

struct qemu_description lab_describe(const struct lab *lab, const char *append,
				     const char *data_image)
{
	return (struct qemu_description){
		.program = lab_qemu_program,
		.acceleration = lab->acceleration,
		.memory_mib = lab->memory_mib,
		.kernel = lab->paths.kernel_image,
		.append = append,
		.root_image = lab->paths.rootfs,
		.data_image = data_image,
		.console_log = -1,
		.clock_address = guest_time_clock_address(lab->paths.kernel_tree),
	};
}

char *lab_append(const char *mode, enum qemu_acceleration acceleration)
{
	long long tsc_khz = acceleration == QEMU_TCG ? guest_time_tsc_khz() : 0;
	COV_AUTO(free)
	char *rate = tsc_khz ? cov_format(" tsc_early_khz=%lld", tsc_khz) : cov_xstrdup("");

	/*
	 * panic=-1 reboots at once, which ends QEMU because of -no-reboot. nokaslr: the kernel's
	 * clock is where its System.map says. no_timer_check: on a busy machine the ticks of an
	 * emulated timer come late, and the kernel panics ("IO-APIC + timer doesn't work!").
	 */
	return cov_format(
	    "console=ttyS0 root=/dev/vda rw panic=-1 nokaslr no_timer_check covdb.mode=%s "
	    "covdb.acceleration=%s%s",
	    mode, qemu_acceleration_name(acceleration), rate);
}

void lab_kvm_deinit(struct lab_kvm *kvm)
{
	free(kvm->why);
	*kvm = (struct lab_kvm){ 0 };
}

static bool read_text(const char *path, char **ret)
{
	struct cov_error ignored;
	size_t size = 0;

	return cov_file_read(path, ret, &size, &ignored) == 0;
}

bool lab_cache_find(const char *file, const char *key, struct lab_kvm *out)
{
	COV_AUTO(free) char *text = NULL;
	size_t key_length = strlen(key);

	if (!read_text(file, &text))
		return false;
	char *rest = text;
	char *line;
	while ((line = strsep(&rest, "\n"))) {
		if (strncmp(line, key, key_length) != 0 || line[key_length] != '\t')
			continue;
		const char *finding = line + key_length + 1;
		bool is_working = strncmp(finding, "works\t", strlen("works\t")) == 0;
		if (!is_working && strncmp(finding, "fails\t", strlen("fails\t")) != 0)
			continue;
		out->is_working = is_working;
		out->why = cov_xstrdup(finding + strlen("works\t"));
		return true;
	}
	return false;
}

int lab_cache_store(const char *file, const char *key, const struct lab_kvm *kvm,
		    struct cov_error *err)
{
	COV_AUTO(free) char *text = NULL;
	COV_AUTO(free) char *directory = cov_xstrdup(file);
	COV_AUTO(cov_text_deinit) struct cov_text lines = { 0 };
	size_t boot_length = strcspn(key, "\t") + 1;
	size_t key_length = strlen(key);
	char *rest = read_text(file, &text) ? text : NULL;
	char *line;

	while ((line = strsep(&rest, "\n"))) {
		bool is_replaced = strncmp(line, key, key_length) == 0 && line[key_length] == '\t';

		if (strncmp(line, key, boot_length) == 0 && !is_replaced)
			cov_text_print(&lines, "%s\n", line);
	}
	cov_text_print(&lines, "%s\t%s\t%s\n", key, kvm->is_working ? "works" : "fails", kvm->why);
	*strrchr(directory, '/') = '\0';
	int result = cov_directory_make(directory, err);
	if (result < 0)
		return result;
	return cov_file_replace(file, lines.data, lines.length, err);
}

/* What the watch of a probe learns. */
struct probe {
	struct qemu_tail own_lines; /* of QEMU itself */
};

static bool take_probe_line(struct qemu_watch *watch, enum qemu_channel channel, const char *line)
{
	struct probe *probe = watch->context;

	if (channel == QEMU_OWN)
		qemu_tail_add(&probe->own_lines, line);
	return !(channel == QEMU_CONSOLE && strstr(line, "covdb-lab: alive"));
}

static const char *newest_line(const struct qemu_tail *tail)
{
	if (!tail->added_count)
		return NULL;
	return tail->lines[(tail->added_count - 1) % QEMU_TAIL_LINES];
}

static char *probe_explanation(const struct qemu_machine *machine, const struct probe *probe,
			       enum qemu_end end, double seconds)
{
	const char *said = newest_line(&probe->own_lines);

	if (end == QEMU_ENOUGH)
		return cov_format("a guest came up under KVM in %.1f s", seconds);
	if (end != QEMU_EXITED)
		return cov_format(
		    "/dev/kvm opens, but no guest came up in %.0f s%s", seconds,
		    machine->console_tail.added_count ? "" : ", and its console stayed silent");
	if (!said)
		said = newest_line(&machine->console_tail);
	return cov_format("/dev/kvm opens, but QEMU ended before the guest was up: %s",
			  said ? said : "no output");
}

int lab_probe_kvm(const char *program, const struct lab_paths *paths, long long limit_ns,
		  struct lab_kvm *out, struct cov_error *err)
{
	COV_AUTO(free) char *append = lab_append("probe", QEMU_KVM);
	COV_AUTO(qemu_stop) struct qemu_machine machine = { 0 };
	struct probe probe = { 0 };
	struct qemu_description description = {
		.program = program,
		.acceleration = QEMU_KVM,
		.memory_mib = PROBE_MEMORY_MIB,
		.kernel = paths->kernel_image,
		.append = append,
		.root_image = paths->rootfs,
		.console_log = -1,
	};
	struct qemu_watch watch = {
		.first_output_limit_ns = limit_ns,
		.silence_limit_ns = limit_ns,
		.total_limit_ns = limit_ns,
		.take_line = take_probe_line,
		.context = &probe,
	};
	long long started_ns = cov_monotonic_ns();

	int result = qemu_start(&description, &machine, err);
	if (result < 0)
		return result;
	enum qemu_end end = qemu_watch(&machine, &watch);
	if (end == QEMU_INTERRUPTED) {
		result = cov_fail(err, COV_ERR_SYSTEM, "interrupted while trying KVM");
	} else {
		double seconds = (double)(cov_monotonic_ns() - started_ns) / (double)COV_NS_PER_S;

		out->is_working = end == QEMU_ENOUGH;
		out->why = probe_explanation(&machine, &probe, end, seconds);
	}
	qemu_tail_deinit(&probe.own_lines);
	return result;
}

/* NULL if unknown. */
static char *kvm_key(const struct lab_paths *paths)
{
	const char *argv[] = { lab_qemu_program, "--version", NULL };
	COV_AUTO(cov_text_deinit) struct cov_text version = { 0 };
	COV_AUTO(free) char *boot = NULL;
	const struct process_tie tie = lab_tie(NULL);
	struct cov_error ignored;
	int status = 0;

	if (process_capture(argv, &tie, true, &version, &status, &ignored) < 0 || status != 0 ||
	    !version.length || !read_text("/proc/sys/kernel/random/boot_id", &boot) ||
	    strchr(paths->kernel_image, '\n'))
		return NULL;
	return cov_format("%.*s\t%.*s\t%s", (int)strcspn(boot, "\n"), boot,
			  (int)strcspn(version.data, "\n"), version.data, paths->kernel_image);
}

/* NULL if there is no home to keep it in. */
static char *cache_file(void)
{
	const char *cache = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");

	if (cache && *cache)
		return cov_format("%s/covdb/accel", cache);
	return home && *home ? cov_format("%s/.cache/covdb/accel", home) : NULL;
}

static int find_out_about_kvm(const struct lab_paths *paths, struct lab_kvm *out,
			      struct cov_error *err)
{
	COV_AUTO(free) char *key = kvm_key(paths);
	COV_AUTO(free) char *file = cache_file();
	struct cov_error not_kept;

	if (key && file && lab_cache_find(file, key, out)) {
		COV_AUTO(free) char *why = out->why;

		out->why = cov_format("%s (found earlier; kept in %s)", why, file);
		return 0;
	}
	cov_say("lab: trying KVM: booting a guest, for %lld s at most",
		PROBE_LIMIT_NS / COV_NS_PER_S);
	int result = lab_probe_kvm(lab_qemu_program, paths, PROBE_LIMIT_NS, out, err);
	if (result < 0)
		return result;
	if (key && file && lab_cache_store(file, key, out, &not_kept) < 0)
		cov_say("lab: %s", not_kept.message);
	return 0;
}

int lab_choose_acceleration(enum lab_wish wish, const struct lab_paths *paths,
			    enum qemu_acceleration *ret, struct cov_error *err)
{
	COV_AUTO(lab_kvm_deinit) struct lab_kvm kvm = { 0 };

	if (wish == LAB_TCG) {
		*ret = QEMU_TCG;
		return 0;
	}

	COV_AUTO(close) int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (fd < 0 && wish == LAB_KVM)
		return cov_fail(err, COV_ERR_MACHINE, "cannot open /dev/kvm: %s", strerror(errno));
	if (wish == LAB_KVM) {
		*ret = QEMU_KVM;
		return 0;
	}
	if (fd < 0) {
		kvm.why = cov_format("cannot open /dev/kvm: %s", strerror(errno));
	} else {
		int result = find_out_about_kvm(paths, &kvm, err);
		if (result < 0)
			return result;
	}
	*ret = kvm.is_working ? QEMU_KVM : QEMU_TCG;
	cov_say("lab: acceleration %s: %s", qemu_acceleration_name(*ret), kvm.why);
	return 0;
}
