/* picture_upset.c - an UpSet plot: a column for each region, a row for each platform. */
#include "venn/picture/picture_upset.h"

#include <stdlib.h>

#include "collector/base/number.h"
#include "collector/base/text.h"
#include "venn/picture/canvas.h"
#include "venn/print/rows.h"
#include "venn/questions/diagram.h"

enum {
	NAME_CHARACTERS_MAX = 18,
	TOTAL_X = 256, /* where the platforms' totals end */
	TOTAL_BAR_X = 264,
	TOTAL_BAR_WIDTH = 90,
	COLUMNS_X = 376,
	COLUMN_WIDTH = 50,
	COLUMNS_MAX = 30,
	BAR_WIDTH = 26,
	BARS_HEIGHT = 170,
	ROW_HEIGHT = 30,
	NOTE = 34,
	DOT_RADIUS = 7,
};

static size_t shown_regions(const struct diagram_row *row)
{
	return row->region_count < COLUMNS_MAX ? row->region_count : COLUMNS_MAX;
}

static double column_centre(size_t column)
{
	return COLUMNS_X + ((double)column + 0.5) * COLUMN_WIDTH;
}

static double row_centre(size_t place)
{
	return CANVAS_HEADER + BARS_HEIGHT + 14 + ((double)place + 0.5) * ROW_HEIGHT;
}

static void draw_rect(struct markup *svg, const char *style, double x, double y, double width,
		      double height)
{
	markup_open(svg, "rect");
	markup_attribute(svg, "class", "%s", style);
	markup_attribute(svg, "x", "%.1f", x);
	markup_attribute(svg, "y", "%.1f", y);
	markup_attribute(svg, "width", "%.1f", width);
	markup_attribute(svg, "height", "%.1f", height);
	markup_close(svg);
}

/* Name, total and its bar. */
static void draw_platform(struct markup *svg, const struct diagram *diagram, size_t place,
			  int width)
{
	const struct diagram_row *row = &diagram->rows[0];
	double y = row_centre(place);
	int64_t largest = 1;
	COV_AUTO(free)
	char *name = canvas_name(diagram_platform(diagram, place), NAME_CHARACTERS_MAX);

	for (size_t i = 0; i < diagram->query.platform_count; i++)
		largest = row->totals[i] > largest ? row->totals[i] : largest;
	if (place % 2 == 0)
		draw_rect(svg, "stripe", CANVAS_MARGIN / 2.0, y - ROW_HEIGHT / 2.0,
			  width - CANVAS_MARGIN, ROW_HEIGHT);
	markup_label(svg, CANVAS_MARGIN, y + 5, "name", name);
	canvas_count(svg, TOTAL_X, y + 5, "end small", row->totals[place]);
	draw_rect(svg, "shade", TOTAL_BAR_X, y - 7,
		  (double)row->totals[place] / (double)largest * TOTAL_BAR_WIDTH, 14);
}

/* The dots of a column, linked from the first to the last that is on. */
static void draw_dots(struct markup *svg, const struct diagram *diagram, size_t column,
		      uint64_t mask)
{
	size_t first = (size_t)__builtin_ctzll(mask);
	size_t last = 63 - (size_t)__builtin_clzll(mask);

	if (first != last) {
		markup_open(svg, "line");
		markup_attribute(svg, "class", "link");
		markup_attribute(svg, "x1", "%.1f", column_centre(column));
		markup_attribute(svg, "y1", "%.1f", row_centre(first));
		markup_attribute(svg, "x2", "%.1f", column_centre(column));
		markup_attribute(svg, "y2", "%.1f", row_centre(last));
		markup_close(svg);
	}
	for (size_t i = 0; i < diagram->query.platform_count; i++) {
		markup_open(svg, "circle");
		markup_attribute(svg, "class", "%s", mask >> i & 1 ? "on" : "off");
		markup_attribute(svg, "cx", "%.1f", column_centre(column));
		markup_attribute(svg, "cy", "%.1f", row_centre(i));
		markup_attribute(svg, "r", "%d", DOT_RADIUS);
		markup_close(svg);
	}
}

static void draw_region(struct markup *svg, const struct diagram *diagram, size_t column)
{
	const struct diagram_row *row = &diagram->rows[0];
	const struct diagram_region *region = &row->regions[column];
	double bottom = CANVAS_HEADER + BARS_HEIGHT;
	double height = (double)region->lines / (double)row->regions[0].lines * (BARS_HEIGHT - 30);

	markup_open(svg, "g");
	canvas_region_title(svg, diagram, region->mask, region->lines);
	draw_rect(svg, "shade", column_centre(column) - BAR_WIDTH / 2.0, bottom - height, BAR_WIDTH,
		  height);
	canvas_count(svg, column_centre(column), bottom - height - 6, "middle tiny", region->lines);
	draw_dots(svg, diagram, column, region->mask);
	markup_close(svg);
}

/* What is not drawn, for want of room; free() it. */
static char *note(const struct diagram_row *row)
{
	size_t shown = shown_regions(row);
	int64_t lines = 0;

	for (size_t i = shown; i < row->region_count; i++)
		lines += row->regions[i].lines;
	COV_AUTO(free) char *rest = cov_number_grouped(lines);
	if (!lines)
		return cov_format("A column: lines of exactly the platforms whose dots stand out.");
	return cov_format(
	    "A column: lines of exactly the platforms whose dots stand out. Not drawn: "
	    "%zu smaller regions with %s lines together.",
	    row->region_count - shown, rest);
}

char *picture_upset(const struct diagram *diagram)
{
	const struct diagram_row *row = &diagram->rows[0];
	size_t shown = shown_regions(row);
	int width = COLUMNS_X + (int)shown * COLUMN_WIDTH + CANVAS_MARGIN;
	int height = (int)(row_centre(diagram->query.platform_count - 1) + ROW_HEIGHT / 2.0) + NOTE;
	COV_AUTO(free) char *last_line = note(row);

	width = width > CANVAS_WIDTH_MIN ? width : CANVAS_WIDTH_MIN;
	COV_AUTO(markup_end) struct markup *svg = canvas_begin(diagram, width, height);
	for (size_t i = 0; i < diagram->query.platform_count; i++)
		draw_platform(svg, diagram, i, width);
	for (size_t i = 0; i < shown; i++)
		draw_region(svg, diagram, i);
	markup_label(svg, CANVAS_MARGIN, height - 12, "tiny quiet", last_line);
	return markup_take(svg);
}
