/* rows_layout.c - how the columns of a table get into so many columns of a terminal. */
#include "venn/print/rows_layout.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/text.h"

enum { WORD_LEAST = 20, WORD_NARROWEST = 12, ESCAPE_WIDTH = 4 };

/* Of a column, in characters. */
struct extent {
	size_t body, title, piece;
	size_t least;     /* with its title in several lines, and its words, where it has some */
	size_t narrowest; /* the same, where long words are cut smaller before a column leaves */
	size_t width;     /* as it is now; 0: left out */
	unsigned leave;
	bool is_telling; /* leaves only after the words of others are as narrow as they get */
};

/* As libsmartcols counts where the locale is "C": what is not ASCII, or not shown, is \x1b. */
static size_t character_width(const char *text)
{
	if (*text == '\\' && text[1] == 'x')
		return ESCAPE_WIDTH;
	return *text >= ' ' && *text <= '~' ? 1 : ESCAPE_WIDTH;
}

static size_t text_width(const char *text, size_t length)
{
	size_t width = 0;

	for (size_t i = 0; i < length; i++)
		width += character_width(text + i);
	return width;
}

/* Where a title and a word may be broken: behind one of these. */
static const char *const title_ends = " +", *const word_ends = " ,/+|&;:_";

/* "44,220" and "14:56" stay whole. */
static bool is_within_number(const char *text, size_t length)
{
	return length && (text[length] == ',' || text[length] == ':') &&
	       isdigit((unsigned char)text[length - 1]) && isdigit((unsigned char)text[length + 1]);
}

/* Bytes up to where @text may be broken, that place's character included. */
static size_t piece_length(const char *text, const char *ends)
{
	size_t length = strcspn(text, ends);

	while (text[length] && is_within_number(text, length))
		length += 1 + strcspn(text + length + 1, ends);
	return text[length] ? length + 1 : length;
}

static size_t widest_piece(const char *text, const char *ends)
{
	size_t widest = 0;

	while (*text) {
		size_t length = piece_length(text, ends);
		size_t width = text_width(text, length - (text[length - 1] == ' '));

		widest = width > widest ? width : widest;
		text += length;
	}
	return widest;
}

/* Without the spaces that a line would end with. */
static void end_line(struct cov_text *wrapped)
{
	while (wrapped->length && wrapped->data[wrapped->length - 1] == ' ')
		wrapped->length--;
	cov_text_add(wrapped, "\n", 1);
}

static void add_character(struct cov_text *wrapped, char character)
{
	if (character == '\n')
		cov_text_print(wrapped, "\\n");
	else
		cov_text_add(wrapped, &character, 1);
}

static char *wrap(const char *text, const char *ends, size_t width)
{
	struct cov_text wrapped = { 0 };
	size_t used = 0;

	cov_text_add(&wrapped, "", 0);
	while (*text) {
		size_t length = piece_length(text, ends);
		size_t shown = text_width(text, length - (text[length - 1] == ' '));

		if (used && used + shown > width) {
			end_line(&wrapped);
			used = 0;
		}
		for (size_t i = 0; i < length; i++) {
			size_t step = character_width(text + i);

			if (used && used + step > width && text[i] != ' ') {
				end_line(&wrapped);
				used = 0;
			}
			add_character(&wrapped, text[i]);
			used += step;
		}
		text += length;
	}
	return wrapped.data ? wrapped.data : cov_xstrdup("");
}

char *rows_layout_wrap(const char *text, size_t width)
{
	return wrap(text, word_ends, width);
}

char *rows_layout_wrap_title(const char *title, size_t width)
{
	return wrap(title, title_ends, width);
}

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool may_wrap(unsigned leave)
{
	return !leave || leave == ROWS_WHOLE || leave == ROWS_STAYS;
}

