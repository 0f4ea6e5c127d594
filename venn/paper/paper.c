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

enum { THREADS_MAX = 2 };

/* What is read before anything is asked: the two files, and the database for another thread. */
enum { READ_BOOK, READ_CLAIMS, READ_AGAIN, READ_COUNT };

struct reading {
	struct store *store;
	const struct paper_asked *asked;
	struct paper_book *book;
	struct claims *claims;
	struct store *again; /* owned; NULL: one thread asks all */
	struct cov_error errors[READ_COUNT];
};

static void reading_deinit(struct reading *reading)
{
	store_close(reading->again);
	reading->again = NULL;
}

COV_DEFINE_AUTO_STRUCT(struct reading, reading_deinit)

static void read_item(void *context, size_t item, size_t thread)
{
	struct reading *reading = context;

	(void)thread;
	if (item == READ_BOOK)
		paper_book_read(reading->asked->paper, reading->book, &reading->errors[item]);
	else if (item == READ_CLAIMS)
		claims_read(reading->asked->claims, reading->claims, &reading->errors[item]);
	else if (cov_thread_count() > 1)
		reading->again = store_open_again(reading->store);
}

/* All that is asked of a study: the claims, then each panel. */
struct asking {
	const struct paper_study *study; /* but for its store */
	const struct claims_asked *claims;
	struct claims_checked *check;
	struct store *stores[THREADS_MAX]; /* by thread */
	struct paper_answer *answers;      /* by panel */
	struct cov_error *errors;          /* by item, with a code if it failed */
};

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

/* By two threads, each with a connection to the database, unless @again is NULL. */
static int ask_all(const struct paper_study *study, const struct claims_asked *claims,
		   struct claims_checked *check, struct store *again, struct paper_answers *ret,
		   struct cov_error *err)
{
	size_t panel_count = study->book->panel_count, count = 1 + panel_count;
	COV_AUTO(free) struct cov_error *errors = cov_xcalloc(count, sizeof(*errors));
	struct asking asking = { .study = study,
				 .claims = claims,
				 .check = check,
				 .stores = { study->store, again },
				 .errors = errors };

	ret->items = cov_xcalloc(panel_count, sizeof(*ret->items));
	ret->count = panel_count;
	asking.answers = ret->items;
	cov_parallel_for_few(again ? 2 : 1, count, ask_item, &asking);
	return cov_error_first(errors, count, err);
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

/* The files of all or of a panel. Return: free() it, as of the next two. */
static char *answers_csv(const struct paper_answer *answers, size_t count)
{
	enum { COLUMNS = sizeof(answer_columns) / sizeof(*answer_columns) };
	COV_AUTO(rows_deinit)
	struct rows rows = { .columns = answer_columns, .column_count = COLUMNS };

	for (size_t i = 0; i < count; i++)
		add_answer(&rows, &answers[i]);
	return rows_csv(&rows);
}

static char *claims_csv(const struct claims_checked *check)
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

static char *trials_csv(const struct paper_study *study)
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

/*
 * The text of each file, made by all threads before there is a folder: what fails here leaves none.
 */
enum { TEXT_PAGE, TEXT_README, TEXT_PAPER, TEXT_CLAIMS, TEXT_TRIALS, TEXT_PANELS };

struct texts {
	const struct paper_study *study;
	const struct paper_answers *answers;
	const char *release; /* of the kernel */
	char **items;        /* [count], owned */
	size_t count;        /* TEXT_PANELS + answers->count */
};

static void texts_deinit(struct texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		free(texts->items[i]);
	free(texts->items);
}

COV_DEFINE_AUTO_STRUCT(struct texts, texts_deinit)

static void make_text(void *context, size_t item, size_t thread)
{
	const struct texts *texts = context;
	const struct paper_answers *answers = texts->answers;
	char **ret = &texts->items[item];

	(void)thread;
	if (item == TEXT_PAGE)
		*ret = paper_page(texts->study, answers);
	else if (item == TEXT_README)
		*ret = paper_page_readme(texts->study, answers, texts->release);
	else if (item == TEXT_PAPER)
		*ret = answers_csv(answers->items, answers->count);
	else if (item == TEXT_CLAIMS)
		*ret = claims_csv(texts->study->check);
	else if (item == TEXT_TRIALS)
		*ret = trials_csv(texts->study);
	else
		*ret = answers_csv(&answers->items[item - TEXT_PANELS], 1);
}

static void make_texts(struct texts *texts)
{
	texts->count = TEXT_PANELS + texts->answers->count;
	texts->items = cov_xcalloc(texts->count, sizeof(*texts->items));
	cov_parallel_for(texts->count, make_text, texts);
}

static int write_file(const char *folder, const char *name, const char *suffix, const char *text,
		      struct cov_error *err)
{
	COV_AUTO(free) char *path = cov_format("%s/%s%s", folder, name, suffix);

	return cov_file_create(path, text, strlen(text), err);
}

static int write_data(const char *folder, const struct texts *texts, struct cov_error *err)
{
	int result = write_file(folder, "paper", ".csv", texts->items[TEXT_PAPER], err);

	if (result == 0)
		result = write_file(folder, "claims", ".csv", texts->items[TEXT_CLAIMS], err);
	if (result == 0)
		result = write_file(folder, "trials", ".csv", texts->items[TEXT_TRIALS], err);
	for (size_t i = 0; result == 0 && i < texts->answers->count; i++) {
		const struct paper_answer *answer = &texts->answers->items[i];
		const char *name = answer->panel->name;

		result = write_file(folder, name, ".csv", texts->items[TEXT_PANELS + i], err);
		if (result == 0 && answer->svg)
			result = write_file(folder, name, ".svg", answer->svg, err);
	}
	return result;
}

static struct report_asset text_asset(const char *name, const char *text)
{
	return (struct report_asset){ name, (const unsigned char *)text, strlen(text) };
}

static int write_folder(const struct paper_asked *asked, const struct paper_study *study,
			const struct paper_answers *answers, struct cov_error *err)
{
	static const char *const data[] = { ".csv", ".svg", NULL };
	COV_AUTO(texts_deinit)
	struct texts texts = { .study = study,
			       .answers = answers,
			       .release = asked->kernel->release };

	make_texts(&texts);
	const struct report_asset files[] = {
		text_asset("README.md", texts.items[TEXT_README]),
		text_asset("index.html", texts.items[TEXT_PAGE]),
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
	result = write_data(folder.data, &texts, err);
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
	COV_AUTO(reading_deinit)
	struct reading reading = {
		.store = store, .asked = asked, .book = &book, .claims = &check.claims
	};

	cov_parallel_for(READ_COUNT, read_item, &reading);
	int result = cov_error_first(reading.errors, READ_COUNT, err);
	if (result == 0)
		result = store_analysis_find(store, &asked->choice, &analysis, err);
	const struct claims_asked claims = { analysis.id, NULL, claims_check_limit_ns };
	if (result == 0)
		result = claims_check_begin(store, &claims, &check, err);
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
	result = ask_all(&study, &claims, &check, reading.again, &answers, err);
	if (result)
		return result;
	/* From now on others may write. */
	reading_deinit(&reading);
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
