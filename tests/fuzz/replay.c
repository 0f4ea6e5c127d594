/*
 * replay.c - run a fuzz target over files, without a fuzzer: what the corpora found stays found.
 *
 * Arguments are files and folders of files. Options are passed over, so that the same command
 * line works for a libFuzzer program.
 */
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/decode/tree.h"
#include "tests/fuzz/fuzz.h"

/* On a copy of exactly that size, so that a sanitizer sees a read behind the end. */
static void run(const void *data, size_t size)
{
	COV_AUTO(free) uint8_t *copy = cov_xmalloc(size);

	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
}

static int run_file(const char *path, struct cov_error *err)
{
	COV_AUTO(free) char *data = NULL;
	size_t size;

	printf("%s\n", path);
	fflush(stdout); /* the last one is the culprit of a crash */
	int result = cov_file_read(path, &data, &size, err);
	if (result == 0)
		run(data, size);
	return result;
}

/* Return: the number of files, which is never 0; a negative error code. */
static int run_folder(const char *path, struct cov_error *err)
{
	COV_AUTO(tree_deinit) struct tree tree = { 0 };

	int result = tree_open(path, "", &tree, err);
	if (result)
		return result;
	for (size_t i = 0; i < tree.file_count; i++) {
		COV_AUTO(tree_content_deinit) struct tree_content content = { 0 };

		printf("%s\n", tree.files[i].name);
		fflush(stdout); /* the last one is the culprit of a crash */
		result = tree_read(&tree, i, &content, err);
		if (result)
			return result;
		run(content.data, content.size);
	}
	return (int)tree.file_count;
}

int main(int argc, char **argv)
{
	struct cov_error err;
	int count = 0;

	for (int i = 1; i < argc; i++) {
		if (argv[i][0] == '-')
			continue;
		int result =
		    cov_is_directory(argv[i]) ? run_folder(argv[i], &err) : run_file(argv[i], &err);
		if (result < 0) {
			fprintf(stderr, "%s\n", err.message);
			return 1;
		}
		count += result ? result : 1;
	}
	printf("%d inputs\n", count);
	return count ? 0 : 1;
}
