/*
 * kernel_file_fuzz.c - a packed kernel, every object that is accepted evaluated.
 *
 * An input is the body as it is before it is compressed, and once more the whole file as it is:
 * mutations of compressed bytes are hardly ever anything, and its checksum would hide the rest.
 */
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/text.h"
#include "collector/decode/kernel.h"
#include "collector/decode/kernel_file.h"
#include "tests/fuzz/fuzz.h"

/* @data: of a file */
static void read_file(const uint8_t *data, size_t size)
{
	COV_AUTO(kernel_file_deinit) struct kernel_file about = { 0 };
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	struct cov_error err;

	if (kernel_file_parse("fuzzed", data, size, &about, &kernel, &err))
		return;
	for (size_t i = 0; i < kernel.object_count; i++)
		fuzz_evaluate_packed(&kernel.objects[i].plan, kernel.objects[i].body, data, size);
	/* What was read is written again, and read as the same. */
	COV_AUTO(cov_text_deinit) struct cov_text again = { 0 };
	COV_AUTO(kernel_file_deinit) struct kernel_file about_again = { 0 };
	COV_AUTO(kernel_deinit) struct cov_kernel kernel_again = { 0 };
	kernel_file_make(&kernel, &about, &again);
	fuzz_require(kernel_file_parse("again", again.data, again.length, &about_again,
				       &kernel_again, &err) == 0,
		     "what was read can be written");
	fuzz_require(kernel.line_count == kernel_again.line_count &&
			 kernel.counter_count == kernel_again.counter_count &&
			 strcmp(about.build_id, about_again.build_id) == 0,
		     "what is written is what was read");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	COV_AUTO(cov_text_deinit) struct cov_text body = { 0 }, file = { 0 };

	if (!size || size > FUZZ_INPUT_BYTES_MAX)
		return 0;
	read_file(data, size);
	cov_text_add(&body, data, size);
	/* Its image's table of contents has a checksum of its own. */
	kernel_file_seal(body.data, body.length);
	sealed_make(&kernel_file_kind, &body, &file);
	read_file((uint8_t *)file.data, file.length);
	return 0;
}
