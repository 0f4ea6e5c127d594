/* kernel.c - a kernel build: its compiled objects and its universe of instrumented lines. */
#include "collector/decode/kernel.h"

#include <stdlib.h>
#include <string.h>

bool kernel_are_lines_valid(const struct cov_kernel *kernel, const struct cov_object *object)
{
	uint32_t highest = 0;

	for (uint32_t i = 0; i < object->plan.line_count; i++)
		highest = object->line_ids[i] > highest ? object->line_ids[i] : highest;
	return !object->plan.line_count || highest < kernel->line_count;
}

bool kernel_are_references_valid(const struct cov_kernel *kernel, const struct cov_object *object)
{
	for (uint32_t i = 0; i < object->plan.function_count; i++) {
		if (object->plan.functions[i].source >= kernel->file_count)
			return false;
	}
	return kernel_are_lines_valid(kernel, object);
}

void kernel_drop_objects(struct cov_kernel *kernel)
{
	for (size_t i = 0; i < kernel->object_count; i++) {
		struct cov_object *object = &kernel->objects[i];

		free(object->path);
		free(object->notes);
		plan_deinit(&object->plan);
		if (!kernel->image)
			free(object->body);
		free(object->joined);
		free(object->line_ids);
		free(object->source_files);
	}
	kernel->partial_notes = NULL;
	kernel->joined_of = NULL;
	free(kernel->image);
	kernel->image = NULL;
	free(kernel->objects);
	kernel->objects = NULL;
	kernel->object_count = 0;
}

void kernel_deinit(struct cov_kernel *kernel)
{
	kernel_drop_objects(kernel);
	for (size_t i = 0; i < kernel->file_count; i++)
		free(kernel->files[i]);
	free(kernel->files);
	free(kernel->build_root);
	free(kernel->source_root);
	free(kernel->file_line_first);
	free(kernel->line_numbers);
	free(kernel->line_files);
	free(kernel->line_copies);
	memset(kernel, 0, sizeof(*kernel));
}
