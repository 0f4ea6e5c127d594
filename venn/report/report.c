/* report.c - a study as a page that opens from disk. */
#include "venn/report/report.h"

#include <pthread.h>
#include <stdio.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/parallel.h"
#include "collector/base/progress.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "venn/report/report_branches.h"
#include "venn/report/report_changes.h"
#include "venn/report/report_claims.h"
#include "venn/report/report_code.h"
#include "venn/report/report_cves.h"
#include "venn/report/report_data.h"
#include "venn/report/report_file.h"
#include "venn/report/report_folder.h"
#include "venn/report/report_json.h"
#include "venn/report/report_patch.h"
#include "venn/report/report_profiles.h"
#include "venn/report/report_rules.h"
#include "venn/report/report_source.h"
#include "venn/report/report_study.h"
#include "venn/report/report_syscalls.h"
#include "venn/report/report_trust.h"

enum { VIEWS_AT_ONCE = 2 }; /* one is read, which takes as long as writing another */

struct part_kind;

struct part {
	const struct part_kind *kind;
	size_t index; /* of the view or the chunk */
};

struct writing {
	const struct report_asked *asked;
	const struct report_study *study;
	const char *directory; /* of the data */
	struct part *parts;    /* [part_count], those that others wait for first; owned */
	size_t part_count;
	size_t part_capacity;
	size_t first_count; /* of the parts, those that others wait for */
	struct cov_progress progress;
	pthread_mutex_t reading; /* held by the thread that uses the store */
	struct store *store;
	struct report_code codes[VIEWS_AT_ONCE]; /* by thread; owned */
	struct cov_text *branches;               /* [view_count], JSON of each view; owned */
	struct report_removed removed;           /* owned, as is the next */
	struct exposure_records records;
	struct report_changes changes;  /* owned, as is the next */
	struct cov_text changes_list;   /* JSON */
	struct report_code_known known; /* by the thread that has @reading; owned */
	pthread_mutex_t lock;           /* of what follows */
	struct report_written written;
	int result; /* of the first part that failed */
	struct cov_error *err;
};

/* The item that a thread is at. */
struct turn {
	struct writing *writing;
	size_t index;
	size_t thread;
	struct report_written written; /* by it */
};

static int put(struct turn *turn, const char *name, struct cov_text *json, struct cov_error *err)
{
	turn->written.file_count++;
	return report_data_write(turn->writing->directory, name, json, &turn->written.size_bytes,
				 err);
}

/* One of several of its kind. */
static int put_indexed(struct turn *turn, const char *kind, struct cov_text *json,
		       struct cov_error *err)
{
	COV_AUTO(free) char *name = cov_format("%s-%zu", kind, turn->index);

	return put(turn, name, json, err);
}

static int write_study(struct turn *turn, struct cov_error *err)
{
	struct writing *writing = turn->writing;
	COV_AUTO(cov_text_deinit) struct cov_text json = { 0 };

	pthread_mutex_lock(&writing->reading);
	int result = report_study_json(writing->store, writing->study,
				       writing->asked->kernel_src != NULL, &json, err);
	pthread_mutex_unlock(&writing->reading);
	return result ? result : put(turn, "study", &json, err);
}

static int write_functions(struct turn *turn, struct cov_error *err)
{
	COV_AUTO(cov_text_deinit) struct cov_text json = { 0 };

	report_study_functions(turn->writing->study, &json);
	return put(turn, "functions", &json, err);
}

/* Who executes known vulnerabilities in a view; what is the same of them in all views is written
 * with the first. */
static int put_cves(struct turn *turn, const struct report_code *code, struct cov_error *err)
{
	struct writing *writing = turn->writing;
	COV_AUTO(cov_text_deinit) struct cov_text executed = { 0 };
	COV_AUTO(cov_text_deinit) struct cov_text all = { 0 };

	report_cves_json(&writing->records, writing->study, turn->index, code, &executed,
			 turn->index ? NULL : &all);
	int result = put_indexed(turn, "cves", &executed, err);
	return result || turn->index ? result : put(turn, "cves", &all, err);
}

