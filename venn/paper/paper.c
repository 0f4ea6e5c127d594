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
#include "venn/paper/paper_csv.h"
#include "venn/paper/paper_find.h"
#include "venn/paper/paper_page.h"
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

/* What there is to be asked. */
struct beginning {
	struct store_analysis analysis;
	struct claims_asked claims;
	struct claims_checked check;
	struct store_listed_trials trials;
	struct store_profiles profiles;
	struct store_syscalls_trials syscalls;
};

static void beginning_deinit(struct beginning *beginning)
{
	store_analysis_deinit(&beginning->analysis);
	claims_check_deinit(&beginning->check);
	store_trial_list_deinit(&beginning->trials);
	store_profile_list_deinit(&beginning->profiles);
	store_syscalls_list_deinit(&beginning->syscalls);
}

COV_DEFINE_AUTO_STRUCT(struct beginning, beginning_deinit)

static int begin(const struct paper_asked *asked, struct beginning *ret, struct cov_error *err)
{
	struct store *store = asked->stores[0];
	int64_t kernel_id = asked->kernel->id;
	int result = store_analysis_find(store, &asked->choice, &ret->analysis, err);

	ret->claims = (struct claims_asked){ ret->analysis.id, NULL, claims_check_limit_ns };
	if (result == 0)
		result = claims_check_begin(asked->claims, store, &ret->claims, &ret->check, err);
	if (result == 0)
		result = store_trial_list_read(store, kernel_id, &ret->trials, err);
	if (result == 0)
		result = store_profile_list(store, kernel_id, &ret->profiles, err);
	return result ? result : store_syscalls_list(store, kernel_id, &ret->syscalls, err);
}

/* All that is asked of a study: each claim, then each panel. */
struct asking {
	const struct paper_study *study; /* but for its store */
	const struct claims_asked *claims;
	struct claims_checked *check;
	struct store *const *stores;              /* by thread, as are the next */
	struct store_asker *askers[PAPER_STORES]; /* owned; NULL: none, or no more */
	struct paper_answer *answers;             /* by panel */
	struct cov_error *errors;                 /* by item, with a code if it failed */
};

static void asking_deinit(struct asking *asking)
{
	for (size_t i = 0; i < PAPER_STORES; i++)
		store_claim_end(asking->askers[i]);
}

COV_DEFINE_AUTO_STRUCT(struct asking, asking_deinit)

static void ask_claim(struct asking *asking, size_t claim, size_t thread, struct cov_error *err)
{
	struct store_asker **asker = &asking->askers[thread];

	if (*asker || store_claim_begin(asking->stores[thread], asker, err) == 0)
		claims_check_ask(*asker, asking->claims, claim, asking->check, err);
}

/* With all that is written of it alone. */
static void ask_panel(struct asking *asking, size_t panel, size_t thread, struct cov_error *err)
{
	struct paper_study study = *asking->study;
	struct paper_answer *answer = &asking->answers[panel];

	study.store = asking->stores[thread];
	if (paper_find(&study, &study.book->panels[panel], answer, err) != 0)
		return;
	answer->csv = paper_csv(answer);
	answer->section = paper_page_section(answer);
}

static void ask_item(void *context, size_t item, size_t thread)
{
	struct asking *asking = context;
	struct cov_error *err = &asking->errors[item];
	size_t claim_count = asking->check->claims.count;

	if (item < claim_count) {
		ask_claim(asking, item, thread, err);
		return;
	}
	/* Items come in order: this thread has no more claims, which let nothing else be asked. */
	store_claim_end(asking->askers[thread]);
	asking->askers[thread] = NULL;
	ask_panel(asking, item - claim_count, thread, err);
}

/* By as many threads as there are connections to the database. */
static int ask_all(const struct paper_asked *asked, const struct paper_study *study,
		   struct beginning *beginning, struct paper_answers *ret, struct cov_error *err)
{
	size_t panel_count = study->book->panel_count,
	       count = beginning->check.claims.count + panel_count;
	COV_AUTO(free) struct cov_error *errors = cov_xcalloc(count, sizeof(*errors));
	COV_AUTO(asking_deinit)
	struct asking asking = { .study = study,
				 .claims = &beginning->claims,
				 .check = &beginning->check,
				 .stores = asked->stores,
				 .errors = errors };

