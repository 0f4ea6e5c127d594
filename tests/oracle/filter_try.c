/*
 * filter_try.c - what covdb says of seccomp filters, compared with what the kernel does.
 *
 *     filter_try [--dump FOLDER] FILE...
 *
 * FILE is a profile (JSON of OCI's form or Firecracker's) or what a trial of system calls left. For
 * each filter, or filters of one thread, and each number of x86-64, a child that has installed them
 * makes the call, with arguments of 0, with random ones and with such as the filter asks for. Below
 * them is a filter that stops what they let through, so no call is carried out; the answer is seen
 * by ptrace. Every answer of the kernel has to be one that covdb says is possible, and each that it
 * says is possible has to come from some arguments.
 *
 * With --dump the programs and the answers are written for other oracles: NAME.bpf and
 * NAME.answers.
 *
 * Exit status: 0 no difference, 1 differences, 77 filters cannot be tried here.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/filter/bpf.h"
#include "collector/filter/seccomp_compile.h"
#include "collector/filter/seccomp_profile.h"
#include "collector/filter/syscall_table.h"
#include "collector/filter/syscalls_file.h"

enum {
	SKIPPED = 77,
	ARGUMENTS = 6,
	SETS = 24,               /* of arguments for each call */
	SETS_MAX = 10000,        /* until each answer was met */
	SETS_ALIKE = 3,          /* where nothing looks at arguments: none, all bits, random */
	THREAD_FLAGS = 0x3d0f00, /* of clone(), as libc makes a thread */
	PASSED = 0xc0d,          /* data of the filter below */
	DUMPED = 3, /* sets of each call that are written, besides those that met a new answer */
	SHOWN_MAX = 20, /* differences */
};

/* What a child met. */
enum outcome { RAN, TRACED, TRAPPED, KILLED, FAILED, NOT_TRIED };

struct met {
	enum outcome outcome;
	unsigned data;
};

/* The call that a child makes next; shared with it. */
struct call {
	long number;
	uint64_t arguments[ARGUMENTS];
};

/* A process with filters that stands where it makes the next call. */
struct child {
	const struct bpf_stack *stack; /* borrowed */
	struct call *call;             /* shared memory */
	pid_t pid;                     /* 0: there is none */
};

static size_t compared_count, difference_count, unreached_count;

static void install(const struct sock_filter *instructions, size_t count)
{
	const struct sock_fprog program = { (unsigned short)count,
					    (struct sock_filter *)instructions };

	/* Not by libc's wrapper of prctl(): nothing else may be called in between. */
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0)
		_exit(1);
}

static _Noreturn void be_child(const struct child *child)
{
	static const struct sock_filter below[] = {
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE | PASSED),
	};
	const struct bpf_stack *stack = child->stack;
	const struct call *call = child->call;

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	raise(SIGSTOP);
	install(below, 1);
	for (size_t i = 0; i < stack->count; i++)
		install(stack->programs[i]->instructions, stack->programs[i]->count);
	for (;;)
		syscall(call->number, call->arguments[0], call->arguments[1], call->arguments[2],
			call->arguments[3], call->arguments[4], call->arguments[5]);
}

/* What the child stops for next. Return: whether it does; it has ended else. */
static bool go_on(pid_t pid, int *status)
{
	return ptrace(PTRACE_SYSCALL, pid, NULL, NULL) == 0 && waitpid(pid, status, 0) == pid &&
	       WIFSTOPPED(*status);
}

/* Whether it stopped at the begin or the end of a call; which tells @info. */
static bool is_call(pid_t pid, int status, struct __ptrace_syscall_info *info)
{
	return WSTOPSIG(status) == (SIGTRAP | 0x80) &&
	       ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof(*info), info) > 0;
}

/* Until all filters are installed. */
static bool wait_for_filters(const struct child *child)
{
	size_t installed = 0;
	int status;

	while (installed < child->stack->count + 1) {
		struct __ptrace_syscall_info info = { 0 };

		if (!go_on(child->pid, &status))
			return false;
		if (is_call(child->pid, status, &info) && info.op == PTRACE_SYSCALL_INFO_EXIT)
			installed += info.exit.rval == 0;
	}
	return true;
}

