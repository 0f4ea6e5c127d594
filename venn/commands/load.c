/* load.c - a snapshot and the kernel that it belongs to, however they were named. */
#include "venn/commands/load.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "differ/differ.h"

void load_snapshot_deinit(struct load_snapshot *snapshot)
{
	counters_deinit(&snapshot->counters);
	counts_deinit(&snapshot->counts);
	cov_problems_deinit(&snapshot->problems);
	free(snapshot->is_listed);
	branches_deinit(&snapshot->branches);
	free(snapshot->unknown);
}

char *load_manifest_path(const char *snapshot)
{
	const char *base = strrchr(snapshot, '/');
	const char *tar;

	if (cov_is_directory(snapshot))
		return NULL;
	base = base ? base + 1 : snapshot;
	tar = strstr(base, ".tar");
	if (!tar)
		return cov_format("%s.json", snapshot);
	return cov_format("%.*s.json", (int)(tar - snapshot), snapshot);
}

/* The build id that the manifest beside a snapshot names, or NULL; free() it. */
static int read_build_id(const char *snapshot, char **ret, struct cov_error *err)
{
	COV_AUTO(free) char *path = load_manifest_path(snapshot);
	COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { 0 };

	*ret = NULL;
	if (!path || cov_is_missing(path))
		return 0;
	int result = cov_manifest_read(path, &manifest, err);
	/* Another file may have that name; the stamps of the objects are checked anyway. */
	if (result == COV_ERR_FORMAT)
		return 0;
	if (result == 0 && manifest.kernel.build_id)
		*ret = cov_xstrdup(manifest.kernel.build_id);
	return result;
}

static bool is_other_build(const struct cov_problems *problems, size_t decoded_count)
{
	size_t stamp_count = 0;

	for (size_t i = 0; i < problems->count; i++)
		stamp_count += problems->items[i].kind == COV_PROBLEM_STAMP;
	return stamp_count > decoded_count;
}

/* The counters of a snapshot that was opened, which is dropped. */
static int read_tree(const struct cov_kernel *kernel, const char *build_id, struct tree *tree,
		     struct load_snapshot *snapshot, struct cov_error *err)
{
	const char *path = tree->path;
	COV_AUTO(free) char *own_build_id = NULL;
	int result = read_build_id(path, &own_build_id, err);

	if (result)
		return result;
	if (own_build_id && *build_id && strcmp(own_build_id, build_id) != 0)
		return cov_fail(
		    err, COV_ERR_MISMATCH,
		    "%s: taken on the kernel with build id %s, not on that with build id %s", path,
		    own_build_id, build_id);
	result = counters_read_tree(kernel, tree, &snapshot->counters, &snapshot->problems, err);
	if (result)
		return result;
	tree_drop(tree);
	if (is_other_build(&snapshot->problems, snapshot->counters.decoded_count))
		return cov_fail(
		    err, COV_ERR_MISMATCH,
		    "%s: taken on another build of the kernel (build id %s) than the notes "
		    "(build id %s): the stamps of most objects differ",
		    path, own_build_id ? own_build_id : "unknown",
		    *build_id ? build_id : "unknown");
	return 0;
}

/* Evaluate the counters that were read, and hand all over. */
static int evaluate(const struct cov_kernel *kernel, struct load_snapshot *snapshot,
		    struct load_snapshot *ret, struct cov_error *err)
{
	int result = counts_evaluate(kernel, &snapshot->counters, &snapshot->counts, err);

	if (result)
		return result;
	*ret = *snapshot;
	memset(snapshot, 0, sizeof(*snapshot));
	return 0;
}

int load_snapshot_tree(const struct cov_kernel *kernel, const char *build_id, struct tree *tree,
		       struct load_snapshot *ret, struct cov_error *err)
{
	COV_AUTO(load_snapshot_deinit) struct load_snapshot snapshot = { 0 };
	int result = read_tree(kernel, build_id, tree, &snapshot, err);

	return result ? result : evaluate(kernel, &snapshot, ret, err);
}

static int load_counters_file(const struct counters_file_of *of, struct load_snapshot *ret,
			      struct cov_error *err)
{
	COV_AUTO(load_snapshot_deinit) struct load_snapshot snapshot = { 0 };
	int result = counters_file_read(of, &snapshot.counters, &snapshot.problems, err);

	return result ? result : evaluate(of->kernel, &snapshot, ret, err);
}

int load_snapshot(const struct cov_kernel *kernel, const char *build_id, const char *path,
		  struct load_snapshot *ret, struct cov_error *err)
{
	COV_AUTO(tree_deinit) struct tree tree = { 0 };

	if (counters_file_is(path))
		return load_counters_file(&(struct counters_file_of){ kernel, build_id, path }, ret,
					  err);
	int result = tree_open(path, ".gcda", &tree, err);
	return result ? result : load_snapshot_tree(kernel, build_id, &tree, ret, err);
}

int load_counters(const struct counters_file_of *of, struct tree *tree,
		  const struct member_bytes *bytes, struct load_snapshot *ret,
		  struct cov_error *err)
{
	COV_AUTO(load_snapshot_deinit) struct load_snapshot snapshot = { 0 };
	int result = tree ? read_tree(of->kernel, of->build_id, tree, &snapshot, err)
			  : counters_file_parse(of, bytes->data, bytes->size, &snapshot.counters,
						&snapshot.problems, err);

	if (result)
		return result;
	*ret = snapshot;
	memset(&snapshot, 0, sizeof(snapshot));
	return 0;
}

