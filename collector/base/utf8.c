/* utf8.c - names that may not be UTF-8, in formats that take nothing else. */
#include "collector/base/utf8.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/text.h"

enum { ESCAPE_BYTES = 4 }; /* \xe9 */

static bool is_escape(const char *bytes, size_t left)
{
	return left >= ESCAPE_BYTES && bytes[0] == '\\' && bytes[1] == 'x' &&
	       isxdigit((unsigned char)bytes[2]) && isxdigit((unsigned char)bytes[3]);
}

void cov_utf8_add(struct cov_text *text, const char *bytes, size_t length_bytes)
{
	size_t start = 0; /* of what is fine and was not added yet */

	for (size_t i = 0; i < length_bytes;) {
		size_t length = cov_text_utf8_length(bytes + i, length_bytes - i);

		if (length && !is_escape(bytes + i, length_bytes - i)) {
			i += length;
			continue;
		}
		cov_text_add(text, bytes + start, i - start);
		cov_text_print(text, "\\x%02x", (unsigned char)bytes[i]);
		start = ++i;
	}
	cov_text_add(text, bytes + start, length_bytes - start);
}

const char *cov_utf8_name(const char *name, struct cov_text *memory)
{
	size_t length = strlen(name), fine = 0;

	while (fine < length && !is_escape(name + fine, length - fine)) {
		size_t more = cov_text_utf8_length(name + fine, length - fine);

		if (!more)
			break;
		fine += more;
	}
	if (fine == length)
		return name;
	memory->length = 0;
	cov_utf8_add(memory, name, length);
	return memory->data;
}

void cov_utf8_restore(char *name)
{
	size_t length = strlen(name), kept = 0;

	for (size_t i = 0; i < length;) {
		if (is_escape(name + i, length - i)) {
			const char digits[] = { name[i + 2], name[i + 3], '\0' };

			name[kept++] = (char)strtoul(digits, NULL, 16);
			i += ESCAPE_BYTES;
		} else {
			name[kept++] = name[i++];
		}
	}
	name[kept] = '\0';
}

void cov_utf8_add_json(struct cov_text *text, const char *bytes, size_t length_bytes)
{
	size_t start = 0;

	for (size_t i = 0; i < length_bytes;) {
		size_t left = length_bytes - i, length = cov_text_utf8_length(bytes + i, left);
		/* JSON's own escape of a backslash, which begins an escape of ours. */
		bool is_backslash =
		    left > 1 && bytes[i] == '\\' && is_escape(bytes + i + 1, left - 1);

		if (length && !is_backslash) {
			/* The two characters of an escape of JSON's are not looked at apart. */
			if (bytes[i] == '\\' && left > 1)
				length += cov_text_utf8_length(bytes + i + 1, left - 1);
			i += length;
			continue;
		}
		cov_text_add(text, bytes + start, i - start);
		cov_text_print(text, "\\\\x%02x", (unsigned char)bytes[i]);
		i += is_backslash ? 2 : 1;
		start = i;
	}
	cov_text_add(text, bytes + start, length_bytes - start);
}
