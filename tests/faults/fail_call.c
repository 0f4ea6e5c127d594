/*
 * fail_call.c - runs a program in which the n-th system call of a class fails, and tells whether
 * one did.
 *
 * usage: fail_call LIBRARY REPORT CLASS N HOW PROGRAM [ARGUMENT...]
 *
 * CLASS is one of open, read, write, close, fsync, rename, readdir, mmap, malloc; HOW is EIO,
 * ENOSPC, ENOMEM, EINTR, short or kill. With a + behind N all later calls fail, too, as on a disk
 * that is full. REPORT gets one line: "failed NUMBER CALL FILE", or "passed COUNT" when there were
 * fewer calls.
 *
 * A library that replaces write() does not see the writes of stdio and of SQLite's checkpoints in
 * libc itself, nor pthread_create()'s mmap(). Here the kernel stops the call, whoever makes it
 * (seccomp), and this program answers it (ptrace). Only malloc, which is no system call, is
 * replaced by LIBRARY (fail_malloc.c), which also tells when the dynamic loader is done: its calls
 * count not. All threads of the program count, the processes that it starts do not. What it writes
 * to stderr does not count either: how else would it say what failed?
 */
#include "tests/faults/fail_call.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef __x86_64__
#error "answers of system calls are set in registers of x86-64"
#endif

enum { CANNOT = 125, PATH_BYTES = 4096, CALLS_MAX = 8 };

enum names { BY_DESCRIPTOR, BY_FIRST, BY_SECOND, NOT_BY_FILE };
enum how { FAIL, SHORT, KILL };

struct call {
	long number;
	const char *name;
	enum names names; /* which argument tells the file */
};

struct class
{
	const char *name;
	struct call calls[CALLS_MAX]; /* ends with a name of NULL */
};

static const struct class classes[] = {
	{ "open",
	  { { SYS_open, "open", BY_FIRST },
	    { SYS_creat, "creat", BY_FIRST },
	    { SYS_openat, "openat", BY_SECOND },
	    { SYS_openat2, "openat2", BY_SECOND } } },
	{ "read",
	  { { SYS_read, "read", BY_DESCRIPTOR },
	    { SYS_pread64, "pread64", BY_DESCRIPTOR },
	    { SYS_readv, "readv", BY_DESCRIPTOR },
	    { SYS_preadv, "preadv", BY_DESCRIPTOR } } },
	{ "write",
	  { { SYS_write, "write", BY_DESCRIPTOR },
	    { SYS_pwrite64, "pwrite64", BY_DESCRIPTOR },
	    { SYS_writev, "writev", BY_DESCRIPTOR },
	    { SYS_pwritev, "pwritev", BY_DESCRIPTOR } } },
	{ "close", { { SYS_close, "close", BY_DESCRIPTOR } } },
	{ "fsync",
	  { { SYS_fsync, "fsync", BY_DESCRIPTOR },
	    { SYS_fdatasync, "fdatasync", BY_DESCRIPTOR } } },
	{ "rename",
	  { { SYS_rename, "rename", BY_FIRST },
	    { SYS_renameat, "renameat", BY_SECOND },
	    { SYS_renameat2, "renameat2", BY_SECOND },
	    { SYS_link, "link", BY_FIRST },
	    { SYS_linkat, "linkat", BY_SECOND } } },
	{ "readdir", { { SYS_getdents64, "getdents64", BY_DESCRIPTOR } } },
	{ "mmap", { { SYS_mmap, "mmap", NOT_BY_FILE }, { SYS_mremap, "mremap", NOT_BY_FILE } } },
	{ "malloc", { { 0 } } }, /* by the library */
};

static const struct {
	const char *name;
	enum how how;
	int error;
} hows[] = {
	{ "EIO", FAIL, EIO },     { "ENOSPC", FAIL, ENOSPC }, { "ENOMEM", FAIL, ENOMEM },
	{ "EINTR", FAIL, EINTR }, { "EACCES", FAIL, EACCES }, { "EMFILE", FAIL, EMFILE },
	{ "short", SHORT, 0 },    { "kill", KILL, 0 },
};

struct fault {
	const struct class *class;
	enum how how;
	int error;
	long wanted;      /* which call fails first, from 1 */
	bool is_for_good; /* and all later ones */
	bool is_counting; /* the loader is done */
	long count;       /* calls so far */
	const char *report;
	pid_t program;
};

