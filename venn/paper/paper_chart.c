/* paper_chart.c - an answer as bars: what the study has, and an outline of what the paper has. */
#include "venn/paper/paper_chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/text.h"
#include "venn/print/markup.h"

enum {
	WIDTH = 640,
	LEFT = 190,  /* room for names */
	RIGHT = 80,  /* for numbers behind bars */
	TOP = 60,    /* for the heading */
	BOTTOM = 46, /* for the axis */
	BAR = 20,    /* a bar with the gap below it */
	GROUP = 22,  /* what a group is called */
	TICKS = 4,
};

static const char style_sheet[] =
    "text{font:13px system-ui,sans-serif;fill:#1b2733}"
    ".middle{text-anchor:middle}.end{text-anchor:end}"
    ".heading{font-size:16px;font-weight:600}.name{font-weight:600}.quiet{fill:#5b6875}"
    ".sheet{fill:#fff}.bar{fill:#1f5fa8}.printed{fill:none;stroke:#b4451f;stroke-width:1.5}"
    ".axis{stroke:#5b6875;stroke-width:1}"
    "@media (prefers-color-scheme:dark){text{fill:#e6edf3}.quiet{fill:#9aa7b4}"
    ".sheet{fill:#0d1117}.bar{fill:#6cb0ff}.printed{stroke:#ff9b70}.axis{stroke:#9aa7b4}}";

static bool is_group_start(const struct paper_answer *answer, size_t i)
{
	return *answer->rows[i].item &&
	       (i == 0 || strcmp(answer->rows[i].item, answer->rows[i - 1].item) != 0);
}

static double largest(const struct paper_answer *answer)
{
	double most = 0;

	for (size_t i = 0; i < answer->count; i++)
		most = fmax(most, fmax(answer->rows[i].here, answer->rows[i].paper));
	return most > 0 ? most : 1;
}

static void rectangle(struct markup *svg, const char *style, double x, double y, double width,
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

static void element(struct markup *svg, const char *name, const char *id, const char *text)
{
	markup_open(svg, name);
	if (id)
		markup_attribute(svg, "id", "%s", id);
	markup_text(svg, text);
	markup_close(svg);
}

static void draw_bar(struct markup *svg, const struct paper_row *row, double y, double scale)
{
	COV_AUTO(free)
	char *name = *row->platform ? cov_format("%s (%s)", row->label, row->platform)
				    : cov_format("%s", row->label);
	COV_AUTO(free)
	char *number = isnan(row->here) ? cov_format("-") : cov_format("%.4g", row->here);
	double end = fmax(isnan(row->here) ? 0 : row->here, isnan(row->paper) ? 0 : row->paper);

	markup_label(svg, LEFT - 8, y + BAR - 7, "end", name);
	if (!isnan(row->here))
		rectangle(svg, "bar", LEFT, y + 3, row->here * scale, BAR - 7);
	if (!isnan(row->paper))
		rectangle(svg, "printed", LEFT, y + 1, row->paper * scale, BAR - 3);
	markup_label(svg, LEFT + end * scale + 6, y + BAR - 7, "quiet", number);
}

static void draw_axis(struct markup *svg, const struct paper_answer *answer, double y, double most)
{
	markup_open(svg, "path");
	markup_attribute(svg, "class", "axis");
	markup_attribute(svg, "d", "M%d %.1fH%d", LEFT, y, WIDTH - RIGHT);
	markup_close(svg);
	for (int i = 0; i <= TICKS; i++) {
		COV_AUTO(free) char *number = cov_format("%.3g", most * i / TICKS);
		double x = LEFT + (double)(WIDTH - LEFT - RIGHT) * i / TICKS;

		markup_label(svg, x, y + 16, "middle quiet", number);
	}
	COV_AUTO(free)
	char *unit = cov_format("%s%s; outlined: as printed in the paper", answer->panel->unit,
				answer->is_emulated && (answer->panel->kind == PAPER_METRIC ||
							answer->panel->kind == PAPER_HITS)
				    ? ", emulated"
				    : "");
	markup_label(svg, LEFT, y + 36, "quiet", unit);
}

static void describe(struct markup *svg, const struct paper_answer *answer)
{
	COV_AUTO(cov_text_deinit) struct cov_text words = { 0 };

	cov_text_print(&words, "In %s:", answer->panel->unit);
	for (size_t i = 0; i < answer->count; i++) {
		const struct paper_row *row = &answer->rows[i];

		if (!isnan(row->here))
			cov_text_print(&words, " %s%s%s %.4g;", row->item, *row->item ? " " : "",
				       row->label, row->here);
	}
	element(svg, "desc", "covdb-desc", words.data);
}

char *paper_chart(const struct paper_answer *answer)
{
	size_t groups = 0;

	for (size_t i = 0; i < answer->count; i++)
		groups += is_group_start(answer, i);
	int height = TOP + (int)answer->count * BAR + (int)groups * GROUP + BOTTOM;
	double most = largest(answer), scale = (WIDTH - LEFT - RIGHT) / most, y = TOP;
	COV_AUTO(markup_end) struct markup *svg = markup_svg(WIDTH, height);

	markup_attribute(svg, "role", "img");
	markup_attribute(svg, "aria-labelledby", "covdb-title covdb-desc");
	element(svg, "title", "covdb-title", answer->panel->title);
	describe(svg, answer);
	element(svg, "style", NULL, style_sheet);
	rectangle(svg, "sheet", 0, 0, WIDTH, height);
	markup_label(svg, 24, 32, "heading", answer->panel->title);
	for (size_t i = 0; i < answer->count; i++, y += BAR) {
		if (is_group_start(answer, i)) {
			markup_label(svg, 24, y + GROUP - 6, "name", answer->rows[i].item);
			y += GROUP;
		}
		draw_bar(svg, &answer->rows[i], y, scale);
	}
	draw_axis(svg, answer, y + 4, most);
	return markup_take(svg);
}
