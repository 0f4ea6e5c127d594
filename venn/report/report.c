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
#include "venn/report/report_code.h"
#include "venn/report/report_data.h"
#include "venn/report/report_folder.h"
#include "venn/report/report_source.h"
#include "venn/report/report_study.h"

struct part_kind;

struct part {
	const struct part_kind *kind;
	size_t index; /* of the view or the chunk */
};

struct writing {
	const struct report_asked *asked;
	struct report_study *study;
	struct store *store;
	const char *directory; /* of the data */
	struct part *parts;    /* [part_count]; owned */
	size_t part_count;
	size_t part_capacity;
	size_t alone_count; /* of the parts, the first ones */
	struct cov_progress progress;
	pthread_mutex_t lock; /* of what follows */
	struct report_written written;
	int result; /* of the first part that failed */
	struct cov_error *err;
};

/* What the parts of the data are made of; some read the database. */
static int read_study(const struct writing *writing, size_t index, struct report_written *written,
		      json_t **ret, struct cov_error *err)
{
	(void)index;
	(void)written;
	return report_study_json(writing->store, writing->study, writing->asked->kernel_src != NULL,
				 ret, err);
}

static int read_trust(const struct writing *writing, size_t index, struct report_written *written,
		      json_t **ret, struct cov_error *err)
{
	(void)index;
	(void)written;
	return report_study_trust_json(writing->store, writing->study, ret, err);
}

static int read_claims(const struct writing *writing, size_t index, struct report_written *written,
		       json_t **ret, struct cov_error *err)
{
	(void)index;
	(void)written;
	return report_study_claims_json(writing->store, writing->study, writing->asked->claims, ret,
					err);
}

static int read_branches(const struct writing *writing, size_t index,
			 struct report_written *written, json_t **ret, struct cov_error *err)
{
	(void)index;
	(void)written;
	return report_branches_json(writing->store, writing->study, ret, err);
}

static int make_functions(const struct writing *writing, size_t index,
			  struct report_written *written, json_t **ret, struct cov_error *err)
{
	(void)index;
	(void)written;
	(void)err;
	*ret = report_code_functions(writing->study);
	return 0;
}

static int make_lines(const struct writing *writing, size_t index, struct report_written *written,
		      json_t **ret, struct cov_error *err)
{
	(void)written;
	(void)err;
	*ret = report_code_lines(writing->study, index);
	return 0;
}

static int make_counts(const struct writing *writing, size_t index, struct report_written *written,
		       json_t **ret, struct cov_error *err)
{
	(void)written;
	(void)err;
	*ret = report_code_counts(writing->study, index);
	return 0;
}

static int make_calls(const struct writing *writing, size_t index, struct report_written *written,
		      json_t **ret, struct cov_error *err)
{
	(void)written;
	(void)err;
	*ret = report_code_calls(writing->study, index);
	return 0;
}

static int make_chunk(const struct writing *writing, size_t index, struct report_written *written,
		      json_t **ret, struct cov_error *err)
{
	(void)written;
	(void)err;
	*ret = report_code_chunk(writing->study, index);
	return 0;
}

static int make_source(const struct writing *writing, size_t index, struct report_written *written,
		       json_t **ret, struct cov_error *err)
{
	(void)err;
	*ret = report_source_json(writing->study, writing->asked->kernel_src, index,
				  &written->source_count, &written->source_missing);
	return 0;
}

/* Parts of one kind: the file of one is NAME.js, or NAME-INDEX.js where there may be several. */
struct part_kind {
	const char *name;
	enum { ONCE, PER_VIEW, PER_CHUNK } number;
	bool is_alone; /* not at the same time as another: it reads the database, or is quick */
	bool is_source;
	int (*read)(const struct writing *writing, size_t index, struct report_written *written,
		    json_t **ret, struct cov_error *err);
};

/*
 * In the order of writing. Those after the last that is alone are written by several threads, of
 * which one at most reads the database: that of the branches, which takes longest.
 */
