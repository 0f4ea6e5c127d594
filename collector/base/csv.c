/* csv.c - a cell of CSV (RFC 4180). */
#include "collector/base/csv.h"

#include <string.h>

#include "collector/base/text.h"

/* Control characters stand in quotes, too: not all readers take them otherwise. */
static bool is_quoted(const char *word)
{
	for (size_t left = strlen(word); left;) {
		/* As most are. */
		if (*word >= ' ' && *word < 0x7f && *word != ',' && *word != '"') {
			word++;
			left--;
			continue;
		}
		size_t length = cov_text_utf8_length(word, left);
		if (*word == ',' || *word == '"' || (length && !cov_text_shown_length(word, left)))
			return true;
		length = length ? length : 1; /* a byte that is not UTF-8 needs none */
		word += length;
		left -= length;
	}
	return false;
}

void cov_csv_write(const char *word, bool is_safe, FILE *out)
{
	bool has_quotes = is_quoted(word);

	if (has_quotes)
		putc('"', out);
	if (is_safe && *word && strchr("=+-@\t\r\n", *word))
		putc('\'', out);
	if (!has_quotes) {
		fputs(word, out);
		return;
	}
	for (; *word; word++) {
		if (*word == '"')
			putc('"', out);
		putc(*word, out);
	}
	putc('"', out);
}
