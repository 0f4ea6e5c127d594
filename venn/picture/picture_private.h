/* picture_private.h - what the kinds of picture have in common. */
#ifndef VENN_PICTURE_PICTURE_PRIVATE_H
#define VENN_PICTURE_PICTURE_PRIVATE_H

#include "venn/questions/diagram.h"
#include "venn/print/svg.h"

enum { PICTURE_HEADER = 70, PICTURE_MARGIN = 24, PICTURE_WIDTH_MIN = 640 };

/** picture_begin() - a picture with its alternatives in words, style sheet and heading. */
struct svg *picture_begin(const struct diagram *diagram, int width, int height);

/** picture_region_title() - the <title> of a region, inside the open element. */
void picture_region_title(struct svg *svg, const struct diagram *diagram, uint64_t mask,
			  int64_t lines);

/** picture_name() - name of a platform, cut to fit @characters_max; free() it. */
char *picture_name(const char *name, int characters_max);

/** picture_count() - a number as a label. */
void picture_count(struct svg *svg, double x, double y, const char *style, int64_t count);

/** picture_circles() - one to three overlapping circles, shaded by size. */
void picture_circles(const struct diagram *diagram);

/** picture_upset() - a column for each region, a row for each platform. */
void picture_upset(const struct diagram *diagram);

#endif
