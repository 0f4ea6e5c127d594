/* machine.c - facts about the running kernel and its machine, for the manifests. */
#include "collector/capture/machine.h"

#include <elf.h>
#include <nettle_late.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#include "collector/base/cursor.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/json.h"
#include "collector/base/text.h"
#include "collector/capture/check_config.h"

static const char build_info_path[] = "/etc/covdb/kernel.json";

static const char *copy_text(struct cov_arena *arena, const char *text)
{
	return cov_arena_text(arena, text, strlen(text));
}

static const char *hexadecimal(const unsigned char *bytes, size_t count, struct cov_arena *arena)
{
	static const char digits[] = "0123456789abcdef";
	char *text = cov_arena_alloc(arena, 2 * count + 1, 1);

	for (size_t i = 0; i < count; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	return text;
}

/* A note's name and its content are padded to words. */
static size_t padded(uint32_t length_bytes)
{
	return ((size_t)length_bytes + 3) & ~(size_t)3;
}

const char *machine_build_id(const void *notes, size_t size, struct cov_arena *arena)
{
	struct cov_cursor cursor = { .data = notes, .size = size };

	while (cov_cursor_left(&cursor) > 0) {
		uint32_t name_bytes = cov_cursor_u32(&cursor);
		uint32_t content_bytes = cov_cursor_u32(&cursor);
		uint32_t type = cov_cursor_u32(&cursor);
		const char *name = cov_cursor_bytes(&cursor, padded(name_bytes));
		const unsigned char *content = cov_cursor_bytes(&cursor, padded(content_bytes));

		if (cursor.is_short)
			return NULL;
		if (type == NT_GNU_BUILD_ID && name_bytes == sizeof(ELF_NOTE_GNU) &&
		    memcmp(name, ELF_NOTE_GNU, sizeof(ELF_NOTE_GNU)) == 0)
			return hexadecimal(content, content_bytes, arena);
	}
	return NULL;
}

/* @ret: NULL where this kernel has no such file; free() it */
static int read_file(const char *path, char **ret, size_t *size, struct cov_error *err)
{
	*ret = NULL;
	*size = 0;
	return cov_is_missing(path) ? 0 : cov_file_read(path, ret, size, err);
}

/* @ret: first line of a file, or NULL */
static int read_line(const char *path, struct cov_arena *arena, const char **ret,
		     struct cov_error *err)
{
	COV_AUTO(free) char *text = NULL;
	size_t size;
	int result = read_file(path, &text, &size, err);

	*ret = result == 0 && text ? cov_arena_text(arena, text, strcspn(text, "\n")) : NULL;
	return result;
}

/* /proc/version: "Linux version 6.1.0 (user@host) (gcc (Debian 12.2.0) 12.2.0, GNU ld ...) #1" */
static const char *compiler_of_version(const char *version, struct cov_arena *arena)
{
	const char *start = version ? strstr(version, ") (") : NULL;

	if (!start)
		return NULL;
	start += strlen(") (");
	return cov_arena_text(arena, start, strcspn(start, ","));
}

static int read_config(struct cov_arena *arena, struct cov_manifest_kernel *kernel,
		       struct cov_error *err)
{
	static const char path[] = "/proc/config.gz";
	COV_AUTO(free) char *text = NULL;
	COV_AUTO(check_config_deinit) struct check_config config = { 0 };
	struct sha256_ctx sha256;
	unsigned char digest[SHA256_DIGEST_SIZE];
	size_t size;
	int result = cov_is_missing(path) ? 0 : check_config_read_text(path, &text, &size, err);

	if (result == 0 && text)
		result = nettle_late_open(err);
	if (result != 0 || !text)
		return result;
	sha256_init(&sha256);
	sha256_update(&sha256, size, (const uint8_t *)text);
	sha256_digest(&sha256, sizeof(digest), digest);
	kernel->config_sha256 = hexadecimal(digest, sizeof(digest), arena);

	result = check_config_parse(text, path, &config, err);
	if (result != 0)
		return result;
	text = NULL; /* now the configuration's */
	const char *compiler = check_config_value(&config, "CONFIG_CC_VERSION_TEXT");
	if (compiler && strlen(compiler) > 2)
		kernel->compiler = cov_arena_text(arena, compiler + 1, strlen(compiler) - 2);
	return 0;
}

/* QEMU without hardware help says so in the hypervisor's leaf. */
static bool is_processor_emulated(void)
{
#if defined(__x86_64__) || defined(__i386__)
	enum { FEATURES = 1, HYPERVISOR_BIT = 31, HYPERVISOR_LEAF = 0x40000000 };
	unsigned a, b, c, d;
	char vendor[12];

	if (!__get_cpuid(FEATURES, &a, &b, &c, &d) || !(c >> HYPERVISOR_BIT & 1))
		return false;
	__cpuid(HYPERVISOR_LEAF, a, b, c, d);
	memcpy(vendor, &b, sizeof(b));
	memcpy(vendor + 4, &c, sizeof(c));
	memcpy(vendor + 8, &d, sizeof(d));
	return memcmp(vendor, "TCGTCGTCGTCG", sizeof(vendor)) == 0;
#else
	return false;
#endif
}

/* A __setup() parameter: only the boot line shows it. Source: kernel/gcov/fs.c. */
static bool is_gcov_persistent(const char *boot_parameters)
{
	static const char parameter[] = "gcov_persist=";
	const char *found = boot_parameters ? strstr(boot_parameters, parameter) : NULL;

	return !found || found[strlen(parameter)] != '0';
}

int machine_apply_build_info(const char *text, size_t size, struct cov_arena *arena,
			     struct cov_manifest_kernel *kernel, struct cov_error *err)
{
	json_error_t problem;
	COV_AUTO(json_decref) json_t *root = json_loadb(text, size, 0, &problem);
	const char *build_id = json_string_value(json_object_get(root, "build_id"));
	const struct {
		const char *key;
		const char **field;
	} fields[] = {
		{ "profile_update", &kernel->profile_update },
		{ "compiler", &kernel->compiler },
		{ "config_sha256", &kernel->config_sha256 },
		{ "source", &kernel->source },
	};

	if (!root)
		return cov_fail(err, COV_ERR_FORMAT, "%s:%d: %s", build_info_path, problem.line,
				problem.text);
	if (!build_id || !kernel->build_id || strcmp(build_id, kernel->build_id) != 0)
		return 0;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		const char *value = json_string_value(json_object_get(root, fields[i].key));

		if (value)
			*fields[i].field = copy_text(arena, value);
	}
	return 0;
}