__attribute__((noreturn, format(printf, 1, 2))) static void give_up(const char *format, ...)
{
	va_list arguments;

	fputs("fail_call: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, " (%s)\n", strerror(errno));
	exit(CANNOT);
}

static void report(const struct fault *fault, const char *line)
{
	FILE *file = fopen(fault->report, "w");

	if (!file || fputs(line, file) < 0 || fclose(file) != 0)
		give_up("cannot write %s", fault->report);
}

/* What the program does of itself: it waits until it is traced, then has the kernel stop the calls
 * of its class. */
static void filter_calls(const struct class *class)
{
	struct sock_filter code[2 * CALLS_MAX + 8];
	unsigned short length = 0;

#define ADD(...) (code[length++] = (struct sock_filter)__VA_ARGS__)
#define LOAD(member)                                                                               \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, member))
	ADD(LOAD(arch));
	ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0));
	ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
	ADD(LOAD(nr));
	for (const struct call *call = class->calls; call->name; call++) {
		ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call->number, 0, 1));
		ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE));
	}
	ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 2));
	ADD(LOAD(args[0]));
	ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, FAIL_CALL_BEGIN, 1, 0));
	ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
	ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE));
#undef LOAD
#undef ADD

	struct sock_fprog filter = { .len = length, .filter = code };

	if (geteuid() != 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		give_up("cannot give up new privileges");
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) != 0)
		give_up("cannot filter system calls");
}

/* The file that a call is about, as far as it can be told. */
static void file_of_call(pid_t thread, const struct call *call, const uint64_t *arguments,
			 char path[PATH_BYTES])
{
	ssize_t length = 0;
	char name[64];

	if (call->names == BY_DESCRIPTOR) {
		snprintf(name, sizeof(name), "/proc/%d/fd/%d", thread, (int)arguments[0]);
		length = readlink(name, path, PATH_BYTES - 1);
	} else if (call->names != NOT_BY_FILE) {
		/* Up to the end of a page: what is behind need not be there. */
		uint64_t address = arguments[call->names == BY_SECOND];
		struct iovec there = { (void *)address, PATH_BYTES - address % PATH_BYTES };
		struct iovec here = { path, PATH_BYTES - 1 };

		length = process_vm_readv(thread, &here, 1, &there, 1, 0);
	}
	path[length > 0 ? length : 0] = '\0';
}

static void set_register(pid_t thread, size_t offset, uint64_t value)
{
	if (ptrace(PTRACE_POKEUSER, thread, offset, value) != 0)
		give_up("cannot set a register");
}

/* Whether a read or write can be made shorter, and how it then is: half as long, or the first of
 * its parts. */
static bool shorten(pid_t thread, const struct call *call, uint64_t count, bool is_to_do)
{
	bool is_of_parts = call->name[strlen(call->name) - 1] == 'v';

	if (count < 2)
		return false;
	if (is_to_do)
		set_register(thread, offsetof(struct user_regs_struct, rdx),
			     is_of_parts ? 1 : count / 2);
	return true;
}

/* A call of the class: counts it, and lets it fail if its time has come. Returns how to go on. */
static int answer(struct fault *fault, pid_t thread, const struct call *call,
		  const uint64_t *arguments)
{
	bool is_said = call->names == BY_DESCRIPTOR && arguments[0] == STDERR_FILENO;

	if (is_said && strcmp(fault->class->name, "read") != 0)
		return PTRACE_CONT;
	if (fault->how == SHORT && !shorten(thread, call, arguments[2], false))
		return PTRACE_CONT;
	fault->count++;
	if (fault->count < fault->wanted || (fault->count > fault->wanted && !fault->is_for_good))
		return PTRACE_CONT;
	if (fault->count == fault->wanted) {
		char path[PATH_BYTES];
		char line[PATH_BYTES + 128];

		file_of_call(thread, call, arguments, path);
		snprintf(line, sizeof(line), "failed %ld %s %s\n", fault->count, call->name, path);
		report(fault, line);
	}
	if (fault->how == KILL) {
		kill(fault->program, SIGKILL);
		return PTRACE_CONT;
	}
	if (fault->how == SHORT) {
		shorten(thread, call, arguments[2], true);
		return PTRACE_CONT;
	}
	if (call->number == SYS_close)
		return PTRACE_SYSCALL; /* the kernel closes, whatever it answers */
	set_register(thread, offsetof(struct user_regs_struct, orig_rax), (uint64_t)-1);
	set_register(thread, offsetof(struct user_regs_struct, rax), (uint64_t)-fault->error);
	return PTRACE_CONT;
}

