/* qemu_test.c - watching a machine; shell scripts stand in for QEMU. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "collector/base/error.h"
#include "collector/base/clock.h"
#include "collector/base/file.h"
#include "collector/base/text.h"
#include "collector/lab/qemu.h"

enum { NS_PER_MS = 1000000, DIRECTORY_BYTES = 64 };

static char directory[DIRECTORY_BYTES];

/* What came, channel by channel, a '|' behind each line. */
struct heard {
	struct cov_text lines[QEMU_CHANNEL_COUNT];
	const char *enough; /* a line that ends the watch, or NULL */
};

static bool take_line(struct qemu_watch *watch, enum qemu_channel channel, const char *line)
{
	struct heard *heard = watch->context;

	cov_text_print(&heard->lines[channel], "%s|", line);
	return !heard->enough || strcmp(line, heard->enough) != 0;
}

static void heard_deinit(struct heard *heard)
{
	for (int i = 0; i < QEMU_CHANNEL_COUNT; i++)
		cov_text_deinit(&heard->lines[i]);
}

COV_DEFINE_AUTO_STRUCT(struct heard, heard_deinit)

static struct qemu_watch watch_of(struct heard *heard)
{
	return (struct qemu_watch){
		.first_output_limit_ns = 10LL * COV_NS_PER_S,
		.silence_limit_ns = 10LL * COV_NS_PER_S,
		.take_line = take_line,
		.context = heard,
	};
}

/* The stand-in has the ports as descriptors 3 and 4, the memory as 5, as the arguments for QEMU
 * say. */
static char *write_script(const char *body)
{
	char *path = cov_format("%s/stand-in", directory);
	COV_AUTO(cov_text_deinit) struct cov_text script = { 0 };
	struct cov_error err;

	cov_text_print(&script, "#!/bin/sh\n%s\n", body);
	assert_int_equal(cov_file_replace(path, script.data, script.length, &err), 0);
	assert_int_equal(chmod(path, 0755), 0);
	return path;
}

static void start(const char *program, struct qemu_description description,
		  struct qemu_machine *machine)
{
	struct cov_error err;

	description.program = program;
	description.memory_mib = 64;
	description.kernel = "bzImage";
	description.append = "covdb.mode=probe";
	if (!description.root_image)
		description.root_image = "root.ext4";
	if (!description.console_log)
		description.console_log = -1;
	assert_int_equal(qemu_start(&description, machine, &err), 0);
}

static enum qemu_end run(const char *body, struct qemu_watch *watch, struct qemu_machine *machine)
{
	COV_AUTO(free) char *program = write_script(body);

	start(program, (struct qemu_description){ 0 }, machine);
	return qemu_watch(machine, watch);
}

static void lines_of_both_ports_arrive_also_the_last_one_without_an_end(void **state)
{
	COV_AUTO(heard_deinit) struct heard heard = { 0 };
	COV_AUTO(qemu_stop) struct qemu_machine machine = { 0 };
	struct qemu_watch watch = watch_of(&heard);

	(void)state;
	assert_int_equal(run("printf 'one\\r\\ntwo\\n\\nthree' >&3; printf 'a\\nb' >&4; "
			     "echo own >&2",
			     &watch, &machine),
			 QEMU_EXITED);
	assert_string_equal(heard.lines[QEMU_CONSOLE].data, "one|two||three|");
	assert_string_equal(heard.lines[QEMU_MESSAGES].data, "a|b|");
	assert_string_equal(heard.lines[QEMU_OWN].data, "own|");
	assert_int_equal(machine.console_tail.added_count, 4);
}

static void all_that_was_said_before_the_end_arrives(void **state)
{
	COV_AUTO(heard_deinit) struct heard heard = { 0 };
	COV_AUTO(qemu_stop) struct qemu_machine machine = { 0 };
	struct qemu_watch watch = watch_of(&heard);

	(void)state;
	assert_int_equal(run("seq 1 20000 >&4", &watch, &machine), QEMU_EXITED);
	assert_int_equal(heard.lines[QEMU_MESSAGES].length, 108894);
}

static void control_characters_and_endless_lines_do_no_harm(void **state)
{
	COV_AUTO(heard_deinit) struct heard heard = { 0 };
	COV_AUTO(qemu_stop) struct qemu_machine machine = { 0 };
	struct qemu_watch watch = watch_of(&heard);

	(void)state;
	assert_int_equal(run("printf '\\033[2Jx\\000y\\n' >&3; head -c 100000 /dev/zero | "
			     "tr '\\000' a >&4",
			     &watch, &machine),
			 QEMU_EXITED);
	assert_string_equal(heard.lines[QEMU_CONSOLE].data, "?[2Jx?y|");
	assert_int_equal(heard.lines[QEMU_MESSAGES].length, 100000 + 100000 / 8192 + 1);
}