/* Columns of which none says when it leaves do so from the last to the third. */
static void measure(const struct rows *rows, char *const *texts, struct extent *extents)
{
	for (size_t i = 0; i < rows->cell_count; i++) {
		struct extent *extent = &extents[i % rows->column_count];

		extent->body = larger(extent->body, text_width(texts[i], strlen(texts[i])));
		extent->piece = larger(extent->piece, widest_piece(texts[i], word_ends));
	}
	for (size_t i = 0; i < rows->column_count; i++) {
		const struct rows_column *column = &rows->columns[i];
		struct extent *extent = &extents[i];
		size_t least = extent->body, narrowest = extent->body;

		extent->title = text_width(column->title, strlen(column->title));
		extent->leave = rows->leave ? rows->leave[i] : 0;
		if (rows_cells_is_word(column->type) && may_wrap(extent->leave)) {
			narrowest = smaller(smaller(least, WORD_LEAST),
					    larger(extent->piece, WORD_NARROWEST));
			if (extent->leave != ROWS_WHOLE)
				least = smaller(least, WORD_LEAST);
		}
		extent->least = larger(larger(least, widest_piece(column->title, title_ends)), 1);
		extent->narrowest =
		    larger(larger(narrowest, widest_piece(column->title, title_ends)), 1);
		extent->is_telling = !extent->leave;
		extent->width = larger(larger(extent->body, extent->title), 1);
		if (!extent->leave)
			extent->leave = i < 2 || i > ROWS_STAYS ? ROWS_STAYS : (unsigned)i;
	}
}

/* With the spaces between columns. */
static size_t total(const struct extent *extents, size_t count, bool is_least)
{
	size_t sum = 0;

	for (size_t i = 0; i < count; i++) {
		if (extents[i].width)
			sum += 1 + (is_least ? extents[i].least : extents[i].width);
	}
	return sum ? sum - 1 : 0;
}

static bool may_leave(const struct extent *extent, bool is_telling)
{
	return extent->width && extent->leave != ROWS_STAYS && extent->leave != ROWS_WHOLE &&
	       extent->is_telling == is_telling;
}

/* Leave out those columns that are the next to leave. Return: whether there are some. */
static bool leave_out(struct extent *extents, size_t count, bool is_telling, size_t *left_out)
{
	unsigned highest = 0;

	for (size_t i = 0; i < count; i++) {
		if (may_leave(&extents[i], is_telling) && extents[i].leave > highest)
			highest = extents[i].leave;
	}
	for (size_t i = 0; i < count && highest; i++) {
		if (may_leave(&extents[i], is_telling) && extents[i].leave == highest) {
			extents[i].width = 0;
			++*left_out;
		}
	}
	return highest > 0;
}

/* Make the widest column whose words may get into more lines narrower. */
static bool shrink(struct extent *extents, size_t count)
{
	struct extent *widest = NULL;

	for (size_t i = 0; i < count; i++) {
		if (extents[i].width > extents[i].least &&
		    (!widest || extents[i].width > widest->width))
			widest = &extents[i];
	}
	if (widest)
		widest->width--;
	return widest != NULL;
}

/* Give titles the room that is left. */
static void widen(struct extent *extents, size_t count, size_t room)
{
	for (size_t i = 0; i < count; i++) {
		struct extent *extent = &extents[i];

		if (extent->width && extent->title > extent->width &&
		    extent->title - extent->width <= room) {
			room -= extent->title - extent->width;
			extent->width = extent->title;
		}
	}
}

static void fit(struct extent *extents, size_t count, size_t width, size_t *left_out)
{
	if (total(extents, count, false) <= width)
		return;
	while (total(extents, count, true) > width && leave_out(extents, count, false, left_out))
		;
	for (size_t i = 0; i < count && total(extents, count, true) > width; i++)
		extents[i].least = extents[i].narrowest;
	while (total(extents, count, true) > width && leave_out(extents, count, true, left_out))
		;
	for (size_t i = 0; i < count; i++) {
		if (extents[i].width)
			extents[i].width = larger(extents[i].body, extents[i].least);
	}
	while (total(extents, count, false) > width && shrink(extents, count))
		;
	size_t used = total(extents, count, false);
	if (used < width)
		widen(extents, count, width - used);
}

void rows_layout_make(const struct rows *rows, char *const *texts, size_t width,
		      struct rows_layout *ret)
{
	COV_AUTO(free)
	struct extent *extents = cov_xcalloc(rows->column_count, sizeof(*extents));

	*ret = (struct rows_layout){ 0 };
	measure(rows, texts, extents);
	fit(extents, rows->column_count, width, &ret->left_out);
	ret->widths = cov_xcalloc(rows->column_count, sizeof(*ret->widths));
	for (size_t i = 0; i < rows->column_count; i++) {
		ret->widths[i] = extents[i].width;
		if (extents[i].width && extents[i].title > extents[i].width)
			ret->has_long_title = true;
	}
}

void rows_layout_deinit(struct rows_layout *layout)
{
	free(layout->widths);
	*layout = (struct rows_layout){ 0 };
}
