/* picture_circles.c - a Venn diagram of up to three platforms, its regions shaded by size. */
#include "venn/picture/picture_circles.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "venn/picture/canvas.h"
#include "venn/questions/diagram.h"
#include "venn/sets/mask.h"

enum {
	PLATFORMS_MAX = 3,
	RADIUS = 130,
	DISTANCE = 150, /* of centres */
	ABOVE = 50,     /* room for names above the circles, and below */
	NOTE = 30,      /* room for the last line */
	CENTRE = CANVAS_WIDTH_MIN / 2,
	NAME_CHARACTERS_MAX = 26,
};

/* How far from the middle of the picture a region's number stands. */
static const double single_of_two = 130, single_of_three = 152, pair_of_three = 97;

/* Shades from which a number is written in the colour of the paper: on white, on black. */
static const double strong_from = 0.83, bright_from = 0.6;

struct point {
	double x, y;
};

/* Centres of the circles; the three are corners of an equilateral triangle, the last below. */
static void place_circles(size_t count, struct point *centres)
{
	const double inner = DISTANCE / (2 * sqrt(3)); /* the triangle's middle to its sides */

	if (count == 1) {
		centres[0] = (struct point){ 0, 0 };
		return;
	}
	centres[0] = (struct point){ -DISTANCE / 2.0, count == 3 ? -inner : 0 };
	centres[1] = (struct point){ DISTANCE / 2.0, count == 3 ? -inner : 0 };
	centres[2] = (struct point){ 0, 2 * inner };
}

static struct point towards(struct point direction, double distance)
{
	double length = hypot(direction.x, direction.y);

	return length > 0 ? (struct point){ direction.x / length * distance,
					    direction.y / length * distance }
			  : direction;
}

/* Where the number of a region stands, from the middle. */
static struct point number_place(size_t count, const struct point *centres, uint64_t mask)
{
	struct point sum = { 0, 0 };

	for (size_t i = 0; i < count; i++) {
		sum.x += mask >> i & 1 ? centres[i].x : 0;
		sum.y += mask >> i & 1 ? centres[i].y : 0;
	}
	if (mask == mask_all(count))
		return (struct point){ 0, 0 };
	if (count == 2)
		return towards(sum, single_of_two);
	return towards(sum, (mask & (mask - 1)) == 0 ? single_of_three : pair_of_three);
}

/* Two clips for each circle: what is in it, and what is not. */
static void clip_circle(struct markup *svg, size_t place, struct point centre)
{
	markup_open(svg, "clipPath");
	markup_attribute(svg, "id", "covdb-in%zu", place);
	markup_open(svg, "circle");
	markup_attribute(svg, "cx", "%.1f", centre.x);
	markup_attribute(svg, "cy", "%.1f", centre.y);
	markup_attribute(svg, "r", "%d", RADIUS);
	markup_close(svg);
	markup_close(svg);
	markup_open(svg, "clipPath");
	markup_attribute(svg, "id", "covdb-out%zu", place);
	markup_open(svg, "path");
	markup_attribute(svg, "clip-rule", "evenodd");
	markup_attribute(svg, "d", "M%d %dh%dv%dh%dz M%.1f %.1fa%d %d 0 1 0 %d 0a%d %d 0 1 0 %d 0z",
			 -CENTRE, -CENTRE, 2 * CENTRE, 2 * CENTRE, -2 * CENTRE, centre.x - RADIUS,
			 centre.y, RADIUS, RADIUS, 2 * RADIUS, RADIUS, RADIUS, -2 * RADIUS);
	markup_close(svg);
	markup_close(svg);
}

static int64_t lines_of(const struct diagram_row *row, uint64_t mask)
{
	for (size_t i = 0; i < row->region_count; i++) {
		if (row->regions[i].mask == mask)
			return row->regions[i].lines;
	}
	return 0;
}

/* From 0 to 1, in proportion to the largest region. */
static double shade(const struct diagram_row *row, int64_t lines)
{
	return lines ? 0.04 + 0.91 * (double)lines / (double)row->regions[0].lines : 0;
}

