/* paper_page.c - the answers as one page, and the text that tells how to cite and run it again. */
#include "venn/paper/paper_page.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "collector/base/text.h"
#include "venn/print/markup.h"

static const char style_sheet[] =
    ":root{color-scheme:light dark;--ink:#1b2733;--sheet:#fff;--quiet:#55616d;--line:#c9d1d9}"
    "@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--sheet:#0d1117;--quiet:#9aa7b4;"
    "--line:#3a444f}}"
    "body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--sheet);"
    "max-width:72rem;margin:0 auto;padding:1rem}"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:.5rem 0}"
    "caption{text-align:left;font-weight:600}"
    "th,td{padding:.15rem .6rem;border-bottom:1px solid var(--line);text-align:left;"
    "vertical-align:top}.number{text-align:right}"
    "img{max-width:100%;height:auto}.quiet{color:var(--quiet)}"
    "code{overflow-wrap:anywhere}.wide{overflow-x:auto}a{color:inherit}"
    "@media print{body{max-width:none}section{break-inside:avoid}}";

double paper_page_ratio(const struct paper_row *row)
{
	return row->paper > 0 ? row->here / row->paper : NAN;
}

static bool is_same_exhibit(const struct paper_answer *a, const struct paper_answer *b)
{
	COV_AUTO(free) char *first = paper_book_exhibit(a->panel);
	COV_AUTO(free) char *second = paper_book_exhibit(b->panel);

	return strcmp(first, second) == 0;
}

/* How many answers from @first on are of one table or figure, and whether one has a value. */
static size_t exhibit_length(const struct paper_answers *answers, size_t first, bool *has_value)
{
	size_t count = 0;

	*has_value = false;
	while (first + count < answers->count &&
	       is_same_exhibit(&answers->items[first], &answers->items[first + count]))
		*has_value |= !answers->items[first + count++].reason;
	return count;
}

struct paper_counts paper_page_count(const struct paper_answers *answers)
{
	struct paper_counts counts = { 0 };
	bool has_value;

	for (size_t i = 0; i < answers->count; i += exhibit_length(answers, i, &has_value)) {
		exhibit_length(answers, i, &has_value);
		counts.exhibits++;
		counts.with_value += has_value;
	}
	return counts;
}

char *paper_page_missing(const struct paper_answers *answers)
{
	struct cov_text text = { 0 };
	bool has_value;

	cov_text_print(&text, "%s", "");
	for (size_t i = 0, count; i < answers->count; i += count) {
		count = exhibit_length(answers, i, &has_value);
		COV_AUTO(free) char *name = paper_book_exhibit(answers->items[i].panel);

		if (!has_value)
			cov_text_print(&text, "%s: not measured: %s\n", name,
				       answers->items[i].reason);
	}
	return text.data;
}

static void element(struct markup *page, const char *name, const char *style, const char *text)
{
	markup_open(page, name);
	if (style)
		markup_attribute(page, "class", "%s", style);
	/* An element without content would be taken for one that was not closed. */
	markup_text(page, *text ? text : "\xc2\xa0");
	markup_close(page);
}

static void head_cell(struct markup *page, const char *style, const char *text)
{
	markup_open(page, "th");
	markup_attribute(page, "scope", "col");
	if (style)
		markup_attribute(page, "class", "%s", style);
	markup_text(page, text);
	markup_close(page);
}

/* free() it. */
static char *shown(double number)
{
	if (isnan(number))
		return cov_xstrdup("-");
	if (number >= 1000 && number < 1e15)
		return cov_number_grouped(llround(number));
	return cov_format("%.4g", number);
}

static void number_cell(struct markup *page, double number)
{
	COV_AUTO(free) char *text = shown(number);

	element(page, "td", "number", text);
}

/* Which of the columns that are not always there an answer has. */
struct columns {
	bool range, by_rate, steady;
};

static struct columns columns_of(const struct paper_answer *answer)
{
	struct columns columns = { 0 };

	for (size_t i = 0; i < answer->count; i++) {
		columns.range |= !isnan(answer->rows[i].low);
		columns.by_rate |= !isnan(answer->rows[i].by_rate);
		columns.steady |= !isnan(answer->rows[i].steady);
	}
	return columns;
}