static void a_wanted_line_ends_the_watch_and_stop_ends_the_process(void **state)
{
	COV_AUTO(heard_deinit) struct heard heard = { .enough = "alive" };
	struct qemu_machine machine = { 0 };
	struct qemu_watch watch = watch_of(&heard);

	(void)state;
	assert_int_equal(run("echo alive >&3; exec sleep 100", &watch, &machine), QEMU_ENOUGH);
	pid_t pid = machine.pid;
	assert_int_equal(kill(pid, 0), 0);
	qemu_stop(&machine);
	assert_int_equal(kill(pid, 0), -1);
	assert_int_equal(errno, ESRCH);
	qemu_stop(&machine);
}

static void a_process_that_ignores_the_request_to_end_is_killed(void **state)
{
	COV_AUTO(heard_deinit) struct heard heard = { .enough = "alive" };
	struct qemu_machine machine = { 0 };
	struct qemu_watch watch = watch_of(&heard);

	(void)state;
	assert_int_equal(
	    run("trap '' TERM; echo alive >&3; while :; do echo x >&3; done", &watch, &machine),
	    QEMU_ENOUGH);
	pid_t pid = machine.pid;
	qemu_stop(&machine);
	assert_int_equal(kill(pid, 0), -1);
}

static void a_guest_that_never_speaks_is_given_up(void **state)
{
	COV_AUTO(heard_deinit) struct heard heard = { 0 };
	COV_AUTO(qemu_stop) struct qemu_machine machine = { 0 };
	struct qemu_watch watch = watch_of(&heard);

	(void)state;
	watch.first_output_limit_ns = 200LL * NS_PER_MS;
	/* What QEMU itself says is no sign of life of the guest. */
	assert_int_equal(run("echo warning >&2; exec sleep 100", &watch, &machine),
			 QEMU_NEVER_SPOKE);
}

static void a_guest_that_falls_silent_is_given_up(void **state)
{
	COV_AUTO(heard_deinit) struct heard heard = { 0 };
	COV_AUTO(qemu_stop) struct qemu_machine machine = { 0 };
	struct qemu_watch watch = watch_of(&heard);

	(void)state;
	watch.silence_limit_ns = 300LL * NS_PER_MS;
	long long started_ns = cov_monotonic_ns();
	assert_int_equal(run("for i in 1 2 3; do echo $i >&4; sleep 0.1; done; exec sleep 100",
			     &watch, &machine),
			 QEMU_FELL_SILENT);
	assert_true(cov_monotonic_ns() - started_ns > 450LL * NS_PER_MS);
	assert_string_equal(heard.lines[QEMU_MESSAGES].data, "1|2|3|");
}

enum { CLOCK_ADDRESS = 8192 };

/* The guest's memory is descriptor 5; @ticks times it raises its clock, then it only sleeps. */
static enum qemu_end run_ticking(int ticks, struct qemu_watch *watch, struct qemu_machine *machine)
{
	COV_AUTO(free)
	char *body = cov_format("echo up >&3; for i in $(seq 1 %d); do echo $i | dd bs=1 seek=%d "
				"of=/proc/self/fd/5 conv=notrunc status=none; sleep 0.1; done; "
				"exec sleep 100",
				ticks, CLOCK_ADDRESS);
	COV_AUTO(free) char *program = write_script(body);

	start(program, (struct qemu_description){ .clock_address = CLOCK_ADDRESS }, machine);
	return qemu_watch(machine, watch);
}

static void a_guest_whose_clock_stands_still_is_given_up(void **state)
{
	COV_AUTO(heard_deinit) struct heard heard = { 0 };
	COV_AUTO(qemu_stop) struct qemu_machine machine = { 0 };
	struct qemu_watch watch = watch_of(&heard);

	(void)state;
	watch.standstill_limit_ns = 1500LL * NS_PER_MS;
	long long started_ns = cov_monotonic_ns();
	assert_int_equal(run_ticking(20, &watch, &machine), QEMU_STOOD_STILL);
	assert_true(cov_monotonic_ns() - started_ns > 3000LL * NS_PER_MS);
}

