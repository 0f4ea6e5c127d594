/* fold_fuzz.c - what perf script prints of samples, as folded stacks that can be read again. */
#include <stdbool.h>
#include <string.h>

#include "collector/run/fold.h"
#include "tests/fuzz/fuzz.h"

static const char kernel_mark[] = "_[k]";

/* Names come from whoever runs on the machine: only an address tells that a frame is the kernel's.
 */
static bool has_kernel_address(const char *line)
{
	return strtoull(line, NULL, 16) >> 63;
}

/* As getline() and its caller take lines apart. Return: how many have an address of the kernel. */
static long long fold_all(const uint8_t *data, size_t size, struct fold *fold)
{
	long long kernel_count = 0;

	for (size_t start = 0; start < size;) {
		const uint8_t *newline = memchr(data + start, '\n', size - start);
		size_t end = newline ? (size_t)(newline - data) : size;
		COV_AUTO(free)
		char *line = cov_xstrndup((const char *)data + start, end - start);

		kernel_count += has_kernel_address(line);
		fold_line(fold, line);
		start = end + 1;
	}
	fold_end(fold);
	return kernel_count;
}

static long long count_marks(const char *frames)
{
	const size_t mark_length = sizeof(kernel_mark) - 1;
	long long count = 0;

	for (const char *frame = frames; frame; frame = strchr(frame, ';')) {
		frame += *frame == ';';
		size_t length = strcspn(frame, ";");

		fuzz_require(length > 0, "no frame is without a name");
		count += length >= mark_length &&
			 strncmp(frame + length - mark_length, kernel_mark, mark_length) == 0;
	}
	return count;
}

/* A line for each stack, which ends with its number. */
static void check_printed(const struct fold *fold)
{
	COV_AUTO(cov_text_deinit) struct cov_text text = { 0 };
	const char *line;

	fold_print(fold, &text);
	line = text.data ? text.data : "";
	for (size_t i = 0; i < fold->count; i++) {
		const struct fold_stack *stack = &fold->stacks[i];
		const char *end = strchr(line, '\n');

		fuzz_require(end, "each stack has a line");
		size_t length = strlen(stack->text);
		fuzz_require((size_t)(end - line) > length && line[length] == ' ' &&
				 memcmp(line, stack->text, length) == 0 &&
				 strtoll(line + length, NULL, 10) == stack->samples &&
				 !memchr(line + length + 1, ' ', (size_t)(end - line) - length - 1),
			     "which is its frames, a space and its samples");
		line = end + 1;
	}
	fuzz_require(!*line, "and nothing else is printed");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	COV_AUTO(fold_deinit) struct fold fold = { 0 };
	long long samples = 0, mark_count = 0;

	if (size > FUZZ_INPUT_BYTES_MAX)
		return 0;
	long long kernel_count = fold_all(data, size, &fold);
	for (size_t i = 0; i < fold.count; i++) {
		const struct fold_stack *stack = &fold.stacks[i];

		fuzz_require(stack->samples > 0, "a stack has samples");
		fuzz_require(i == 0 || strcmp(fold.stacks[i - 1].text, stack->text) < 0,
			     "stacks are sorted, and none is twice");
		samples += stack->samples;
		mark_count += stack->samples * count_marks(stack->text);
	}
	fuzz_require(samples == fold.samples, "all samples are in the stacks");
	fuzz_require(fold.lost >= 0, "what was lost is a number from 0 on");
	fuzz_require(mark_count <= kernel_count, "frames of programs do not pass for the kernel's");
	check_printed(&fold);
	return 0;
}