/* A thread is stopped at a call that the filter knows. */
static int stopped_at_call(struct fault *fault, pid_t thread)
{
	struct __ptrace_syscall_info info;

	/* Threads of the program only. */
	if (syscall(SYS_tgkill, fault->program, thread, 0) != 0)
		return PTRACE_CONT;
	if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof(info), &info) <= 0)
		give_up("cannot read a system call");
	if (info.seccomp.nr == SYS_prctl)
		fault->is_counting = true;
	for (const struct call *call = fault->class->calls; call->name; call++) {
		if ((uint64_t)call->number == info.seccomp.nr && fault->is_counting)
			return answer(fault, thread, call, info.seccomp.args);
	}
	return PTRACE_CONT;
}

/* Lets a stopped thread go on. */
static void go_on(struct fault *fault, pid_t thread, int status)
{
	int event = status >> 16;
	int signal = WSTOPSIG(status);
	int request = PTRACE_CONT;
	int delivered = 0;

	if (event == PTRACE_EVENT_SECCOMP) {
		request = stopped_at_call(fault, thread);
	} else if (event == PTRACE_EVENT_STOP) {
		if (signal != SIGTRAP)
			request = PTRACE_LISTEN;
	} else if (signal == (SIGTRAP | 0x80)) {
		set_register(thread, offsetof(struct user_regs_struct, rax),
			     (uint64_t)-fault->error);
	} else if (event == 0) {
		delivered = signal;
	}
	if (ptrace(request, thread, 0, delivered) != 0 && errno != ESRCH)
		give_up("cannot go on");
}

/* Until the program is over; what it leaves running ends with this one. Returns as waitpid() does.
 */
static int trace(struct fault *fault)
{
	for (;;) {
		int status;
		pid_t thread = waitpid(-1, &status, __WALL);

		if (thread < 0)
			give_up("cannot wait for the program");
		if (WIFSTOPPED(status))
			go_on(fault, thread, status);
		else if (thread == fault->program)
			return status;
	}
}

static void read_arguments(struct fault *fault, char **argv)
{
	char *rest;

	fault->report = argv[2];
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (strcmp(classes[i].name, argv[3]) == 0)
			fault->class = &classes[i];
	}
	errno = EINVAL;
	if (!fault->class)
		give_up("there is no class %s", argv[3]);
	fault->wanted = strtol(argv[4], &rest, 10);
	fault->is_for_good = *rest == '+';
	for (size_t i = 0; i < sizeof(hows) / sizeof(hows[0]); i++) {
		if (strcmp(hows[i].name, argv[5]) == 0) {
			fault->how = hows[i].how;
			fault->error = hows[i].error;
			return;
		}
	}
	give_up("no call fails by %s", argv[5]);
}

static void run_program(const struct fault *fault, int wait_fd, char **argv)
{
	char byte;

	if (read(wait_fd, &byte, 1) != 1)
		_exit(CANNOT);
	close(wait_fd);
	setenv("LD_PRELOAD", argv[1], 1);
	if (!fault->class->calls[0].name) {
		setenv(FAIL_MALLOC_VARIABLE, argv[4], 1);
		setenv(FAIL_REPORT_VARIABLE, fault->report, 1);
	}
	filter_calls(fault->class);
	execvp(argv[6], argv + 6);
	give_up("cannot run %s", argv[6]);
}

int main(int argc, char **argv)
{
	struct fault fault = { 0 };
	int pipe_fds[2];
	char line[64];

	errno = EINVAL;
	if (argc < 7)
		give_up("usage: fail_call LIBRARY REPORT CLASS N HOW PROGRAM [ARGUMENT...]");
	read_arguments(&fault, argv);
	report(&fault, "");
	if (pipe(pipe_fds) != 0 || (fault.program = fork()) < 0)
		give_up("cannot start the program");
	if (fault.program == 0) {
		close(pipe_fds[1]);
		run_program(&fault, pipe_fds[0], argv);
	}
	close(pipe_fds[0]);
	if (ptrace(PTRACE_SEIZE, fault.program, 0,
		   PTRACE_O_TRACESECCOMP | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
		       PTRACE_O_TRACEVFORK | PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) != 0 ||
	    write(pipe_fds[1], "", 1) != 1)
		give_up("cannot trace the program");
	close(pipe_fds[1]);

	int status = trace(&fault);

	if (fault.class->calls[0].name && fault.count < fault.wanted) {
		snprintf(line, sizeof(line), "passed %ld\n", fault.count);
		report(&fault, line);
	}
	if (WIFSIGNALED(status)) {
		struct rlimit none = { 0, 0 };

		/* The same end, but for the image of memory, which would be this program's. */
		setrlimit(RLIMIT_CORE, &none);
		signal(WTERMSIG(status), SIG_DFL);
		raise(WTERMSIG(status));
	}
	return WEXITSTATUS(status);
}
