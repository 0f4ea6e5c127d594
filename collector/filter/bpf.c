/* bpf.c - seccomp programs are checked as the kernel does, and run with arguments that are unknown.
 */
#include "collector/filter/bpf.h"

#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"

enum {
	DATA_BYTES = sizeof(struct seccomp_data),
	WORD_BYTES = sizeof(uint32_t),
	WORDS = DATA_BYTES / WORD_BYTES,
	WORD_NUMBER = 0,
	WORD_ARCH = 1,
	SHIFT_MAX = 31,
	/* States of one instruction that are told apart; filters need some three. */
	STATES_MAX = 64,
};

void bpf_program_deinit(struct bpf_program *program)
{
	free(program->instructions);
	memset(program, 0, sizeof(*program));
}

/* As seccomp_check_filter() and bpf_check_classic(). Return: NULL, or what is wrong. */
static const char *check_alu(const struct sock_filter *instruction)
{
	bool is_constant = BPF_SRC(instruction->code) == BPF_K;

	switch (BPF_OP(instruction->code)) {
	case BPF_DIV:
		return is_constant && !instruction->k ? "a division by 0" : NULL;
	case BPF_LSH:
	case BPF_RSH:
		return is_constant && instruction->k > SHIFT_MAX ? "a shift beyond 31" : NULL;
	case BPF_ADD:
	case BPF_SUB:
	case BPF_MUL:
	case BPF_AND:
	case BPF_OR:
	case BPF_XOR:
		return NULL;
	case BPF_NEG:
		return is_constant ? NULL : "no instruction of a filter";
	default:
		return "no instruction of a filter";
	}
}

static const char *check_jump(const struct sock_filter *instruction, size_t behind)
{
	switch (instruction->code) {
	case BPF_JMP | BPF_JA:
		return instruction->k >= behind ? "a jump out of the program" : NULL;
	case BPF_JMP | BPF_JEQ | BPF_K:
	case BPF_JMP | BPF_JEQ | BPF_X:
	case BPF_JMP | BPF_JGE | BPF_K:
	case BPF_JMP | BPF_JGE | BPF_X:
	case BPF_JMP | BPF_JGT | BPF_K:
	case BPF_JMP | BPF_JGT | BPF_X:
	case BPF_JMP | BPF_JSET | BPF_K:
	case BPF_JMP | BPF_JSET | BPF_X:
		return instruction->jt >= behind || instruction->jf >= behind
			   ? "a jump out of the program"
			   : NULL;
	default:
		return "no instruction of a filter";
	}
}

static const char *check_other(const struct sock_filter *instruction)
{
	switch (instruction->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		return instruction->k >= DATA_BYTES || instruction->k % WORD_BYTES
			   ? "a load from beside the words of a call"
			   : NULL;
	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_MEM:
	case BPF_ST:
	case BPF_STX:
		return instruction->k >= BPF_MEMWORDS ? "no word of its memory" : NULL;
	case BPF_LD | BPF_W | BPF_LEN:
	case BPF_LDX | BPF_W | BPF_LEN:
	case BPF_LD | BPF_IMM:
	case BPF_LDX | BPF_IMM:
	case BPF_MISC | BPF_TAX:
	case BPF_MISC | BPF_TXA:
	case BPF_RET | BPF_K:
	case BPF_RET | BPF_A:
		return NULL;
	default:
		return "no instruction of a filter";
	}
}

static const char *check_instruction(const struct bpf_program *program, size_t index)
{
	const struct sock_filter *instruction = &program->instructions[index];
	size_t behind = program->count - index - 1;

	/* Of its 16 bits an instruction has 8. */
	if (instruction->code > UINT8_MAX)
		return "no instruction of a filter";
	if (index + 1 == program->count && BPF_CLASS(instruction->code) != BPF_RET)
		return "the last one, and no return";
	switch (BPF_CLASS(instruction->code)) {
	case BPF_ALU:
		return check_alu(instruction);
	case BPF_JMP:
		return check_jump(instruction, behind);
	default:
		return check_other(instruction);
	}
}

