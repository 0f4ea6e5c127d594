/* kernel_image.c - a kernel that was read from notes as bytes, and back. */
#include "collector/decode/kernel_image.h"

#include <libdeflate.h>
#include <stdatomic.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/narrow.h"
#include "collector/base/parallel.h"
#include "collector/base/text.h"
#include "collector/decode/ids.h"
#include "collector/decode/kernel.h"
#include "collector/decode/kernel_index.h"
#include "collector/decode/notes_state.h"
#include "collector/plan/pack.h"

enum {
	IMAGE_MAGIC = 0x314b5643, /* "CVK1" */
	FILE_BYTES_MIN = 2,       /* in the table of contents */
	OBJECT_BYTES_MIN = 5,
};

/* What an image begins with. */
struct frame {
	uint32_t magic;
	uint32_t checksum; /* of the table of contents */
	uint64_t contents_bytes;
};

/* The packed parts of an object, on their way into an image. */
struct parts {
	struct cov_text head;
	void *lines; /* [lines_bytes]; owned */
	size_t lines_bytes;
};

struct making {
	const struct cov_kernel *kernel;
	struct parts *parts; /* [kernel->object_count] */
};

static void make_parts(void *context, size_t index, size_t thread)
{
	struct making *making = context;
	const struct cov_object *object = &making->kernel->objects[index];
	struct parts *parts = &making->parts[index];

	(void)thread;
	pack_head(&object->plan, object->source_files, &parts->head);
	parts->lines = cov_ids_pack(object->line_ids, object->plan.line_count, &parts->lines_bytes);
}

static void add_name(struct cov_text *out, const char *name)
{
	cov_text_add(out, name, strlen(name) + 1);
}

/* The name of an object's notes, which the database does not have. */
static void add_notes_name(struct cov_text *out, const struct cov_object *object)
{
	if (!object->notes)
		cov_text_print(out, "%.*s.gcno", (int)strlen(object->path) - 2, object->path);
	add_name(out, object->notes ? object->notes : "");
}

static void write_contents(const struct cov_kernel *kernel, const struct parts *parts,
			   size_t numbers_bytes, struct cov_text *out)
{
	add_name(out, kernel->build_root);
	add_name(out, kernel->source_root);
	cov_narrow_add(out, kernel->file_count);
	for (size_t i = 0; i < kernel->file_count; i++) {
		add_name(out, kernel->files[i]);
		cov_narrow_add(out, kernel->file_line_first[i + 1] - kernel->file_line_first[i]);
	}
	cov_narrow_add(out, numbers_bytes);
	cov_narrow_add(out, kernel->object_count);
	for (size_t i = 0; i < kernel->object_count; i++) {
		add_name(out, kernel->objects[i].path);
		add_notes_name(out, &kernel->objects[i]);
		cov_narrow_add(out, parts[i].head.length);
		cov_narrow_add(out, parts[i].lines_bytes);
		cov_narrow_add(out, kernel->objects[i].body_bytes);
	}
}

void kernel_image_seal(void *image, size_t size)
{
	const unsigned char *contents = (unsigned char *)image + sizeof(struct frame);
	struct frame frame;

	if (size < sizeof(frame))
		return;
	memcpy(&frame, image, sizeof(frame));
	if (frame.contents_bytes > size - sizeof(frame))
		return;
	frame.checksum = libdeflate_crc32(0, contents, frame.contents_bytes);
	memcpy(image, &frame, sizeof(frame));
}

void kernel_image_make(const struct cov_kernel *kernel, const struct notes_state *state,
		       struct cov_text *out)
{
	COV_AUTO(free) struct parts *parts = cov_xcalloc(kernel->object_count, sizeof(*parts));
	struct making making = { kernel, parts };
	struct frame frame = { .magic = IMAGE_MAGIC };
	size_t numbers_bytes;
	COV_AUTO(free)
	void *numbers = cov_ids_pack(kernel->line_numbers, kernel->line_count, &numbers_bytes);

	cov_parallel_for(kernel->object_count, make_parts, &making);
	cov_text_add(out, &frame, sizeof(frame));
	notes_state_write(state, out);
	write_contents(kernel, parts, numbers_bytes, out);
	frame.contents_bytes = out->length - sizeof(frame);
	memcpy(out->data, &frame, sizeof(frame));
	kernel_image_seal(out->data, out->length);
	cov_text_add(out, numbers, numbers_bytes);
	for (size_t i = 0; i < kernel->object_count; i++) {
		cov_text_add(out, parts[i].head.data, parts[i].head.length);
		cov_text_add(out, parts[i].lines, parts[i].lines_bytes);
		cov_text_add(out, kernel->objects[i].body, kernel->objects[i].body_bytes);
		cov_text_deinit(&parts[i].head);
		free(parts[i].lines);
	}
}

/* An image being read: its table of contents, and what that lists. */
struct opening {
	struct cov_narrow contents;
	const unsigned char *next, *end; /* of what is listed */
	struct cov_kernel *kernel;
	struct part *parts; /* [kernel->object_count]; owned */
	atomic_bool is_damaged;
};

struct part {
	const void *head, *lines;
	size_t head_bytes, lines_bytes;
};

static bool open_contents(const void *image, size_t size, struct opening *ret)
{
	const unsigned char *begin = image;
	struct frame frame;

	if (size < sizeof(frame))
		return false;
	memcpy(&frame, image, sizeof(frame));
	if (frame.magic != IMAGE_MAGIC || frame.contents_bytes > size - sizeof(frame))
		return false;
	ret->contents.next = begin + sizeof(frame);
	ret->contents.end = ret->contents.next + frame.contents_bytes;
	ret->next = ret->contents.end;
	ret->end = begin + size;
	return libdeflate_crc32(0, ret->contents.next, frame.contents_bytes) == frame.checksum;
}

