/* paper_csv.c - the answers, the claims and the trials as CSV. */
#include "venn/paper/paper_csv.h"

#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "venn/print/rows.h"

static void add_answer(struct rows *rows, const struct paper_answer *answer)
{
	COV_AUTO(free) char *exhibit = paper_book_exhibit(answer->panel);

	for (size_t i = 0; i < answer->count; i++) {
		const struct paper_row *row = &answer->rows[i];

		rows_word(rows, exhibit);
		rows_word(rows, answer->panel->name);
		rows_word(rows, answer->panel->place);
		rows_word(rows, row->item);
		rows_word(rows, row->label);
		rows_word(rows, row->platform);
		rows_word(rows, answer->panel->unit);
		rows_number(rows, row->paper);
		rows_number(rows, row->here);
		rows_number(rows, row->low);
		rows_number(rows, row->high);
		rows_number(rows, row->by_rate);
		rows_number(rows, row->steady);
		rows_number(rows, paper_page_ratio(row));
		rows_word(rows, row->verdict);
		rows_count(rows, row->trials);
		rows_word(rows, answer->reason);
		rows_word(rows, answer->command);
	}
}

static const struct rows_column answer_columns[] = {
	{ "", "exhibit", ROWS_WORD },  { "", "panel", ROWS_WORD },   { "", "place", ROWS_WORD },
	{ "", "item", ROWS_WORD },     { "", "label", ROWS_WORD },   { "", "platform", ROWS_WORD },
	{ "", "unit", ROWS_WORD },     { "", "paper", ROWS_FIGURE }, { "", "here", ROWS_FIGURE },
	{ "", "low", ROWS_FIGURE },    { "", "high", ROWS_FIGURE },  { "", "by_rate", ROWS_FIGURE },
	{ "", "steady", ROWS_FIGURE }, { "", "ratio", ROWS_FIGURE }, { "", "verdict", ROWS_WORD },
	{ "", "trials", ROWS_COUNT },  { "", "reason", ROWS_WORD },  { "", "command", ROWS_WORD },
};

char *paper_csv(const struct paper_answer *answer)
{
	enum { COLUMNS = sizeof(answer_columns) / sizeof(*answer_columns) };
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = answer_columns, .column_count = COLUMNS };

	add_answer(&rows, answer);
	return rows_csv(&rows);
}

/* The heading of the first stands for all. */
char *paper_csv_all(const struct paper_answers *answers)
{
	struct cov_text text = { 0 };

	for (size_t i = 0; i < answers->count; i++) {
		const char *csv = answers->items[i].csv;

		cov_text_print(&text, "%s", i ? strchr(csv, '\n') + 1 : csv);
	}
	return text.data;
}

char *paper_csv_claims(const struct claims_checked *check)
{
	static const struct rows_column columns[] = {
		{ "", "name", ROWS_WORD },   { "", "place", ROWS_WORD },
		{ "", "class", ROWS_WORD },  { "", "paper", ROWS_WORD },
		{ "", "here", ROWS_WORD },   { "", "verdict", ROWS_WORD },
		{ "", "reason", ROWS_WORD },
	};
	COV_AUTO(rows_deinit) struct rows rows = { .columns = columns, .column_count = 7 };

	for (size_t i = 0; i < check->claims.count; i++) {
		const struct claim *claim = &check->claims.items[i];

		rows_word(&rows, claim->name);
		rows_word(&rows, claim->place);
		rows_word(&rows, claim->class_name);
		rows_word(&rows, claim->text);
		rows_word(&rows, check->answers[i].got);
		rows_word(&rows, claims_check_verdict(check, i));
		rows_word(&rows, check->answers[i].verdict == STORE_HOLDS ? NULL : claim->note);
	}
	return rows_csv(&rows);
}

char *paper_csv_trials(const struct paper_study *study)
{
	static const struct rows_column columns[] = {
		{ "", "platform", ROWS_WORD },   { "", "workload", ROWS_WORD },
		{ "", "trial", ROWS_COUNT },     { "", "kind", ROWS_WORD },
		{ "", "status", ROWS_WORD },     { "", "seconds", ROWS_SECONDS },
		{ "", "started_at", ROWS_WORD }, { "", "emulated", ROWS_WORD },
	};
	COV_AUTO(rows_deinit) struct rows rows = { .columns = columns, .column_count = 8 };

	for (size_t i = 0; i < study->trials->count; i++) {
		const struct store_listed_trial *trial = &study->trials->items[i];
		bool is_ok = strcmp(trial->status, "ok") == 0;

		rows_word(&rows, trial->platform);
		rows_word(&rows, trial->workload);
		rows_count(&rows, trial->number);
		rows_word(&rows, is_ok && !trial->has_counters ? "performance" : trial->kind);
		rows_word(&rows, trial->status);
		rows_number(&rows, (double)trial->duration_ns / 1e9);
		rows_word(&rows, trial->started_at);
		rows_word(&rows, trial->is_emulated ? "emulated" : "");
	}
	for (size_t i = 0; i < study->profiles->count; i++) {
		const struct store_profile *profile = &study->profiles->items[i];

		rows_word(&rows, profile->platform);
		rows_word(&rows, profile->workload);
		rows_count(&rows, profile->number);
		rows_word(&rows, "profile");
		rows_word(&rows, "ok");
		rows_number(&rows, (double)profile->duration_ns / 1e9);
		rows_word(&rows, profile->started_at);
		rows_word(&rows, profile->is_emulated ? "emulated" : "");
	}
	return rows_csv(&rows);
}
