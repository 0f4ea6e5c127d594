/* function_place.c - where each function of a kernel is: its file, line and name. */
#include "collector/exchange/function_place.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"
#include "collector/decode/kernel.h"

int function_place_compare(const void *a, const void *b)
{
	const struct function_place *first = a, *second = b;

	if (first->file != second->file)
		return first->file < second->file ? -1 : 1;
	if (first->start_line != second->start_line)
		return first->start_line < second->start_line ? -1 : 1;
	return strcmp(first->name, second->name);
}

static int compare_ids(const void *a, const void *b)
{
	const struct function_place *first = a, *second = b;
	int order = function_place_compare(a, b);

	return order ? order
		     : (first->function > second->function) - (first->function < second->function);
}

struct function_place *function_place_list(const struct cov_kernel *kernel, size_t *count)
{
	struct function_place *places = cov_xcalloc(kernel->function_count + 1, sizeof(*places));
	size_t filled = 0;

	for (size_t i = 0; i < kernel->object_count; i++) {
		const struct cov_object *object = &kernel->objects[i];

		for (uint32_t j = 0; j < object->plan.function_count; j++) {
			const struct plan_function *function = &object->plan.functions[j];

			places[filled++] = (struct function_place){
				.file = kernel_function_file(object, j),
				.start_line = function->start_line,
				.name = object->plan.texts + function->name,
				.function = object->function_first + j,
				.is_artificial = function->is_artificial,
			};
		}
	}
	qsort(places, filled, sizeof(*places), compare_ids);
	*count = filled;
	return places;
}