static const struct part_kind part_kinds[] = {
	{ "study", ONCE, true, false, read_study },
	{ "trust", ONCE, true, false, read_trust },
	{ "claims", ONCE, true, false, read_claims },
	{ "branches", ONCE, false, false, read_branches },
	{ "functions", ONCE, false, false, make_functions },
	{ "lines", PER_VIEW, false, false, make_lines },
	{ "counts", PER_VIEW, false, false, make_counts },
	{ "calls", PER_VIEW, false, false, make_calls },
	{ "file", PER_CHUNK, false, false, make_chunk },
	{ "source", PER_CHUNK, false, true, make_source },
};

static size_t part_number(const struct writing *writing, const struct part_kind *kind)
{
	if (kind->is_source && !writing->asked->kernel_src)
		return 0;
	if (kind->number == ONCE)
		return 1;
	return kind->number == PER_VIEW ? writing->study->view_count : writing->study->chunk_count;
}

/* Fill in the parts, those that are alone first. */
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
		writing->alone_count += kind->is_alone ? number : 0;
	}
}

static char *part_name(const struct part *part)
{
	if (part->kind->number == ONCE)
		return cov_xstrdup(part->kind->name);
	return cov_format("%s-%zu", part->kind->name, part->index);
}

static void write_part(struct writing *writing, const struct part *part)
{
	struct report_written written = { .file_count = 1 };
	COV_AUTO(free) char *name = part_name(part);
	json_t *json = NULL;
	struct cov_error err;
	int result = part->kind->read(writing, part->index, &written, &json, &err);

	if (result == 0)
		result =
		    report_data_write(writing->directory, name, json, &written.size_bytes, &err);
	else
		json_decref(json);
	cov_progress_step(&writing->progress);
	pthread_mutex_lock(&writing->lock);
	writing->written.file_count += written.file_count;
	writing->written.size_bytes += written.size_bytes;
	writing->written.source_count += written.source_count;
	writing->written.source_missing += written.source_missing;
	if (result && !writing->result) {
		writing->result = result;
		*writing->err = err;
	}
	pthread_mutex_unlock(&writing->lock);
}

static void write_later(void *context, size_t item, size_t thread)
{
	struct writing *writing = context;

	(void)thread;
	write_part(writing, &writing->parts[writing->alone_count + item]);
}

static int write_data(struct writing *writing)
{
	list_parts(writing);
	cov_progress_start(&writing->progress, "writing the report", writing->part_count);
	for (size_t i = 0; writing->result == 0 && i < writing->alone_count; i++)
		write_part(writing, &writing->parts[i]);
	if (writing->result == 0)
		cov_parallel_for(writing->part_count - writing->alone_count, write_later, writing);
	cov_progress_end(&writing->progress);
	return writing->result;
}

int report_write(struct store *store, const struct report_asked *asked, struct report_written *ret,
		 struct cov_error *err)
{
	COV_AUTO(report_study_deinit) struct report_study study = { 0 };
	COV_AUTO(report_folder_close) struct report_folder folder = { 0 };
	struct writing writing = {
		.asked = asked,
		.study = &study,
		.store = store,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.err = err,
	};
	struct cov_error clear_err;
	size_t page_count = 0, page_bytes = 0;
	int result = 0;

	if (asked->kernel_src && !cov_is_directory(asked->kernel_src))
		return cov_fail(err, COV_ERR_SYSTEM, "%s is not a directory", asked->kernel_src);
	json_object_seed(0); /* before threads do it at once */
	result = report_study_read(store, asked->kernel, &asked->choice, &study, err);
	if (result == 0)
		result = report_folder_open(asked->directory, &folder, err);
	if (result)
		return result;
	writing.directory = folder.data;
	result = write_data(&writing);
	free(writing.parts);
	if (result == 0)
		result = report_folder_replace(&folder, &page_count, &page_bytes, err);
	/* The report stands, or its failure is what counts. */
	if (report_folder_clear(&folder, &clear_err) != 0 && result == 0)
		cov_say("the older report is not removed: %s", clear_err.message);
	if (result)
		return result;
	writing.written.file_count += page_count;
	writing.written.size_bytes += page_bytes;
	*ret = writing.written;
	return 0;
}
