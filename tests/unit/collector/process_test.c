/* process_test.c - commands end, are ended, and leave nothing behind. */
#include "collector/run/process.h"
#include "collector/run/stray.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "collector/base/error.h"
#include "collector/base/progress.h"

static const long long ns_per_s = 1000000000;
static const long long long_limit_ns = 60000000000;

static int shell(const char *script, long long limit_ns, struct process_result *result)
{
	COV_AUTO(free) char *text = cov_format("%s", script);
	char sh[] = "sh", option[] = "-c";
	char *const command[] = { sh, option, text, NULL };
	struct cov_error err;

	return process_run(command, limit_ns, result, &err);
}

static void output_and_exit_status_are_kept(void **state)
{
	(void)state;
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };

	assert_int_equal(shell("echo out; echo err >&2; exit 7", long_limit_ns, &result), 0);
	assert_int_equal(result.exit_status, 7);
	assert_int_equal(result.signal, 0);
	assert_string_equal(result.output.data, "out\nerr\n");
	assert_false(result.is_over_limit);
}

static void a_signal_is_told_from_an_exit(void **state)
{
	(void)state;
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };

	assert_int_equal(shell("kill -SEGV $$", long_limit_ns, &result), 0);
	assert_int_equal(result.exit_status, -1);
	assert_int_equal(result.signal, SIGSEGV);
}

static void a_program_that_is_not_there_is_an_error(void **state)
{
	(void)state;
	char name[] = "no-such-program";
	char *const command[] = { name, NULL };
	struct process_result result = { 0 };
	struct cov_error err = { 0 };

	assert_int_equal(process_run(command, ns_per_s, &result, &err), COV_ERR_SYSTEM);
	assert_string_equal(err.message, "cannot run no-such-program: No such file or directory");
}

static void standard_input_is_empty(void **state)
{
	(void)state;
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };

	assert_int_equal(shell("cat | wc -c", long_limit_ns, &result), 0);
	assert_int_equal(strtol(result.output.data, NULL, 10), 0);
}

static void a_command_gets_its_own_session_and_default_signals(void **state)
{
	(void)state;
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };

	assert_int_equal(
	    shell("cut -d' ' -f6 /proc/$$/stat; echo $$; exec grep SigBlk /proc/self/status",
		  long_limit_ns, &result),
	    0);
	char *rest;
	long session = strtol(result.output.data, &rest, 10);
	assert_int_equal(session, strtol(rest, &rest, 10));
	assert_non_null(strstr(rest, "SigBlk:\t0000000000000000"));
}

static bool is_ignored(const char *status, int number)
{
	const char *place = strstr(status, "SigIgn:");

	assert_non_null(place);
	return strtoull(place + strlen("SigIgn:"), NULL, 16) >> (number - 1) & 1;
}

/* covdb ignores SIGXFSZ; what it starts, in any of the ways, does not. */
static void what_is_ignored_here_is_not_ignored_there(void **state)
{
	(void)state;
	const char *const command[] = { "grep", "SigIgn", "/proc/self/status", NULL };
	static const struct process_tie tie = { .death_signal = SIGTERM };
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };
	COV_AUTO(process_pipe_close) struct process_pipe pipe = { 0 };
	COV_AUTO(cov_text_deinit) struct cov_text captured = { 0 };
	struct cov_error err = { 0 };
	char line[64] = "";
	int status = 0;
	void (*before)(int) = signal(SIGXFSZ, SIG_IGN);

	assert_int_equal(shell("exec grep SigIgn /proc/self/status", long_limit_ns, &result), 0);
	assert_false(is_ignored(result.output.data, SIGXFSZ));
	assert_int_equal(process_capture(command, &tie, false, &captured, &status, &err), 0);
	assert_false(is_ignored(captured.data, SIGXFSZ));
	assert_int_equal(process_pipe_open(command, NULL, &pipe, &err), 0);
	assert_non_null(fgets(line, sizeof(line), pipe.output));
	assert_false(is_ignored(line, SIGXFSZ));
	signal(SIGXFSZ, before);
}

static void output_beyond_the_cap_is_drained_and_counted(void **state)
{
	(void)state;
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };

	assert_int_equal(shell("head -c 3000000 /dev/zero", long_limit_ns, &result), 0);
	assert_int_equal(result.exit_status, 0);
	assert_int_equal(result.output.length, PROCESS_OUTPUT_BYTES_MAX);
	assert_int_equal(result.dropped_bytes, 3000000 - PROCESS_OUTPUT_BYTES_MAX);
}

static void the_whole_group_ends_at_the_limit(void **state)
{
	(void)state;
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };

	assert_int_equal(shell("sleep 100 & sleep 100", ns_per_s / 5, &result), 0);
	assert_true(result.is_over_limit);
	assert_int_equal(result.signal, SIGTERM);
}

static void who_ignores_the_first_signal_gets_the_second(void **state)
{
	(void)state;
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };

	assert_int_equal(shell("trap '' TERM; while :; do sleep 100; done", ns_per_s / 5, &result),
			 0);
	assert_true(result.is_over_limit);
	assert_int_equal(result.signal, SIGKILL);
}