int bpf_program_read(const void *bytes, size_t size, const char *name, struct bpf_program *ret,
		     struct cov_error *err)
{
	COV_AUTO(bpf_program_deinit) struct bpf_program program = { 0 };

	if (!size || size % sizeof(*program.instructions) ||
	    size / sizeof(*program.instructions) > BPF_PROGRAM_MAX)
		return cov_fail(err, COV_ERR_FORMAT,
				"%s: %zu bytes are no BPF program: 8 for each of 1 to %d "
				"instructions",
				name, size, BPF_PROGRAM_MAX);
	program.count = size / sizeof(*program.instructions);
	program.instructions = cov_xcalloc(program.count, sizeof(*program.instructions));
	memcpy(program.instructions, bytes, size);
	for (size_t i = 0; i < program.count; i++) {
		const char *wrong = check_instruction(&program, i);

		if (wrong)
			return cov_fail(err, COV_ERR_FORMAT,
					"%s: instruction %zu of the filter is wrong: %s (code %u, "
					"%u, %u, %u)",
					name, i, wrong, program.instructions[i].code,
					program.instructions[i].jt, program.instructions[i].jf,
					program.instructions[i].k);
	}
	*ret = program;
	memset(&program, 0, sizeof(program));
	return 0;
}

/* What is known of a value. */
enum kind {
	UNKNOWN,
	CONSTANT, /* it is @number */
	WORD,     /* it is the word @number of the call, whatever that is */
};

/* Places of what a program can change, and of what it can learn. */
enum {
	A,
	X,
	MEMORY,
	CALL = MEMORY + BPF_MEMWORDS,
	PLACES = CALL + WORDS,
};

/* One way through the programs, before an instruction. Compared byte by byte. */
struct state {
	uint32_t numbers[PLACES]; /* 0 where @kinds is UNKNOWN */
	uint32_t answer;          /* of the programs before */
	uint8_t kinds[PLACES];
	uint8_t has_answer_of_arguments;
	uint8_t padding[1];
};

_Static_assert(sizeof(struct state) == PLACES * 5 + 6, "no bytes between that are compared");

struct value {
	enum kind kind;
	uint32_t number;
};

static struct value get(const struct state *state, int place)
{
	return (struct value){ (enum kind)state->kinds[place], state->numbers[place] };
}

static void set(struct state *state, int place, struct value value)
{
	state->kinds[place] = (uint8_t)value.kind;
	state->numbers[place] = value.kind == UNKNOWN ? 0 : value.number;
}

static struct value constant(uint32_t number)
{
	return (struct value){ CONSTANT, number };
}

/* The states that come to an instruction. A zeroed struct has none. */
struct arrivals {
	struct state *items; /* [count]; owned */
	size_t count;
	size_t capacity;
	bool is_joined; /* there were too many: one stands for all */
};

/* What both have in common. */
static void join(struct state *into, const struct state *other)
{
	for (int place = 0; place < PLACES; place++) {
		struct value a = get(into, place), b = get(other, place);

		if (a.kind == b.kind && a.number == b.number)
			continue;
		set(into, place,
		    place < CALL ? (struct value){ UNKNOWN, 0 }
				 : (struct value){ WORD, (uint32_t)(place - CALL) });
	}
}

static void join_all(struct arrivals *arrivals)
{
	size_t kept = 0;

	/* Answers of earlier programs are no guess: those stay apart. */
	for (size_t i = 0; i < arrivals->count; i++) {
		const struct state *state = &arrivals->items[i];
		size_t same = 0;

		while (same < kept && (arrivals->items[same].answer != state->answer ||
				       arrivals->items[same].has_answer_of_arguments !=
					   state->has_answer_of_arguments))
			same++;
		if (same < kept)
			join(&arrivals->items[same], state);
		else
			arrivals->items[kept++] = *state;
	}
	arrivals->count = kept;
}

