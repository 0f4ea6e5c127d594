/* pager.c - a program that shows what does not fit the terminal: $COVDB_PAGER, $PAGER, less. */
#include "collector/base/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/program.h"
#include "collector/base/screen.h"
#include "collector/base/text.h"

enum { LINES_UNKNOWN = 24, READ_END = 0, WRITE_END = 1 };

static struct {
	bool is_forbidden, is_on;
	const char *command;
	struct cov_text held;     /* until the pager starts, or is found not to */
	size_t lines, column;     /* of what is held, as the terminal shows it */
	volatile sig_atomic_t to; /* what is written to after that */
	volatile sig_atomic_t process;
} pager = { .to = -1 };

void cov_pager_forbid(void)
{
	pager.is_forbidden = true;
}

/* Whether there is a program of the name that @command begins with, as far as that can be told. */
static bool can_start(const char *command)
{
	size_t length = strcspn(command, " \t");
	COV_AUTO(free) char *name = cov_xstrndup(command, length);
	COV_AUTO(free) char *path = NULL;

	if (strpbrk(command, "|&;<>()$`\\\"'*?[#~=%"))
		return true; /* the shell says if not */
	path = cov_program_find(name, NULL);
	return path != NULL;
}

static const char *find_command(void)
{
	const char *command = getenv("COVDB_PAGER");

	if (!command)
		command = getenv("PAGER");
	if (!command)
		command = "less";
	return *command && strcmp(command, "cat") != 0 && can_start(command) ? command : NULL;
}

void cov_pager_begin(void)
{
	const char *terminal = getenv("TERM");

	if (pager.is_forbidden || pager.is_on || !isatty(STDOUT_FILENO) || !terminal ||
	    strcmp(terminal, "dumb") == 0)
		return;
	pager.command = find_command();
	pager.is_on = pager.command != NULL;
}

bool cov_pager_is_on(void)
{
	return pager.is_on;
}

static void wait_for_pager(void)
{
	if (!pager.process)
		return;
	close((int)pager.to);
	while (waitpid((pid_t)pager.process, NULL, 0) < 0 && errno == EINTR)
		;
	pager.process = 0;
}

/* The pager has the terminal until it ends: not before that may the shell take it back. */
static void end_by_signal(int number)
{
	wait_for_pager();
	signal(number, SIG_DFL);
	raise(number);
}

/* Give the pager's end of the pipe to a shell. Return: 0 or an errno. */
static int start(int read_end)
{
	static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE };
	COV_AUTO(free) char *command = cov_xstrdup(pager.command);
	char shell[] = "sh", option[] = "-c", *const argv[] = { shell, option, command, NULL };
	posix_spawn_file_actions_t actions;
	pid_t process = 0;

	if (setenv("LESS", "FRX", 0) != 0 || setenv("LV", "-c", 0) != 0 ||
	    posix_spawn_file_actions_init(&actions) != 0)
		cov_out_of_memory();
	int failure = posix_spawn_file_actions_adddup2(&actions, read_end, STDIN_FILENO);
	if (!failure)
		failure = posix_spawn(&process, "/bin/sh", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (failure)
		return failure;
	pager.process = process;
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++) {
		const struct sigaction action = { .sa_handler = end_by_signal,
						  .sa_flags = SA_RESETHAND | SA_NODEFER };

		sigaction(ending[i], &action, NULL);
	}
	return 0;
}

static int flush_held(void)
{
	int result = pager.held.length &&
		     cov_write_all((int)pager.to, pager.held.data, pager.held.length) != 0;
	int failure = result ? errno : 0;

	cov_text_deinit(&pager.held);
	return failure;
}

/* Without a pager the terminal gets it all. */
static int stop_holding(void)
{
	int ends[2];

	pager.to = STDOUT_FILENO;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return flush_held();
	pager.to = ends[WRITE_END];
	if (start(ends[READ_END]) != 0) {
		close(ends[WRITE_END]);
		pager.to = STDOUT_FILENO;
	}
	close(ends[READ_END]);
	return flush_held();
}

/* Whether what is held fills the terminal, whose last line is the shell's. */
static bool is_full(const char *data, size_t size)
{
	size_t columns = cov_screen_columns(), lines = cov_screen_lines();

	for (size_t i = 0; i < size; i++) {
		bool is_end = data[i] == '\n' || pager.column == columns;

		pager.lines += is_end;
		pager.column = is_end ? data[i] != '\n' : pager.column + 1;
	}
	return pager.lines + 1 > (lines == SIZE_MAX ? LINES_UNKNOWN : lines);
}

int cov_pager_write(const char *data, size_t size)
{
	if (pager.to >= 0)
		return cov_write_all((int)pager.to, data, size) == 0 ? 0 : errno;
	cov_text_add(&pager.held, data, size);
	return is_full(data, size) ? stop_holding() : 0;
}

int cov_pager_end(void)
{
	int failure = 0;

	if (pager.is_on && pager.to < 0) {
		pager.to = STDOUT_FILENO;
		failure = flush_held();
	}
	wait_for_pager();
	pager.is_on = false;
	return failure;
}