/* What is read of a view is not kept: only one at a time for each thread. */
static int write_view(struct turn *turn, struct cov_error *err)
{
	static const struct {
		const char *name;
		void (*make)(const struct report_study *study, size_t view,
			     const struct report_code *code, struct cov_text *ret);
	} kinds[] = { { "lines", report_code_lines },
		      { "counts", report_code_counts },
		      { "calls", report_code_calls } };
	struct writing *writing = turn->writing;
	struct report_code *code = &writing->codes[turn->thread];
	size_t view = turn->index;

	pthread_mutex_lock(&writing->reading);
	int result = report_code_read(writing->store, writing->study, view, code, err);
	if (result == 0)
		result = report_branches_json(writing->store, writing->study, view, code,
					      &writing->branches[view], err);
	if (result == 0)
		report_code_note(writing->study, code, &writing->known);
	pthread_mutex_unlock(&writing->reading);
	if (result == 0)
		report_trust_count(writing->study, view, code, &writing->removed);
	for (size_t i = 0; result == 0 && i < sizeof(kinds) / sizeof(*kinds); i++) {
		COV_AUTO(cov_text_deinit) struct cov_text json = { 0 };

		kinds[i].make(writing->study, view, code, &json);
		result = put_indexed(turn, kinds[i].name, &json, err);
	}
	return result ? result : put_cves(turn, code, err);
}

static int write_trust(struct turn *turn, struct cov_error *err)
{
	struct writing *writing = turn->writing;
	COV_AUTO(cov_text_deinit) struct cov_text json = { 0 };

	pthread_mutex_lock(&writing->reading);
	int result =
	    report_trust_json(writing->store, writing->study, &writing->removed, &json, err);
	pthread_mutex_unlock(&writing->reading);
	return result ? result : put(turn, "trust", &json, err);
}

static int write_rules(struct turn *turn, struct cov_error *err)
{
	struct writing *writing = turn->writing;
	COV_AUTO(cov_text_deinit) struct cov_text json = { 0 };

	pthread_mutex_lock(&writing->reading);
	int result = report_rules_json(writing->store, writing->study, &json, err);
	pthread_mutex_unlock(&writing->reading);
	return result ? result : put(turn, "rules", &json, err);
}

/* How many lines of each directory there are at least in the footprints of a view. */
static int write_least(struct turn *turn, struct cov_error *err)
{
	struct writing *writing = turn->writing;
	COV_AUTO(cov_text_deinit) struct cov_text json = { 0 };

	pthread_mutex_lock(&writing->reading);
	int result = report_study_least(writing->store, writing->study, turn->index, &json, err);
	pthread_mutex_unlock(&writing->reading);
	return result ? result : put_indexed(turn, "least", &json, err);
}

static int write_claims(struct turn *turn, struct cov_error *err)
{
	struct writing *writing = turn->writing;
	COV_AUTO(cov_text_deinit) struct cov_text json = { 0 };

	pthread_mutex_lock(&writing->reading);
	int result =
	    report_claims_json(writing->store, writing->study, writing->asked->claims, &json, err);
	pthread_mutex_unlock(&writing->reading);
	return result ? result : put(turn, "claims", &json, err);
}

static int write_profiles(struct turn *turn, struct cov_error *err)
{
	struct writing *writing = turn->writing;
	COV_AUTO(cov_text_deinit) struct cov_text json = { 0 };

	pthread_mutex_lock(&writing->reading);
	int result = report_profiles_json(writing->store, writing->study, &json, err);
	pthread_mutex_unlock(&writing->reading);
	return result ? result : put(turn, "profiles", &json, err);
}

static int write_syscalls(struct turn *turn, struct cov_error *err)
{
	struct writing *writing = turn->writing;
	COV_AUTO(cov_text_deinit) struct cov_text json = { 0 };

	pthread_mutex_lock(&writing->reading);
	int result = report_syscalls_json(writing->store, writing->study, &json, err);
	pthread_mutex_unlock(&writing->reading);
	return result ? result : put(turn, "syscalls", &json, err);
}

static int write_changes_list(struct turn *turn, struct cov_error *err)
{
	return put(turn, "changes", &turn->writing->changes_list, err);
}

/* Both sides are read by stores of their own. */
static int write_changes(struct turn *turn, struct cov_error *err)
{
	struct writing *writing = turn->writing;
	COV_AUTO(cov_text_deinit) struct cov_text json = { 0 };
	int result = report_changes_json(writing->study, &writing->asked->changes,
					 &writing->changes.pairs[turn->index], &json, err);

	return result ? result : put_indexed(turn, "changes", &json, err);
}

