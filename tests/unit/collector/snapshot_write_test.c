/* snapshot_write_test.c - a tree of .gcda files becomes an archive. */
#include "collector/capture/snapshot_writer.h"

#include <archive.h>
#include <archive_entry.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"

enum { LARGE_BYTES = 200000 };

static char folder[] = "/tmp/snapshot_write_test-XXXXXX";
static char gcov[64], archive_path[64];

static void put(const char *name, const void *data, size_t size)
{
	COV_AUTO(free) char *path = cov_format("%s/%s", gcov, name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void make_folder(const char *name)
{
	COV_AUTO(free) char *path = cov_format("%s/%s", gcov, name);

	assert_int_equal(mkdir(path, 0755), 0);
}

static void link_to(const char *target, const char *name)
{
	COV_AUTO(free) char *path = cov_format("%s/%s", gcov, name);

	assert_int_equal(symlink(target, path), 0);
}

static int make_tree(void **state)
{
	static char large[LARGE_BYTES];

	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(gcov, sizeof(gcov), "%s/gcov", folder);
	snprintf(archive_path, sizeof(archive_path), "%s/trial.tar.zst", folder);
	make_folder("");
	make_folder("linux");
	make_folder("linux/net");
	make_folder("linux/kernel");
	for (size_t i = 0; i < sizeof(large); i++)
		large[i] = (char)(i * i % 251);
	put("reset", "", 0);
	put("linux/net/socket.gcda", large, sizeof(large));
	put("linux/kernel/fork.gcda", "fork", 4);
	put("linux/kernel/fork.txt", "not a counter file", 18);
	link_to("/nowhere/fork.gcno", "linux/kernel/fork.gcno");
	link_to("fork.gcda", "linux/kernel/again.gcda");
	return 0;
}

static int remove_tree(void **state)
{
	COV_AUTO(free) char *command = cov_format("rm -r '%s'", folder);
	FILE *stream = popen(command, "r");

	(void)state;
	return stream ? pclose(stream) : -1;
}

/* What an archive holds: "path size\n" for each entry. */
static void list_archive(struct cov_text *list)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;

	archive_read_support_filter_zstd(archive);
	archive_read_support_format_tar(archive);
	assert_int_equal(archive_read_open_filename(archive, archive_path, 10240), ARCHIVE_OK);
	while (archive_read_next_header(archive, &entry) == ARCHIVE_OK) {
		assert_int_equal(archive_entry_mtime(entry), 0);
		assert_int_equal(archive_entry_filetype(entry), AE_IFREG);
		cov_text_print(list, "%s %lld\n", archive_entry_pathname(entry),
			       (long long)archive_entry_size(entry));
	}
	archive_read_free(archive);
}

static void capture(struct snapshot_writer *writer)
{
	struct cov_error err = { 0 };

	assert_int_equal(snapshot_writer_prepare(writer, gcov, &err), 0);
	assert_int_equal(snapshot_writer_read(writer, &err), 0);
	assert_int_equal(snapshot_writer_save(writer, archive_path, &err), 0);
}

static void the_archive_has_the_counter_files_in_order_and_no_links(void **state)
{
	(void)state;
	COV_AUTO(snapshot_writer_deinit) struct snapshot_writer writer = { 0 };
	COV_AUTO(cov_text_deinit) struct cov_text list = { 0 };

	capture(&writer);
	list_archive(&list);
	assert_string_equal(list.data, "linux/kernel/fork.gcda 4\nlinux/net/socket.gcda 200000\n");
	assert_int_equal(writer.file_count, 2);
	assert_int_equal(writer.total_bytes, LARGE_BYTES + 4);
	assert_int_equal(writer.unreadable_count, 0);
	assert_true(writer.start_ns <= writer.end_ns);
}

static void the_same_counters_give_the_same_bytes(void **state)
{
	(void)state;
	COV_AUTO(snapshot_writer_deinit) struct snapshot_writer writer = { 0 };
	COV_AUTO(free) char *first = NULL;
	COV_AUTO(free) char *second = NULL;
	size_t first_bytes, second_bytes;
	struct cov_error err;

	capture(&writer);
	assert_int_equal(cov_file_read(archive_path, &first, &first_bytes, &err), 0);
	capture(&writer);
	assert_int_equal(cov_file_read(archive_path, &second, &second_bytes, &err), 0);
	assert_int_equal(first_bytes, second_bytes);
	assert_memory_equal(first, second, first_bytes);
}

/* As in debugfs: stat() says 0 bytes. A file of procfs stands in, bound over a .gcda. */
static void a_file_of_size_0_is_read_to_its_end(void **state)
{
	(void)state;
	COV_AUTO(snapshot_writer_deinit) struct snapshot_writer writer = { 0 };
	COV_AUTO(free) char *path = cov_format("%s/linux/kernel/proc.gcda", gcov);
	struct stat status;

	put("linux/kernel/proc.gcda", "", 0);
	if (mount("/proc/cpuinfo", path, NULL, MS_BIND, NULL) != 0) {
		unlink(path);
		skip();
	}
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_size, 0);
	capture(&writer);
	assert_int_equal(umount(path), 0);
	unlink(path);
	assert_string_equal(writer.files[1].path, "linux/kernel/proc.gcda");
	assert_true(writer.files[1].size_bytes > 100);
	assert_memory_equal(writer.bytes + writer.files[1].offset_bytes, "processor", 9);
}