static void child_end(struct child *child)
{
	if (child->pid) {
		kill(child->pid, SIGKILL);
		waitpid(child->pid, NULL, 0);
	}
	child->pid = 0;
}

static bool child_begin(struct child *child)
{
	const long options = PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL;
	int status;

	child->pid = fork();
	if (child->pid < 0)
		child->pid = 0;
	else if (child->pid == 0)
		be_child(child);
	if (child->pid && waitpid(child->pid, &status, 0) == child->pid && WIFSTOPPED(status) &&
	    ptrace(PTRACE_SETOPTIONS, child->pid, NULL, (void *)options) == 0 &&
	    wait_for_filters(child))
		return true;
	child_end(child);
	return false;
}

static void child_deinit(struct child *child)
{
	child_end(child);
	munmap(child->call, sizeof(*child->call));
}

COV_DEFINE_AUTO_STRUCT(struct child, child_deinit)

/* The filters let the call through: it is left out. Return: whether the child can make another. */
static bool leave_out(pid_t pid)
{
	struct __ptrace_syscall_info info = { 0 };
	int status;

	return ptrace(PTRACE_POKEUSER, pid, (void *)offsetof(struct user, regs.orig_rax),
		      (void *)-1L) == 0 &&
	       go_on(pid, &status) && is_call(pid, status, &info) &&
	       info.op == PTRACE_SYSCALL_INFO_EXIT;
}

/*
 * What becomes of the child's next call. The end of a call without an error is that of one that is
 * trapped, whose signal follows, or of one that fails with error 0. @is_usable: whether the child
 * can make another
 */
static struct met watch(pid_t pid, bool *is_usable)
{
	bool has_ended = false;
	int status;

	while (go_on(pid, &status)) {
		struct __ptrace_syscall_info info = { 0 };
		unsigned long data = 0;
		siginfo_t signal;

		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8)) {
			ptrace(PTRACE_GETEVENTMSG, pid, NULL, &data);
			*is_usable = leave_out(pid);
			return (struct met){ data == PASSED ? RAN : TRACED, (unsigned)data };
		}
		if (WSTOPSIG(status) == SIGSYS) {
			ptrace(PTRACE_GETSIGINFO, pid, NULL, &signal);
			*is_usable = true;
			return (struct met){ TRAPPED, (unsigned)signal.si_errno };
		}
		if (!is_call(pid, status, &info))
			continue;
		if (info.op == PTRACE_SYSCALL_INFO_EXIT && info.exit.is_error) {
			*is_usable = true;
			return (struct met){ FAILED, (unsigned)-info.exit.rval };
		}
		if (info.op == PTRACE_SYSCALL_INFO_ENTRY && has_ended)
			return (struct met){ FAILED, 0 };
		has_ended = info.op == PTRACE_SYSCALL_INFO_EXIT;
	}
	return (struct met){ WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS ? KILLED : NOT_TRIED,
			     0 };
}

static struct met try_call(struct child *child, long number, const uint64_t *arguments)
{
	struct met met = { NOT_TRIED, 0 };
	bool is_usable = false;

	if (!child->pid && !child_begin(child))
		return met;
	child->call->number = number;
	memcpy(child->call->arguments, arguments, sizeof(child->call->arguments));
	met = watch(child->pid, &is_usable);
	if (!is_usable)
		child_end(child);
	return met;
}

/* Whether the kernel shows this answer so. Nobody listens to notifications: these fail. */
static bool shows(uint32_t value, struct met met)
{
	unsigned data = value & SECCOMP_RET_DATA;

	switch (value & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
		return met.outcome == RAN;
	case SECCOMP_RET_TRACE:
		return met.outcome == TRACED && met.data == data;
	case SECCOMP_RET_USER_NOTIF:
		return met.outcome == FAILED && met.data == ENOSYS;
	case SECCOMP_RET_ERRNO:
		/* An error of 0 is a success that the child does not go on from. */
		return met.outcome == FAILED && met.data == data;
	case SECCOMP_RET_TRAP:
		return met.outcome == TRAPPED && met.data == data;
	default:
		return met.outcome == KILLED;
	}
}

static uint64_t random_number(uint64_t *state)
{
	*state = *state * 6364136223846793005U + 1442695040888963407U;
	return *state >> 16 | *state << 48;
}

