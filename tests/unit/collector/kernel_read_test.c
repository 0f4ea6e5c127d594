/* kernel_read_test.c - of notes, what ran is compiled; whatever it was, counts are those of all. */
#include "tests/unit/fixture.h"

#include <stdio.h>
#include <unistd.h>

#include "collector/decode/counters.h"
#include "collector/decode/counts.h"
#include "collector/decode/kernel.h"
#include "collector/decode/kernel_read.h"
#include "collector/decode/problems.h"
#include "collector/decode/tree.h"

static const char data_folder[] = COVDB_SOURCE_DIR "/tests/data";

/* Two objects, and a snapshot of both. */
struct files {
	struct tree notes, snapshot;
	struct cov_kernel kernel; /* of which what ran in the snapshot is compiled */
	struct cov_kernel whole;
	struct cov_problems problems;
};

/* @files: stays where it is, since its kernel refers to its notes */
static void open_files(const char *notes, const char *snapshot, struct files *files)
{
	struct cov_error err;

	memset(files, 0, sizeof(*files));
	assert_int_equal(tree_open(notes, ".gcno", &files->notes, &err), 0);
	assert_int_equal(tree_open(snapshot, ".gcda", &files->snapshot, &err), 0);
	kernel_read_tree(&files->notes, KERNEL_RAN, &files->snapshot, &files->kernel,
			 &files->problems);
	kernel_read_tree(&files->notes, KERNEL_PLANS, NULL, &files->whole, &files->problems);
	assert_int_equal(files->problems.count, 0);
	assert_int_equal(files->kernel.object_count, files->notes.file_count);
}

static void close_files(struct files *files)
{
	kernel_deinit(&files->kernel);
	kernel_deinit(&files->whole);
	cov_problems_deinit(&files->problems);
	tree_deinit(&files->notes);
	tree_deinit(&files->snapshot);
}

/* How many functions have their flow graph. */
static size_t compiled_count(const struct cov_kernel *kernel)
{
	size_t count = 0;

	for (size_t i = 0; i < kernel->object_count; i++) {
		const struct plan *plan = &kernel->objects[i].plan;

		for (uint32_t j = 0; j < plan->function_count; j++)
			count += plan->functions[j].arc_count > 0;
	}
	return count;
}

static void compare(const struct files *files, const struct cov_counters *counters)
{
	COV_AUTO(counts_deinit) struct cov_counts counts = { 0 };
	COV_AUTO(counts_deinit) struct cov_counts whole = { 0 };
	struct cov_error err;

	assert_int_equal(counts_evaluate(&files->kernel, counters, &counts, &err), 0);
	assert_int_equal(counts_evaluate(&files->whole, counters, &whole, &err), 0);
	assert_int_equal(files->kernel.line_count, files->whole.line_count);
	assert_memory_equal(counts.lines, whole.lines,
			    files->whole.line_count * sizeof(*whole.lines));
	assert_memory_equal(counts.states, whole.states, files->whole.line_count);
	assert_memory_equal(counts.functions, whole.functions,
			    files->whole.function_count * sizeof(*whole.functions));
}

static void functions_that_ran_are_compiled_and_no_others(void **state)
{
	struct files files;
	COV_AUTO(counters_deinit) struct cov_counters counters = { 0 };
	size_t ran_count = 0;
	struct cov_error err;

	(void)state;
	open_files(data_folder, data_folder, &files);
	assert_int_equal(
	    counters_read_tree(&files.kernel, &files.snapshot, &counters, &files.problems, &err),
	    0);
	for (size_t i = 0; i < files.kernel.object_count; i++) {
		const struct cov_object *object = &files.kernel.objects[i];

		for (uint32_t j = 0; j < object->plan.function_count; j++)
			ran_count += plan_has_run(&object->plan.functions[j],
						  counters.values + object->counter_first);
	}
	assert_int_equal(compiled_count(&files.kernel), ran_count);
	assert_in_range(ran_count, 1, files.kernel.function_count - 1);
	compare(&files, &counters);
	close_files(&files);
}

