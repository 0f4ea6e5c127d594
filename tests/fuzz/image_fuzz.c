/*
 * image_fuzz.c - a kernel out of the cache, every object that is accepted evaluated.
 *
 * The checksum of the table of contents is made to fit, else nothing behind it would be tried.
 */
#include <string.h>

#include "collector/base/error.h"
#include "collector/decode/kernel.h"
#include "collector/decode/kernel_image.h"
#include "collector/decode/notes_state.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	COV_AUTO(notes_state_deinit) struct notes_state state = { 0 };

	if (!size || size > FUZZ_INPUT_BYTES_MAX)
		return 0;
	char *image = cov_xmalloc(size);
	memcpy(image, data, size);
	kernel_image_seal(image, size);
	if (!kernel_image_state(image, size, &state)) {
		free(image);
		return 0;
	}
	if (!kernel_image_open(image, size, &kernel))
		return 0;
	for (size_t i = 0; i < kernel.object_count; i++)
		fuzz_evaluate_packed(&kernel.objects[i].plan, kernel.objects[i].body, data, size);
	return 0;
}