static int read_build_info(struct cov_arena *arena, struct cov_manifest_kernel *kernel,
			   struct cov_error *err)
{
	COV_AUTO(free) char *text = NULL;
	size_t size;
	int result = read_file(build_info_path, &text, &size, err);

	if (result == 0 && text)
		result = machine_apply_build_info(text, size, arena, kernel, err);
	return result;
}

static int read_build_id(struct cov_arena *arena, struct cov_manifest_kernel *kernel,
			 struct cov_error *err)
{
	COV_AUTO(free) char *notes = NULL;
	size_t size;
	int result = read_file("/sys/kernel/notes", &notes, &size, err);

	if (result == 0 && notes)
		kernel->build_id = machine_build_id(notes, size, arena);
	return result;
}

static int read_lines(struct cov_arena *arena, struct cov_manifest_kernel *kernel,
		      struct cov_error *err)
{
	const char *version = NULL;
	int result = read_line("/proc/version", arena, &version, err);

	kernel->compiler = compiler_of_version(version, arena);
	if (result == 0)
		result = read_line("/proc/cmdline", arena, &kernel->boot_parameters, err);
	if (result == 0)
		result =
		    read_line("/sys/devices/system/clocksource/clocksource0/current_clocksource",
			      arena, &kernel->clock_source, err);
	return result;
}

int machine_read(struct cov_arena *arena, struct cov_manifest_kernel *ret, struct cov_error *err)
{
	struct cov_manifest_kernel kernel = { .profile_update = "unknown" };
	struct utsname name;

	if (uname(&name) != 0)
		return cov_fail_errno(err, "cannot ask for the kernel's release");
	kernel.release = copy_text(arena, name.release);
	kernel.version = copy_text(arena, name.version);
	kernel.cpu_count = (int)sysconf(_SC_NPROCESSORS_ONLN);
	kernel.is_emulated = is_processor_emulated();
	int result = read_build_id(arena, &kernel, err);
	if (result == 0)
		result = read_lines(arena, &kernel, err);
	if (result == 0)
		result = read_config(arena, &kernel, err);
	if (result == 0)
		result = read_build_info(arena, &kernel, err);
	kernel.is_gcov_persistent = is_gcov_persistent(kernel.boot_parameters);
	if (result == 0)
		*ret = kernel;
	return result;
}