/* As with a module that is unloaded between the list and the capture. */
static void a_file_that_is_gone_is_noted_and_left_out(void **state)
{
	(void)state;
	COV_AUTO(snapshot_writer_deinit) struct snapshot_writer writer = { 0 };
	COV_AUTO(free) char *path = cov_format("%s/linux/kernel/gone.gcda", gcov);
	struct cov_error err = { 0 };

	put("linux/kernel/gone.gcda", "gone", 4);
	assert_int_equal(snapshot_writer_prepare(&writer, gcov, &err), 0);
	unlink(path);
	assert_int_equal(snapshot_writer_read(&writer, &err), 0);
	assert_int_equal(writer.file_count, 2);
	assert_int_equal(writer.unreadable_count, 1);
	assert_string_equal(writer.unreadable[0], "linux/kernel/gone.gcda");
}

/* Root may read anything; reading /proc/self/mem at 0 fails for all. */
static void a_file_that_is_there_and_cannot_be_read_is_named(void **state)
{
	(void)state;
	COV_AUTO(snapshot_writer_deinit) struct snapshot_writer writer = { 0 };
	COV_AUTO(free) char *path = cov_format("%s/linux/kernel/broken.gcda", gcov);
	struct cov_error err = { 0 };

	put("linux/kernel/broken.gcda", "", 0);
	assert_int_equal(snapshot_writer_prepare(&writer, gcov, &err), 0);
	if (mount("/proc/self/mem", path, NULL, MS_BIND, NULL) != 0) {
		unlink(path);
		skip();
	}
	int result = snapshot_writer_read(&writer, &err);
	assert_int_equal(umount(path), 0);
	unlink(path);
	assert_int_equal(result, COV_ERR_SYSTEM);
	assert_non_null(strstr(err.message, "gcov/linux/kernel/broken.gcda: Input/output error"));
}

static void files_of_modules_loaded_meanwhile_are_captured_in_order(void **state)
{
	(void)state;
	COV_AUTO(snapshot_writer_deinit) struct snapshot_writer writer = { 0 };
	COV_AUTO(free) char *path = cov_format("%s/linux/kernel/late.gcda", gcov);
	struct cov_error err = { 0 };

	assert_int_equal(snapshot_writer_prepare(&writer, gcov, &err), 0);
	put("linux/kernel/late.gcda", "late", 4);
	assert_int_equal(snapshot_writer_read(&writer, &err), 0);
	unlink(path);
	assert_int_equal(writer.file_count, 3);
	assert_string_equal(writer.files[1].path, "linux/kernel/late.gcda");
	assert_memory_equal(writer.bytes + writer.files[1].offset_bytes, "late", 4);
}

