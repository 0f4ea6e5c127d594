/* tile.c - numbers of lines or functions, packed by 64 ids. */
#include "venn/store/tile.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"

enum { DIGITS_MAX = 20 }; /* of a 64-bit number with its sign */

/* One tile while it is made. */
struct making {
	const struct tile_column *columns; /* [column_count]; borrowed */
	size_t column_count;
	int64_t values[TILE_COLUMNS_MAX][TILE_IDS]; /* of each class */
	size_t class_count;
	char marks[TILE_IDS];
	size_t mark_count;
};

void tile_list_deinit(struct tiles *tiles)
{
	free(tiles->items);
	cov_text_deinit(&tiles->texts);
	memset(tiles, 0, sizeof(*tiles));
}

static int64_t number_of(const struct tile_column *column, uint32_t id)
{
	if (column->integers)
		return column->integers[id];
	if (column->words)
		return column->words[id];
	return column->bytes ? column->bytes[id] : column->usual;
}

/* The class of numbers, which is a new one if none has them. */
static size_t find_class(struct making *making, const int64_t *numbers)
{
	size_t i = making->class_count;

	/* Those of the line before, mostly. */
	while (i-- > 0) {
		size_t equal = 0;

		while (equal < making->column_count && making->values[equal][i] == numbers[equal])
			equal++;
		if (equal == making->column_count)
			return i;
	}
	for (size_t j = 0; j < making->column_count; j++)
		making->values[j][making->class_count] = numbers[j];
	return making->class_count++;
}

static void add_id(struct making *making, uint32_t id)
{
	int64_t numbers[TILE_COLUMNS_MAX];
	size_t offset = id % TILE_IDS;

	for (size_t i = 0; i < making->column_count; i++)
		numbers[i] = number_of(&making->columns[i], id);
	while (making->mark_count < offset)
		making->marks[making->mark_count++] = ' ';
	making->marks[making->mark_count++] = (char)('!' + find_class(making, numbers));
}

/* The digits of a number, from the end of @ret. Return: how many characters */
static size_t write_digits(int64_t number, char ret[DIGITS_MAX])
{
	uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	size_t length = 0;

	do {
		ret[DIGITS_MAX - ++length] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (number < 0)
		ret[DIGITS_MAX - ++length] = '-';
	return length;
}

/* Append a column, each number as wide as the widest. Return: where; 0 if all are usual */
static size_t add_column(const struct making *making, size_t column, struct cov_text *texts)
{
	const int64_t *values = making->values[column];
	char digits[TILE_IDS][DIGITS_MAX];
	size_t width = 0, usual = 0;

	for (size_t i = 0; i < making->class_count; i++) {
		memset(digits[i], ' ', DIGITS_MAX);
		size_t length = write_digits(values[i], digits[i]);

		width = length > width ? length : width;
		usual += values[i] == making->columns[column].usual;
	}
	if (usual == making->class_count)
		return 0;
	size_t place = texts->length;
	for (size_t i = 0; i < making->class_count; i++)
		cov_text_add(texts, digits[i] + DIGITS_MAX - width, width);
	cov_text_add(texts, "", 1);
	return place;
}

static void end_tile(struct making *making, uint32_t number, struct tiles *tiles)
{
	tiles->items =
	    cov_grow(tiles->items, tiles->count, &tiles->capacity, sizeof(*tiles->items));
	struct tile *tile = &tiles->items[tiles->count++];

	*tile = (struct tile){
		.number = number,
		.class_count = (uint32_t)making->class_count,
		.marks = tiles->texts.length,
	};
	cov_text_add(&tiles->texts, making->marks, making->mark_count);
	cov_text_add(&tiles->texts, "", 1);
	for (size_t i = 0; i < making->column_count; i++)
		tile->columns[i] = add_column(making, i, &tiles->texts);
	making->class_count = 0;
	making->mark_count = 0;
}

void tile_pack(const uint32_t *ids, size_t count, const struct tile_column *columns,
	       size_t column_count, struct tiles *ret)
{
	struct making making = { .columns = columns, .column_count = column_count };

	memset(ret, 0, sizeof(*ret));
	cov_text_add(&ret->texts, "", 1); /* so that no text is at place 0 */
	for (size_t i = 0; i < count; i++) {
		add_id(&making, ids[i]);
		if (i + 1 == count || ids[i + 1] / TILE_IDS != ids[i] / TILE_IDS)
			end_tile(&making, ids[i] / TILE_IDS, ret);
	}
}

/* A number in @width characters, spaces before it. */
static bool read_number(const char *text, size_t width, int64_t *ret)
{
	size_t i = 0;
	uint64_t number = 0;

	while (i < width && text[i] == ' ')
		i++;
	bool is_negative = i < width && text[i] == '-';
	i += is_negative;
	if (i == width)
		return false;
	for (; i < width; i++) {
		unsigned digit = (unsigned)text[i] - '0';

		if (digit > 9 || __builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, digit, &number))
			return false;
	}
	if (number > (uint64_t)INT64_MAX + is_negative)
		return false;
	*ret = (int64_t)(is_negative ? 0 - number : number);
	return true;
}

bool tile_read(const char *text, size_t class_count, int64_t usual, int64_t *ret)
{
	size_t length = text ? strlen(text) : 0;
	size_t width = length / class_count;

	for (size_t i = 0; !text && i < class_count; i++)
		ret[i] = usual;
	if (!text)
		return true;
	if (!width || width > DIGITS_MAX || length % class_count)
		return false;
	for (size_t i = 0; i < class_count; i++) {
		if (!read_number(text + i * width, width, &ret[i]))
			return false;
	}
	return true;
}

static bool open_tile(struct tile_walk *walk)
{
	const struct tile *tile = &walk->tiles->items[walk->next++];

	walk->marks = tile_text(walk->tiles, tile->marks);
	walk->next_id = (size_t)tile->number * TILE_IDS;
	for (size_t i = 0; i < walk->column_count; i++) {
		if (!tile_read(tile_text(walk->tiles, tile->columns[i]), tile->class_count,
			       walk->usual[i], walk->numbers[i]))
			return false;
	}
	return true;
}

int tile_next(struct tile_walk *walk)
{
	for (;;) {
		while (walk->marks && *walk->marks) {
			int class = tile_class(*walk->marks++);

			walk->id = walk->next_id++;
			if (class == -1)
				continue;
			if (class < 0 ||
			    class >= (int)walk->tiles->items[walk->next - 1].class_count)
				return -1;
			for (size_t i = 0; i < walk->column_count; i++)
				walk->values[i] = walk->numbers[i][class];
			return 1;
		}
		if (walk->next == walk->tiles->count)
			return 0;
		if (!open_tile(walk))
			return -1;
	}
}
