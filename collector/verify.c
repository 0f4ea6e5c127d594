/* verify.c - compare the counts of a snapshot with those of the system's gcov. */
#include "collector/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/parallel.h"
#include "collector/base/progress.h"
#include "collector/counters.h"
#include "collector/gcov_format.h"
#include "collector/kernel.h"
#include "collector/source_path.h"
#include "collector/tree.h"

enum { CHUNK_OBJECTS = 40, LISTED_MAX = 20 /* of a chunk */, OWNER_MODE = 0600 };

extern char **environ;

/* One statement about an object, from covdb or from gcov. */
struct fact {
	enum fact_kind { FACT_LINE, FACT_FUNCTION, FACT_BRANCH } kind;
	const char *file; /* as covdb shows it */
	const char *name; /* of a function, else "" */
	int64_t line;
	int64_t count;  /* of the line or branch; calls of the function */
	int64_t detail; /* a branch's PLAN_BRANCH_* flags; a function's executed blocks */
};

struct facts {
	struct fact *items; /* [count]; owned */
	size_t count, capacity;
	struct cov_arena arena; /* of texts that nobody else owns */
};

static void facts_deinit(struct facts *facts)
{
	free(facts->items);
	cov_arena_deinit(&facts->arena);
}

COV_DEFINE_AUTO_STRUCT(struct facts, facts_deinit)

/* What the threads share. */
struct verifying {
	const struct cov_kernel *kernel;
	const struct cov_counters *counters;
	const char *gcov;
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
	cov_text_deinit(&result->listing);
}

static void add_fact(struct facts *facts, struct fact fact)
{
	facts->items =
	    cov_grow(facts->items, facts->count, &facts->capacity, sizeof(*facts->items));
	facts->items[facts->count++] = fact;
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
static void state_own(const struct verifying *verifying, uint32_t index, struct facts *facts)
{
	const struct cov_object *object = &verifying->kernel->objects[index];
	const struct plan *plan = &object->plan;
	char **files = verifying->kernel->files;
	COV_AUTO(plan_scratch_deinit) struct plan_scratch scratch = { 0 };
	COV_AUTO(free) int64_t *lines = cov_xcalloc(plan->line_count, sizeof(*lines));
	COV_AUTO(free) int64_t *calls = cov_xcalloc(plan->function_count, sizeof(*calls));
	COV_AUTO(free) int64_t *blocks = cov_xcalloc(plan->function_count, sizeof(*blocks));
	COV_AUTO(free) int64_t *branches = cov_xcalloc(plan->branch_count, sizeof(*branches));
	struct plan_counts counts = {
		.lines = lines,
		.functions = calls,
		.blocks_executed = blocks,
		.branches = branches,
	};

	plan_evaluate(plan, verifying->counters->values + object->counter_first, &counts, &scratch);
	for (uint32_t i = 0; i < plan->line_count; i++)
		add_fact(facts, (struct fact){ FACT_LINE,
					       files[object->source_files[plan->lines[i].source]],
					       "", plan->lines[i].line, lines[i], 0 });
	for (uint32_t i = 0; i < plan->function_count; i++) {
		const struct plan_function *function = &plan->functions[i];

		if (!function->is_artificial)
			add_fact(facts,
				 (struct fact){ FACT_FUNCTION,
						files[object->source_files[function->source]],
						plan->texts + function->name, function->start_line,
						calls[i], blocks[i] });
	}
	for (uint32_t i = 0; i < plan->branch_count; i++) {
		const struct plan_line *line = &plan->lines[plan->branches[i].line];

		add_fact(facts,
			 (struct fact){ FACT_BRANCH, files[object->source_files[line->source]], "",
					line->line, branches[i], plan->branches[i].flags });
	}
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
		add_fact(facts, (struct fact){ FACT_BRANCH, file, "", number,
					       json_integer_value(json_object_get(branch, "count")),
					       flags });
	}
}

