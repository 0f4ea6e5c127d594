/* picture_flame.c - a tree of functions as an icicle: callers above what they call. */
#include "venn/picture/picture_flame.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "collector/base/text.h"
#include "venn/picture/canvas.h"
#include "venn/print/markup.h"

enum {
	WIDTH = 1200,
	ROW = 18,
	MARGIN = CANVAS_MARGIN,
	LETTER = 7, /* wide, about */
	LETTERS_MIN = 3,
	TEXT_DOWN = 13,
};

static const char style_sheet[] =
    "text{font:12px system-ui,sans-serif;fill:#1b2733}"
    ".heading{font-size:18px;font-weight:600}.small{font-size:13px}.quiet{fill:#5b6875}"
    ".paper{fill:#fff}rect{stroke:#fff;stroke-width:.5}"
    ".kernel{fill:#f2b36b}.user{fill:#9cc4e4;stroke:#33475b;stroke-dasharray:2 2}"
    ".more{fill:#e58a7b}.less{fill:#7fb0dd}.same{fill:#d3dae1}";

struct icicle {
	struct markup *svg;
	const struct flame *flame;
};

/* Of the whole width; the widest that a side has it. */
static double width_of(const struct flame *flame, const struct flame_node *node)
{
	double width = 0;

	for (size_t i = 0; i < FLAME_SIDES_MAX; i++) {
		if (flame->root.samples[i])
			width = fmax(width, flame_share_of(flame, node, i).share);
	}
	return width;
}

static double children_width(const struct flame *flame, const struct flame_node *node)
{
	double sum = 0;

	for (const struct flame_node *child = node->child; child; child = child->next)
		sum += width_of(flame, child);
	return sum;
}

static const char *class_of(const struct flame *flame, const struct flame_node *node)
{
	if (flame->side_count < FLAME_SIDES_MAX)
		return node->is_kernel ? "kernel" : "user";
	if (!flame_differs(flame, node))
		return "same";
	return flame_share_of(flame, node, 0).share > flame_share_of(flame, node, 1).share ? "more"
											   : "less";
}

static void draw_title(const struct icicle *icicle, const struct flame_node *node)
{
	COV_AUTO(cov_text_deinit) struct cov_text title = { 0 };

	cov_text_print(&title, "%s (%s): ", node->name, node->is_kernel ? "kernel" : "program");
	for (size_t i = 0; i < (icicle->flame->side_count ? icicle->flame->side_count : 1); i++) {
		struct flame_share share = flame_share_of(icicle->flame, node, i);

		cov_text_print(&title, "%s%.1f %% (%.1f to %.1f), %lld samples", i ? "; " : "",
			       100 * share.share, 100 * share.low, 100 * share.high,
			       (long long)node->samples[i]);
	}
	markup_open(icicle->svg, "title");
	markup_text(icicle->svg, title.data);
	markup_close(icicle->svg);
}

static void draw_node(const struct icicle *icicle, const struct flame_node *node, double x,
		      double width)
{
	double y = CANVAS_HEADER + (double)(node->depth - 1) * ROW;
	int letters = (int)(width / LETTER);

	markup_open(icicle->svg, "g");
	draw_title(icicle, node);
	markup_open(icicle->svg, "rect");
	markup_attribute(icicle->svg, "class", "%s", class_of(icicle->flame, node));
	markup_attribute(icicle->svg, "x", "%.1f", x);
	markup_attribute(icicle->svg, "y", "%.1f", y);
	markup_attribute(icicle->svg, "width", "%.1f", width);
	markup_attribute(icicle->svg, "height", "%d", ROW - 1);
	markup_close(icicle->svg);
	if (letters >= LETTERS_MIN) {
		COV_AUTO(free) char *name = canvas_name(node->name, letters);

		markup_label(icicle->svg, x + 3, y + TEXT_DOWN, "name", name);
	}
	markup_close(icicle->svg);
}

/* @node is @scale as wide as its share: the sides' children together may be wider than it. */
static void draw(const struct icicle *icicle, const struct flame_node *node, double x, double width)
{
	double inside = children_width(icicle->flame, node);
	double own = node->depth ? fmax(width_of(icicle->flame, node), inside) : inside;

	if (node->depth)
		draw_node(icicle, node, x, width);
	for (const struct flame_node *child = node->child; child && own > 0; child = child->next) {
		double part = width * width_of(icicle->flame, child) / own;

		if (part >= 1)
			draw(icicle, child, x, part);
		x += part;
	}
}

static size_t depth_shown(const struct flame *flame, const struct flame_node *node, double width)
{
	double inside = children_width(flame, node);
	double own = node->depth ? fmax(width_of(flame, node), inside) : inside;
	size_t depth = node->depth;

	for (const struct flame_node *child = node->child; child && own > 0; child = child->next) {
		double part = width * width_of(flame, child) / own;
		size_t below = part >= 1 ? depth_shown(flame, child, part) : 0;

		depth = below > depth ? below : depth;
	}
	return depth;
}

char *picture_flame(const struct flame *flame, const char *heading, const char *remark)
{
	double width = WIDTH - 2 * MARGIN;
	int height = CANVAS_HEADER + MARGIN + ROW * (int)depth_shown(flame, &flame->root, width);
	COV_AUTO(markup_end) struct markup *svg = markup_svg(WIDTH, height);
	const struct icicle icicle = { svg, flame };

	markup_attribute(svg, "role", "img");
	markup_open(svg, "title");
	markup_text(svg, heading);
	markup_close(svg);
	markup_open(svg, "desc");
	markup_text(svg, remark);
	markup_close(svg);
	canvas_paper(svg, &(struct canvas_paper){ WIDTH, height, style_sheet, heading, remark });
	draw(&icicle, &flame->root, MARGIN, width);
	return markup_take(svg);
}
