/* verify.c - compare the counts of a snapshot with those of the system's gcov. */
#include "collector/verify/verify.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/parallel.h"
#include "collector/base/progress.h"
#include "collector/base/trust.h"
#include "collector/base/utf8.h"
#include "collector/decode/counters.h"
#include "collector/decode/counts.h"
#include "collector/decode/kernel.h"
#include "collector/decode/tree.h"
#include "collector/run/process.h"
#include "collector/verify/facts.h"
#include "collector/verify/verify_gcov.h"
#include "collector/verify/verify_place.h"
#include "collector/verify/verify_text.h"

enum { CHUNK_OBJECTS = 40, LISTED_MAX = 20 /* of a chunk */, FOLDER_MODE = 0700 };

/* What the threads share. */
struct verifying {
	const struct cov_kernel *kernel;
	const struct cov_counters *counters;
	const char *gcov;
	enum verify_output output;
	const char *folder;      /* of the pairs, named by the index of the object */
	const uint32_t *objects; /* [object_count], decoded ones */
	size_t object_count;
	const char *roots[2];
	struct verify_result *results; /* [chunk count] */
	struct cov_error *errors;      /* [chunk count]; code 0 when fine */
	struct cov_progress progress;
};

void verify_result_deinit(struct verify_result *result)
{
	free(result->items);
	cov_arena_deinit(&result->arena);
	cov_text_deinit(&result->listing);
}

static int compare_places(const struct fact *first, const struct fact *second)
{
	int order = (int)first->kind - (int)second->kind;

	if (order == 0)
		order = strcmp(first->file, second->file);
	if (order == 0)
		order = (first->line > second->line) - (first->line < second->line);
	return order ? order : strcmp(first->name, second->name);
}

static int compare_facts(const void *a, const void *b)
{
	const struct fact *first = a, *second = b;
	int order = compare_places(first, second);

	if (order == 0)
		order = (first->count > second->count) - (first->count < second->count);
	if (order == 0)
		order = (first->detail > second->detail) - (first->detail < second->detail);
	return order;
}

/* Sort, and make one of the statements about a line that gcov lists once per function. */
static void arrange(struct facts *facts)
{
	size_t kept = 0;

	if (facts->count)
		qsort(facts->items, facts->count, sizeof(*facts->items), compare_facts);
	for (size_t i = 0; i < facts->count; i++) {
		const struct fact *fact = &facts->items[i];

		if (kept && fact->kind == FACT_LINE &&
		    compare_places(&facts->items[kept - 1], fact) == 0)
			facts->items[kept - 1].count += fact->count;
		else
			facts->items[kept++] = *fact;
	}
	facts->count = kept;
}

/* What covdb says of an object. */
static int state_own(const struct verifying *verifying, uint32_t index, struct facts *facts,
		     struct cov_error *err)
{
	const struct cov_object *object = &verifying->kernel->objects[index];
	const struct plan *plan = &object->plan;
	char **files = verifying->kernel->files;
	bool has_details = verifying->output == VERIFY_OUTPUT_JSON;
	COV_AUTO(counts_object_deinit) struct cov_object_counts own = { 0 };
	const struct plan_counts *counts = &own.counts;

	int result =
	    counts_evaluate_object(verifying->kernel, verifying->counters, index, &own, err);
	if (result)
		return result;
	for (uint32_t i = 0; i < plan->line_count; i++)
		facts_add(facts, (struct fact){ FACT_LINE,
						files[object->source_files[plan->lines[i].source]],
						"", plan->lines[i].line, counts->lines[i], 0 });
	for (uint32_t i = 0; i < plan->function_count; i++) {
		const struct plan_function *function = &plan->functions[i];

		if (!function->is_artificial)
			facts_add(facts, (struct fact){
					     FACT_FUNCTION, files[kernel_function_file(object, i)],
					     plan->texts + function->name, function->start_line,
					     counts->functions[i],
					     has_details ? counts->blocks_executed[i] : 0 });
	}
	for (uint32_t i = 0; i < plan->branch_count; i++) {
		const struct plan_line *line = &plan->lines[plan->branches[i].line];

		facts_add(facts,
			  (struct fact){ FACT_BRANCH, files[object->source_files[line->source]], "",
					 line->line, counts->branches[i],
					 has_details ? plan->branches[i].flags : 0 });
	}
	return 0;
}

static void state_branches(const json_t *line, const char *file, int64_t number,
			   struct facts *facts)
{
	size_t index;
	json_t *branch;

