/* canvas.h - what the kinds of picture have in common: heading, styles, text alternatives. */
#ifndef VENN_PICTURE_CANVAS_H
#define VENN_PICTURE_CANVAS_H

#include <stdint.h>

#include "venn/print/markup.h"
#include "venn/questions/diagram.h"

enum { CANVAS_HEADER = 70, CANVAS_MARGIN = 24, CANVAS_WIDTH_MIN = 640 };

/* What a picture is drawn on. All borrowed. */
struct canvas_paper {
	int width, height;
	const char *style_sheet; /* with classes paper, heading, small and quiet */
	const char *heading, *subheading;
};

/** canvas_paper() - the style sheet, the background and both headings of a picture. */
void canvas_paper(struct markup *svg, const struct canvas_paper *paper);

/** canvas_begin() - a picture with its text alternatives, style sheet and heading. */
struct markup *canvas_begin(const struct diagram *diagram, int width, int height);

/** canvas_region_title() - the <title> of a region, inside the open element. */
void canvas_region_title(struct markup *svg, const struct diagram *diagram, uint64_t mask,
			 int64_t lines);

/** canvas_name() - name of a platform, cut to fit @characters_max; free() it. */
char *canvas_name(const char *name, int characters_max);

/** canvas_count() - a number as a label. */
void canvas_count(struct markup *svg, double x, double y, const char *style, int64_t count);

#endif
