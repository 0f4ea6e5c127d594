/*
 * tracefile_addresses.c - reader of lists of addresses of code that ran.
 *
 * Format: /rawcover of syzkaller's syz-manager and rawcover of syz-cover (0x%x a line); what 'perf
 * script -F ip' prints (16 digits, blanks before them).
 */
#include "collector/exchange/tracefile_addresses.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"

enum { DIGITS_BARE_MIN = 8, DIGITS_MAX = 16, SHOWN_BYTES_MAX = 40 };

void tracefile_addresses_deinit(struct tracefile_addresses *addresses)
{
	free(addresses->items);
	memset(addresses, 0, sizeof(*addresses));
}

static size_t skip_blanks(const char *line, size_t length)
{
	size_t offset = 0;

	while (offset < length && (line[offset] == ' ' || line[offset] == '\t'))
		offset++;
	return offset;
}

static int digit_value(char character)
{
	if (character >= '0' && character <= '9')
		return character - '0';
	character = (char)tolower((unsigned char)character);
	return character >= 'a' && character <= 'f' ? character - 'a' + 10 : -1;
}

/* The address that a line without blanks before it begins with. */
static bool read_address(const char *line, size_t length, uint64_t *ret)
{
	bool has_prefix = length > 2 && line[0] == '0' && (line[1] == 'x' || line[1] == 'X');
	size_t first = has_prefix ? 2 : 0, end = first;

	*ret = 0;
	while (end < length && end - first <= DIGITS_MAX && digit_value(line[end]) >= 0)
		*ret = *ret << 4 | (uint64_t)digit_value(line[end++]);
	if (end < length && !strchr(" \t,\r", line[end]))
		return false;
	return end - first >= (has_prefix ? 1 : DIGITS_BARE_MIN) && end - first <= DIGITS_MAX;
}

bool tracefile_addresses_begin(const char *line, size_t length)
{
	size_t blanks = skip_blanks(line, length);
	uint64_t ignored;

	return read_address(line + blanks, length - blanks, &ignored);
}

static int compare_addresses(const void *a, const void *b)
{
	const uint64_t *first = a, *second = b;

	return (*first > *second) - (*first < *second);
}

/* In ascending order, each once. */
static void settle(struct tracefile_addresses *addresses)
{
	size_t kept = 0;

	if (addresses->count)
		qsort(addresses->items, addresses->count, sizeof(*addresses->items),
		      compare_addresses);
	for (size_t i = 0; i < addresses->count; i++) {
		if (!kept || addresses->items[kept - 1] != addresses->items[i])
			addresses->items[kept++] = addresses->items[i];
	}
	addresses->count = kept;
}

int tracefile_addresses_read(const char *text, size_t size, const char *name,
			     struct tracefile_addresses *ret, struct cov_error *err)
{
	COV_AUTO(tracefile_addresses_deinit) struct tracefile_addresses addresses = { 0 };
	const char *end = text + size;

	for (size_t number = 1; text < end; number++) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *next = newline ? newline + 1 : end;
		size_t length = (size_t)((newline ? newline : end) - text);
		size_t blanks = skip_blanks(text, length);
		uint64_t address;

		text += blanks;
		length -= blanks;
		if (length && *text != '#' && *text != '\r') {
			if (memchr(text, '\0', length))
				return cov_fail(err, COV_ERR_FORMAT, "%s:%zu: a NUL byte", name,
						number);
			if (!read_address(text, length, &address))
				return cov_fail(
				    err, COV_ERR_FORMAT, "%s:%zu: no address in '%.*s'", name,
				    number,
				    (int)(length < SHOWN_BYTES_MAX ? length : SHOWN_BYTES_MAX),
				    text);
			addresses.items = cov_grow(addresses.items, addresses.count,
						   &addresses.capacity, sizeof(*addresses.items));
			addresses.items[addresses.count++] = address;
		}
		text = next;
	}
	settle(&addresses);
	*ret = addresses;
	memset(&addresses, 0, sizeof(addresses));
	return 0;
}
