/* paper.c - the tables and figures of a paper beside a study, as a folder. */
#include "venn/paper/paper.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/parallel.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "venn/paper/paper_find.h"
#include "venn/paper/paper_page.h"
#include "venn/print/rows.h"
#include "venn/report/report_assets.h"
#include "venn/report/report_folder.h"
#include "venn/store/store_transaction.h"

void paper_written_deinit(struct paper_written *written)
{
	free(written->missing);
	memset(written, 0, sizeof(*written));
}

static void answers_deinit(struct paper_answers *answers)
{
	for (size_t i = 0; i < answers->count; i++)
		paper_answer_deinit(&answers->items[i]);
	free(answers->items);
}

COV_DEFINE_AUTO_STRUCT(struct paper_answers, answers_deinit)

enum { STORES_MAX = 2 };

/* All that is asked of a study: the claims, then each panel. */
struct asking {
	const struct paper_study *study; /* but for its store */
	const struct claims_asked *claims;
	struct claims_checked *check;
	struct store *stores[STORES_MAX]; /* by thread */
	struct paper_answer *answers;     /* by panel */
	struct cov_error *errors;         /* by item, with a code if it failed; owned */
};

static void asking_deinit(struct asking *asking)
{
	for (size_t i = 1; i < STORES_MAX; i++)
		store_close(asking->stores[i]);
	free(asking->errors);
}

COV_DEFINE_AUTO_STRUCT(struct asking, asking_deinit)

static void ask_item(void *context, size_t item, size_t thread)
{
	struct asking *asking = context;
	struct paper_study study = *asking->study;
	struct cov_error *err = &asking->errors[item];

	study.store = asking->stores[thread];
	if (item == 0)
		claims_check_ask(study.store, asking->claims, asking->check, err);
	else
		paper_find(&study, &study.book->panels[item - 1], &asking->answers[item - 1], err);
}

/* By two threads, each with a connection to the database, if there are processors for that. */
static int ask_all(const struct paper_study *study, const struct claims_asked *claims,
		   struct claims_checked *check, struct paper_answers *ret, struct cov_error *err)
{
	size_t panel_count = study->book->panel_count, count = 1 + panel_count;
	COV_AUTO(asking_deinit)
	struct asking asking = { .study = study, .claims = claims, .check = check };
	size_t threads = cov_thread_count();

	ret->items = cov_xcalloc(panel_count, sizeof(*ret->items));
	ret->count = panel_count;
	asking.answers = ret->items;
	asking.errors = cov_xcalloc(count, sizeof(*asking.errors));
	asking.stores[0] = study->store;
	asking.stores[1] = threads > 1 ? store_open_again(study->store) : NULL;
	cov_parallel_for_few(asking.stores[1] ? 2 : 1, count, ask_item, &asking);
	return cov_error_first(asking.errors, count, err);
}

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

static int write_file(const char *folder, const char *name, const char *suffix, const char *text,
		      struct cov_error *err)
{
	COV_AUTO(free) char *path = cov_format("%s/%s%s", folder, name, suffix);

	return cov_file_create(path, text, strlen(text), err);
}

static int write_rows(const char *folder, const char *name, const struct rows *rows,
		      struct cov_error *err)
{
	COV_AUTO(free) char *csv = rows_csv(rows);

	return write_file(folder, name, ".csv", csv, err);
}

static int write_answers(const char *folder, const struct paper_answers *answers,
			 struct cov_error *err)
{
	enum { COLUMNS = sizeof(answer_columns) / sizeof(*answer_columns) };
	COV_AUTO(rows_deinit)
	struct rows all = { .columns = answer_columns, .column_count = COLUMNS };
	int result = 0;

	for (size_t i = 0; result == 0 && i < answers->count; i++) {
		const struct paper_answer *answer = &answers->items[i];
		COV_AUTO(rows_deinit)
		struct rows one = { .columns = answer_columns, .column_count = COLUMNS };

		add_answer(&one, answer);
		add_answer(&all, answer);
		result = write_rows(folder, answer->panel->name, &one, err);
		if (result == 0 && answer->svg)
			result = write_file(folder, answer->panel->name, ".svg", answer->svg, err);
	}
	return result ? result : write_rows(folder, "paper", &all, err);
}

