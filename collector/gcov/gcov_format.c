/* gcov_format.c - what differs between the compilers that write .gcno and .gcda files, as data. */
#include "collector/gcov/gcov_format.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { NEWEST_CLANG_LAYOUT = 93 };

/* Newest first: the first whose version_min is not above the file's version is taken. */
static const struct gcov_format formats[] = {
	{
	    .version_min = 120,
	    .is_length_in_bytes = true,
	    .has_checksum_word = true,
	    .has_cwd = true,
	    .has_unexecuted_flag = true,
	    .has_cfg_checksum = true,
	    .has_artificial = true,
	    .has_end_column = true,
	    .has_block_count = true,
	    .line_rule = GCOV_LINES_FLOW,
	},
	{
	    .version_min = 93,
	    .has_cwd = true,
	    .has_unexecuted_flag = true,
	    .has_cfg_checksum = true,
	    .has_artificial = true,
	    .has_end_column = true,
	    .has_block_count = true,
	    .line_rule = GCOV_LINES_FLOW,
	},
	{
	    .version_min = 90,
	    .has_cwd = true,
	    .has_unexecuted_flag = true,
	    .has_cfg_checksum = true,
	    .has_artificial = true,
	    .has_end_column = true,
	    .has_block_count = true,
	    .line_rule = GCOV_LINES_FLOW_ALL_CYCLES,
	},
	{
	    .version_min = 84,
	    .has_unexecuted_flag = true,
	    .has_cfg_checksum = true,
	    .has_artificial = true,
	    .has_block_count = true,
	    .line_rule = GCOV_LINES_FLOW,
	},
	{
	    .version_min = 80,
	    .has_unexecuted_flag = true,
	    .has_cfg_checksum = true,
	    .has_artificial = true,
	    .has_block_count = true,
	    .line_rule = GCOV_LINES_FLOW_ALL_CYCLES,
	},
	{
	    .version_min = 48,
	    .has_cfg_checksum = true,
	    .is_file_kept = true,
	    .line_rule = GCOV_LINES_SUM,
	},
	{
	    .version_min = 47,
	    .has_cfg_checksum = true,
	    .is_file_kept = true,
	    .is_exit_last = true,
	    .line_rule = GCOV_LINES_SUM,
	},
	/* Known from clang only, whose line rule does not come from here. */
	{ .version_min = 34, .is_file_kept = true, .is_exit_last = true },
};

static unsigned version_byte(uint32_t version, unsigned index)
{
	return version >> (24 - 8 * index) & 0xff;
}

unsigned gcov_format_version_number(uint32_t version)
{
	unsigned major = version_byte(version, 0);
	unsigned tens = version_byte(version, 1) - '0';
	unsigned ones = version_byte(version, 2) - '0';

	if (tens > 9 || ones > 9)
		return 0;
	/* GCC 4.7 to 6: digit of the major, two digits of the minor version. */
	if (isdigit((int)major))
		return (major - '0') * 10 + ones;
	/* GCC 7 on: a letter for the tens of the major version, its ones, the minor version. */
	if (isupper((int)major))
		return (major - 'A') * 100 + tens * 10 + ones;
	return 0;
}

void gcov_format_version_text(uint32_t version, char *text)
{
	unsigned number = gcov_format_version_number(version);
	char word[5];

	for (unsigned i = 0; i < 4; i++) {
		unsigned byte = version_byte(version, i);

		word[i] = (char)(isprint((int)byte) ? byte : '?');
	}
	word[4] = '\0';
	snprintf(text, GCOV_VERSION_TEXT_BYTES, "%u.%u (%s)", number / 10, number % 10, word);
}

static const struct gcov_format *find_format(unsigned number)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (number >= formats[i].version_min)
			return &formats[i];
	}
	return NULL;
}

/* Whether a string stands here whose length is in words, padded by one to four NULs. */
static bool is_padded_string(struct cov_cursor cursor)
{
	size_t length_bytes = (size_t)cov_cursor_u32(&cursor) * GCOV_WORD_BYTES;
	const char *bytes = length_bytes ? cov_cursor_bytes(&cursor, length_bytes) : NULL;
	size_t length = bytes ? strnlen(bytes, length_bytes) : 0;

	return bytes && length / GCOV_WORD_BYTES + 1 == length_bytes / GCOV_WORD_BYTES;
}

const struct gcov_format *gcov_format_notes(uint32_t version, const struct cov_cursor *cursor)
{
	const struct gcov_format *format = find_format(gcov_format_version_number(version));

	if (format && format->has_checksum_word && is_padded_string(*cursor))
		return find_format(NEWEST_CLANG_LAYOUT);
	return format;
}

const struct gcov_format *gcov_format_data(uint32_t version, const struct cov_cursor *cursor)
{
	const struct gcov_format *format = find_format(gcov_format_version_number(version));
	struct cov_cursor ahead = *cursor;

	if (format && format->has_checksum_word && cov_cursor_u32(&ahead) == GCOV_TAG_FUNCTION &&
	    cov_cursor_u32(&ahead) == GCOV_FUNCTION_WORDS)
		return find_format(NEWEST_CLANG_LAYOUT);
	return format;
}

bool gcov_format_read_magic(struct cov_cursor *cursor, uint32_t magic)
{
	uint32_t word = cov_cursor_u32(cursor);

	if (cursor->is_short)
		return false;
	if (word == magic)
		return true;
	cursor->is_swapped = word == __builtin_bswap32(magic);
	return cursor->is_swapped;
}
