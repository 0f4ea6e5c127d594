/* cmd_stability_trials.c - covdb stability: what single trials executed, before any rule. */
#include "venn/commands/cmd_stability_trials.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"
#include "collector/collector.h"
#include "venn/analysis/agreement.h"
#include "venn/store/store_code.h"
#include "venn/store/store_function.h"
#include "venn/store/store_mask.h"
#include "venn/store/store_stability.h"
#include "venn/store/store_transaction.h"

void cmd_stability_trials_masks_deinit(struct cmd_stability_trials_masks *masks)
{
	free(masks->words);
	memset(masks, 0, sizeof(*masks));
}

static bool is_asked(const struct store_query *query, const char *platform)
{
	for (size_t i = 0; i < query->platform_count; i++) {
		if (strcmp(query->platforms[i].name, platform) == 0)
			return true;
	}
	return false;
}

/* Where the masks of a cell are wanted; NULL: nowhere. @count: where their number is, too */
static uint64_t *find_room(const struct store_query *query, const struct store_stability_cell *cell,
			   struct cmd_stability_trials_masks *masks, size_t **count)
{
	for (size_t i = 0; masks->words && i < query->platform_count; i++) {
		if (query->platforms[i].id == cell->trials.platform_id &&
		    query->workloads.stored_id == cell->trials.workload_id) {
			*count = &masks->trial_counts[i];
			return masks->words + (i + 1) * (size_t)query->line_count;
		}
	}
	return NULL;
}

static void add_cell(const struct store_stability_cell *cell, const struct cov_stability *stability,
		     struct rows *rows)
{
	rows_word(rows, cell->platform);
	rows_word(rows, cell->workload);
	rows_count(rows, cell->trial_count);
	rows_number(rows, (double)cell->duration_ns / 1e9 / (double)cell->trial_count);
	rows_count(rows, stability->any);
	rows_count(rows, stability->most);
	rows_count(rows, stability->all);
	if (isnan(stability->jaccard)) {
		rows_missing(rows);
		rows_shown_as(rows, "cannot tell");
	} else {
		rows_number(rows, stability->jaccard);
	}
}

int cmd_stability_trials_fill(const struct question *question, struct store_tile_ids *tiles,
			      struct cmd_stability_trials_masks *masks, struct rows *ret,
			      struct cov_error *err)
{
	static const struct rows_column columns[] = {
		{ "PLATFORM", "platform", ROWS_WORD }, { "WORKLOAD", "workload", ROWS_WORD },
		{ "TRIALS", "trials", ROWS_COUNT },    { "SECONDS", "seconds", ROWS_SECONDS },
		{ "ANY", "lines_any", ROWS_COUNT },    { "MOST", "lines_most", ROWS_COUNT },
		{ "ALL", "lines_all", ROWS_COUNT },    { "JACCARD", "jaccard", ROWS_FIGURE },
	};
	const struct store_query *query = &question->query;
	COV_AUTO(store_stability_cells_deinit) struct store_stability_cells cells = { 0 };
	size_t line_count = (size_t)query->line_count, scratch_count;
	COV_AUTO(free) uint64_t *scratch = NULL;
	int result = store_stability_cells(question->store, query->kernel_id, &query->workloads,
					   &cells, err);

	ret->columns = columns;
	ret->column_count = sizeof(columns) / sizeof(*columns);
	for (size_t i = 0; result == 0 && i < cells.count; i++) {
		const struct store_stability_cell *cell = &cells.items[i];
		size_t *count = &scratch_count;

		if (!is_asked(query, cell->platform))
			continue;
		uint64_t *words = find_room(query, cell, masks, &count);
		if (!words) {
			free(scratch);
			words = scratch = cov_xcalloc(line_count, sizeof(*scratch));
		}
		result = store_stability_trial_masks(tiles, &cell->trials, words, count, err);
		if (result)
			break;
		const struct cov_stability stability = agreement_of(words, line_count, *count);
		add_cell(cell, &stability, ret);
	}
	return result;
}

/* What holds lines: a function, or what is in none of a file. */
struct holder {
	size_t index;   /* of a function; behind these, of a file */
	int64_t any;    /* lines that some trial executed */
	int64_t differ; /* of them, lines that not every trial did */
};

/* Those that differ most first. */
static int compare_holders(const void *a, const void *b)
{
	const struct holder *first = a, *second = b;

	if (first->differ != second->differ)
		return first->differ > second->differ ? -1 : 1;
	return (first->index > second->index) - (first->index < second->index);
}