/* Numbers that one argument is compared with on the ways of one call. */
struct asked {
	uint32_t numbers[BPF_PROGRAM_MAX]; /* [count] */
	size_t count;
};

/* What the accumulator has: a word of struct seccomp_data, two of each argument, or another. */
enum word { WORD_NUMBER, WORD_ARCH, WORD_ARGUMENTS = 4, WORD_OTHER = 16, WORDS };

struct walk {
	const struct bpf_program *program;
	uint32_t number;
	struct asked *asked; /* [ARGUMENTS] */
	bool seen[BPF_PROGRAM_MAX][WORDS];
};

static bool jumps(const struct sock_filter *instruction, uint32_t a)
{
	switch (BPF_OP(instruction->code)) {
	case BPF_JEQ:
		return a == instruction->k;
	case BPF_JGE:
		return a >= instruction->k;
	case BPF_JGT:
		return a > instruction->k;
	default:
		return (a & instruction->k) != 0;
	}
}

/* What the accumulator has after an instruction that is no jump. */
static enum word load(const struct sock_filter *instruction)
{
	enum word word = instruction->k / 4;
	bool is_of_call = instruction->code == (BPF_LD | BPF_W | BPF_ABS);

	return is_of_call && (word <= WORD_ARCH || word >= WORD_ARGUMENTS) ? word : WORD_OTHER;
}

/* A number that is compared with a word: it may be asked of that argument, or of any. */
static void note_number(struct asked *asked, enum word word, uint32_t number)
{
	for (size_t i = 0; i < ARGUMENTS; i++) {
		bool is_of_it = word == WORD_OTHER || (word - WORD_ARGUMENTS) / 2 == i;

		if (word >= WORD_ARGUMENTS && is_of_it && asked[i].count < BPF_PROGRAM_MAX)
			asked[i].numbers[asked[i].count++] = number;
	}
}

/* Each instruction that the call can come to; nothing is known but its number. */
static void walk_from(struct walk *walk, size_t index, enum word word)
{
	const struct sock_filter *instruction = &walk->program->instructions[index];
	uint32_t known = word == WORD_NUMBER ? walk->number : AUDIT_ARCH_X86_64;
	bool is_known = word < WORD_ARGUMENTS && BPF_SRC(instruction->code) == BPF_K;

	if (walk->seen[index][word] || BPF_CLASS(instruction->code) == BPF_RET)
		return;
	walk->seen[index][word] = true;
	if (instruction->code == (BPF_JMP | BPF_JA)) {
		walk_from(walk, index + 1 + instruction->k, word);
	} else if (BPF_CLASS(instruction->code) == BPF_JMP) {
		note_number(walk->asked, word, instruction->k);
		if (!is_known || jumps(instruction, known))
			walk_from(walk, index + 1 + instruction->jt, word);
		if (!is_known || !jumps(instruction, known))
			walk_from(walk, index + 1 + instruction->jf, word);
	} else {
		walk_from(walk, index + 1, load(instruction));
	}
}

/* Return: with how many numbers arguments are compared; without any, the answer is always one. */
static size_t find_asked(const struct bpf_stack *stack, size_t number, struct asked *asked)
{
	size_t count = 0;

	for (size_t i = 0; i < stack->count; i++) {
		COV_AUTO(free) struct walk *walk = cov_xcalloc(1, sizeof(*walk));

		walk->program = stack->programs[i];
		walk->number = (uint32_t)number;
		walk->asked = asked;
		walk_from(walk, 0, WORD_OTHER);
	}
	for (size_t i = 0; i < ARGUMENTS; i++)
		count += asked[i].count;
	return count;
}

/* One of those numbers, or one beside it; sometimes in the upper half, too. */
static uint64_t asked_for(const struct asked *asked, uint64_t *state)
{
	uint64_t k = asked->count ? asked->numbers[random_number(state) % asked->count] : 0;

	switch (random_number(state) % 8) {
	case 0:
		return k + 1;
	case 1: /* several bits that are each looked at */
		for (size_t i = random_number(state) % 12; asked->count && i > 0; i--)
			k |= asked->numbers[random_number(state) % asked->count];
		return k;
	case 2:
		return k | random_number(state) << 32;
	case 3:
		return THREAD_FLAGS;
	case 4:
		return 0;
	default:
		return k;
	}
}

