/* canvas.c - what the kinds of picture have in common: heading, styles, text alternatives. */
#include "venn/picture/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/number.h"
#include "collector/base/text.h"
#include "venn/print/rows.h"
#include "venn/sets/mask.h"

enum { HEADING_CHARACTERS_MAX = 58, SUBHEADING_CHARACTERS_MAX = 92 };

static const char style_sheet[] =
    "text{font:15px system-ui,sans-serif;fill:#1b2733}"
    ".middle{text-anchor:middle}.end{text-anchor:end}"
    ".heading{font-size:18px;font-weight:600}.name{font-weight:600}"
    ".small{font-size:13px}.tiny{font-size:12px}.quiet{fill:#5b6875}"
    ".paper{fill:#fff}.stripe{fill:#f0f3f6}"
    ".shade{fill:#1f5fa8}.circle{fill:none;stroke:#33475b;stroke-width:1.5}"
    ".off{fill:#d3dae1}.on{fill:#33475b}.link{stroke:#33475b;stroke-width:3}"
    ".strong{fill:#fff}"
    "@media (prefers-color-scheme:dark){"
    "text{fill:#e6edf3}.quiet{fill:#9aa7b4}"
    ".paper{fill:#0d1117}.stripe{fill:#161c24}"
    ".shade{fill:#6cb0ff}.circle{stroke:#aebccb}"
    ".off{fill:#323c47}.on{fill:#c5d1dc}.link{stroke:#c5d1dc}"
    ".strong{fill:#e6edf3}.bright{fill:#0b1520}}";

char *canvas_name(const char *name, int characters_max)
{
	int characters = 0;

	/* Bytes of a UTF-8 character after its first do not count. */
	for (const char *c = name; *c; c++) {
		if ((*c & 0xc0) != 0x80 && ++characters == characters_max && c[1])
			return cov_format("%.*s…", (int)(c - name), name);
	}
	return cov_format("%s", name);
}

void canvas_count(struct markup *svg, double x, double y, const char *style, int64_t count)
{
	COV_AUTO(free) char *text = cov_number_grouped(count);

	markup_label(svg, x, y, style, text);
}

/* "exactly runc, gvisor: 1,160 lines"; free() it. */
static char *region_words(const struct diagram *diagram, uint64_t mask, int64_t lines)
{
	COV_AUTO(free) char *names = store_query_join(&diagram->query, mask, ", ");
	COV_AUTO(free) char *count = cov_number_grouped(lines);

	return cov_format("exactly %s: %s lines", names, count);
}

void canvas_region_title(struct markup *svg, const struct diagram *diagram, uint64_t mask,
			 int64_t lines)
{
	COV_AUTO(free) char *words = region_words(diagram, mask, lines);

	markup_open(svg, "title");
	markup_text(svg, words);
	markup_close(svg);
}

/* The picture in words: how many lines each platform executes, and which regions there are. */
static void describe(struct markup *svg, const struct diagram *diagram)
{
	const struct diagram_row *row = &diagram->rows[0];
	COV_AUTO(cov_text_deinit) struct cov_text words = { 0 };

	cov_text_print(&words, "Lines in the footprints: ");
	for (size_t i = 0; i < diagram->query.platform_count; i++) {
		COV_AUTO(free) char *count = cov_number_grouped(row->totals[i]);

		cov_text_print(&words, "%s%s %s", i ? ", " : "", diagram_platform(diagram, i),
			       count);
	}
	cov_text_print(&words, ". Regions, the largest first: ");
	for (size_t i = 0; i < row->region_count; i++) {
		COV_AUTO(free)
		char *region = region_words(diagram, row->regions[i].mask, row->regions[i].lines);

		cov_text_print(&words, "%s%s", i ? "; " : "", region);
	}
	cov_text_print(&words, "%s", row->region_count ? "." : "none.");
	markup_open(svg, "desc");
	markup_attribute(svg, "id", "covdb-desc");
	markup_text(svg, words.data);
	markup_close(svg);
}

void canvas_paper(struct markup *svg, const struct canvas_paper *paper)
{
	markup_open(svg, "style");
	markup_text(svg, paper->style_sheet);
	markup_close(svg);
	markup_open(svg, "rect");
	markup_attribute(svg, "class", "paper");
	markup_attribute(svg, "width", "%d", paper->width);
	markup_attribute(svg, "height", "%d", paper->height);
	markup_close(svg);
	markup_label(svg, CANVAS_MARGIN, 34, "heading", paper->heading);
	markup_label(svg, CANVAS_MARGIN, 56, "small quiet", paper->subheading);
}

struct markup *canvas_begin(const struct diagram *diagram, int width, int height)
{
	const struct diagram_row *row = &diagram->rows[0];
	COV_AUTO(free)
	char *names =
	    store_query_join(&diagram->query, mask_all(diagram->query.platform_count), ", ");
	COV_AUTO(free) char *found = cov_number_grouped(row->found);
	COV_AUTO(free) char *united = cov_number_grouped(row->united);
	COV_AUTO(free)
	char *heading = cov_format(
	    "%s, %s%s", strcmp(row->directory, ".") == 0 ? "whole kernel" : row->directory,
	    diagram->query.workloads.name ? "workload " : "all workloads",
	    diagram->query.workloads.name ? diagram->query.workloads.name : "");
	COV_AUTO(free)
	char *subheading =
	    cov_format("%s of %s lines executed; rule %s against baseline %s", united, found,
		       diagram->query.analysis.rule, diagram->query.analysis.baseline);
	COV_AUTO(free) char *heading_cut = canvas_name(heading, HEADING_CHARACTERS_MAX);
	COV_AUTO(free) char *subheading_cut = canvas_name(subheading, SUBHEADING_CHARACTERS_MAX);
	struct markup *svg = markup_svg(width, height);

	markup_attribute(svg, "role", "img");
	markup_attribute(svg, "aria-labelledby", "covdb-title covdb-desc");
	markup_open(svg, "title");
	markup_attribute(svg, "id", "covdb-title");
	COV_AUTO(free)
	char *title = cov_format("Kernel lines that the host executes for %s: %s", names, heading);
	markup_text(svg, title);
	markup_close(svg);
	describe(svg, diagram);
	canvas_paper(
	    svg, &(struct canvas_paper){ width, height, style_sheet, heading_cut, subheading_cut });
	return svg;
}
