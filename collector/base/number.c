/* number.c - read, add and print whole numbers, the same way everywhere. */
#include "collector/base/number.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/cleanup.h"
#include "collector/base/text.h"

bool cov_number_read(const char *text, uint64_t most, const char **end, uint64_t *ret)
{
	char *behind;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	unsigned long long number = strtoull(text, &behind, 10);
	if (errno || number > most || (!end && *behind))
		return false;
	if (end)
		*end = behind;
	*ret = number;
	return true;
}

char *cov_number_grouped(int64_t number)
{
	COV_AUTO(free) char *digits = cov_format("%" PRId64, number);
	struct cov_text text = { 0 };
	size_t length = strlen(digits);

	for (size_t i = 0; i < length; i++) {
		if (i && digits[i - 1] != '-' && (length - i) % 3 == 0)
			cov_text_add(&text, ",", 1);
		cov_text_add(&text, &digits[i], 1);
	}
	return text.data;
}