static void choose_arguments(const struct asked *asked, size_t set, uint64_t *state,
			     uint64_t *arguments)
{
	for (size_t i = 0; i < ARGUMENTS; i++)
		arguments[i] = set == 0   ? 0
			       : set == 1 ? UINT64_MAX
			       : set < 4  ? random_number(state)
					  : asked_for(&asked[i], state);
}

static void report(const char *name, size_t number, const char *what, const char *answers,
		   struct met met, const uint64_t *arguments)
{
	static const char *const outcomes[] = { "ran",    "traced", "trapped",
						"killed", "failed", "was not tried" };

	if (difference_count + unreached_count > SHOWN_MAX)
		return;
	printf("%s: call %zu (%llx, %llx, %llx, %llx, %llx, %llx) %s %u, %s: %s\n", name, number,
	       (unsigned long long)arguments[0], (unsigned long long)arguments[1],
	       (unsigned long long)arguments[2], (unsigned long long)arguments[3],
	       (unsigned long long)arguments[4], (unsigned long long)arguments[5],
	       outcomes[met.outcome], met.data, what, answers);
}

static void write_tried(FILE *out, size_t number, const uint64_t *arguments, uint32_t value)
{
	COV_AUTO(free) char *text = bpf_answer_text(value);

	fprintf(out, "%zu", number);
	for (size_t i = 0; i < ARGUMENTS; i++)
		fprintf(out, " 0x%llx", (unsigned long long)arguments[i]);
	fprintf(out, " %s\n", text);
}

/* All sets of arguments for one call; fewer if there is one answer only. */
static bool compare_call(const char *name, struct child *child, size_t number,
			 const struct bpf_answers *answers, FILE *dump)
{
	bool is_reached[BPF_ANSWERS_MAX] = { false };
	COV_AUTO(free) char *text = bpf_answers_text(answers);
	uint64_t state = number, arguments[ARGUMENTS] = { 0 };
	struct met met = { NOT_TRIED, 0 };
	struct asked asked[ARGUMENTS] = { 0 };
	size_t reached = 0, numbers = find_asked(child->stack, number, asked);
	size_t sets = answers->count > 1 ? SETS_MAX : numbers ? SETS : SETS_ALIKE;

	for (size_t set = 0; set < sets && (set < SETS || reached < answers->count); set++) {
		size_t i = 0;

		choose_arguments(asked, set, &state, arguments);
		met = try_call(child, (long)number, arguments);
		if (met.outcome == NOT_TRIED)
			return false;
		compared_count++;
		while (i < answers->count && !shows(answers->values[i], met))
			i++;
		if (i < answers->count) {
			if (dump && (set < DUMPED || !is_reached[i]))
				write_tried(dump, number, arguments, answers->values[i]);
			reached += !is_reached[i];
			is_reached[i] = true;
		} else if (!answers->is_more) {
			difference_count++;
			report(name, number, "said to be", text, met, arguments);
		}
	}
	/* Allow and log look alike. */
	if (reached < answers->count) {
		unreached_count++;
		report(name, number, "not all of these were met", text, met, arguments);
	}
	return true;
}

/* Other oracles take one program. Return: where to write what was tried. */
static FILE *open_dump(const char *folder, const char *name, const struct bpf_stack *stack)
{
	COV_AUTO(free) char *program_path = cov_format("%s/%s.bpf", folder, name);
	COV_AUTO(free) char *tried_path = cov_format("%s/%s.tried", folder, name);
	COV_AUTO(fclose) FILE *out = stack->count == 1 ? fopen(program_path, "w") : NULL;

	if (!out)
		return NULL;
	fwrite(stack->programs[0]->instructions, sizeof(struct sock_filter),
	       stack->programs[0]->count, out);
	return fopen(tried_path, "w");
}