/* @ret: [functions, then files] */
static void count_lines(const struct store_query *query, const struct store_code *code,
			uint64_t full, struct holder *ret)
{
	for (int64_t place = 0; place < query->line_count; place++) {
		const struct store_code_line *line = store_code_line(code, place);

		if (!line)
			continue;
		size_t file = code->kernel.line_files[query->line_first + place];
		struct holder *holder =
		    &ret[line->function != STORE_NO_FUNCTION ? line->function
							     : code->function_count + file];
		holder->any++;
		holder->differ += line->executed != full;
	}
}

static int add_holder(const struct question *question, const struct store_code *code,
		      const struct holder *holder, struct rows *rows, struct cov_error *err)
{
	COV_AUTO(free) char *name = NULL;
	size_t file = holder->index - code->function_count;
	int64_t start_line = 0;
	int result = 0;

	if (holder->index < code->function_count) {
		const struct store_code_function *function = &code->functions[holder->index];

		file = (size_t)function->file_id;
		start_line = function->start_line;
		result = store_function_name(question->store, question->query.kernel_id,
					     function->id, &name, err);
	}
	if (result)
		return result;
	rows_word(rows, name ? name : question_no_function(question));
	rows_word(rows, code->kernel.files[file]);
	if (name)
		rows_count(rows, start_line);
	else
		rows_missing(rows);
	rows_count(rows, holder->differ);
	rows_count(rows, holder->any);
	return 0;
}

/* What is listed of cells, one after the other. */
struct listing {
	struct store_tile_ids tiles; /* owned, as is the next */
	struct store_code code;      /* of the last one */
	struct rows rows;            /* owned */
	size_t hidden;               /* functions beyond the limit, added up */
};

static void listing_deinit(struct listing *listing)
{
	store_tile_ids_deinit(&listing->tiles);
	store_code_deinit(&listing->code);
	rows_deinit(&listing->rows);
}

COV_DEFINE_AUTO_STRUCT(struct listing, listing_deinit)

/* The functions in which one cell's trials differ. */
static int list_cell(const struct question *question, const struct store_stability_cell *cell,
		     struct listing *listing, struct cov_error *err)
{
	const struct store_query *query = &question->query;
	COV_AUTO(free) uint64_t *masks = cov_xcalloc((size_t)query->line_count, sizeof(*masks));
	struct store_code *code = &listing->code;
	size_t trial_count = 0;
	int result =
	    store_stability_trial_masks(&listing->tiles, &cell->trials, masks, &trial_count, err);

	if (result == 0)
		result = store_code_of_masks(question->store, query, masks, code, err);
	if (result)
		return result;
	size_t holder_count = code->function_count + code->kernel.file_count;
	COV_AUTO(free) struct holder *holders = cov_xcalloc(holder_count, sizeof(*holders));
	for (size_t i = 0; i < holder_count; i++)
		holders[i].index = i;
	count_lines(query, code, ((uint64_t)1 << trial_count) - 1, holders);
	qsort(holders, holder_count, sizeof(*holders), compare_holders);
	for (size_t i = 0; result == 0 && i < holder_count && holders[i].differ; i++) {
		if (i >= question->limit) {
			listing->hidden++;
			continue;
		}
		rows_word(&listing->rows, cell->platform);
		rows_word(&listing->rows, cell->workload);
		result = add_holder(question, code, &holders[i], &listing->rows, err);
	}
	return result;
}

int cmd_stability_trials_list(struct question *question, struct cov_error *err)
{
	static const struct rows_column columns[] = {
		{ "PLATFORM", "platform", ROWS_WORD }, { "WORKLOAD", "workload", ROWS_WORD },
		{ "FUNCTION", "function", ROWS_WORD }, { "FILE", "file", ROWS_WORD },
		{ "LINE", "line", ROWS_NUMBER },       { "DIFFER", "differ", ROWS_COUNT },
		{ "ANY", "lines_any", ROWS_COUNT },
	};
	COV_AUTO(store_stability_cells_deinit) struct store_stability_cells cells = { 0 };
	COV_AUTO(listing_deinit)
	struct listing listing = {
		.tiles = store_mask_tiles(question->store, &question->query),
		.rows = { .columns = columns, .column_count = sizeof(columns) / sizeof(*columns) },
	};
	int result = store_stability_cells(question->store, question->query.kernel_id,
					   &question->query.workloads, &cells, err);

	for (size_t i = 0; result == 0 && i < cells.count; i++) {
		if (is_asked(&question->query, cells.items[i].platform))
			result = list_cell(question, &cells.items[i], &listing, err);
	}
	if (result)
		return result;
	store_transaction_end(question->store);
	listing.rows.none = cov_format("no function: the trials of each workload and platform "
				       "execute the same lines of %s, or there is one alone",
				       question->query.directory);
	question_print(question, &listing.rows,
		       listing.rows.cell_count / listing.rows.column_count + listing.hidden);
	return 0;
}