static void a_grandchild_that_holds_the_output_does_not_hang(void **state)
{
	(void)state;
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };

	/* The shell ends once the grandchild has told it that it is in a session of its own. */
	assert_int_equal(shell("trap 'echo done; exit' USR1;"
			       " setsid sh -c \"kill -USR1 $$; exec sleep 100\" & wait",
			       long_limit_ns, &result),
			 0);
	assert_string_equal(result.output.data, "done\n");
	/* It is still there, besides the ended ones of tests before. */
	pid_t collected;
	while ((collected = waitpid(-1, NULL, WNOHANG)) > 0)
		;
	assert_int_equal(collected, 0);
	stray_kill_children();
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void waiting_costs_no_processor_time(void **state)
{
	(void)state;
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };
	struct rusage before, after;

	getrusage(RUSAGE_SELF, &before);
	assert_int_equal(shell("sleep 1", long_limit_ns, &result), 0);
	getrusage(RUSAGE_SELF, &after);
	/* Starting it, ppoll() once, collecting it: a handful of times off the processor. */
	assert_true(after.ru_nvcsw - before.ru_nvcsw < 10);
}

static void a_signal_stops_what_runs_but_not_what_cleans_up(void **state)
{
	(void)state;
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };
	COV_AUTO(process_result_deinit) struct process_result cleaning = { 0 };

	process_catch_signals();
	assert_false(process_is_interrupted());
	assert_int_equal(shell("kill -INT $PPID; sleep 100", long_limit_ns, &result), 0);
	assert_true(result.is_interrupted);
	assert_false(result.is_over_limit);
	assert_true(process_is_interrupted());

	assert_int_equal(shell("sleep 0.2; echo clean", long_limit_ns, &cleaning), 0);
	assert_string_equal(cleaning.output.data, "clean\n");
	assert_false(cleaning.is_interrupted);
}

/* Counts lines; has enough at "stop". */
static bool take_line(void *context, const char *line)
{
	int *count = context;

	++*count;
	return strcmp(line, "stop") != 0;
}

static void lines_are_seen_while_the_command_runs(void **state)
{
	(void)state;
	char sh[] = "sh", option[] = "-c", script[] = "echo a; printf 'b\nc'; sleep 1000000";
	char *const command[] = { sh, option, script, NULL };
	char stopping[] = "echo stop; exec sleep 1000000";
	char *const stop_command[] = { sh, option, stopping, NULL };
	COV_AUTO(process_deinit) struct process process = { 0 }, other = { 0 };
	struct cov_error err = { 0 };
	int count = 0;
	const struct process_watch watch = { take_line, &count };

	assert_int_equal(process_start(command, &process, &err), 0);
	assert_true(process_wait(&process, ns_per_s / 2, &watch));
	assert_true(process.result.is_over_limit);
	assert_int_equal(count, 2); /* "c" has no end */

	assert_int_equal(process_start(stop_command, &other, &err), 0);
	assert_false(process_wait(&other, long_limit_ns, &watch));
	assert_int_equal(count, 3);
	pid_t pid = other.pid;
	assert_int_equal(kill(pid, 0), 0);
	process_stop(&other);
	assert_int_equal(other.pid, 0);
	assert_int_equal(kill(pid, 0), -1);
}

static void every_session_is_noted(void **state)
{
	(void)state;
	struct process_ledger ledger = { 0 };
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };

	process_keep_ledger(&ledger);
	assert_int_equal(shell("true", long_limit_ns, &result), 0);
	process_keep_ledger(NULL);
	assert_int_equal(ledger.count, 1);
	assert_true(ledger.sessions[0].pid > 1 && ledger.sessions[0].earliest_ns > 0);
	assert_true(ledger.sessions[0].latest_ns >= ledger.sessions[0].earliest_ns);
}

static bool is_running(pid_t pid)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && !info.si_pid;
}

/* A number that was given away again is another's. */
static void a_session_is_killed_only_if_it_started_when_it_was_noted(void **state)
{
	(void)state;
	static const long long apart_ns[] = { -500000000, -30000000, 30000000, 500000000 };
	char sh[] = "sh", option[] = "-c", script[] = "sleep 1000000 & echo; exec sleep 1000000";
	char *const command[] = { sh, option, script, NULL };
	COV_AUTO(process_deinit) struct process process = { 0 };
	struct process_ledger ledger = { 0 };
	struct cov_error err = { 0 };

	process_keep_ledger(&ledger);
	assert_int_equal(process_start(command, &process, &err), 0);
	process_keep_ledger(NULL);
	long long width_ns = ledger.sessions[0].latest_ns - ledger.sessions[0].earliest_ns;
	for (size_t i = 0; i < sizeof(apart_ns) / sizeof(apart_ns[0]); i++) {
		struct process_ledger other = ledger;
		long long shift_ns = apart_ns[i] + (apart_ns[i] < 0 ? -width_ns : width_ns);

		other.sessions[0].earliest_ns += shift_ns;
		other.sessions[0].latest_ns += shift_ns;
		stray_kill_sessions(&other);
		assert_true(is_running(process.pid));
	}
	stray_kill_sessions(&ledger);
	assert_true(process_wait(&process, long_limit_ns, NULL));
	assert_int_equal(process.result.signal, SIGKILL);
}

