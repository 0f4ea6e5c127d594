/* tree_fuzz.c - an archive, opened, and every file in it read. */
#include <sys/mman.h>
#include <unistd.h>

#include "collector/base/error.h"
#include "collector/base/text.h"
#include "collector/decode/tree.h"
#include "tests/fuzz/fuzz.h"

/* Read all bytes, so that a sanitizer sees those that are not there. */
static void touch(const struct tree_content *content)
{
	static volatile uint32_t sum; /* keeps the compiler from leaving it out */
	const uint8_t *bytes = content->data;

	for (size_t i = 0; i < content->size; i++)
		sum = sum + bytes[i];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	COV_AUTO(tree_deinit) struct tree tree = { 0 };
	COV_AUTO(close) int descriptor = memfd_create("covdb-fuzz", MFD_CLOEXEC);
	struct cov_error err;

	fuzz_require(descriptor >= 0, "a file in memory can be made");
	if (size > FUZZ_INPUT_BYTES_MAX || write(descriptor, data, size) != (ssize_t)size)
		return 0;
	COV_AUTO(free) char *path = cov_format("/proc/self/fd/%d", descriptor);
	if (tree_open(path, ".gcda", &tree, &err))
		return 0;
	fuzz_require(tree.file_count > 0, "a tree that was opened has files");
	for (size_t i = 0; i < tree.file_count; i++) {
		COV_AUTO(tree_content_deinit) struct tree_content content = { 0 };

		fuzz_require(tree_read(&tree, i, &content, &err) == 0, "a listed file is read");
		touch(&content);
	}
	return 0;
}