	json_array_foreach(json_object_get(line, "branches"), index, branch)
	{
		int64_t flags = 0;

		if (json_is_true(json_object_get(branch, "fallthrough")))
			flags |= PLAN_BRANCH_FALLTHROUGH;
		if (json_is_true(json_object_get(branch, "throw")))
			flags |= PLAN_BRANCH_THROW;
		facts_add(facts, (struct fact){
				     FACT_BRANCH, file, "", number,
				     json_integer_value(json_object_get(branch, "count")), flags });
	}
}

static void state_file(const json_t *file, const char *name, struct facts *facts)
{
	size_t index;
	json_t *item;

	json_array_foreach(json_object_get(file, "lines"), index, item)
	{
		int64_t number = json_integer_value(json_object_get(item, "line_number"));

		facts_add(facts,
			  (struct fact){ FACT_LINE, name, "", number,
					 json_integer_value(json_object_get(item, "count")), 0 });
		state_branches(item, name, number, facts);
	}
	json_array_foreach(json_object_get(file, "functions"), index, item)
	{
		const char *function = json_string_value(json_object_get(item, "name"));

		if (!function)
			continue; /* gcov always gives one; without one it differs from covdb */

		char *own = cov_arena_text(&facts->arena, function, strlen(function));
		cov_utf8_restore(own);
		facts_add(
		    facts,
		    (struct fact){ FACT_FUNCTION, name, own,
				   json_integer_value(json_object_get(item, "start_line")),
				   json_integer_value(json_object_get(item, "execution_count")),
				   json_integer_value(json_object_get(item, "blocks_executed")) });
	}
}

/* What gcov says of an object. */
static void state_gcov(const struct verifying *verifying, const json_t *document,
		       struct facts *facts)
{
	const char *cwd = json_string_value(json_object_get(document, "current_working_directory"));
	COV_AUTO(free) char *folder = cov_xstrdup(cwd ? cwd : "");
	size_t index;
	json_t *file;

	cov_utf8_restore(folder);

	json_array_foreach(json_object_get(document, "files"), index, file)
	{
		const char *given = json_string_value(json_object_get(file, "file"));

		if (!given)
			continue;
		COV_AUTO(free) char *name = cov_xstrdup(given);
		cov_utf8_restore(name);
		COV_AUTO(free) char *place = verify_place(name, folder, verifying->roots);

		state_file(file, cov_arena_text(&facts->arena, place, strlen(place)), facts);
	}
}

static const char *const kinds[] = { "line", "function", "branch" };

static void print_fact(struct cov_text *text, const char *who, const struct fact *fact)
{
	cov_text_print(text, "  %s: %s:%" PRId64 ": %s %s%s%" PRId64, who, fact->file, fact->line,
		       kinds[fact->kind], fact->name, *fact->name ? " " : "", fact->count);
	if (fact->kind == FACT_FUNCTION && fact->detail)
		cov_text_print(text, ", %" PRId64 " blocks executed", fact->detail);
	cov_text_print(text, "\n");
}

/* What only one says of the object. */
static void add_difference(const struct verifying *verifying, uint32_t index,
			   const struct fact *fact, bool is_gcov, struct verify_result *result)
{
	const char *object = verifying->kernel->objects[index].path;
	bool has_blocks = fact->kind == FACT_FUNCTION && verifying->output == VERIFY_OUTPUT_JSON;

	if (result->differences < LISTED_MAX) {
		const char *last =
		    result->differences ? result->items[result->differences - 1].object : "";

		if (strcmp(last, object) != 0)
			cov_text_print(&result->listing, "%s:\n", object);
		print_fact(&result->listing, is_gcov ? "only gcov" : "only covdb", fact);
	}
	result->items =
	    cov_grow(result->items, result->differences, &result->capacity, sizeof(*result->items));
	result->items[result->differences++] = (struct verify_difference){
		.object = object,
		.file = cov_arena_text(&result->arena, fact->file, strlen(fact->file)),
		.kind = kinds[fact->kind],
		.name = cov_arena_text(&result->arena, fact->name, strlen(fact->name)),
		.line = fact->line,
		.count = fact->count,
		.blocks_executed = has_blocks ? fact->detail : -1,
		.is_gcov = is_gcov,
	};
}

static int compare_object(const struct verifying *verifying, uint32_t index, struct facts *other,
			  struct verify_result *result, struct cov_error *err)
{
	COV_AUTO(facts_deinit) struct facts own = { 0 };
	size_t i = 0, j = 0;

