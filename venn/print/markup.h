/* markup.h - write SVG or HTML into memory, element by element; libxml2 does the escaping. */
#ifndef VENN_PRINT_MARKUP_H
#define VENN_PRINT_MARKUP_H

#include "collector/base/cleanup.h"

struct markup; /* a picture or page being written */

/** markup_svg() - a picture of so many units; release with markup_end(). */
struct markup *markup_svg(int width, int height);

/** markup_html() - a page, in HTML that is XML as well; release with markup_end(). */
struct markup *markup_html(void);

/** markup_html_part() - what becomes a part of a page; release with markup_end(). */
struct markup *markup_html_part(void);

/** markup_end() - free it; NULL is fine. */
void markup_end(struct markup *markup);

COV_DEFINE_AUTO(struct markup *, markup_end)

/** markup_open() - begin an element inside the one that is open. */
void markup_open(struct markup *markup, const char *element);

/**
 * markup_attribute() - an attribute of the element just begun.
 *
 * What XML cannot hold becomes '?', in an attribute as in a text.
 */
void markup_attribute(struct markup *markup, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** markup_text() - text inside the open element. */
void markup_text(struct markup *markup, const char *text);

/** markup_part() - elements inside the open one: what markup_take() gave of a part. */
void markup_part(struct markup *markup, const char *part);

/** markup_close() - end the open element. */
void markup_close(struct markup *markup);

/** markup_label() - a <text> of SVG at a place; @style is a list of classes of the style sheet. */
void markup_label(struct markup *markup, double x, double y, const char *style, const char *text);

/** markup_take() - end all elements; the whole text; free() it. */
char *markup_take(struct markup *markup);

/** markup_picture() - an attribute whose value is an address that holds the picture, for <img>. */
void markup_picture(struct markup *markup, const char *name, const char *svg);

#endif