static void a_guest_that_is_silent_but_lives_is_left_alone(void **state)
{
	COV_AUTO(heard_deinit) struct heard heard = { 0 };
	COV_AUTO(qemu_stop) struct qemu_machine machine = { 0 };
	struct qemu_watch watch = watch_of(&heard);

	(void)state;
	watch.standstill_limit_ns = 3000LL * NS_PER_MS;
	watch.silence_limit_ns = 4000LL * NS_PER_MS;
	assert_int_equal(run_ticking(1000, &watch, &machine), QEMU_FELL_SILENT);
}

static void a_guest_that_only_talks_meets_the_total_limit(void **state)
{
	COV_AUTO(heard_deinit) struct heard heard = { 0 };
	COV_AUTO(qemu_stop) struct qemu_machine machine = { 0 };
	struct qemu_watch watch = watch_of(&heard);

	(void)state;
	watch.total_limit_ns = 300LL * NS_PER_MS;
	assert_int_equal(run("while :; do echo x >&3; sleep 0.01; done", &watch, &machine),
			 QEMU_TOO_LONG);
}

static void an_interruption_ends_the_watch_and_the_mask_comes_back(void **state)
{
	COV_AUTO(heard_deinit) struct heard heard = { 0 };
	struct qemu_machine machine = { 0 };
	struct qemu_watch watch = watch_of(&heard);
	COV_AUTO(free) char *program = write_script("exec sleep 100");
	sigset_t mask;

	(void)state;
	start(program, (struct qemu_description){ 0 }, &machine);
	raise(SIGTERM); /* blocked: it would end this test otherwise */
	assert_int_equal(qemu_watch(&machine, &watch), QEMU_INTERRUPTED);
	qemu_stop(&machine);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	assert_false(sigismember(&mask, SIGTERM));
}

static void a_program_that_is_missing_says_so_and_ends(void **state)
{
	COV_AUTO(heard_deinit) struct heard heard = { 0 };
	COV_AUTO(qemu_stop) struct qemu_machine machine = { 0 };
	struct qemu_watch watch = watch_of(&heard);

	(void)state;
	start("/nonexistent/qemu", (struct qemu_description){ 0 }, &machine);
	assert_int_equal(qemu_watch(&machine, &watch), QEMU_EXITED);
	assert_string_equal(heard.lines[QEMU_OWN].data,
			    "cannot run /nonexistent/qemu: No such file or directory|");
}

static void the_log_has_the_bytes_of_the_console_as_they_came(void **state)
{
	COV_AUTO(heard_deinit) struct heard heard = { 0 };
	COV_AUTO(qemu_stop) struct qemu_machine machine = { 0 };
	struct qemu_watch watch = watch_of(&heard);
	COV_AUTO(free) char *program = write_script("printf 'a\\r\\n\\033b' >&3; echo no >&4");
	COV_AUTO(free) char *path = cov_format("%s/log", directory);
	COV_AUTO(close) int log = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	COV_AUTO(free) char *text = NULL;
	struct cov_error err;
	size_t size = 0;

	(void)state;
	start(program, (struct qemu_description){ .console_log = log }, &machine);
	assert_int_equal(qemu_watch(&machine, &watch), QEMU_EXITED);
	assert_int_equal(cov_file_read(path, &text, &size, &err), 0);
	assert_string_equal(text, "a\r\n\033b");
}

/* All words of the command line in one text, a space between them. */
static char *arguments_of(struct qemu_description description)
{
	COV_AUTO(heard_deinit) struct heard heard = { 0 };
	COV_AUTO(qemu_stop) struct qemu_machine machine = { 0 };
	struct qemu_watch watch = watch_of(&heard);
	COV_AUTO(free) char *program = write_script("echo \"$*\" >&4");

	start(program, description, &machine);
	assert_int_equal(qemu_watch(&machine, &watch), QEMU_EXITED);
	return cov_format("%s", heard.lines[QEMU_MESSAGES].data);
}

static void an_emulated_machine_has_one_processor_and_kvm_two(void **state)
{
	COV_AUTO(free) char *tcg = arguments_of((struct qemu_description){ 0 });
	COV_AUTO(free)
	char *kvm = arguments_of((struct qemu_description){ .acceleration = QEMU_KVM });

	(void)state;
	assert_non_null(
	    strstr(tcg, "-accel tcg -cpu max,la57=off,family=23,model=1,stepping=2 -smp 1 -m 64M"));
	assert_non_null(strstr(kvm, "-accel kvm -cpu host -smp 2 -m 64M"));
}