static bool compare_stack(const char *name, const struct bpf_stack *stack, const char *folder)
{
	COV_AUTO(fclose) FILE *dump = folder ? open_dump(folder, name, stack) : NULL;
	COV_AUTO(syscall_table_deinit) struct syscall_table table;
	struct cov_error err;
	size_t calls = 0, compared = compared_count, different = difference_count;
	size_t unreached = unreached_count;

	COV_AUTO(child_deinit)
	struct child child = { .stack = stack,
			       .call = mmap(NULL, sizeof(*child.call), PROT_READ | PROT_WRITE,
					    MAP_SHARED | MAP_ANONYMOUS, -1, 0) };

	if (syscall_table_read(&table, &err)) {
		fprintf(stderr, "%s\n", err.message);
		return false;
	}
	if (child.call == MAP_FAILED) {
		child.call = NULL;
		return false;
	}
	for (size_t number = 0; number < SYSCALL_NUMBERS_MAX; number++) {
		struct bpf_answers answers;

		if (!table.names[number])
			continue;
		bpf_stack_evaluate(stack, AUDIT_ARCH_X86_64, (uint32_t)number, &answers);
		if (!compare_call(name, &child, number, &answers, dump))
			return false;
		calls++;
	}
	printf(
	    "%s: %zu calls compared with %zu sets of arguments, %zu differences, %zu with an answer "
	    "that was not met\n",
	    name, calls, compared_count - compared, difference_count - different,
	    unreached_count - unreached);
	return true;
}

static char *name_of(const char *path, const char *role, size_t place)
{
	const char *slash = strrchr(path, '/');

	return cov_format("%s-%s-%zu", slash ? slash + 1 : path, role, place);
}

static void end(const struct cov_error *err)
{
	fprintf(stderr, "filter_try: %s\n", err->message);
	exit(2);
}

/* Whether threads before have the same filters. */
static bool is_known(const struct syscalls_file *file, size_t place)
{
	const struct syscalls_thread *thread = &file->threads[place];

	for (size_t i = 0; i < place; i++) {
		if (file->threads[i].filter_count == thread->filter_count &&
		    memcmp(file->threads[i].filters, thread->filters,
			   thread->filter_count * sizeof(*thread->filters)) == 0)
			return true;
	}
	return false;
}

static bool compare_trial(const char *path, const char *folder)
{
	COV_AUTO(syscalls_file_deinit) struct syscalls_file file = { 0 };
	struct cov_error err;

	if (syscalls_file_read(path, &file, &err) != 0)
		end(&err);
	for (size_t i = 0; i < file.thread_count; i++) {
		const struct bpf_stack stack = syscalls_file_stack(&file, &file.threads[i]);
		COV_AUTO(free) char *name = name_of(path, file.threads[i].role, i);

		if (stack.count && !is_known(&file, i) && !compare_stack(name, &stack, folder))
			return false;
	}
	return true;
}

static bool compare_profile(const char *path, const char *folder)
{
	const struct seccomp_subject subject = { seccomp_profile_docker, "6.1" };
	COV_AUTO(seccomp_profile_deinit) struct seccomp_profile profile = { 0 };
	struct cov_error err;

	if (seccomp_profile_read(path, &subject, &profile, &err) != 0)
		end(&err);
	for (size_t i = 0; i < profile.filter_count; i++) {
		COV_AUTO(bpf_program_deinit) struct bpf_program program = { 0 };
		COV_AUTO(free) char *name = name_of(path, profile.filters[i].role, i);
		size_t unknown;

		if (seccomp_compile(&profile.filters[i], path, &program, &unknown, &err) != 0)
			end(&err);
		const struct bpf_stack stack = { { &program }, 1 };
		if (!compare_stack(name, &stack, folder))
			return false;
	}
	return true;
}

int main(int count, char **words)
{
	const char *folder = NULL;
	int first = 1;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (count > 2 && strcmp(words[1], "--dump") == 0) {
		folder = words[2];
		first = 3;
	}
	for (int i = first; i < count; i++) {
		bool is_trial = cov_has_suffix(words[i], ".syscalls");

		if (!(is_trial ? compare_trial : compare_profile)(words[i], folder)) {
			printf("skipped: filters cannot be installed and watched here\n");
			return SKIPPED;
		}
	}
	printf("%zu compared, %zu differences, %zu not met\n", compared_count, difference_count,
	       unreached_count);
	return difference_count != 0;
}
