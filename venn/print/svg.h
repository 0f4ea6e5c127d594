/* svg.h - write an SVG picture, element by element; libxml2 does the escaping. */
#ifndef VENN_PRINT_SVG_H
#define VENN_PRINT_SVG_H

#include "collector/base/cleanup.h"

struct svg; /* a picture being written */

/** svg_begin() - a picture of so many units; release with svg_end(). */
struct svg *svg_begin(int width, int height);

/** svg_end() - free it; NULL is fine. */
void svg_end(struct svg *svg);

COV_DEFINE_AUTO(struct svg *, svg_end)

/** svg_open() - begin an element inside the one that is open. */
void svg_open(struct svg *svg, const char *element);

/**
 * svg_attribute() - an attribute of the element just begun.
 *
 * What XML cannot hold becomes '?', in an attribute as in a text.
 */
void svg_attribute(struct svg *svg, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** svg_text() - text inside the open element. */
void svg_text(struct svg *svg, const char *text);

/** svg_close() - end the open element. */
void svg_close(struct svg *svg);

/** svg_label() - a <text> at a place; @style is a list of classes of the style sheet. */
void svg_label(struct svg *svg, double x, double y, const char *style, const char *text);

/** svg_print() - end all elements and write the picture to stdout. */
void svg_print(struct svg *svg);

#endif
