/* error.c - how a function of covdb says what went wrong. */
#include "collector/base/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "collector/base/text.h"

/* Without allocating: this may be about memory that is not to be had. */
static void set_message(struct cov_error *err, const char *text)
{
	static const char digits[] = "0123456789abcdef";
	size_t length = strlen(text), filled = 0;

	for (size_t i = 0; i < length;) {
		size_t shown = cov_text_shown_length(text + i, length - i);
		const char escape[] = { '\\', 'x', digits[(unsigned char)text[i] >> 4],
					digits[text[i] & 0xf] };
		size_t added = shown ? shown : sizeof(escape);

		if (filled + added >= sizeof(err->message))
			break;
		memcpy(err->message + filled, shown ? text + i : escape, added);
		filled += added;
		i += shown ? shown : 1;
	}
	err->message[filled] = '\0';
}

int cov_fail(struct cov_error *err, enum cov_error_code code, const char *format, ...)
{
	char message[COV_ERROR_MESSAGE_BYTES];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	set_message(err, message);
	err->code = code;
	return code;
}

int cov_fail_errno(struct cov_error *err, const char *format, ...)
{
	int saved_errno = errno;
	char what[COV_ERROR_MESSAGE_BYTES / 2];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	return cov_fail(err, COV_ERR_SYSTEM, "%s: %s", what, strerror(saved_errno));
}

int cov_error_first(const struct cov_error *errors, size_t count, struct cov_error *err)
{
	for (size_t i = 0; i < count; i++) {
		if (errors[i].code) {
			*err = errors[i];
			return err->code;
		}
	}
	return 0;
}

int cov_error_exit_status(int code)
{
	if (code >= 0)
		return code;
	if (code == COV_ERR_USAGE)
		return 2;
	if (code == COV_ERR_MACHINE)
		return 3;
	return 1;
}
