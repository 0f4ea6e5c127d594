/* addresses_fuzz.c - a list of addresses, and the program that they are of. */
#include <string.h>
#include <sys/mman.h>

#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/text.h"
#include "collector/exchange/image.h"
#include "collector/exchange/tracefile.h"
#include "collector/exchange/tracefile_addresses.h"
#include "tests/fuzz/fuzz.h"

static void check_order(const struct tracefile_addresses *addresses)
{
	for (size_t i = 1; i < addresses->count; i++)
		fuzz_require(addresses->items[i - 1] < addresses->items[i],
			     "addresses ascend, each once");
}

/* A program is a file, for libdw. */
static void check_image(const void *data, size_t size, const struct tracefile_addresses *addresses)
{
	COV_AUTO(tracefile_deinit) struct cov_tracefile tracefile = { 0 };
	COV_AUTO(close) int fd = memfd_create("program", MFD_CLOEXEC);
	struct cov_error err;

	fuzz_require(fd >= 0 && write(fd, data, size) == (ssize_t)size,
		     "a file in memory can be written");
	COV_AUTO(free) char *path = cov_format("/proc/self/fd/%d", fd);
	const struct image image = { .path = path, .build_id = "" };
	int result = image_add_lines(&image, addresses, "x", &tracefile, &err);
	tracefile_settle(&tracefile);
	struct cov_tracefile_totals totals = tracefile_total(&tracefile);
	fuzz_require(totals.lines_hit == totals.lines_found, "all lines that are found ran");
	fuzz_require(result == 0 || *err.message, "a failure says why");
}

/* 4 bytes: how long the list is, this machine's byte order; the list; the program. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	COV_AUTO(tracefile_addresses_deinit) struct tracefile_addresses addresses = { 0 };
	struct cov_error err;
	uint32_t length;

	if (size > FUZZ_INPUT_BYTES_MAX || size < sizeof(length))
		return 0;
	memcpy(&length, data, sizeof(length));
	data += sizeof(length);
	size -= sizeof(length);
	if (length > size)
		return 0;
	if (tracefile_addresses_read((const char *)data, length, "x", &addresses, &err) != 0) {
		fuzz_require(!addresses.count, "what is refused gives no addresses");
		return 0;
	}
	check_order(&addresses);
	check_image(data + length, size - length, &addresses);
	return 0;
}
