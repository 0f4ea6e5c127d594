/* kernel_file.c - a registered kernel as one portable file. */
#include "collector/decode/kernel_file.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/narrow.h"
#include "collector/base/text.h"
#include "collector/decode/kernel.h"
#include "collector/decode/kernel_image.h"
#include "collector/decode/notes_state.h"
#include "collector/gcov/build_id.h"

/* The version goes up with every change of the image or of packed plans. */
const struct sealed_kind kernel_file_kind = { "covdb kernel", 1, "a packed kernel",
					      "'covdb kernel pack' makes one" };

void kernel_file_deinit(struct kernel_file *about)
{
	free(about->name);
	free(about->release);
	free(about->build_id);
	free(about->profile_update);
	memset(about, 0, sizeof(*about));
}

static void add_text(struct cov_text *out, const char *text)
{
	cov_text_add(out, text, strlen(text) + 1);
}

void kernel_file_make(const struct cov_kernel *kernel, const struct kernel_file *about,
		      struct cov_text *out)
{
	/* The notes are elsewhere: nothing that is here is said of them. */
	const struct notes_state none = { .root = "" };
	COV_AUTO(cov_text_deinit) struct cov_text body = { 0 }, image = { 0 };

	add_text(&body, about->name);
	add_text(&body, about->release);
	add_text(&body, about->build_id);
	add_text(&body, about->profile_update);
	kernel_image_make(kernel, &none, &image);
	cov_text_add(&body, image.data, image.length);
	sealed_make(&kernel_file_kind, &body, out);
}

/* The texts, and behind them the image. */
static bool read_about(struct cov_narrow *from, struct kernel_file *ret)
{
	ret->name = cov_xstrdup(cov_narrow_text(from));
	ret->release = cov_xstrdup(cov_narrow_text(from));
	ret->build_id = cov_xstrdup(cov_narrow_text(from));
	ret->profile_update = cov_xstrdup(cov_narrow_text(from));
	return !from->is_short && *ret->name && strlen(ret->build_id) < COV_BUILD_ID_TEXT_BYTES &&
	       strspn(ret->build_id, "0123456789abcdef") == strlen(ret->build_id);
}

void kernel_file_seal(void *body, size_t size)
{
	COV_AUTO(kernel_file_deinit) struct kernel_file about = { 0 };
	struct cov_narrow from = { body, (unsigned char *)body + size, false };

	read_about(&from, &about);
	kernel_image_seal((unsigned char *)body + (size - (size_t)(from.end - from.next)),
			  (size_t)(from.end - from.next));
}

int kernel_file_parse(const char *path, const void *data, size_t size, struct kernel_file *about,
		      struct cov_kernel *ret, struct cov_error *err)
{
	COV_AUTO(kernel_file_deinit) struct kernel_file file = { 0 };
	COV_AUTO(cov_text_deinit) struct cov_text body = { 0 };
	int result = sealed_open(&kernel_file_kind, path, data, size, &body, err);

	if (result)
		return result;
	struct cov_narrow from = { (unsigned char *)body.data,
				   (unsigned char *)body.data + body.length, false };
	if (!read_about(&from, &file))
		return cov_fail(err, COV_ERR_FORMAT,
				"%s: damaged: what it says of its kernel cannot be", path);
	size_t image_bytes = (size_t)(from.end - from.next);
	memmove(body.data, from.next, image_bytes);
	char *image = body.data;
	body = (struct cov_text){ 0 }; /* now the kernel's, or gone */
	if (!kernel_image_open(image, image_bytes, ret))
		return cov_fail(err, COV_ERR_FORMAT,
				"%s: damaged, or written by another version of covdb: its kernel "
				"cannot be read: %s",
				path, kernel_file_kind.mend);
	*about = file;
	memset(&file, 0, sizeof(file));
	return 0;
}

int kernel_file_read(const char *path, struct kernel_file *about, struct cov_kernel *ret,
		     struct cov_error *err)
{
	COV_AUTO(free) char *data = NULL;
	size_t size;
	int result = cov_file_read(path, &data, &size, err);

	return result ? result : kernel_file_parse(path, data, size, about, ret, err);
}
