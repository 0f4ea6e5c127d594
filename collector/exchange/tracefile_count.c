/* tracefile_count.c - counts as other tools print them. */
#include "collector/exchange/tracefile_count.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { REAL_BYTES_MAX = 63 };

static const char not_whole[] = "the count is no whole number";

/* As large as a count gets; the smallest is its negative. */
static int64_t cut(bool is_negative, bool *is_cut)
{
	*is_cut = true;
	return is_negative ? -INT64_MAX : INT64_MAX;
}

const char *tracefile_count_real(double number, int64_t *ret, bool *is_cut)
{
	const double beyond = 0x1p63;

	if (isnan(number))
		return not_whole;
	if (fabs(number) >= beyond) {
		*ret = cut(number < 0, is_cut);
		return NULL;
	}
	if (number != trunc(number))
		return not_whole;
	*ret = (int64_t)number;
	return NULL;
}

static const char *read_real(const char *text, size_t length, int64_t *ret, bool *is_cut)
{
	char copy[REAL_BYTES_MAX + 1];
	char *end;

	if (length > REAL_BYTES_MAX)
		return not_whole;
	memcpy(copy, text, length);
	copy[length] = '\0';
	/* Neither blanks nor hexadecimal digits, "inf" and the like. */
	if (strspn(copy, "0123456789.eE+-") != length)
		return not_whole;
	errno = 0;
	double number = strtod(copy, &end);
	if (end == copy || *end || (errno == ERANGE && fabs(number) < 1))
		return not_whole;
	return tracefile_count_real(number, ret, is_cut);
}

const char *tracefile_count_text(const char *text, size_t length, int64_t *ret, bool *is_cut)
{
	bool is_negative = length && *text == '-', is_large = false;
	int64_t number = 0;

	if (length == is_negative)
		return "the count is missing";
	for (size_t i = is_negative; i < length; i++) {
		if (text[i] < '0' || text[i] > '9')
			return read_real(text, length, ret, is_cut);
		is_large |= __builtin_mul_overflow(number, 10, &number) ||
			    __builtin_add_overflow(number, text[i] - '0', &number);
	}
	*ret = is_large ? cut(is_negative, is_cut) : is_negative ? -number : number;
	return NULL;
}
