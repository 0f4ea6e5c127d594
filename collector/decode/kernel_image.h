/*
 * kernel_image.h - a kernel that was read from notes as bytes, and back, so that it need not be
 * compiled again.
 *
 * The bytes are a table of contents with a checksum, then what it lists: the lines of the universe,
 * then of each object its head, its list of lines and its body, each with its own checksum. All of
 * it is input: whatever is not as it should be is refused.
 */
#ifndef COLLECTOR_DECODE_KERNEL_IMAGE_H
#define COLLECTOR_DECODE_KERNEL_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

struct cov_kernel;
struct cov_text;
struct notes_state;

/**
 * kernel_image_make() - @kernel as bytes, with the state of the notes it was read from.
 * @kernel: of kernel_read_tree(), KERNEL_BODIES
 * @out:    empty; what is added is the image
 */
void kernel_image_make(const struct cov_kernel *kernel, const struct notes_state *state,
		       struct cov_text *out);

/** kernel_image_seal() - make the checksum of the table of contents fit what was changed since. */
void kernel_image_seal(void *image, size_t size);

/**
 * kernel_image_state() - the state of the notes that an image was made of.
 * @ret: its texts are those of @image; free with notes_state_deinit()
 *
 * Return: false if this is no image, or a damaged one.
 */
bool kernel_image_state(const void *image, size_t size, struct notes_state *ret);

/**
 * kernel_image_open() - the kernel of an image.
 * @image: [size], of malloc(); taken over: freed with @ret, or here on failure
 * @ret:   filled on success; free with kernel_deinit()
 *
 * Return: false if it is damaged.
 */
bool kernel_image_open(void *image, size_t size, struct cov_kernel *ret);

#endif