static void only_the_data_disk_is_written_and_commas_of_its_name_are_doubled(void **state)
{
	COV_AUTO(free)
	char *words = arguments_of((struct qemu_description){ .root_image = "root,readonly=off",
							      .data_image = "/x/a,b/data.ext4" });

	(void)state;
	assert_non_null(
	    strstr(words, "-drive if=virtio,format=raw,snapshot=on,file=root,,readonly=off "));
	assert_non_null(
	    strstr(words, "-drive if=virtio,format=raw,cache=unsafe,file=/x/a,,b/data.ext4 "));
}

/* The stand-in's pid comes through a pipe from a child that dies with no chance to tidy up. */
static void the_machine_dies_with_the_process_that_started_it(void **state)
{
	COV_AUTO(free) char *program = write_script("exec sleep 100");
	int ends[2];
	pid_t machine_pid = 0;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		struct qemu_machine machine = { 0 };

		start(program, (struct qemu_description){ 0 }, &machine);
		if (write(ends[1], &machine.pid, sizeof(machine.pid)) < 0)
			_exit(1);
		pause();
		_exit(0);
	}
	assert_int_equal(read(ends[0], &machine_pid, sizeof(machine_pid)), sizeof(machine_pid));
	close(ends[0]);
	close(ends[1]);
	usleep(100 * 1000); /* until it is a sleep: what is tested is not the start */
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);

	/* Whoever collects orphans here may be slow: a zombie has no memory any more. */
	bool is_gone = false;
	for (int i = 0; i < 200 && !is_gone; i++) {
		COV_AUTO(free) char *path = cov_format("/proc/%d/cmdline", machine_pid);
		COV_AUTO(free) char *text = NULL;
		struct cov_error err;
		size_t size = 0;

		is_gone = cov_file_read(path, &text, &size, &err) < 0 || size == 0;
		usleep(10 * 1000);
	}
	assert_true(is_gone);
}

static void the_tail_has_the_last_lines_in_order(void **state)
{
	COV_AUTO(qemu_tail_deinit) struct qemu_tail tail = { 0 };
	COV_AUTO(free) char *text = NULL;
	COV_AUTO(cov_text_deinit) struct cov_text expected = { 0 };
	size_t size = 0;
	FILE *messages = stderr;

	(void)state;
	for (int i = 1; i <= 40; i++) {
		COV_AUTO(free) char *line = cov_format("line %d", i);

		qemu_tail_add(&tail, line);
	}
	for (int i = 40 - QEMU_TAIL_LINES + 1; i <= 40; i++)
		cov_text_print(&expected, "> line %d\n", i);
	stderr = open_memstream(&text, &size);
	qemu_tail_print(&tail, "> ");
	fclose(stderr);
	stderr = messages;
	assert_string_equal(text, expected.data);
}

static int make_directory(void **state)
{
	(void)state;
	strncpy(directory, "/tmp/covdb-qemu-test-XXXXXX", sizeof(directory) - 1);
	return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
	static const char *const names[] = { "stand-in", "log" };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		COV_AUTO(free) char *path = cov_format("%s/%s", directory, names[i]);

		unlink(path);
	}
	return rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_both_ports_arrive_also_the_last_one_without_an_end),
		cmocka_unit_test(all_that_was_said_before_the_end_arrives),
		cmocka_unit_test(control_characters_and_endless_lines_do_no_harm),
		cmocka_unit_test(a_wanted_line_ends_the_watch_and_stop_ends_the_process),
		cmocka_unit_test(a_process_that_ignores_the_request_to_end_is_killed),
		cmocka_unit_test(a_guest_that_never_speaks_is_given_up),
		cmocka_unit_test(a_guest_that_falls_silent_is_given_up),
		cmocka_unit_test(a_guest_whose_clock_stands_still_is_given_up),
		cmocka_unit_test(a_guest_that_is_silent_but_lives_is_left_alone),
		cmocka_unit_test(a_guest_that_only_talks_meets_the_total_limit),
		cmocka_unit_test(an_interruption_ends_the_watch_and_the_mask_comes_back),
		cmocka_unit_test(a_program_that_is_missing_says_so_and_ends),
		cmocka_unit_test(the_log_has_the_bytes_of_the_console_as_they_came),
		cmocka_unit_test(an_emulated_machine_has_one_processor_and_kvm_two),
		cmocka_unit_test(only_the_data_disk_is_written_and_commas_of_its_name_are_doubled),
		cmocka_unit_test(the_machine_dies_with_the_process_that_started_it),
		cmocka_unit_test(the_tail_has_the_last_lines_in_order),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