static void arrive(struct arrivals *arrivals, const struct state *state)
{
	for (size_t i = 0; i < arrivals->count; i++) {
		if (memcmp(&arrivals->items[i], state, sizeof(*state)) == 0)
			return;
	}
	arrivals->items = cov_grow(arrivals->items, arrivals->count, &arrivals->capacity,
				   sizeof(*arrivals->items));
	arrivals->items[arrivals->count++] = *state;
	if (arrivals->count > STATES_MAX)
		arrivals->is_joined = true;
	if (arrivals->is_joined)
		join_all(arrivals);
}

static uint32_t compute(uint16_t operation, uint32_t a, uint32_t b)
{
	switch (operation) {
	case BPF_ADD:
		return a + b;
	case BPF_SUB:
		return a - b;
	case BPF_MUL:
		return a * b;
	case BPF_DIV:
		return b ? a / b : 0;
	case BPF_AND:
		return a & b;
	case BPF_OR:
		return a | b;
	case BPF_XOR:
		return a ^ b;
	case BPF_LSH:
		return a << (b & SHIFT_MAX);
	case BPF_RSH:
		return a >> (b & SHIFT_MAX);
	default:
		return -a;
	}
}

static bool is_number(struct value value, uint32_t number)
{
	return value.kind == CONSTANT && value.number == number;
}

static struct value calculate(const struct state *state, const struct sock_filter *instruction)
{
	uint16_t operation = BPF_OP(instruction->code);
	struct value a = get(state, A), b = constant(instruction->k);

	if (BPF_SRC(instruction->code) == BPF_X)
		b = get(state, X);
	if (operation == BPF_NEG)
		b = constant(0);
	if (operation == BPF_AND && (is_number(a, 0) || is_number(b, 0)))
		return constant(0);
	if (operation == BPF_AND && is_number(b, UINT32_MAX))
		return a;
	if (a.kind == CONSTANT && b.kind == CONSTANT)
		return constant(compute(operation, a.number, b.number));
	return (struct value){ UNKNOWN, 0 };
}

enum { NEVER = 1, ALWAYS = 2, EITHER = NEVER | ALWAYS };

static int compare_numbers(uint16_t operation, uint32_t a, uint32_t b)
{
	bool holds = operation == BPF_JEQ   ? a == b
		     : operation == BPF_JGT ? a > b
		     : operation == BPF_JGE ? a >= b
					    : (a & b) != 0;

	return holds ? ALWAYS : NEVER;
}

/* Whether a comparison holds. */
static int compare(uint16_t operation, struct value a, struct value b)
{
	if (a.kind == CONSTANT && b.kind == CONSTANT)
		return compare_numbers(operation, a.number, b.number);
	if (operation == BPF_JGE && is_number(b, 0))
		return ALWAYS;
	if (operation == BPF_JGT && is_number(b, UINT32_MAX))
		return NEVER;
	if (operation == BPF_JSET && (is_number(a, 0) || is_number(b, 0)))
		return NEVER;
	return EITHER;
}

/* One run of the programs for a call. */
struct run {
	const struct bpf_program *program;
	struct arrivals *arrivals; /* [program->count + 1], not written where nothing came to */
	bool *has_arrivals;        /* the same */
	struct arrivals spare;     /* memory of an instruction that is done, for the next; owned */
};

static void arrive_at(struct run *run, size_t index, const struct state *state)
{
	if (!run->has_arrivals[index]) {
		run->arrivals[index] =
		    (struct arrivals){ .items = run->spare.items, .capacity = run->spare.capacity };
		run->spare = (struct arrivals){ 0 };
	}
	run->has_arrivals[index] = true;
	arrive(&run->arrivals[index], state);
}