bool kernel_image_state(const void *image, size_t size, struct notes_state *ret)
{
	struct opening opening = { 0 };

	return open_contents(image, size, &opening) && notes_state_read(&opening.contents, ret);
}

/* The next @size bytes of what is listed, or NULL. */
static const void *take(struct opening *opening, uint64_t size)
{
	const unsigned char *bytes = opening->next;

	if (size > (size_t)(opening->end - bytes))
		return NULL;
	opening->next += size;
	return bytes;
}

/* How many items of at least @bytes_min bytes follow. */
static size_t read_count(struct opening *opening, size_t bytes_min)
{
	uint64_t count = cov_narrow_number(&opening->contents);
	size_t left = (size_t)(opening->contents.end - opening->contents.next);

	opening->contents.is_short |= count > left / bytes_min;
	return opening->contents.is_short ? 0 : count;
}

static bool read_files(struct opening *opening)
{
	struct cov_kernel *kernel = opening->kernel;
	struct cov_narrow *contents = &opening->contents;
	size_t count = read_count(opening, FILE_BYTES_MIN);
	uint64_t line_count = 0;

	kernel->files = cov_xcalloc(count, sizeof(*kernel->files));
	kernel->file_line_first = cov_xcalloc(count + 1, sizeof(uint32_t));
	for (size_t i = 0; i < count; i++) {
		kernel->files[kernel->file_count++] = cov_xstrdup(cov_narrow_text(contents));
		line_count += cov_narrow_u32(contents);
		if (line_count > UINT32_MAX)
			return false;
		kernel->file_line_first[i + 1] = (uint32_t)line_count;
	}
	uint64_t numbers_bytes = cov_narrow_number(contents);
	const void *numbers = contents->is_short ? NULL : take(opening, numbers_bytes);
	/* A number takes a byte at least, so there cannot be too many lines. */
	if (numbers)
		kernel->line_numbers = cov_ids_unpack(numbers, numbers_bytes, line_count);
	if (!kernel->line_numbers)
		return false;
	kernel->line_count = line_count;
	kernel->line_files = cov_xmalloc(line_count * sizeof(uint32_t));
	for (size_t i = 0; i < count; i++) {
		for (size_t j = kernel->file_line_first[i]; j < kernel->file_line_first[i + 1]; j++)
			kernel->line_files[j] = (uint32_t)i;
	}
	return true;
}

static bool read_object(struct opening *opening, struct cov_object *object, struct part *part)
{
	struct cov_narrow *contents = &opening->contents;

	object->path = cov_xstrdup(cov_narrow_text(contents));
	object->notes = cov_xstrdup(cov_narrow_text(contents));
	part->head_bytes = cov_narrow_number(contents);
	part->lines_bytes = cov_narrow_number(contents);
	object->body_bytes = cov_narrow_number(contents);
	part->head = take(opening, part->head_bytes);
	part->lines = take(opening, part->lines_bytes);
	object->body = (void *)take(opening, object->body_bytes);
	return !contents->is_short && part->head && part->lines && object->body &&
	       cov_has_suffix(object->path, ".o") && cov_has_suffix(object->notes, ".gcno");
}

static bool read_objects(struct opening *opening)
{
	struct cov_kernel *kernel = opening->kernel;
	size_t count = read_count(opening, OBJECT_BYTES_MIN);

	kernel->objects = cov_xcalloc(count, sizeof(*kernel->objects));
	opening->parts = cov_xcalloc(count, sizeof(*opening->parts));
	while (kernel->object_count < count) {
		size_t place = kernel->object_count++;

		if (!read_object(opening, &kernel->objects[place], &opening->parts[place]))
			return false;
	}
	return opening->contents.next == opening->contents.end && opening->next == opening->end;
}

static void open_object(void *context, size_t index, size_t thread)
{
	struct opening *opening = context;
	struct cov_object *object = &opening->kernel->objects[index];
	const struct part *part = &opening->parts[index];
	struct cov_error reason;

	(void)thread;
	if (!opening->is_damaged &&
	    pack_read_head(part->head, part->head_bytes, object->body_bytes, &object->plan,
			   &reason) == 0 &&
	    pack_is_whole(&object->plan, object->body)) {
		object->line_ids =
		    cov_ids_unpack(part->lines, part->lines_bytes, object->plan.line_count);
		if (object->line_ids && kernel_are_references_valid(opening->kernel, object))
			return;
	}
	opening->is_damaged = true;
}

bool kernel_image_open(void *image, size_t size, struct cov_kernel *ret)
{
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	COV_AUTO(notes_state_deinit) struct notes_state state = { 0 };
	struct opening opening = { .kernel = &kernel };

	kernel.image = image;
	if (!open_contents(image, size, &opening) || !notes_state_read(&opening.contents, &state))
		return false;
	kernel.build_root = cov_xstrdup(cov_narrow_text(&opening.contents));
	kernel.source_root = cov_xstrdup(cov_narrow_text(&opening.contents));
	bool is_read = read_files(&opening) && read_objects(&opening);
	if (is_read)
		cov_parallel_for(kernel.object_count, open_object, &opening);
	free(opening.parts);
	if (!is_read || opening.is_damaged)
		return false;
	kernel_index_number(&kernel);
	kernel.line_copies = kernel_index_copies(&kernel);
	*ret = kernel;
	memset(&kernel, 0, sizeof(kernel));
	return true;
}
