/*
 * kernel.h - a kernel build: its compiled objects and its universe of instrumented lines.
 *
 * The universe is sorted by path (bytewise), then line, so that a directory is one range of line
 * ids. A line id is an index into it.
 */
#ifndef COLLECTOR_DECODE_KERNEL_H
#define COLLECTOR_DECODE_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "collector/plan/plan.h"

struct tree;

struct cov_object {
	char *path;       /* relative to the build tree: "net/core/dev.o"; owned */
	char *notes;      /* name of its .gcno in the notes; NULL from the database; owned */
	struct plan plan; /* without what is in the body or made of the survey's notes */
	void *body; /* [body_bytes], of plan_pack(); NULL: its plan is whole; owned, but for an
		       image */
	size_t body_bytes;
	size_t notes_index;    /* of its notes, in kernel.partial_notes */
	uint32_t joined_file;  /* 1 + which file of kernel.joined_of its counters are in; 0: none */
	int64_t *joined;       /* [plan.counter_count], those counters; NULL: all are 0; owned */
	uint32_t *line_ids;    /* [plan.line_count], of plan.lines; owned */
	size_t counter_first;  /* among the kernel's counters */
	size_t function_first; /* among the kernel's functions */
	uint32_t *source_files; /* [plan.source_count], index into kernel.files; owned */
};

struct cov_kernel {
	struct cov_object *objects; /* [object_count], sorted by path; owned */
	size_t object_count;
	bool is_partial;                  /* objects are those that have files in one snapshot */
	size_t counter_count;             /* of all objects */
	size_t function_count;            /* of all objects */
	const struct tree *partial_notes; /* what functions that are not compiled are in; NULL: all
					     are; not owned, outlives the kernel */
	const struct tree *joined_of;     /* the snapshot that it was read with, whose counters are
					     with the objects, or NULL; not owned */
	void *image;      /* what the bodies of all objects are in, NULL: each has its own; owned */
	char *build_root; /* where it was compiled, absolute, or ""; owned */
	char *source_root; /* where its sources were, absolute, or ""; owned */

	char **files; /* [file_count], sorted, relative to the roots; owned */
	size_t file_count;
	uint32_t *file_line_first;  /* [file_count + 1], line ids; owned */
	uint32_t *line_numbers;     /* [line_count], by line id; owned */
	uint32_t *line_files;       /* [line_count], index into files; owned */
	unsigned char *line_copies; /* [line_count], of kernel_index_copies(); owned; NULL: they
				       were not counted, or there are no objects */
	size_t line_count;
};

enum { KERNEL_COPIES_MANY = UINT8_MAX }; /* so many, or more */

/** kernel_function_file() - in which of kernel.files function @index of @object starts. */
static inline uint32_t kernel_function_file(const struct cov_object *object, uint32_t index)
{
	uint32_t source = object->plan.functions[index].source;

	return object->source_files ? object->source_files[source] : source;
}

/** kernel_object_of() - the object that a counter is of. @from: that one, or one before it */
static inline size_t kernel_object_of(const struct cov_kernel *kernel, size_t place, size_t from)
{
	while (place >=
	       kernel->objects[from].counter_first + kernel->objects[from].plan.counter_count)
		from++;
	return from;
}

/** kernel_are_lines_valid() - whether the lines of a stored @object are among @kernel's. */
bool kernel_are_lines_valid(const struct cov_kernel *kernel, const struct cov_object *object);

/**
 * kernel_are_references_valid() - whether the lines and files that a stored @object refers to are
 * among @kernel's.
 */
bool kernel_are_references_valid(const struct cov_kernel *kernel, const struct cov_object *object);

/** kernel_drop_objects() - free the objects of @kernel; its files and lines stay. */
void kernel_drop_objects(struct cov_kernel *kernel);

/** kernel_deinit() - free what @kernel owns; a zeroed struct is fine. */
void kernel_deinit(struct cov_kernel *kernel);

COV_DEFINE_AUTO_STRUCT(struct cov_kernel, kernel_deinit)

#endif