static int write_patch(struct turn *turn, struct cov_error *err)
{
	struct writing *writing = turn->writing;
	COV_AUTO(cov_text_deinit) struct cov_text json = { 0 };

	pthread_mutex_lock(&writing->reading);
	int result =
	    report_patch_json(writing->store, writing->study, &writing->asked->patch, &json, err);
	pthread_mutex_unlock(&writing->reading);
	return result ? result : put(turn, "patch", &json, err);
}

static int write_branches(struct turn *turn, struct cov_error *err)
{
	COV_AUTO(cov_text_deinit) struct cov_text json = { 0 };

	report_json_begin(&json, '[');
	for (size_t i = 0; i < turn->writing->study->view_count; i++)
		report_json_text(&json, &turn->writing->branches[i]);
	report_json_end(&json, ']');
	return put(turn, "branches", &json, err);
}

static int write_files(struct turn *turn, struct cov_error *err)
{
	COV_AUTO(cov_text_deinit) struct cov_text json = { 0 };

	report_file_json(turn->writing->study, turn->index, &json);
	return put_indexed(turn, "file", &json, err);
}

static int write_where(struct turn *turn, struct cov_error *err)
{
	COV_AUTO(cov_text_deinit) struct cov_text json = { 0 };

	report_code_where(turn->writing->study, &turn->writing->known, &json);
	return put(turn, "code", &json, err);
}

static int write_source(struct turn *turn, struct cov_error *err)
{
	COV_AUTO(cov_text_deinit) struct cov_text json = { 0 };

	report_source_json(turn->writing->study, turn->writing->asked->kernel_src, turn->index,
			   &turn->written.source_count, &turn->written.source_missing, &json);
	return put_indexed(turn, "source", &json, err);
}

struct part_kind {
	enum { ONCE, PER_VIEW, PER_CHUNK, PER_CHUNK_WITH_SOURCE, PER_CHANGE } number;
	bool is_first; /* before the others, some of which need what it finds */
	int (*write)(struct turn *turn, struct cov_error *err);
};

/* Those that read the database for long come first: only one can at a time. */
static const struct part_kind part_kinds[] = {
	{ ONCE, true, write_study },         { PER_VIEW, true, write_view },
	{ ONCE, true, write_functions },     { ONCE, false, write_trust },
	{ ONCE, false, write_claims },       { ONCE, false, write_rules },
	{ PER_VIEW, false, write_least },    { PER_CHUNK_WITH_SOURCE, false, write_source },
	{ PER_CHUNK, false, write_files },   { ONCE, false, write_branches },
	{ ONCE, false, write_profiles },     { ONCE, false, write_syscalls },
	{ ONCE, false, write_changes_list }, { PER_CHANGE, false, write_changes },
	{ ONCE, false, write_patch },        { ONCE, false, write_where },
};

static size_t part_number(const struct writing *writing, const struct part_kind *kind)
{
	switch (kind->number) {
	case PER_VIEW:
		return writing->study->view_count;
	case PER_CHUNK_WITH_SOURCE:
		return writing->asked->kernel_src ? writing->study->chunk_count : 0;
	case PER_CHUNK:
		return writing->study->chunk_count;
	case PER_CHANGE:
		return writing->changes.count;
	default:
		return 1;
	}
}

static void list_parts(struct writing *writing)
{
	for (size_t i = 0; i < sizeof(part_kinds) / sizeof(*part_kinds); i++) {
		const struct part_kind *kind = &part_kinds[i];
		size_t number = part_number(writing, kind);

		for (size_t j = 0; j < number; j++) {
			writing->parts = cov_grow(writing->parts, writing->part_count,
						  &writing->part_capacity, sizeof(*writing->parts));
			writing->parts[writing->part_count++] = (struct part){ kind, j };
		}
		writing->first_count += kind->is_first ? number : 0;
	}
}

static bool has_failed(struct writing *writing)
{
	pthread_mutex_lock(&writing->lock);
	bool result = writing->result;
	pthread_mutex_unlock(&writing->lock);
	return result;
}