static void jump(struct run *run, size_t index, struct state *state)
{
	const struct sock_filter *instruction = &run->program->instructions[index];
	size_t next = index + 1;

	if (BPF_OP(instruction->code) == BPF_JA) {
		arrive_at(run, next + instruction->k, state);
		return;
	}
	bool has_x = BPF_SRC(instruction->code) == BPF_X;
	struct value a = get(state, A), b = has_x ? get(state, X) : constant(instruction->k);
	int outcome = compare(BPF_OP(instruction->code), a, b);
	if (outcome & NEVER)
		arrive_at(run, next + instruction->jf, state);
	if (!(outcome & ALWAYS))
		return;
	if (BPF_OP(instruction->code) == BPF_JEQ && a.kind == WORD && b.kind == CONSTANT) {
		set(state, CALL + (int)a.number, b);
		set(state, A, b);
	}
	arrive_at(run, next + instruction->jt, state);
}

/* The kernel compares actions as signed numbers. */
static int32_t action_of(uint32_t value)
{
	return (int32_t)(value & SECCOMP_RET_ACTION_FULL);
}

/* What is left of a way through one program: arguments that it knows, and the answer so far. */
static void answer(struct run *run, const struct sock_filter *instruction, struct state *state)
{
	struct value value = constant(instruction->k);

	if (BPF_RVAL(instruction->code) == BPF_A)
		value = get(state, A);
	if (value.kind != CONSTANT)
		state->has_answer_of_arguments = 1;
	else if (action_of(value.number) < action_of(state->answer))
		state->answer = value.number;
	for (int place = 0; place < CALL; place++)
		set(state, place, constant(0));
	arrive_at(run, run->program->count, state);
}

static void load(const struct sock_filter *instruction, struct state *state)
{
	bool is_index = BPF_CLASS(instruction->code) == BPF_LDX;
	int k = (int)instruction->k;
	struct value value;

	switch (BPF_MODE(instruction->code)) {
	case BPF_ABS:
		value = get(state, CALL + k / WORD_BYTES);
		break;
	case BPF_MEM:
		value = get(state, MEMORY + k);
		break;
	case BPF_LEN:
		value = constant(DATA_BYTES);
		break;
	default:
		value = constant(instruction->k);
	}
	set(state, is_index ? X : A, value);
}

/* A division by an X of 0 ends the program with 0, which kills the thread. Return: whether it may
   be another. */
static bool divide(struct run *run, const struct sock_filter *instruction, struct state *state)
{
	static const struct sock_filter end = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_THREAD);
	struct value x = get(state, X);

	if (instruction->code != (BPF_ALU | BPF_DIV | BPF_X))
		return true;
	if (x.kind != CONSTANT || !x.number) {
		struct state zero = *state;

		answer(run, &end, &zero);
	}
	return !is_number(x, 0);
}

static void step(struct run *run, size_t index, struct state *state)
{
	const struct sock_filter *instruction = &run->program->instructions[index];

	switch (BPF_CLASS(instruction->code)) {
	case BPF_LD:
	case BPF_LDX:
		load(instruction, state);
		break;
	case BPF_ST:
		set(state, MEMORY + (int)instruction->k, get(state, A));
		break;
	case BPF_STX:
		set(state, MEMORY + (int)instruction->k, get(state, X));
		break;
	case BPF_ALU:
		if (!divide(run, instruction, state))
			return;
		set(state, A, calculate(state, instruction));
		break;
	case BPF_JMP:
		jump(run, index, state);
		return;
	case BPF_RET:
		answer(run, instruction, state);
		return;
	default:
		if (BPF_MISCOP(instruction->code) == BPF_TAX)
			set(state, X, get(state, A));
		else
			set(state, A, get(state, X));
	}
	arrive_at(run, index + 1, state);
}

/* @states: before the program; afterwards those behind it */
static void run_program(const struct bpf_program *program, struct arrivals *states)
{
	COV_AUTO(free)
	struct arrivals *arrivals = cov_xmalloc((program->count + 1) * sizeof(*arrivals));
	COV_AUTO(free) bool *has_arrivals = cov_xcalloc(program->count + 1, 1);
	struct run run = { program, arrivals, has_arrivals, { 0 } };

	arrivals[0] = *states;
	has_arrivals[0] = true;
	for (size_t i = 0; i < program->count; i++) {
		if (!has_arrivals[i])
			continue;
		for (size_t j = 0; j < arrivals[i].count; j++)
			step(&run, i, &arrivals[i].items[j]);
		free(run.spare.items);
		run.spare = arrivals[i];
	}
	free(run.spare.items);
	*states = has_arrivals[program->count] ? arrivals[program->count] : (struct arrivals){ 0 };
}

