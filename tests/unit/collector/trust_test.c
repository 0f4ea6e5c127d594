/* trust_test.c - a path is trusted if only root and this user can change what is at its end. */
#include "collector/base/trust.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector/base/error.h"
#include "collector/base/program.h"
#include "collector/base/text.h"

enum { SKIPPED = 77, OTHER = 65534, MODE_PROGRAM = 0755 };

static char top[] = "/tmp/trust_test-XXXXXX";
static struct cov_error err;

static char *below(const char *name)
{
	return cov_format("%s/%s", top, name);
}

static void make_folder(const char *name, mode_t mode, uid_t owner)
{
	COV_AUTO(free) char *path = below(name);

	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(chmod(path, mode), 0);
	assert_int_equal(chown(path, owner, owner), 0);
}

static void make_program(const char *name, mode_t mode, uid_t owner)
{
	COV_AUTO(free) char *path = below(name);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);

	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(fchown(fd, owner, owner), 0);
	close(fd);
}

static void make_link(const char *target, const char *name)
{
	COV_AUTO(free) char *path = below(name);
	COV_AUTO(free) char *to = *target == '.' ? cov_format("%s", target) : below(target);

	assert_int_equal(symlink(to, path), 0);
}

static int make_tree(void **state)
{
	(void)state;
	if (!mkdtemp(top) || chmod(top, 0755) != 0)
		return -1;
	make_folder("ours", 0755, 0);
	make_folder("ours/deep", 0755, 0);
	make_folder("group", 0775, 0);
	make_folder("group/deep", 0755, 0);
	make_folder("world", 0757, 0);
	make_folder("shared", 01777, 0);
	make_folder("shared/ours", 0755, 0);
	make_folder("theirs", 0755, OTHER);
	make_folder("theirs/ours", 0755, 0);
	make_link("ours/deep", "link");
	make_link("theirs/ours", "to-theirs");
	make_link("ours/deep", "theirs/link");
	make_link("./circle", "circle");
	make_program("ours/good", MODE_PROGRAM, 0);
	make_program("ours/theirs", MODE_PROGRAM, OTHER);
	make_program("ours/open", 0777, 0);
	make_program("group/bad", MODE_PROGRAM, 0);
	make_program("group/good", MODE_PROGRAM, 0);
	return 0;
}

static int remove_tree(void **state)
{
	COV_AUTO(free) char *command = cov_format("rm -r '%s'", top);
	FILE *stream = popen(command, "r");

	(void)state;
	return stream ? pclose(stream) : -1;
}

static void assert_folder(const char *name, const char *reason)
{
	COV_AUTO(free) char *path = below(name);
	int result = cov_trust_folder(path, &err);

	if (!reason) {
		assert_int_equal(result, 0);
		return;
	}
	assert_int_equal(result, COV_ERR_SYSTEM);
	if (!strstr(err.message, reason))
		fail_msg("%s: '%s', not '%s'", name, err.message, reason);
}

static void a_folder_is_trusted_with_all_that_leads_to_it(void **state)
{
	(void)state;
	assert_folder("ours/deep", NULL);
	assert_folder("ours/../ours/./deep", NULL);
	assert_folder("link", NULL);
	assert_folder("shared/ours", NULL);
	assert_folder("group", "others may write to ");
	assert_folder("group/deep", "others may write to ");
	assert_folder("world", "others may write to ");
	assert_folder("shared", "others may write to ");
	assert_folder("theirs", "/theirs belongs to user 65534");
	assert_folder("theirs/ours", "/theirs belongs to user 65534");
	assert_folder("theirs/link", "/theirs belongs to user 65534");
	assert_folder("theirs/../ours", "/theirs belongs to user 65534");
	assert_folder("to-theirs", "/theirs belongs to user 65534");
	assert_folder("circle", "too many links");
	assert_folder("ours/good", "is not a directory");
	assert_folder("nothing", "No such file");
	assert_int_equal(cov_trust_folder("tmp", &err), COV_ERR_SYSTEM);
	assert_string_equal(err.message, "tmp is not an absolute path");
}

static void a_sticky_folder_is_a_place_for_files_of_ones_own(void **state)
{
	(void)state;
	COV_AUTO(free) char *shared = below("shared");
	COV_AUTO(free) char *link = below("link");
	COV_AUTO(free) char *world = below("world");
	COV_AUTO(free) char *found = NULL;
	COV_AUTO(free) char *behind = NULL;
	COV_AUTO(free) char *deep = below("ours/deep");
	char *none = NULL;

	assert_int_equal(cov_trust_place(shared, &found, &err), 0);
	assert_string_equal(found, shared);
	assert_int_equal(cov_trust_place(link, &behind, &err), 0);
	assert_string_equal(behind, deep);
	assert_int_equal(cov_trust_place(world, &none, &err), COV_ERR_SYSTEM);
	assert_null(none);
}

static void a_program_that_others_may_change_is_passed_over_and_named(void **state)
{
	(void)state;
	COV_AUTO(free) char *before = cov_format("%s", getenv("PATH"));
	COV_AUTO(free)
	char *path = cov_format("%s/group::ours:%s/shared:%s/ours", top, top, top);
	COV_AUTO(free) char *ours = below("ours");
	COV_AUTO(free) char *good = below("ours/good");

	setenv("PATH", path, 1);
	cov_program_trust_path();
	assert_string_equal(getenv("PATH"), ours);
	COV_AUTO(free) char *found = cov_program_find("good", NULL);
	assert_string_equal(found, good);
	assert_null(cov_program_find("bad", NULL));
	assert_null(cov_program_find("theirs", NULL));
	assert_null(cov_program_find("open", NULL));
	COV_AUTO(free) char *bad = cov_program_missing("bad");
	COV_AUTO(free) char *theirs = cov_program_missing("theirs");
	COV_AUTO(free) char *none = cov_program_missing("none");
	assert_non_null(strstr(bad, "/group/bad is passed over: others may write to /tmp/"));
	assert_non_null(strstr(theirs, "/ours/theirs is passed over: "));
	assert_non_null(strstr(theirs, "/ours/theirs belongs to user 65534"));
	assert_string_equal(none, "there is no program 'none' in PATH");
	setenv("PATH", before, 1);
}

/* An empty PATH is the current directory. */
static void where_nothing_is_left_the_system_has_programs(void **state)
{
	(void)state;
	COV_AUTO(free) char *before = cov_format("%s", getenv("PATH"));

	setenv("PATH", ".:", 1);
	cov_program_trust_path();
	assert_string_equal(getenv("PATH"), "/usr/sbin:/usr/bin:/sbin:/bin");
	setenv("PATH", before, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_folder_is_trusted_with_all_that_leads_to_it),
		cmocka_unit_test(a_sticky_folder_is_a_place_for_files_of_ones_own),
		cmocka_unit_test(a_program_that_others_may_change_is_passed_over_and_named),
		cmocka_unit_test(where_nothing_is_left_the_system_has_programs),
	};

	if (geteuid() != 0) {
		printf("skipped: files of others are made by root\n");
		return SKIPPED;
	}
	return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
