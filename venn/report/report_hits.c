/* report_hits.c - consecutive files and what was executed of them in all views, as parts. */
#include "venn/report/report_hits.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/json.h"
#include "collector/base/memory.h"
#include "collector/base/number.h"
#include "venn/report/report_json.h"
#include "venn/store/store_tile.h"

void report_hits_deinit(struct report_hits *hits)
{
	for (size_t i = 0; i < hits->list_count; i++)
		free(hits->lists[i].items);
	free(hits->lists);
	memset(hits, 0, sizeof(*hits));
}

static struct store_range range_of(const struct report_study *study, size_t chunk)
{
	const struct report_chunk *files = &study->chunks[chunk];
	const uint32_t *line_first = study->files.file_line_first;
	size_t first = line_first[files->file_first];

	return (struct store_range){ first,
				     line_first[files->file_first + files->file_count] - first };
}

static int compare_hits(const void *a, const void *b)
{
	const struct report_hit *first = a, *second = b;

	return (first->line_id > second->line_id) - (first->line_id < second->line_id);
}

/* Workloads united: a line is kept if it is in one of them, and their counts are added up. */
static void merge(struct report_hit_list *list)
{
	size_t kept = 0;

	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items), compare_hits);
	for (size_t i = 0; i < list->count; i++) {
		struct report_hit *last = kept ? &list->items[kept - 1] : NULL;

		if (!last || last->line_id != list->items[i].line_id) {
			list->items[kept++] = list->items[i];
			continue;
		}
		last->count = cov_number_add(last->count, list->items[i].count);
		last->is_kept |= list->items[i].is_kept;
	}
	list->count = kept;
}

static int read_footprint(struct store_tile_reader *reader, struct report_hit_list *list,
			  struct cov_error *err)
{
	int result;

	while ((result = store_tile_next(reader, err)) > 0) {
		list->items =
		    cov_grow(list->items, list->count, &list->capacity, sizeof(*list->items));
		list->items[list->count++] = (struct report_hit){
			.line_id = (uint32_t)reader->id,
			.is_kept = reader->values[1],
			.count = reader->values[0],
		};
	}
	return result;
}

static int read_list(struct store_tile_reader *reader, const struct store_query_platform *platform,
		     const struct store_range *range, struct report_hit_list *list,
		     struct cov_error *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < platform->footprint_count; i++) {
		store_tile_move(reader, platform->footprints[i], range);
		result = read_footprint(reader, list, err);
	}
	if (result == 0 && platform->footprint_count > 1)
		merge(list);
	return result;
}

int report_hits_read(struct store *store, const struct report_study *study, size_t chunk,
		     struct report_hits *ret, struct cov_error *err)
{
	const struct store_range range = range_of(study, chunk);
	COV_AUTO(store_tile_close) struct store_tile_reader reader = { 0 };
	struct report_hit_list *list;
	int result = store_tile_open(store, STORE_TILE_FOOTPRINT_LINES, 0, &range, &reader, err);

	for (size_t i = 0; i < study->view_count; i++)
		ret->list_count += study->views[i].query.platform_count;
	ret->lists = list = cov_xcalloc(ret->list_count, sizeof(*ret->lists));
	for (size_t i = 0; i < study->view_count; i++) {
		const struct store_query *query = &study->views[i].query;

		for (size_t j = 0; result == 0 && j < query->platform_count; j++)
			result = read_list(&reader, &query->platforms[j], &range, list++, err);
	}
	return result;
}

/* What is written of the files of a chunk, one after the other. */
struct progress {
	const struct report_study *study;
	const struct report_hits *hits;
	size_t function; /* the next one */
	size_t *next;    /* [hits->list_count], the next hit of each list */
	int32_t *places; /* of the file's lines among those of linked objects */
};

/* Places among the lines of the file, counts, whether kept; nothing if it executed none. */
static void add_hits(struct progress *progress, size_t list_index, size_t view, size_t platform,
		     size_t file, struct cov_text *ret)
{
	const struct report_hit_list *list = &progress->hits->lists[list_index];
	const uint32_t *line_first = progress->study->files.file_line_first;
	struct report_column places = { 0 }, counts = { 0 }, kept = { 0 };
	size_t *next = &progress->next[list_index];

	for (; *next < list->count && list->items[*next].line_id < line_first[file + 1]; ++*next) {
		const struct report_hit *hit = &list->items[*next];

		report_json_add_difference(&places,
					   progress->places[hit->line_id - line_first[file]]);
		report_json_add(&counts, hit->count);
		report_json_add(&kept, hit->is_kept);
	}
	if (!places.text.length)
		return;
	report_json_begin(ret, '[');
	report_json_number(ret, (int64_t)view);
	report_json_number(ret, (int64_t)platform);
	report_json_column(ret, &places);
	report_json_column(ret, &counts);
	report_json_column(ret, &kept);
	report_json_end(ret, ']');
}

static void add_functions(struct progress *progress, size_t file, struct cov_text *ret)
{
	const struct store_functions *functions = &progress->study->functions;

	for (; progress->function < functions->count; progress->function++) {
		const struct store_function *at = &functions->items[progress->function];

		if (at->file_id > (int64_t)file)
			break;
		report_json_begin(ret, '[');
		report_json_number(ret, at->start_line);
		report_json_number(ret, at->end_line);
		report_json_value(ret, cov_json_name(at->name));
		report_json_end(ret, ']');
	}
}

static void add_file(struct progress *progress, size_t file, struct cov_text *ret)
{
	const struct report_study *study = progress->study;
	const struct cov_kernel *kernel = &study->files;
	size_t first = kernel->file_line_first[file], next = kernel->file_line_first[file + 1];
	struct report_column lines = { 0 };
	int32_t place = -1;
	size_t list = 0;

	for (size_t i = first; i < next; i++) {
		place += study->is_linked[i];
		progress->places[i - first] = place;
		if (study->is_linked[i])
			report_json_add_difference(&lines, kernel->line_numbers[i]);
	}
	report_json_begin(ret, '{');
	report_json_key(ret, "lines");
	report_json_column(ret, &lines);
	report_json_key(ret, "functions");
	report_json_begin(ret, '[');
	add_functions(progress, file, ret);
	report_json_end(ret, ']');
	report_json_key(ret, "hits");
	report_json_begin(ret, '[');
	for (size_t i = 0; i < study->view_count; i++) {
		const struct report_view *view = &study->views[i];

		for (size_t j = 0; j < view->query.platform_count; j++)
			add_hits(progress, list++, i, view->places[j], file, ret);
	}
	report_json_end(ret, ']');
	report_json_end(ret, '}');
}

void report_hits_json(const struct report_study *study, size_t index,
		      const struct report_hits *hits, struct cov_text *ret)
{
	const struct report_chunk *chunk = &study->chunks[index];
	COV_AUTO(free) size_t *next = cov_xcalloc(hits->list_count, sizeof(*next));
	COV_AUTO(free)
	int32_t *places = cov_xcalloc(range_of(study, index).line_count, sizeof(*places));
	struct progress progress = { .study = study, .hits = hits, .next = next, .places = places };

	while (progress.function < study->functions.count &&
	       study->functions.items[progress.function].file_id < (int64_t)chunk->file_first)
		progress.function++;
	report_json_begin(ret, '[');
	for (size_t i = 0; i < chunk->file_count; i++)
		add_file(&progress, chunk->file_first + i, ret);
	report_json_end(ret, ']');
}