static void state_file(const json_t *file, const char *name, struct facts *facts)
{
	size_t index;
	json_t *item;

	json_array_foreach(json_object_get(file, "lines"), index, item)
	{
		int64_t number = json_integer_value(json_object_get(item, "line_number"));

		add_fact(facts,
			 (struct fact){ FACT_LINE, name, "", number,
					json_integer_value(json_object_get(item, "count")), 0 });
		state_branches(item, name, number, facts);
	}
	json_array_foreach(json_object_get(file, "functions"), index, item)
	{
		const char *function = json_string_value(json_object_get(item, "name"));

		if (!function)
			continue; /* gcov always gives one; whatever this is differs from covdb */

		add_fact(facts, (struct fact){
				    FACT_FUNCTION, name,
				    cov_arena_text(&facts->arena, function, strlen(function)),
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
	size_t index;
	json_t *file;

	json_array_foreach(json_object_get(document, "files"), index, file)
	{
		const char *given = json_string_value(json_object_get(file, "file"));

		if (!given)
			continue;
		COV_AUTO(free)
		char *shown = source_path_relative(given, cwd ? cwd : "", verifying->roots, 2);

		state_file(file, cov_arena_text(&facts->arena, shown, strlen(shown)), facts);
	}
}

static void print_fact(struct cov_text *text, const char *who, const struct fact *fact)
{
	static const char *const kinds[] = { "line", "function", "branch" };

	cov_text_print(text, "  %s: %s:%" PRId64 ": %s %s%s%" PRId64, who, fact->file, fact->line,
		       kinds[fact->kind], fact->name, *fact->name ? " " : "", fact->count);
	if (fact->kind == FACT_FUNCTION)
		cov_text_print(text, ", %" PRId64 " blocks executed", fact->detail);
	cov_text_print(text, "\n");
}

static void compare_object(const struct verifying *verifying, uint32_t index,
			   const json_t *document, struct verify_result *result)
{
	COV_AUTO(facts_deinit) struct facts own = { 0 };
	COV_AUTO(facts_deinit) struct facts other = { 0 };
	size_t i = 0, j = 0, before = result->differences;

	state_own(verifying, index, &own);
	state_gcov(verifying, document, &other);
	arrange(&own);
	arrange(&other);
	for (size_t k = 0; k < own.count; k++) {
		result->lines += own.items[k].kind == FACT_LINE;
		result->functions += own.items[k].kind == FACT_FUNCTION;
		result->branches += own.items[k].kind == FACT_BRANCH;
	}
	result->objects++;
	while (i < own.count || j < other.count) {
		int order = i == own.count     ? 1
			    : j == other.count ? -1
					       : compare_facts(&own.items[i], &other.items[j]);

		if (order && result->differences == before && before < LISTED_MAX)
			cov_text_print(&result->listing, "%s:\n",
				       verifying->kernel->objects[index].path);
		if (order < 0 && result->differences < LISTED_MAX)
			print_fact(&result->listing, "only covdb", &own.items[i]);
		if (order > 0 && result->differences < LISTED_MAX)
			print_fact(&result->listing, "only gcov", &other.items[j]);
		result->differences += order != 0;
		i += order <= 0;
		j += order >= 0;
	}
}

/* Start a program, in @folder if not NULL; what it prints can be read from @output. */
static int start(char *const *arguments, const char *folder, pid_t *pid, FILE **output,
		 struct cov_error *err)
{
	posix_spawn_file_actions_t actions;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return cov_fail_errno(err, "cannot make a pipe");
	posix_spawn_file_actions_init(&actions);
	if (folder)
		posix_spawn_file_actions_addchdir_np(&actions, folder);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	int failure = posix_spawnp(pid, arguments[0], &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (failure) {
		close(ends[0]);
		errno = failure;
		return cov_fail_errno(err, "cannot run %s in %s", arguments[0],
				      folder ? folder : ".");
	}
	*output = fdopen(ends[0], "r");
	return 0;
}

static int start_gcov(const struct verifying *verifying, const uint32_t *objects, size_t count,
		      pid_t *pid, FILE **output, struct cov_error *err)
{
	COV_AUTO(free) char **arguments = cov_xcalloc(count + 5, sizeof(*arguments));
	size_t used = 0;

	arguments[used++] = cov_xstrdup(verifying->gcov);
	arguments[used++] = cov_xstrdup("--json-format");
	arguments[used++] = cov_xstrdup("--branch-probabilities");
	arguments[used++] = cov_xstrdup("--stdout");
	for (size_t i = 0; i < count; i++)
		arguments[used++] =
		    cov_format("%s/%" PRIu32 ".gcda", verifying->folder, objects[i]);
	int result = start(arguments, verifying->kernel->build_root, pid, output, err);
	for (size_t i = 0; i < used; i++)
		free(arguments[i]);
	return result;
}

static int compare_chunk(const struct verifying *verifying, const uint32_t *objects, size_t count,
			 struct verify_result *result, struct cov_error *err)
{
	COV_AUTO(fclose) FILE *output = NULL;
	pid_t pid;
	int status = 0;
	int failed = start_gcov(verifying, objects, count, &pid, &output, err);

	for (size_t i = 0; i < count && !failed; i++) {
		json_error_t problem;
		json_t *document = json_loadf(output, JSON_DISABLE_EOF_CHECK, &problem);

		if (document)
			compare_object(verifying, objects[i], document, result);
		else
			failed =
			    cov_fail(err, COV_ERR_FORMAT, "%s of %s: %s", verifying->gcov,
				     verifying->kernel->objects[objects[i]].path, problem.text);
		json_decref(document);
	}
	if (output) {
		fclose(output);
		output = NULL;
		waitpid(pid, &status, 0);
	}
	return failed;
}

static void compare_one_chunk(void *context, size_t index, size_t thread)
{
	struct verifying *verifying = context;
	size_t first = index * CHUNK_OBJECTS;
	size_t left = verifying->object_count - first;

	(void)thread;
	compare_chunk(verifying, verifying->objects + first,
		      left < CHUNK_OBJECTS ? left : CHUNK_OBJECTS, &verifying->results[index],
		      &verifying->errors[index]);
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
	if (result)
		return result;
	COV_AUTO(close)
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, OWNER_MODE);
	if (fd < 0 || write(fd, content.data, content.size) != (ssize_t)content.size)
		return cov_fail_errno(err, "cannot write %s", path);
	return 0;
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
		whole.objects += results[i].objects;
		whole.lines += results[i].lines;
		whole.functions += results[i].functions;
		whole.branches += results[i].branches;
		whole.differences += results[i].differences;
		if (results[i].listing.length)
			cov_text_add(&whole.listing, results[i].listing.data,
				     results[i].listing.length);
		verify_result_deinit(&results[i]);
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
		    const char *notes, const char *snapshot, const char *gcov,
		    struct verify_result *ret, struct cov_error *err)
{
	const char *temporary = getenv("TMPDIR");
	COV_AUTO(free)
	char *folder = cov_format("%s/covdb-verify-XXXXXX", temporary ? temporary : "/tmp");
	COV_AUTO(free) uint32_t *objects = cov_xcalloc(kernel->object_count, sizeof(*objects));
	struct verifying verifying = {
		.kernel = kernel,
		.counters = counters,
		.gcov = gcov,
		.folder = folder,
		.objects = objects,
		.roots = { kernel->build_root, kernel->source_root },
	};

	for (size_t i = 0; i < kernel->object_count; i++) {
		if (counters->states[i] == COV_OBJECT_DECODED)
			objects[verifying.object_count++] = (uint32_t)i;
	}
	if (!mkdtemp(folder))
		return cov_fail_errno(err, "cannot make a folder %s", folder);
	int result = copy_pairs(&verifying, notes, snapshot, err);
	if (result == 0)
		result = compare_all(&verifying, ret, err);
	remove_pairs(&verifying);
	return result;
}

/* The version that a gcov says it is, 122 for 12.2; 0 if it cannot be run. */
static unsigned gcov_version(char *program)
{
	char option[] = "--version";
	char *const arguments[] = { program, option, NULL };
	char line[256] = "";
	unsigned major = 0, minor = 0;
	struct cov_error ignored; /* that it cannot be run is the answer */
	FILE *output;
	pid_t pid;

	if (start(arguments, NULL, &pid, &output, &ignored))
		return 0;
	char *got = fgets(line, sizeof(line), output);
	while (fgetc(output) != EOF)
		;
	fclose(output);
	waitpid(pid, NULL, 0);
	const char *last = got ? strrchr(line, ' ') : NULL;
	if (!last || sscanf(last, " %u.%u", &major, &minor) != 2)
		return 0;
	return 10 * major + minor;
}

/* gcov runs in another directory, so a path must not be relative. */
static char *absolute_program(const char *given)
{
	char *path = strchr(given, '/') ? realpath(given, NULL) : NULL;

	return path ? path : cov_xstrdup(given);
}

int verify_find_gcov(const struct cov_kernel *kernel, const char *given, char **ret,
		     struct cov_error *err)
{
	uint32_t version = kernel->object_count ? kernel->objects[0].plan.version : 0;
	unsigned wanted = gcov_version_number(version) / 10;
	COV_AUTO(free)
	char *first = given ? absolute_program(given) : cov_format("gcov-%u", wanted);
	COV_AUTO(free) char *second = cov_xstrdup("gcov");

	if (gcov_version(first) / 10 == wanted) {
		*ret = first;
		first = NULL;
		return 0;
	}
	if (!given && gcov_version(second) / 10 == wanted) {
		*ret = second;
		second = NULL;
		return 0;
	}
	return cov_fail(
	    err, COV_ERR_MACHINE,
	    "the notes are of GCC %u, and %s is not a gcov of that version that runs here", wanted,
	    first);
}