	int failed = state_own(verifying, index, &own, err);
	if (failed)
		return failed;
	arrange(&own);
	arrange(other);
	for (size_t k = 0; k < own.count; k++) {
		result->lines += own.items[k].kind == FACT_LINE;
		result->functions += own.items[k].kind == FACT_FUNCTION;
		result->branches += own.items[k].kind == FACT_BRANCH;
	}
	result->objects++;
	while (i < own.count || j < other->count) {
		int order = i == own.count      ? 1
			    : j == other->count ? -1
						: compare_facts(&own.items[i], &other->items[j]);

		if (order)
			add_difference(verifying, index,
				       order < 0 ? &own.items[i] : &other->items[j], order > 0,
				       result);
		i += order <= 0;
		j += order >= 0;
	}
	return 0;
}

/* Where gcov resolves the names of sources; not known for GCC before 9 and for clang. */
static const char *build_folder(const struct verifying *verifying)
{
	const char *root = verifying->kernel->build_root;

	return *root ? root : NULL;
}

/* @options: ended by NULL; the data of the objects follow */
static int start_gcov(const struct verifying *verifying, const char *const *options,
		      const uint32_t *objects, size_t count, struct process_pipe *ret,
		      struct cov_error *err)
{
	enum { OPTIONS_MAX = 4, ENDS = 2 /* the program, and NULL */ };
	COV_AUTO(free)
	char **arguments = cov_xcalloc(count + OPTIONS_MAX + ENDS, sizeof(*arguments));
	size_t used = 0;

	arguments[used++] = cov_xstrdup(verifying->gcov);
	for (size_t i = 0; options[i]; i++)
		arguments[used++] = cov_xstrdup(options[i]);
	for (size_t i = 0; i < count; i++)
		arguments[used++] =
		    cov_format("%s/%" PRIu32 ".gcda", verifying->folder, objects[i]);
	int result =
	    process_pipe_open((const char *const *)arguments, build_folder(verifying), ret, err);
	for (size_t i = 0; i < used; i++)
		free(arguments[i]);
	return result;
}

/* The next object that gcov prints: each is a line. NULL when it is none, with @problem. */
static json_t *read_document(FILE *output, json_error_t *problem)
{
	COV_AUTO(cov_text_deinit) struct cov_text text = { 0 };
	COV_AUTO(free) char *line = NULL;
	size_t capacity = 0;
	ssize_t length = getline(&line, &capacity, output);

	/* gcov prints names as they are, and JSON takes UTF-8 only. */
	cov_utf8_add_json(&text, length > 0 ? line : "", length > 0 ? (size_t)length : 0);
	return json_loadb(text.data, text.length, 0, problem);
}

static int compare_chunk(const struct verifying *verifying, const uint32_t *objects, size_t count,
			 struct verify_result *result, struct cov_error *err)
{
	static const char *const options[] = { "--json-format", "--branch-probabilities",
					       "--stdout", NULL };
	COV_AUTO(process_pipe_close) struct process_pipe pipe = { 0 };
	int failed = start_gcov(verifying, options, objects, count, &pipe, err);

	for (size_t i = 0; i < count && !failed; i++) {
		json_error_t problem;
		json_t *document = read_document(pipe.output, &problem);

		if (document) {
			COV_AUTO(facts_deinit) struct facts facts = { 0 };

			state_gcov(verifying, document, &facts);
			failed = compare_object(verifying, objects[i], &facts, result, err);
		} else {
			failed =
			    cov_fail(err, COV_ERR_FORMAT, "%s of %s: %s", verifying->gcov,
				     verifying->kernel->objects[objects[i]].path, problem.text);
		}
		json_decref(document);
	}
	return failed;
}

/* The annotated sources that gcov left in @folder are stated and removed, and so is the folder. */
static int state_files(const struct verifying *verifying, const char *folder, struct facts *facts,
		       struct cov_error *err)
{
	COV_AUTO(closedir) DIR *listing = opendir(folder);
	const struct dirent *entry;
	int failed = 0, result;

	if (!listing)
		return cov_fail_errno(err, "cannot read %s", folder);
	while ((result = cov_directory_next(listing, folder, &entry, err)) > 0) {
		COV_AUTO(free) char *path = cov_format("%s/%s", folder, entry->d_name);
		COV_AUTO(free) char *text = NULL;
		size_t size;

		if (!failed)
			failed = cov_file_read(path, &text, &size, err);
		if (text)
			verify_text_state(text, verifying->roots, facts);
		unlink(path);
	}
	rmdir(folder);
	return result ? result : failed;
}