static int write_claims(const char *folder, const struct claims_checked *check,
			struct cov_error *err)
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
	return write_rows(folder, "claims", &rows, err);
}

static int write_trials(const char *folder, const struct paper_study *study, struct cov_error *err)
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
	return write_rows(folder, "trials", &rows, err);
}

static int write_folder(const struct paper_asked *asked, const struct paper_study *study,
			const struct paper_answers *answers, struct cov_error *err)
{
	static const char *const data[] = { ".csv", ".svg", NULL };
	COV_AUTO(free) char *page = paper_page(study, answers);
	COV_AUTO(free) char *readme = paper_page_readme(study, answers, asked->kernel->release);
	const struct report_asset files[] = {
		{ "README.md", (const unsigned char *)readme, strlen(readme) },
		{ "index.html", (const unsigned char *)page, strlen(page) },
	};
	const struct report_folder_kind kind = {
		.what = "folder of covdb paper",
		.marker = "covdb-paper.txt",
		.marker_text =
		    "This folder was made by 'covdb paper'. The next one, with -o, replaces "
		    "it because this file is\nhere; other files stay.\n",
		.data = data,
		.page = files,
		.page_count = 2,
	};
	COV_AUTO(report_folder_close) struct report_folder folder = { 0 };
	struct cov_error clear_err;
	size_t size;
	int result = report_folder_open(asked->directory, &kind, &folder, err);

	if (result)
		return result;
	result = write_answers(folder.data, answers, err);
	if (result == 0)
		result = write_claims(folder.data, study->check, err);
	if (result == 0)
		result = write_trials(folder.data, study, err);
	if (result == 0)
		result = report_folder_replace(&folder, &size, err);
	/* The folder stands, or its failure is what counts. */
	if (report_folder_clear(&folder, &clear_err) != 0 && result == 0)
		cov_say("what was there before is not removed: %s", clear_err.message);
	return result;
}

int paper_write(struct store *store, const struct paper_asked *asked, struct paper_written *ret,
		struct cov_error *err)
{
	COV_AUTO(paper_book_deinit) struct paper_book book = { 0 };
	COV_AUTO(store_analysis_deinit) struct store_analysis analysis = { 0 };
	COV_AUTO(claims_check_deinit) struct claims_checked check = { 0 };
	COV_AUTO(store_trial_list_deinit) struct store_listed_trials trials = { 0 };
	COV_AUTO(store_profile_list_deinit) struct store_profiles profiles = { 0 };
	COV_AUTO(store_syscalls_list_deinit) struct store_syscalls_trials syscalls = { 0 };
	COV_AUTO(answers_deinit) struct paper_answers answers = { 0 };
	int result = paper_book_read(asked->paper, &book, err);

	if (result == 0)
		result = store_analysis_find(store, &asked->choice, &analysis, err);
	const struct claims_asked claims = { analysis.id, NULL, claims_check_limit_ns };
	if (result == 0)
		result = claims_check_begin(asked->claims, store, &claims, &check, err);
	if (result == 0)
		result = store_trial_list_read(store, asked->kernel->id, &trials, err);
	if (result == 0)
		result = store_profile_list(store, asked->kernel->id, &profiles, err);
	if (result == 0)
		result = store_syscalls_list(store, asked->kernel->id, &syscalls, err);
	if (result)
		return result;
	const struct paper_study study = {
		.store = store,
		/* Every question is of the one analysis that the claims are asked of. */
		.choice = { asked->choice.kernel_id, analysis.rule, analysis.baseline },
		.analysis = analysis,
		.book = &book,
		.check = &check,
		.trials = &trials,
		.profiles = &profiles,
		.syscalls = &syscalls,
	};
	result = ask_all(&study, &claims, &check, &answers, err);
	if (result)
		return result;
	store_transaction_end(store);
	result = write_folder(asked, &study, &answers, err);
	if (result)
		return result;
	struct paper_counts counts = paper_page_count(&answers);
	*ret = (struct paper_written){
		.exhibits = counts.exhibits,
		.with_value = counts.with_value,
		.panels = answers.count,
		.missing = paper_page_missing(&answers),
	};
	return 0;
}
