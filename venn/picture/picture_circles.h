/* picture_circles.h - a Venn diagram of up to three platforms, its regions shaded by size. */
#ifndef VENN_PICTURE_PICTURE_CIRCLES_H
#define VENN_PICTURE_PICTURE_CIRCLES_H

#include "venn/questions/diagram.h"

/** picture_circles() - one to three overlapping circles, shaded by size; free() it. */
char *picture_circles(const struct diagram *diagram);

#endif