static void more_than_the_first_mapping_is_captured(void **state)
{
	(void)state;
	enum { PARTS = 20, PART_BYTES = 1 << 20 };
	COV_AUTO(snapshot_writer_deinit) struct snapshot_writer writer = { 0 };
	COV_AUTO(free) char *part = calloc(PART_BYTES, 1);
	struct cov_error err = { 0 };

	for (int i = 0; i < PARTS; i++) {
		COV_AUTO(free) char *name = cov_format("linux/net/part%02d.gcda", i);

		part[0] = (char)i;
		put(name, part, PART_BYTES);
	}
	assert_int_equal(snapshot_writer_prepare(&writer, gcov, &err), 0);
	assert_int_equal(snapshot_writer_read(&writer, &err), 0);
	for (int i = 0; i < PARTS; i++) {
		COV_AUTO(free) char *path = cov_format("%s/linux/net/part%02d.gcda", gcov, i);
		const struct snapshot_writer_file *file = &writer.files[1 + i];

		unlink(path);
		assert_int_equal(file->size_bytes, PART_BYTES);
		assert_int_equal(writer.bytes[file->offset_bytes], i);
	}
}

static void any_name_is_archived_as_it_is(void **state)
{
	(void)state;
	COV_AUTO(snapshot_writer_deinit) struct snapshot_writer writer = { 0 };
	COV_AUTO(cov_text_deinit) struct cov_text list = { 0 };
	char name[240] = "linux/net/gr\xc3\xbc\xc3\x9f-", expected[300];

	memset(name + strlen(name), 'x', 200);
	strncat(name, ".gcda", sizeof(name) - strlen(name) - 1);
	COV_AUTO(free) char *path = cov_format("%s/%s", gcov, name);
	put(name, "long", 4);
	capture(&writer);
	unlink(path);
	list_archive(&list);
	snprintf(expected, sizeof(expected), "%s 4\n", name);
	assert_non_null(strstr(list.data, expected));
}

static void a_directory_that_is_not_there_is_an_error(void **state)
{
	(void)state;
	COV_AUTO(snapshot_writer_deinit) struct snapshot_writer writer = { 0 };
	struct cov_error err = { 0 };

	assert_int_equal(snapshot_writer_prepare(&writer, "/nowhere/gcov", &err), COV_ERR_SYSTEM);
	assert_int_equal(debugfs_check("/nowhere/gcov", &err), COV_ERR_MACHINE);
	assert_int_equal(debugfs_check(gcov, &err), 0);
}

/* In a folder of others, it may be there before the collector comes. */
static void a_link_in_the_place_of_an_unfinished_file_is_not_written_through(void **state)
{
	(void)state;
	COV_AUTO(free) char *victim = cov_format("%s/victim", folder);
	COV_AUTO(free) char *target = cov_format("%s/target", folder);
	COV_AUTO(free) char *partial = cov_format("%s.partial", target);
	COV_AUTO(free) char *text = NULL;
	struct cov_error err = { 0 };
	size_t size = 0;

	assert_int_equal(cov_file_replace(victim, "innocent", 8, &err), 0);
	assert_int_equal(symlink(victim, partial), 0);
	assert_int_equal(symlink(victim, target), 0);
	assert_int_equal(cov_file_replace(target, "new", 3, &err), 0);
	assert_int_equal(cov_file_read(victim, &text, &size, &err), 0);
	assert_string_equal(text, "innocent");
}

static void reset_writes_to_the_file_reset(void **state)
{
	(void)state;
	COV_AUTO(free) char *path = cov_format("%s/reset", gcov);
	struct stat status;
	struct cov_error err = { 0 };

	assert_int_equal(debugfs_reset(gcov, &err), 0);
	assert_int_equal(stat(path, &status), 0);
	assert_true(status.st_size > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_archive_has_the_counter_files_in_order_and_no_links),
		cmocka_unit_test(the_same_counters_give_the_same_bytes),
		cmocka_unit_test(a_file_of_size_0_is_read_to_its_end),
		cmocka_unit_test(a_file_that_is_gone_is_noted_and_left_out),
		cmocka_unit_test(a_file_that_is_there_and_cannot_be_read_is_named),
		cmocka_unit_test(files_of_modules_loaded_meanwhile_are_captured_in_order),
		cmocka_unit_test(more_than_the_first_mapping_is_captured),
		cmocka_unit_test(any_name_is_archived_as_it_is),
		cmocka_unit_test(a_directory_that_is_not_there_is_an_error),
		cmocka_unit_test(a_link_in_the_place_of_an_unfinished_file_is_not_written_through),
		cmocka_unit_test(reset_writes_to_the_file_reset),
	};

	return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
