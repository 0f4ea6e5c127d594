/* machine.c - facts about the running kernel and its machine, for the manifests. */
#include "collector/capture/machine.h"

#include <elf.h>
#include <nettle/sha2.h>
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

/* First line of a file, or NULL. */
static const char *read_line(const char *path, struct cov_arena *arena)
{
	COV_AUTO(free) char *text = NULL;
	size_t size;
	struct cov_error err;

	if (cov_file_read(path, &text, &size, &err) != 0)
		return NULL;
	return cov_arena_text(arena, text, strcspn(text, "\n"));
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

static void read_config(struct cov_arena *arena, struct cov_manifest_kernel *kernel)
{
	COV_AUTO(free) char *text = NULL;
	COV_AUTO(check_config_deinit) struct check_config config = { 0 };
	struct sha256_ctx sha256;
	unsigned char digest[SHA256_DIGEST_SIZE];
	size_t size;
	struct cov_error err;

	if (check_config_read_text("/proc/config.gz", &text, &size, &err) != 0)
		return;
	sha256_init(&sha256);
	sha256_update(&sha256, size, (const uint8_t *)text);
	sha256_digest(&sha256, sizeof(digest), digest);
	kernel->config_sha256 = hexadecimal(digest, sizeof(digest), arena);

	if (check_config_parse(text, "/proc/config.gz", &config, &err) != 0)
		return;
	text = NULL; /* now the configuration's */
	const char *compiler = check_config_value(&config, "CONFIG_CC_VERSION_TEXT");
	if (compiler && strlen(compiler) > 2)
		kernel->compiler = cov_arena_text(arena, compiler + 1, strlen(compiler) - 2);
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

void machine_apply_build_info(const char *text, size_t size, struct cov_arena *arena,
			      struct cov_manifest_kernel *kernel)
{
	COV_AUTO(json_decref) json_t *root = json_loadb(text, size, 0, NULL);
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

	if (!build_id || !kernel->build_id || strcmp(build_id, kernel->build_id) != 0)
		return;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		const char *value = json_string_value(json_object_get(root, fields[i].key));

		if (value)
			*fields[i].field = copy_text(arena, value);
	}
}

static void read_build_info(struct cov_arena *arena, struct cov_manifest_kernel *kernel)
{
	COV_AUTO(free) char *text = NULL;
	size_t size;
	struct cov_error err;

	if (cov_file_read(build_info_path, &text, &size, &err) == 0)
		machine_apply_build_info(text, size, arena, kernel);
}

void machine_read(struct cov_arena *arena, struct cov_manifest_kernel *ret)
{
	struct cov_manifest_kernel kernel = { .profile_update = "unknown" };
	COV_AUTO(free) char *notes = NULL;
	size_t notes_bytes;
	struct cov_error err;
	struct utsname name;

	if (uname(&name) == 0) {
		kernel.release = copy_text(arena, name.release);
		kernel.version = copy_text(arena, name.version);
	}
	if (cov_file_read("/sys/kernel/notes", &notes, &notes_bytes, &err) == 0)
		kernel.build_id = machine_build_id(notes, notes_bytes, arena);
	kernel.compiler = compiler_of_version(read_line("/proc/version", arena), arena);
	read_config(arena, &kernel);
	kernel.cpu_count = (int)sysconf(_SC_NPROCESSORS_ONLN);
	kernel.boot_parameters = read_line("/proc/cmdline", arena);
	kernel.clock_source =
	    read_line("/sys/devices/system/clocksource/clocksource0/current_clocksource", arena);
	kernel.is_emulated = is_processor_emulated();
	kernel.is_gcov_persistent = is_gcov_persistent(kernel.boot_parameters);
	read_build_info(arena, &kernel);
	*ret = kernel;
}