/* Counters by which every function ran. */
static struct cov_counters count_everything(const struct cov_kernel *kernel)
{
	struct cov_counters counters = {
		.values = calloc(kernel->counter_count, sizeof(int64_t)),
		.states = calloc(kernel->object_count, 1),
	};

	for (size_t i = 0; i < kernel->counter_count; i++)
		counters.values[i] = 1 + (int64_t)i % 5;
	memset(counters.states, COV_OBJECT_DECODED, kernel->object_count);
	return counters;
}

static void functions_that_ran_in_another_snapshot_count_as_well(void **state)
{
	struct files files;

	(void)state;
	open_files(data_folder, data_folder, &files);
	COV_AUTO(counters_deinit)
	struct cov_counters counters = count_everything(&files.kernel);
	compare(&files, &counters);
	close_files(&files);
}

static void copy(const char *name, const char *folder, const char *as)
{
	struct fixture_bytes bytes = fixture_read(name);
	COV_AUTO(free) char *path = cov_format("%s/%s", folder, as);
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_int_equal(fwrite(bytes.data, 1, bytes.size, out), bytes.size);
	assert_int_equal(fclose(out), 0);
	free(bytes.data);
}

/* Of another snapshot nothing is taken for that of the first, where its file is in the same place.
 */
static void counters_of_another_snapshot_are_its_own(void **state)
{
	char folder[] = "/tmp/kernel_read_test.XXXXXX";
	COV_AUTO(tree_deinit) struct tree other = { 0 };
	COV_AUTO(counters_deinit) struct cov_counters first = { 0 };
	COV_AUTO(counters_deinit) struct cov_counters second = { 0 };
	struct cov_error err;
	struct files files;

	(void)state;
	assert_non_null(mkdtemp(folder));
	copy("sample.gcno", folder, "sample.gcno");
	copy("sample.gcda", folder, "sample.gcda");
	open_files(folder, folder, &files);
	/* The first is not read once more. */
	copy("cases/condition-coverage/c.gcda", folder, "sample.gcda");
	assert_int_equal(
	    counters_read_tree(&files.kernel, &files.snapshot, &first, &files.problems, &err), 0);
	assert_int_equal(first.states[0], COV_OBJECT_DECODED);
	assert_int_equal(tree_open(folder, ".gcda", &other, &err), 0);
	assert_int_equal(counters_read_tree(&files.kernel, &other, &second, &files.problems, &err),
			 0);
	assert_int_equal(second.states[0], COV_OBJECT_BAD);
	close_files(&files);
	for (size_t i = 0; i < 2; i++) {
		COV_AUTO(free)
		char *path = cov_format("%s/sample.%s", folder, i ? "gcda" : "gcno");

		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(folder), 0);
}

static void notes_that_change_before_they_are_read_again_are_an_error(void **state)
{
	char folder[] = "/tmp/kernel_read_test.XXXXXX";
	struct cov_error err;
	COV_AUTO(counts_deinit) struct cov_counts counts = { 0 };
	struct files files;

	(void)state;
	assert_non_null(mkdtemp(folder));
	copy("sample.gcno", folder, "other.gcno");
	open_files(folder, data_folder, &files);
	COV_AUTO(counters_deinit)
	struct cov_counters counters = count_everything(&files.kernel);
	copy("cases/condition-coverage/c.gcno", folder, "other.gcno");
	assert_int_equal(counts_evaluate(&files.kernel, &counters, &counts, &err), COV_ERR_FORMAT);
	assert_non_null(strstr(err.message, "other.gcno: changed while it was read"));
	close_files(&files);
	COV_AUTO(free) char *path = cov_format("%s/other.gcno", folder);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_that_ran_are_compiled_and_no_others),
		cmocka_unit_test(functions_that_ran_in_another_snapshot_count_as_well),
		cmocka_unit_test(counters_of_another_snapshot_are_its_own),
		cmocka_unit_test(notes_that_change_before_they_are_read_again_are_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
