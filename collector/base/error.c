/* error.c - how a function of covdb says what went wrong. */
#include "collector/base/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int cov_fail(struct cov_error *err, enum cov_error_code code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(err->message, sizeof(err->message), format, arguments);
	va_end(arguments);
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