/* What a tracefile has that the kernel does not, or NULL; free() it. */
static char *describe_unknown(const struct cov_tracefile_match *match)
{
	if (!match->unknown)
		return NULL;
	COV_AUTO(free)
	char *branches = match->branches_unknown ? cov_format(", and %zu branches of other lines",
							      match->branches_unknown)
						 : cov_xstrdup("");
	return cov_format(
	    "not of the kernel: %zu files; of its files %zu lines and %zu functions%s; "
	    "the first in %s",
	    match->files_unknown, match->lines_unknown, match->functions_unknown, branches,
	    match->unknown);
}

int load_tracefile(const struct cov_kernel *kernel, const char *path, const struct image *image,
		   struct load_snapshot *ret, struct cov_error *err)
{
	COV_AUTO(tracefile_deinit) struct cov_tracefile tracefile = { 0 };
	COV_AUTO(tracefile_match_deinit) struct cov_tracefile_match match = { 0 };
	COV_AUTO(cov_problems_deinit) struct cov_problems problems = { 0 };
	size_t follow_count = 0;
	int result = tracefile_read(path, image, &tracefile, &problems, err);

	if (result)
		return result;
	struct cov_error reason;
	result = tracefile_match(kernel, &tracefile, &match, &reason);
	if (result)
		return cov_fail(err, reason.code, "%s: %s", path, reason.message);
	if (tracefile.has_no_counts)
		result = tracefile_complete(kernel, &match, &follow_count, err);
	if (result)
		return result;
	*ret = (struct load_snapshot){
		.counters = { .values = cov_xcalloc(kernel->counter_count, sizeof(int64_t)),
			      .states = cov_xcalloc(kernel->object_count, 1) },
		.counts = match.counts,
		.is_listed = match.is_listed,
		.branches = match.branches,
		.problems = problems,
		.has_no_counts = tracefile.has_no_counts,
		.follow_count = follow_count,
		.unknown = describe_unknown(&match),
	};
	memset(&match, 0, sizeof(match));
	memset(&problems, 0, sizeof(problems));
	tracefile_remarks_print(&tracefile.remarks);
	return 0;
}

static char *describe_lines(const struct load_snapshot *snapshot)
{
	const struct cov_counts *counts = &snapshot->counts;
	struct cov_text text = { 0 };

	cov_text_print(&text, "%zu lines found, %zu executed", counts->found_count,
		       counts->hit_count);
	if (snapshot->has_no_counts)
		cov_text_print(&text, ", %zu of them since others of their block were",
			       snapshot->follow_count);
	if (snapshot->unknown)
		cov_text_print(&text, "; %s", snapshot->unknown);
	return text.data;
}

char *load_describe(const struct cov_kernel *kernel, const struct load_snapshot *snapshot)
{
	const struct cov_counts *counts = &snapshot->counts;
	size_t absent_count = 0, unsolvable_count = 0;

	if (snapshot->is_listed)
		return describe_lines(snapshot);
	for (size_t i = 0; i < kernel->object_count; i++) {
		const struct cov_object *object = &kernel->objects[i];

		absent_count += snapshot->counters.states[i] == COV_OBJECT_ABSENT;
		for (uint32_t j = 0; j < object->plan.function_count; j++)
			unsolvable_count += snapshot->counters.states[i] == COV_OBJECT_DECODED &&
					    object->plan.functions[j].is_unsolvable;
	}
	struct cov_text text = { 0 };
	cov_text_print(&text, "%zu objects decoded, %zu not", snapshot->counters.decoded_count,
		       snapshot->problems.count);
	if (!kernel->is_partial)
		cov_text_print(&text, ", %zu not linked", absent_count);
	cov_text_print(&text, "; %zu lines found, %zu executed", counts->found_count,
		       counts->hit_count);
	if (counts->partly_count)
		cov_text_print(&text, " (%zu partly)", counts->partly_count);
	if (counts->negative_count)
		cov_text_print(&text, ", %zu negative", counts->negative_count);
	if (counts->contradicting_count)
		cov_text_print(
		    &text, "; the counters of %zu functions contradict each other, by up to %lld",
		    counts->contradicting_count, (long long)counts->contradiction_max);
	if (unsolvable_count)
		cov_text_print(&text, "; the graphs of %zu functions cannot be solved",
			       unsolvable_count);
	return text.data;
}

static enum store_kind kind_of(const struct cov_manifest *manifest)
{
	if (!manifest->baseline)
		return manifest->phase ? STORE_PHASE : STORE_WORKLOAD;
	return manifest->kind && strcmp(manifest->kind, "observer") == 0 ? STORE_OBSERVER
									 : STORE_IDLE;
}

struct store_trial load_trial(const struct cov_manifest *manifest, const char *snapshot,
			      const char *text)
{
	return (struct store_trial){
		.platform = manifest->platform,
		.driver = manifest->driver,
		.workload = manifest->baseline ? manifest->baseline : manifest->workload,
		.kind = kind_of(manifest),
		.duration_ns = manifest->duration_ns,
		.status = manifest->is_ok ? "ok" : "failed",
		.failure = manifest->failure,
		.started_at = manifest->started_at,
		.snapshot = snapshot ? snapshot : "",
		.manifest = text,
		.is_emulated = &manifest->kernel.is_emulated,
		.capture = &manifest->capture,
		.groups = manifest->groups,
		.group_count = manifest->group_count,
		.metrics = manifest->metrics,
		.metric_count = manifest->metric_count,
	};
}
