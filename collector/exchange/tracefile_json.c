/*
 * tracefile_json.c - documents of JSON one after the other, each read by whoever knows its kind.
 *
 * Format: RFC 8259. gcov writes one document per object, syzkaller one per line.
 */
#include "collector/exchange/tracefile_json.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/text.h"
#include "collector/base/utf8.h"
#include "collector/exchange/tracefile_content.h"
#include "collector/exchange/tracefile_gcov.h"
#include "collector/exchange/tracefile_syzkaller.h"

static size_t count_newlines(const char *text, size_t size)
{
	size_t count = 0;

	for (size_t i = 0; i < size; i++)
		count += text[i] == '\n';
	return count;
}

/* What stands between documents: blanks, and the mark of a file that was appended. */
static size_t skip_blanks(const char *text, size_t size)
{
	size_t offset = 0, mark;

	do {
		while (offset < size && text[offset] && strchr(" \t\r\n", text[offset]))
			offset++;
		mark = tracefile_content_skip_mark(text + offset, size - offset);
		offset += mark;
	} while (mark);
	return offset;
}

/*
 * The document at @text. syzkaller writes addresses of the kernel as unsigned numbers of 64 bits,
 * which jansson does not have; nothing needs them exactly.
 */
static json_t *load(const char *text, size_t size, json_error_t *error)
{
	json_error_t ignored;
	json_t *root = json_loadb(text, size, JSON_DISABLE_EOF_CHECK, error);

	if (root || json_error_code(error) != json_error_numeric_overflow)
		return root;
	root = json_loadb(text, size, JSON_DISABLE_EOF_CHECK | JSON_DECODE_INT_AS_REAL, &ignored);
	if (!root || tracefile_syzkaller_is(root)) {
		*error = root ? ignored : *error;
		return root;
	}
	json_decref(root);
	return NULL;
}

int tracefile_json_read(const char *text, size_t size, const char *name,
			struct cov_tracefile *tracefile, struct cov_error *err)
{
	COV_AUTO(cov_text_deinit) struct cov_text clean = { 0 };
	int result = 0;

	if (memchr(text, '\0', size))
		return cov_fail(err, COV_ERR_FORMAT, "%s: a NUL byte", name);
	/* gcov prints names as they are; JSON is UTF-8. */
	cov_utf8_add_json(&clean, text, size);
	size_t offset = skip_blanks(clean.data, clean.length), line = 0, counted = 0;
	do {
		json_error_t error;
		COV_AUTO(json_decref)
		json_t *root = load(clean.data + offset, clean.length - offset, &error);

		line += count_newlines(clean.data + counted, offset - counted);
		counted = offset;
		if (!root)
			return cov_fail(err, COV_ERR_FORMAT, "%s:%zu: %s", name,
					line + (size_t)error.line, error.text);
		result = tracefile_syzkaller_is(root)
			     ? tracefile_syzkaller_read(root, name, line + 1, tracefile, err)
			     : tracefile_gcov_read(root, name, tracefile, err);
		offset += (size_t)error.position;
		offset += skip_blanks(clean.data + offset, clean.length - offset);
	} while (result == 0 && offset < clean.length);
	return result;
}
