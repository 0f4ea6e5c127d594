/* picture.h - a diagram as a picture: circles for up to three platforms, an UpSet plot for more. */
#ifndef VENN_PICTURE_PICTURE_H
#define VENN_PICTURE_PICTURE_H

#include "venn/questions/diagram.h"

/**
 * picture_svg() - the first row of @diagram as SVG; free() it.
 *
 * Its colours follow prefers-color-scheme. Everything it shows is also said in words, in its
 * <desc>, and each region has a <title>: "exactly runc, gvisor: 1,160 lines".
 */
char *picture_svg(const struct diagram *diagram);

#endif
