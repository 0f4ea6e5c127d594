/* tracefile_fuzz.c - a file of counts, read, written and read again, in a kernel made of it too. */
#include <ctype.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/decode/kernel.h"
#include "collector/exchange/tracefile.h"
#include "collector/exchange/tracefile_kernel.h"
#include "collector/exchange/tracefile_match.h"
#include "collector/exchange/tracefile_read.h"
#include "collector/exchange/tracefile_write.h"
#include "tests/fuzz/fuzz.h"

/* What is written of it; free() it. */
static char *write_text(const struct cov_tracefile *tracefile, enum cov_function_style style,
			size_t *size_out)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size_out);

	fuzz_require(out, "a stream in memory can be made");
	tracefile_write_info(tracefile, "", style, out);
	fclose(out);
	return text;
}

/* Whether a record can end with @text: blanks at its end are not read, and an end of line is
 * escaped. */
static bool is_fit(const char *text)
{
	return !strpbrk(text, "\r\n") && !isspace((unsigned char)text[strlen(text) - 1]);
}

/* Whether @name can stand in an FN: with digits and a comma it begins as the end of the function.
 */
static bool is_fit_for_old(const char *name)
{
	return name[strspn(name, "0123456789")] != ',';
}

/* Names from JSON may be anything. */
static bool has_unfit_name(const struct cov_tracefile *tracefile)
{
	for (size_t i = 0; i < tracefile->file_count; i++) {
		const struct tracefile_file *file = &tracefile->files[i];

		if (!is_fit(file->path))
			return true;
		for (size_t j = 0; j < file->function_count; j++) {
			if (!is_fit(file->functions[j].name) ||
			    !is_fit_for_old(file->functions[j].name))
				return true;
		}
	}
	return false;
}

/* Two of one name on different lines: the old records do not tell whose calls are whose. */
static void check_written(const struct cov_tracefile *tracefile, enum cov_function_style style)
{
	COV_AUTO(tracefile_deinit) struct cov_tracefile again = { 0 };
	struct cov_error err;
	size_t first_bytes, second_bytes;
	COV_AUTO(free) char *first = write_text(tracefile, style, &first_bytes);

	fuzz_require(tracefile_read_bytes(first, first_bytes, "y", NULL, &again, &err) == 0,
		     "what is written can be read");
	tracefile_settle(&again);
	for (size_t i = 0; i < TRACEFILE_REMARK_COUNT; i++)
		fuzz_require(!again.remarks.kinds[i].count, "there is nothing to remark on it");
	COV_AUTO(free) char *second = write_text(&again, style, &second_bytes);
	fuzz_require(first_bytes == second_bytes && memcmp(first, second, first_bytes) == 0,
		     "and is written the same again");
}

/* A kernel made of it has all of it. */
static void check_kernel(const struct cov_tracefile *tracefile)
{
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	COV_AUTO(tracefile_match_deinit) struct cov_tracefile_match match = { 0 };
	struct cov_error err;

	tracefile_kernel_make(tracefile, NULL, &kernel);
	int result = tracefile_match(&kernel, tracefile, &match, &err);
	fuzz_require((result == 0) == (tracefile_total(tracefile).lines_found > 0),
		     "it matches if it has lines");
	if (result == 0)
		fuzz_require(!match.files_unknown && !match.lines_unknown &&
				 !match.functions_unknown,
			     "the kernel has all of it");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	COV_AUTO(tracefile_deinit) struct cov_tracefile tracefile = { 0 };
	struct cov_error err;

	if (size > FUZZ_INPUT_BYTES_MAX)
		return 0;
	int result = tracefile_read_bytes(data, size, "x", NULL, &tracefile, &err);
	fuzz_require(result == 0 || !tracefile.file_count, "what is refused adds nothing");
	tracefile_settle(&tracefile);
	tracefile_agree(&tracefile);
	if (result || !tracefile.file_count)
		return 0;
	check_kernel(&tracefile);
	if (has_unfit_name(&tracefile))
		return 0;
	check_written(&tracefile, COV_FUNCTIONS_NEW);
	check_written(&tracefile, COV_FUNCTIONS_OLD);
	check_written(&tracefile, COV_FUNCTIONS_BOTH);
	return 0;
}