static void write_head(struct markup *page, const struct columns *columns)
{
	markup_open(page, "thead");
	markup_open(page, "tr");
	head_cell(page, NULL, "Of");
	head_cell(page, "number", "Paper");
	head_cell(page, "number", "Here");
	if (columns->range)
		head_cell(page, "number", "Low to high");
	if (columns->by_rate)
		head_cell(page, "number", "By rule rate");
	if (columns->steady)
		head_cell(page, "number", "Steady phase");
	head_cell(page, "number", "Here / paper");
	head_cell(page, NULL, "Verdict");
	head_cell(page, "number", "Trials");
	markup_close(page);
	markup_close(page);
}

static void write_row(struct markup *page, const struct paper_row *row,
		      const struct columns *columns)
{
	COV_AUTO(free) char *trials = cov_format("%" PRId64, row->trials);
	COV_AUTO(free) char *low = shown(row->low);
	COV_AUTO(free) char *high = shown(row->high);
	COV_AUTO(free) char *range = cov_format("%s to %s", low, high);
	COV_AUTO(free)
	char *of =
	    cov_format("%s%s%s%s%s%s", row->item, *row->item && *row->label ? ", " : "", row->label,
		       *row->platform ? " (" : "", row->platform, *row->platform ? ")" : "");

	markup_open(page, "tr");
	markup_open(page, "th");
	markup_attribute(page, "scope", "row");
	markup_text(page, of);
	markup_close(page);
	number_cell(page, row->paper);
	number_cell(page, row->here);
	if (columns->range)
		element(page, "td", "number", isnan(row->low) ? "-" : range);
	if (columns->by_rate)
		number_cell(page, row->by_rate);
	if (columns->steady)
		number_cell(page, row->steady);
	number_cell(page, paper_page_ratio(row));
	element(page, "td", NULL, row->verdict);
	element(page, "td", "number", trials);
	markup_close(page);
}

static void write_table(struct markup *page, const struct paper_answer *answer)
{
	struct columns columns = columns_of(answer);
	COV_AUTO(free)
	char *caption = cov_format("%s, in %s", answer->panel->title, answer->panel->unit);

	if (!answer->count)
		return;
	markup_open(page, "div");
	markup_attribute(page, "class", "wide");
	markup_open(page, "table");
	element(page, "caption", NULL, caption);
	write_head(page, &columns);
	markup_open(page, "tbody");
	for (size_t i = 0; i < answer->count; i++)
		write_row(page, &answer->rows[i], &columns);
	markup_close(page);
	markup_close(page);
	markup_close(page);
}

char *paper_page_section(const struct paper_answer *answer)
{
	const struct paper_panel *panel = answer->panel;
	COV_AUTO(free) char *heading = cov_format("%s: %s", panel->name, panel->title);
	COV_AUTO(markup_end) struct markup *page = markup_html_part();

	markup_open(page, "section");
	markup_attribute(page, "id", "%s", panel->name);
	element(page, "h3", NULL, heading);
	COV_AUTO(free)
	char *says =
	    cov_format("In the paper: %s. %s", panel->place, panel->says ? panel->says : "");
	element(page, "p", NULL, says);
	if (answer->reason) {
		COV_AUTO(free) char *reason = cov_format("Not measured: %s.", answer->reason);

		element(page, "p", NULL, reason);
	}
	if (answer->note) {
		COV_AUTO(free) char *note = cov_format("Here: %s.", answer->note);

		element(page, "p", NULL, note);
	}
	if (answer->svg) {
		markup_open(page, "img");
		markup_picture(page, "src", answer->svg);
		markup_attribute(page, "alt", "%s; its numbers are in the table", panel->title);
		markup_close(page);
	}
	write_table(page, answer);
	if (answer->command) {
		markup_open(page, "p");
		markup_text(page, "Alone: ");
		element(page, "code", NULL, answer->command);
		markup_close(page);
	}
	markup_close(page);
	return markup_take(page);
}