static void write_part(struct writing *writing, size_t part, size_t thread)
{
	struct turn turn = { .writing = writing,
			     .index = writing->parts[part].index,
			     .thread = thread };
	struct cov_error err;

	if (has_failed(writing))
		return;
	int result = writing->parts[part].kind->write(&turn, &err);
	cov_progress_step(&writing->progress);
	pthread_mutex_lock(&writing->lock);
	writing->written.file_count += turn.written.file_count;
	writing->written.size_bytes += turn.written.size_bytes;
	writing->written.source_count += turn.written.source_count;
	writing->written.source_missing += turn.written.source_missing;
	if (result && !writing->result) {
		writing->result = result;
		*writing->err = err;
	}
	pthread_mutex_unlock(&writing->lock);
}

static void write_first(void *context, size_t item, size_t thread)
{
	write_part(context, item, thread);
}

static void write_later(void *context, size_t item, size_t thread)
{
	struct writing *writing = context;

	write_part(writing, writing->first_count + item, thread);
}

static void drop_codes(struct writing *writing)
{
	for (size_t i = 0; i < VIEWS_AT_ONCE; i++)
		report_code_deinit(&writing->codes[i]);
}

static void writing_deinit(struct writing *writing)
{
	drop_codes(writing);
	for (size_t i = 0; writing->branches && i < writing->study->view_count; i++)
		cov_text_deinit(&writing->branches[i]);
	free(writing->branches);
	report_trust_removed_deinit(&writing->removed);
	exposure_records_deinit(&writing->records);
	report_changes_deinit(&writing->changes);
	cov_text_deinit(&writing->changes_list);
	report_code_known_deinit(&writing->known);
	free(writing->parts);
}

COV_DEFINE_AUTO_STRUCT(struct writing, writing_deinit)

static int write_data(struct writing *writing, struct cov_error *err)
{
	int result = report_trust_open(writing->store, writing->study, &writing->removed, err);

	if (result == 0)
		result = report_cves_read(writing->store, writing->study, &writing->records, err);
	if (result == 0)
		result =
		    report_changes_open(writing->store, writing->study, &writing->asked->changes,
					&writing->changes, &writing->changes_list, err);
	if (result)
		return result;
	writing->branches = cov_xcalloc(writing->study->view_count, sizeof(*writing->branches));
	list_parts(writing);
	cov_progress_start(&writing->progress, "writing the report", writing->part_count);
	cov_parallel_for_few(VIEWS_AT_ONCE, writing->first_count, write_first, writing);
	drop_codes(writing);
	cov_parallel_for(writing->part_count - writing->first_count, write_later, writing);
	cov_progress_end(&writing->progress);
	return writing->result;
}

int report_write(struct store *store, const struct report_asked *asked, struct report_written *ret,
		 struct cov_error *err)
{
	COV_AUTO(report_study_deinit) struct report_study study = { 0 };
	const struct report_folder_kind kind = report_folder_report();
	COV_AUTO(report_folder_close) struct report_folder folder = { 0 };
	COV_AUTO(writing_deinit)
	struct writing writing = {
		.asked = asked,
		.study = &study,
		.store = store,
		.reading = PTHREAD_MUTEX_INITIALIZER,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.err = err,
	};
	struct cov_error clear_err;
	size_t page_bytes = 0;
	int result = 0;

	if (asked->kernel_src && !cov_is_directory(asked->kernel_src))
		return cov_fail(err, COV_ERR_SYSTEM, "%s is not a directory", asked->kernel_src);
	json_object_seed(0); /* before threads do it at once */
	result = report_study_read(store, asked->kernel, &asked->choice, &study, err);
	if (result == 0)
		result = report_folder_open(asked->directory, &kind, &folder, err);
	if (result)
		return result;
	writing.directory = folder.data;
	result = write_data(&writing, err);
	if (result == 0)
		result = report_folder_replace(&folder, &page_bytes, err);
	/* The report stands, or its failure is what counts. */
	if (report_folder_clear(&folder, &clear_err) != 0 && result == 0)
		cov_say("the older report is not removed: %s", clear_err.message);
	if (result)
		return result;
	writing.written.file_count += kind.page_count;
	writing.written.size_bytes += page_bytes;
	*ret = writing.written;
	return 0;
}