static void add_answer(struct bpf_answers *answers, uint32_t value)
{
	for (size_t i = 0; i < answers->count; i++) {
		if (answers->values[i] == value)
			return;
	}
	if (answers->count == BPF_ANSWERS_MAX)
		answers->is_more = true;
	else
		answers->values[answers->count++] = value;
}

/* The mildest action first. */
static int compare_answers(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	if (action_of(left) != action_of(right))
		return action_of(left) > action_of(right) ? -1 : 1;
	return left < right ? -1 : left > right;
}

static struct state first_state(uint32_t arch, uint32_t number)
{
	struct state state = { .answer = SECCOMP_RET_ALLOW };

	for (int place = 0; place < CALL; place++)
		set(&state, place, constant(0));
	for (uint32_t word = 0; word < WORDS; word++)
		set(&state, CALL + (int)word, (struct value){ WORD, word });
	set(&state, CALL + WORD_NUMBER, constant(number));
	set(&state, CALL + WORD_ARCH, constant(arch));
	return state;
}

void bpf_stack_evaluate(const struct bpf_stack *stack, uint32_t arch, uint32_t number,
			struct bpf_answers *ret)
{
	struct arrivals states = { 0 };
	struct state state = first_state(arch, number);

	memset(ret, 0, sizeof(*ret));
	arrive(&states, &state);
	for (size_t i = stack->count; i-- > 0;)
		run_program(stack->programs[i], &states);
	for (size_t i = 0; i < states.count; i++) {
		ret->is_more |= states.items[i].has_answer_of_arguments;
		add_answer(ret, states.items[i].answer);
	}
	qsort(ret->values, ret->count, sizeof(ret->values[0]), compare_answers);
	free(states.items);
}

static bool lets_through(uint32_t value)
{
	int32_t action = action_of(value);

	return action == (int32_t)SECCOMP_RET_ALLOW || action == (int32_t)SECCOMP_RET_LOG;
}

enum bpf_class bpf_answers_class(const struct bpf_answers *answers)
{
	size_t count = 0;

	for (size_t i = 0; i < answers->count; i++)
		count += lets_through(answers->values[i]);
	if (answers->is_more)
		return BPF_BY_ARGUMENT;
	return count == answers->count ? BPF_ALLOWED : count ? BPF_BY_ARGUMENT : BPF_DENIED;
}

char *bpf_answer_text(uint32_t value)
{
	unsigned data = value & SECCOMP_RET_DATA;

	switch (value & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
		return cov_xstrdup("allow");
	case SECCOMP_RET_LOG:
		return cov_xstrdup("log");
	case SECCOMP_RET_TRACE:
		return cov_format("trace %u", data);
	case SECCOMP_RET_USER_NOTIF:
		return cov_xstrdup("notify");
	case SECCOMP_RET_ERRNO:
		return cov_format("errno %u", data);
	case SECCOMP_RET_TRAP:
		return cov_xstrdup("trap");
	case SECCOMP_RET_KILL_THREAD:
		return cov_xstrdup("kill thread");
	default: /* of an action that it does not know, too */
		return cov_xstrdup("kill process");
	}
}

char *bpf_answers_text(const struct bpf_answers *answers)
{
	struct cov_text text = { 0 };

	for (size_t i = 0; i < answers->count; i++) {
		COV_AUTO(free) char *one = bpf_answer_text(answers->values[i]);

		cov_text_print(&text, "%s%s", i ? ", " : "", one);
	}
	if (answers->is_more)
		cov_text_print(&text, "%sby the argument's value", text.length ? ", " : "");
	return text.data;
}