static void a_session_without_its_leader_may_be_anybodys(void **state)
{
	(void)state;
	/* The sleeper is in a group of its own, which the end of the shell does not end. */
	char bash[] = "bash", option[] = "-c";
	char script[] = "set -m; sleep 1000000 >/dev/null 2>&1 & echo $!";
	char *const command[] = { bash, option, script, NULL };
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };
	struct process_ledger ledger = { 0 };
	struct cov_error err;

	process_keep_ledger(&ledger);
	assert_int_equal(process_run(command, long_limit_ns, &result, &err), 0);
	process_keep_ledger(NULL);
	pid_t pid = (pid_t)strtol(result.output.data, NULL, 10);
	assert_true(pid > 1 && is_running(pid));
	stray_kill_sessions(&ledger);
	assert_true(is_running(pid));
	stray_kill_children();
}

static void what_a_program_prints_is_read_where_it_is_told_to_run(void **state)
{
	(void)state;
	const char *const command[] = { "sh", "-c", "pwd; echo unseen >&2", NULL };
	const char *const missing[] = { "no-such-program", NULL };
	COV_AUTO(process_pipe_close) struct process_pipe pipe = { 0 };
	struct cov_error err = { 0 };
	char line[64] = "";

	assert_int_equal(process_pipe_open(command, "/", &pipe, &err), 0);
	assert_non_null(fgets(line, sizeof(line), pipe.output));
	assert_string_equal(line, "/\n");
	assert_int_equal(fgetc(pipe.output), EOF);
	process_pipe_close(&pipe);
	assert_int_equal(process_pipe_open(missing, NULL, &pipe, &err), COV_ERR_SYSTEM);
}

static void a_program_in_the_foreground_ends_with_its_own_status(void **state)
{
	(void)state;
	const char *const exits[] = { "sh", "-c", "exit 8", NULL };
	const char *const is_killed[] = { "sh", "-c", "kill -INT $$", NULL };
	struct cov_error err = { 0 };
	int status = 0;

	assert_int_equal(process_foreground(exits, NULL, &status, &err), 0);
	assert_int_equal(status, 8);
	assert_int_equal(process_foreground(is_killed, NULL, &status, &err), 0);
	assert_int_equal(status, 128 + SIGINT);
}

static void what_a_program_in_the_foreground_prints_can_be_taken(void **state)
{
	(void)state;
	const char *const prints[] = { "sh", "-c", "echo one; echo two; exit 3", NULL };
	const char *const goes_on[] = { "sh", "-c", "while echo y; do :; done", NULL };
	struct cov_error err = { 0 };
	char text[64] = "";
	int status = 0;
	FILE *taken = fmemopen(text, sizeof(text), "w");

	assert_int_equal(process_foreground(prints, taken, &status, &err), 0);
	assert_int_equal(status, 3);
	assert_int_equal(fclose(taken), 0);
	assert_string_equal(text, "one\ntwo\n");

	FILE *full = fopen("/dev/full", "w");
	assert_non_null(full);
	assert_int_equal(process_foreground(goes_on, full, &status, &err), 0);
	assert_int_not_equal(status, 0);
	assert_true(ferror(full));
	fclose(full);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_and_exit_status_are_kept),
		cmocka_unit_test(a_signal_is_told_from_an_exit),
		cmocka_unit_test(a_program_that_is_not_there_is_an_error),
		cmocka_unit_test(standard_input_is_empty),
		cmocka_unit_test(a_command_gets_its_own_session_and_default_signals),
		cmocka_unit_test(what_is_ignored_here_is_not_ignored_there),
		cmocka_unit_test(output_beyond_the_cap_is_drained_and_counted),
		cmocka_unit_test(the_whole_group_ends_at_the_limit),
		cmocka_unit_test(who_ignores_the_first_signal_gets_the_second),
		cmocka_unit_test(a_grandchild_that_holds_the_output_does_not_hang),
		cmocka_unit_test(waiting_costs_no_processor_time),
		cmocka_unit_test(a_signal_stops_what_runs_but_not_what_cleans_up),
		cmocka_unit_test(lines_are_seen_while_the_command_runs),
		cmocka_unit_test(every_session_is_noted),
		cmocka_unit_test(a_session_is_killed_only_if_it_started_when_it_was_noted),
		cmocka_unit_test(a_session_without_its_leader_may_be_anybodys),
		cmocka_unit_test(what_a_program_prints_is_read_where_it_is_told_to_run),
		cmocka_unit_test(a_program_in_the_foreground_ends_with_its_own_status),
		cmocka_unit_test(what_a_program_in_the_foreground_prints_can_be_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
