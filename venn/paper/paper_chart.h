/* paper_chart.h - an answer as bars: what the study has, and an outline of what the paper has. */
#ifndef VENN_PAPER_PAPER_CHART_H
#define VENN_PAPER_PAPER_CHART_H

#include "venn/paper/paper_answer.h"

/** paper_chart() - a bar for each platform, in groups, as SVG; free() it. */
char *paper_chart(const struct paper_answer *answer);

#endif
