/* tracefile_fuzz.c - a tracefile of lcov, or gcov's JSON, read, written and read again. */
#include <string.h>

#include "collector/base/error.h"
#include "collector/exchange/tracefile.h"
#include "collector/exchange/tracefile_gcov.h"
#include "collector/exchange/tracefile_read.h"
#include "collector/exchange/tracefile_write.h"
#include "tests/fuzz/fuzz.h"

/* What is written of it; free() it. */
static char *write_text(const struct cov_tracefile *tracefile, size_t *size_out)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size_out);

	fuzz_require(out, "a stream in memory can be made");
	tracefile_write_info(tracefile, "", COV_FUNCTIONS_NEW, out);
	fclose(out);
	return text;
}

/* A function's name or a path from JSON may hold what a line cannot. */
static bool has_newline(const struct cov_tracefile *tracefile)
{
	for (size_t i = 0; i < tracefile->file_count; i++) {
		const struct tracefile_file *file = &tracefile->files[i];

		if (strchr(file->path, '\n') || !*file->path)
			return true;
		for (size_t j = 0; j < file->function_count; j++) {
			if (strchr(file->functions[j].name, '\n') || !*file->functions[j].name)
				return true;
		}
	}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	COV_AUTO(tracefile_deinit) struct cov_tracefile tracefile = { 0 };
	COV_AUTO(tracefile_deinit) struct cov_tracefile again = { 0 };
	struct cov_error err;
	bool is_gcov = size && (*data == '{' || *data == 0x1f);
	size_t first_bytes, second_bytes;

	if (size > FUZZ_INPUT_BYTES_MAX)
		return 0;
	int result = is_gcov ? tracefile_gcov_read(data, size, "x", &tracefile, &err)
			     : tracefile_read_info((const char *)data, size, "x", &tracefile, &err);
	tracefile_settle(&tracefile);
	tracefile_agree(&tracefile);
	if (result || !tracefile.file_count || has_newline(&tracefile))
		return 0;
	COV_AUTO(free) char *first = write_text(&tracefile, &first_bytes);
	fuzz_require(tracefile_read_info(first, first_bytes, "y", &again, &err) == 0,
		     "what is written can be read");
	tracefile_settle(&again);
	COV_AUTO(free) char *second = write_text(&again, &second_bytes);
	fuzz_require(first_bytes == second_bytes && memcmp(first, second, first_bytes) == 0,
		     "and is written the same again");
	return 0;
}
