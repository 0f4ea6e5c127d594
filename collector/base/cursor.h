/*
 * cursor.h - read words from bytes in memory, in either byte order, never beyond the end.
 *
 * A read beyond the end sets is_short and gives 0: a reader checks once per record, not per word.
 */
#ifndef COLLECTOR_BASE_CURSOR_H
#define COLLECTOR_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct cov_cursor {
	const unsigned char *data; /* [size] */
	size_t size;
	size_t offset;   /* of the next byte to read; never beyond size */
	bool is_swapped; /* the writer had the other byte order */
	bool is_short;   /* something was read beyond the end */
};

static inline size_t cov_cursor_left(const struct cov_cursor *cursor)
{
	return cursor->size - cursor->offset;
}

static inline uint32_t cov_cursor_u32(struct cov_cursor *cursor)
{
	uint32_t word;

	if (cov_cursor_left(cursor) < sizeof(word)) {
		cursor->is_short = true;
		cursor->offset = cursor->size;
		return 0;
	}
	memcpy(&word, cursor->data + cursor->offset, sizeof(word));
	cursor->offset += sizeof(word);
	return cursor->is_swapped ? __builtin_bswap32(word) : word;
}

/* Words that are known to be there. */
struct cov_words {
	const unsigned char *data; /* [count], as they are in the file */
	size_t count;
	bool is_swapped;
};

static inline uint32_t cov_word(struct cov_words words, size_t index)
{
	uint32_t word;

	memcpy(&word, words.data + index * sizeof(word), sizeof(word));
	return words.is_swapped ? __builtin_bswap32(word) : word;
}

/* A counter of a .gcda file: two words, the low one first, whatever the byte order. */
static inline uint64_t cov_word_counter(struct cov_words words, size_t index)
{
	return cov_word(words, 2 * index) | (uint64_t)cov_word(words, 2 * index + 1) << 32;
}

/* All whole words that are left; they are not read by that. */
static inline struct cov_words cov_cursor_rest(const struct cov_cursor *cursor)
{
	return (struct cov_words){ cursor->data + cursor->offset,
				   cov_cursor_left(cursor) / sizeof(uint32_t), cursor->is_swapped };
}

/* The next @count words, which must be there. */
static inline struct cov_words cov_cursor_words(struct cov_cursor *cursor, size_t count)
{
	struct cov_words words = cov_cursor_rest(cursor);

	words.count = count;
	cursor->offset += count * sizeof(uint32_t);
	return words;
}

/* The next @length_bytes as they are, or NULL if there are not so many. */
static inline const void *cov_cursor_bytes(struct cov_cursor *cursor, size_t length_bytes)
{
	const void *bytes = cursor->data + cursor->offset;

	if (cov_cursor_left(cursor) < length_bytes) {
		cursor->is_short = true;
		cursor->offset = cursor->size;
		return NULL;
	}
	cursor->offset += length_bytes;
	return bytes;
}

#endif