static void draw_region(struct markup *svg, const struct diagram *diagram, uint64_t mask)
{
	const struct diagram_row *row = &diagram->rows[0];
	int64_t lines = lines_of(row, mask);

	for (size_t i = 0; i < diagram->query.platform_count; i++) {
		markup_open(svg, "g");
		markup_attribute(svg, "clip-path", "url(#covdb-%s%zu)",
				 mask >> i & 1 ? "in" : "out", i);
	}
	markup_open(svg, "rect");
	markup_attribute(svg, "class", "shade");
	markup_attribute(svg, "fill-opacity", "%.3f", shade(row, lines));
	markup_attribute(svg, "x", "%d", -CENTRE);
	markup_attribute(svg, "y", "%d", -CENTRE);
	markup_attribute(svg, "width", "%d", 2 * CENTRE);
	markup_attribute(svg, "height", "%d", 2 * CENTRE);
	canvas_region_title(svg, diagram, mask, lines);
	markup_close(svg);
	for (size_t i = 0; i < diagram->query.platform_count; i++)
		markup_close(svg);
}

static void draw_number(struct markup *svg, const struct diagram *diagram,
			const struct point *centres, uint64_t mask)
{
	const struct diagram_row *row = &diagram->rows[0];
	struct point place = number_place(diagram->query.platform_count, centres, mask);
	int64_t lines = lines_of(row, mask);
	double strength = shade(row, lines);

	canvas_count(svg, place.x, place.y + 5,
		     strength >= strong_from   ? "middle strong bright"
		     : strength >= bright_from ? "middle bright"
		     : lines                   ? "middle"
					       : "middle quiet",
		     lines);
}

/* A circle, and its platform's name and total outside of it. */
static void draw_platform(struct markup *svg, const struct diagram *diagram, size_t place,
			  struct point centre)
{
	bool is_below = place == 2;
	double x = place == 2 || diagram->query.platform_count == 1 ? 0 : (place ? 1 : -1) * 118.0;
	double y = centre.y + (is_below ? RADIUS + 24 : -RADIUS - 28);
	COV_AUTO(free)
	char *name = canvas_name(diagram_platform(diagram, place), NAME_CHARACTERS_MAX);

	markup_open(svg, "circle");
	markup_attribute(svg, "class", "circle");
	markup_attribute(svg, "cx", "%.1f", centre.x);
	markup_attribute(svg, "cy", "%.1f", centre.y);
	markup_attribute(svg, "r", "%d", RADIUS);
	markup_close(svg);
	markup_label(svg, x, y, "middle name", name);
	canvas_count(svg, x, y + 18, "middle small quiet", diagram->rows[0].totals[place]);
}

char *picture_circles(const struct diagram *diagram)
{
	struct point centres[PLATFORMS_MAX] = { 0 };
	size_t count = diagram->query.platform_count;

	place_circles(count, centres);
	int top = CANVAS_HEADER + ABOVE + RADIUS - (int)centres[0].y;
	int height = top + RADIUS + NOTE + (count == 3 ? (int)centres[2].y + ABOVE : 10);
	COV_AUTO(markup_end) struct markup *svg = canvas_begin(diagram, CANVAS_WIDTH_MIN, height);

	markup_open(svg, "g");
	markup_attribute(svg, "transform", "translate(%d %d)", CENTRE, top);
	for (size_t i = 0; i < count; i++)
		clip_circle(svg, i, centres[i]);
	for (uint64_t mask = 1; mask <= mask_all(count); mask++)
		draw_region(svg, diagram, mask);
	for (size_t i = 0; i < count; i++)
		draw_platform(svg, diagram, i, centres[i]);
	for (uint64_t mask = 1; mask <= mask_all(count); mask++)
		draw_number(svg, diagram, centres, mask);
	markup_close(svg);
	markup_label(svg, CANVAS_MARGIN, height - 14, "tiny quiet",
		     "The stronger the shade, the more lines; circles have no size of their own.");
	return markup_take(svg);
}