static void write_claims(struct markup *page, const struct claims_checked *check)
{
	static const char *const heads[] = { "Place", "The paper", "Here", "Verdict", "Why" };

	markup_open(page, "section");
	markup_attribute(page, "id", "claims");
	element(page, "h2", NULL, "Claims");
	markup_open(page, "div");
	markup_attribute(page, "class", "wide");
	markup_open(page, "table");
	element(page, "caption", NULL, "What the paper says of its platforms; covdb claims");
	markup_open(page, "thead");
	markup_open(page, "tr");
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		head_cell(page, NULL, heads[i]);
	markup_close(page);
	markup_close(page);
	markup_open(page, "tbody");
	for (size_t i = 0; i < check->claims.count; i++) {
		const struct claim *claim = &check->claims.items[i];
		bool has_note = claim->note && check->answers[i].verdict != STORE_HOLDS;

		markup_open(page, "tr");
		element(page, "td", NULL, claim->place);
		element(page, "td", NULL, claim->text);
		element(page, "td", NULL, check->answers[i].got);
		element(page, "td", NULL, claims_check_verdict(check, i));
		element(page, "td", NULL, has_note ? claim->note : "");
		markup_close(page);
	}
	for (int i = 0; i < 4; i++)
		markup_close(page);
}

static void write_overview(struct markup *page, const struct paper_study *study,
			   const struct paper_answers *answers)
{
	struct paper_counts counts = paper_page_count(answers);
	COV_AUTO(free) char *missing = paper_page_missing(answers);
	COV_AUTO(free)
	char *summary = cov_format("%zu of %zu tables and figures have a value here; footprints "
				   "by rule %s against baseline %s.",
				   counts.with_value, counts.exhibits, study->analysis.rule,
				   study->analysis.baseline);

	element(page, "h1", NULL, study->book->title);
	element(page, "p", NULL, summary);
	element(page, "p", NULL, study->book->drawings);
	markup_open(page, "ul");
	for (char *line = missing, *end; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		element(page, "li", NULL, line);
	}
	element(
	    page, "li", NULL,
	    "holds: within the factor that the panel has of what is printed; differs: "
	    "beyond; not comparable: a time, a rate or a share of samples of an emulated processor; for information: "
	    "the paper prints no number; not measured: the study has none.");
	markup_close(page);
	element(page, "p", "quiet", study->book->citation);
}

char *paper_page(const struct paper_study *study, const struct paper_answers *answers)
{
	COV_AUTO(markup_end) struct markup *page = markup_html();

	markup_open(page, "head");
	markup_open(page, "meta");
	markup_attribute(page, "charset", "utf-8");
	markup_close(page);
	markup_open(page, "meta");
	markup_attribute(page, "name", "viewport");
	markup_attribute(page, "content", "width=device-width, initial-scale=1");
	markup_close(page);
	element(page, "title", NULL, study->book->title);
	element(page, "style", NULL, style_sheet);
	markup_close(page);
	markup_open(page, "body");
	markup_open(page, "main");
	write_overview(page, study, answers);
	element(page, "h2", NULL, "Tables and figures");
	for (size_t i = 0; i < answers->count; i++)
		markup_part(page, answers->items[i].section);
	write_claims(page, study->check);
	return markup_take(page);
}

char *paper_page_readme(const struct paper_study *study, const struct paper_answers *answers,
			const char *kernel)
{
	struct paper_counts counts = paper_page_count(answers);
	COV_AUTO(free) char *missing = paper_page_missing(answers);

	return cov_format(
	    "# %s\n\nWhat a study with covdb %s on Linux %s has beside the paper's tables and "
	    "figures: %zu of %zu.\n"
	    "Footprints are by rule %s against baseline %s.\n\n"
	    "- index.html: all of it; opens in any browser, without a network\n"
	    "- data/NAME.svg and data/NAME.csv: each table and figure, or panel of one\n"
	    "- data/paper.csv: all rows of these; data/claims.csv: what the paper says; "
	    "data/trials.csv: what it all rests on\n\n"
	    "## Not here\n\n%s%s\n\n"
	    "## To make it again\n\n    covdb paper -o DIR --rule %s --baseline %s\n\n"
	    "on the same database; a row's command gives it alone.\n\n"
	    "## To cite\n\nThe paper: %s\n\n"
	    "The numbers: name the database, this kernel, rule and baseline, and the version of "
	    "covdb: %s.\n",
	    study->book->title, COVDB_VERSION, kernel, counts.with_value, counts.exhibits,
	    study->analysis.rule, study->analysis.baseline, missing, study->book->drawings,
	    study->analysis.rule, study->analysis.baseline, study->book->citation, COVDB_VERSION);
}