/* One object by a gcov that writes files, which takes a process and a folder per object. */
static int compare_by_files(const struct verifying *verifying, uint32_t object,
			    struct verify_result *result, struct cov_error *err)
{
	COV_AUTO(free) char *folder = cov_format("%s/%" PRIu32, verifying->folder, object);
	COV_AUTO(free) char *data = cov_format("%s.gcda", folder);
	const char *const words[] = { verifying->gcov, "-b", "-c", "-p", data, NULL };
	COV_AUTO(facts_deinit) struct facts facts = { 0 };
	COV_AUTO(process_pipe_close) struct process_pipe pipe = { 0 };

	if (mkdir(folder, FOLDER_MODE) != 0)
		return cov_fail_errno(err, "cannot make a folder %s", folder);
	int failed = process_pipe_open(words, folder, &pipe, err);
	if (failed)
		return failed;
	COV_AUTO(free) char *text = verify_gcov_read_all(pipe.output);
	if (!text)
		return cov_fail_errno(err, "cannot read what %s says", verifying->gcov);
	/* What it writes to files is complete when it has ended. */
	process_pipe_close(&pipe);
	failed = state_files(verifying, folder, &facts, err);
	return failed ? failed : compare_object(verifying, object, &facts, result, err);
}

/* Of several objects llvm-cov prints one behind the other, and of one without functions nothing. */
static int compare_by_text(const struct verifying *verifying, const uint32_t *objects, size_t count,
			   struct verify_result *result, struct cov_error *err)
{
	static const char *const options[] = { "gcov", "-b", "-c", "-t", NULL };
	COV_AUTO(process_pipe_close) struct process_pipe pipe = { 0 };
	int failed = start_gcov(verifying, options, objects, count, &pipe, err);

	if (failed)
		return failed;
	COV_AUTO(free) char *text = verify_gcov_read_all(pipe.output);
	if (!text)
		return cov_fail_errno(err, "cannot read what %s says", verifying->gcov);
	char *rest = text;
	for (size_t i = 0; i < count && !failed; i++) {
		COV_AUTO(facts_deinit) struct facts facts = { 0 };
		COV_AUTO(free)
		char *graph = cov_format("%s/%" PRIu32 ".gcno", verifying->folder, objects[i]);

		verify_text_state(verify_text_cut(&rest, graph), verifying->roots, &facts);
		failed = compare_object(verifying, objects[i], &facts, result, err);
	}
	if (!failed && *rest)
		failed = cov_fail(err, COV_ERR_FORMAT, "%s says something of no object: %.80s",
				  verifying->gcov, rest);
	return failed;
}

static void compare_one_chunk(void *context, size_t index, size_t thread)
{
	struct verifying *verifying = context;
	size_t first = index * CHUNK_OBJECTS;
	size_t left = verifying->object_count - first;

	size_t count = left < CHUNK_OBJECTS ? left : CHUNK_OBJECTS;
	const uint32_t *objects = verifying->objects + first;
	struct verify_result *result = &verifying->results[index];
	struct cov_error *err = &verifying->errors[index];
	int failed = 0;

	(void)thread;
	if (verifying->output == VERIFY_OUTPUT_JSON)
		compare_chunk(verifying, objects, count, result, err);
	if (verifying->output == VERIFY_OUTPUT_TEXT)
		compare_by_text(verifying, objects, count, result, err);
	for (size_t i = 0; i < count && !failed && verifying->output == VERIFY_OUTPUT_FILES; i++)
		failed = compare_by_files(verifying, objects[i], result, err);
	cov_progress_step(&verifying->progress);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, ((const struct tree_file *)b)->name);
}

/* Copy a file of a tree to where gcov looks for it. */
static int copy_out(const struct tree *tree, const char *name, const char *folder, uint32_t index,
		    const char *suffix, struct cov_error *err)
{
	const struct tree_file *file =
	    bsearch(name, tree->files, tree->file_count, sizeof(*tree->files), compare_names);
	COV_AUTO(tree_content_deinit) struct tree_content content = { 0 };
	COV_AUTO(free) char *path = cov_format("%s/%" PRIu32 "%s", folder, index, suffix);

	if (!file)
		return cov_fail(err, COV_ERR_SYSTEM, "%s: %s is gone", tree->path, name);
	int result = tree_read(tree, (size_t)(file - tree->files), &content, err);
	return result ? result : cov_file_create(path, content.data, content.size, err);
}

static int copy_pairs(const struct verifying *verifying, const char *notes, const char *snapshot,
		      struct cov_error *err)
{
	COV_AUTO(tree_deinit) struct tree notes_tree = { 0 };
	COV_AUTO(tree_deinit) struct tree data_tree = { 0 };
	int result = tree_open(notes, ".gcno", &notes_tree, err);