	ret->items = cov_xcalloc(panel_count, sizeof(*ret->items));
	ret->count = panel_count;
	asking.answers = ret->items;
	cov_parallel_for_few(asked->stores[1] ? PAPER_STORES : 1, count, ask_item, &asking);
	return cov_error_first(errors, count, err);
}

/* What is of no answer alone, made before there is a folder: what fails here leaves none. */
struct texts {
	char *page, *readme, *paper, *claims, *trials; /* owned */
};

static void texts_deinit(struct texts *texts)
{
	free(texts->page);
	free(texts->readme);
	free(texts->paper);
	free(texts->claims);
	free(texts->trials);
}

COV_DEFINE_AUTO_STRUCT(struct texts, texts_deinit)

static int write_file(const char *folder, const char *name, const char *suffix, const char *text,
		      struct cov_error *err)
{
	COV_AUTO(free) char *path = cov_format("%s/%s%s", folder, name, suffix);

	return cov_file_create(path, text, strlen(text), err);
}

static int write_data(const char *folder, const struct texts *texts,
		      const struct paper_answers *answers, struct cov_error *err)
{
	int result = write_file(folder, "paper", ".csv", texts->paper, err);

	if (result == 0)
		result = write_file(folder, "claims", ".csv", texts->claims, err);
	if (result == 0)
		result = write_file(folder, "trials", ".csv", texts->trials, err);
	for (size_t i = 0; result == 0 && i < answers->count; i++) {
		const struct paper_answer *answer = &answers->items[i];
		const char *name = answer->panel->name;

		result = write_file(folder, name, ".csv", answer->csv, err);
		if (result == 0 && answer->svg)
			result = write_file(folder, name, ".svg", answer->svg, err);
	}
	return result;
}

static struct report_asset text_asset(const char *name, const char *text)
{
	return (struct report_asset){ name, (const unsigned char *)text, strlen(text) };
}

static int write_folder(const char *directory, const struct texts *texts,
			const struct paper_answers *answers, struct cov_error *err)
{
	static const char *const data[] = { ".csv", ".svg", NULL };
	const struct report_asset files[] = {
		text_asset("README.md", texts->readme),
		text_asset("index.html", texts->page),
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
	int result = report_folder_open(directory, &kind, &folder, err);

	if (result)
		return result;
	result = write_data(folder.data, texts, answers, err);
	if (result == 0)
		result = report_folder_replace(&folder, &size, err);
	/* The folder stands, or its failure is what counts. */
	if (report_folder_clear(&folder, &clear_err) != 0 && result == 0)
		cov_say("what was there before is not removed: %s", clear_err.message);
	return result;
}

int paper_write(const struct paper_asked *asked, struct paper_written *ret, struct cov_error *err)
{
	COV_AUTO(beginning_deinit) struct beginning beginning = { 0 };
	COV_AUTO(answers_deinit) struct paper_answers answers = { 0 };
	int result = begin(asked, &beginning, err);

	if (result)
		return result;
	const struct paper_study study = {
		.store = asked->stores[0],
		/* Every question is of the one analysis that the claims are asked of. */
		.choice = { asked->choice.kernel_id, beginning.analysis.rule,
			    beginning.analysis.baseline },
		.analysis = beginning.analysis,
		.book = asked->book,
		.check = &beginning.check,
		.trials = &beginning.trials,
		.profiles = &beginning.profiles,
		.syscalls = &beginning.syscalls,
	};
	result = ask_all(asked, &study, &beginning, &answers, err);
	if (result)
		return result;
	/* From now on others may write. */
	for (size_t i = 0; i < PAPER_STORES && asked->stores[i]; i++)
		store_transaction_end(asked->stores[i]);
	COV_AUTO(texts_deinit)
	struct texts texts = {
		.page = paper_page(&study, &answers),
		.readme = paper_page_readme(&study, &answers, asked->kernel->release),
		.paper = paper_csv_all(&answers),
		.claims = paper_csv_claims(&beginning.check),
		.trials = paper_csv_trials(&study),
	};
	result = write_folder(asked->directory, &texts, &answers, err);
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