	if (result == 0)
		result = tree_open(snapshot, ".gcda", &data_tree, err);
	for (size_t i = 0; result == 0 && i < verifying->object_count; i++) {
		uint32_t index = verifying->objects[i];

		result = copy_out(&notes_tree, verifying->kernel->objects[index].notes,
				  verifying->folder, index, ".gcno", err);
		if (result == 0)
			result = copy_out(&data_tree, verifying->counters->files[index],
					  verifying->folder, index, ".gcda", err);
	}
	return result;
}

static void remove_pairs(const struct verifying *verifying)
{
	for (size_t i = 0; i < verifying->object_count; i++) {
		COV_AUTO(free)
		char *stem = cov_format("%s/%" PRIu32, verifying->folder, verifying->objects[i]);
		COV_AUTO(free) char *notes = cov_format("%s.gcno", stem);
		COV_AUTO(free) char *data = cov_format("%s.gcda", stem);

		unlink(notes);
		unlink(data);
	}
	rmdir(verifying->folder);
}

/* Let @whole have what @part has. */
static void add_result(struct verify_result *whole, struct verify_result *part)
{
	whole->objects += part->objects;
	whole->lines += part->lines;
	whole->functions += part->functions;
	whole->branches += part->branches;
	for (size_t i = 0; i < part->differences; i++) {
		whole->items = cov_grow(whole->items, whole->differences, &whole->capacity,
					sizeof(*whole->items));
		whole->items[whole->differences++] = part->items[i];
	}
	cov_arena_join(&whole->arena, &part->arena);
	if (part->listing.length)
		cov_text_add(&whole->listing, part->listing.data, part->listing.length);
	verify_result_deinit(part);
}

static int compare_all(struct verifying *verifying, struct verify_result *ret,
		       struct cov_error *err)
{
	size_t chunk_count = (verifying->object_count + CHUNK_OBJECTS - 1) / CHUNK_OBJECTS;
	COV_AUTO(free)
	struct verify_result *results = cov_xcalloc(chunk_count, sizeof(*results));
	COV_AUTO(free) struct cov_error *errors = cov_xcalloc(chunk_count, sizeof(*errors));
	COV_AUTO(verify_result_deinit) struct verify_result whole = { 0 };
	int result = 0;

	verifying->results = results;
	verifying->errors = errors;
	cov_progress_start(&verifying->progress, "comparing with gcov, groups of objects",
			   chunk_count);
	cov_parallel_for(chunk_count, compare_one_chunk, verifying);
	cov_progress_end(&verifying->progress);
	for (size_t i = 0; i < chunk_count; i++) {
		add_result(&whole, &results[i]);
		if (errors[i].code && !result) {
			*err = errors[i];
			result = errors[i].code;
		}
	}
	if (result)
		return result;
	*ret = whole;
	memset(&whole, 0, sizeof(whole));
	return 0;
}

int verify_snapshot(const struct cov_kernel *kernel, const struct cov_counters *counters,
		    const struct verify_files *files, struct verify_result *ret,
		    struct cov_error *err)
{
	const char *given = getenv("TMPDIR"), *temporary = given && *given ? given : "/tmp";
	COV_AUTO(free) char *place = NULL;
	COV_AUTO(free) char *folder = cov_format("%s/covdb-verify-XXXXXX", temporary);
	COV_AUTO(free) uint32_t *objects = cov_xcalloc(kernel->object_count, sizeof(*objects));
	struct verifying verifying = {
		.kernel = kernel,
		.counters = counters,
		.gcov = files->gcov,
		.output = verify_gcov_output(kernel),
		.folder = folder,
		.objects = objects,
		.roots = { kernel->build_root, kernel->source_root },
	};

	for (size_t i = 0; i < kernel->object_count; i++) {
		if (counters->states[i] == COV_OBJECT_DECODED)
			objects[verifying.object_count++] = (uint32_t)i;
	}
	/* gcov is started in there: root's must not be replaced by somebody else. */
	int result = geteuid() == 0 ? cov_trust_place(temporary, &place, err) : 0;
	if (result != 0)
		return result;
	if (!mkdtemp(folder))
		return cov_fail_errno(err, "cannot make a folder %s", folder);
	result = copy_pairs(&verifying, files->notes, files->snapshot, err);
	if (result == 0)
		result = compare_all(&verifying, ret, err);
	remove_pairs(&verifying);
	return result;
}
