/* filter_fuzz.c - a seccomp program, and that its answer for unknown arguments has that for each.
 */
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/filter/bpf.h"
#include "tests/fuzz/fuzz.h"

/* A call, and what the program has in hand. */
struct machine {
	const struct seccomp_data *call;
	uint32_t a, x;
	uint32_t memory[BPF_MEMWORDS];
};

static uint32_t load(const struct machine *machine, const struct sock_filter *instruction)
{
	uint32_t word = 0;

	switch (BPF_MODE(instruction->code)) {
	case BPF_ABS:
		memcpy(&word, (const char *)machine->call + instruction->k, sizeof(word));
		return word;
	case BPF_MEM:
		return machine->memory[instruction->k];
	case BPF_LEN:
		return sizeof(*machine->call);
	default:
		return instruction->k;
	}
}

static uint32_t calculate(uint16_t operation, uint32_t a, uint32_t b)
{
	switch (operation) {
	case BPF_ADD:
		return a + b;
	case BPF_SUB:
		return a - b;
	case BPF_MUL:
		return a * b;
	case BPF_DIV:
		return a / b;
	case BPF_AND:
		return a & b;
	case BPF_OR:
		return a | b;
	case BPF_XOR:
		return a ^ b;
	case BPF_LSH:
		return a << (b % 32);
	case BPF_RSH:
		return a >> (b % 32);
	default:
		return 0 - a;
	}
}

static bool holds(uint16_t operation, uint32_t a, uint32_t b)
{
	return operation == BPF_JA    ? true
	       : operation == BPF_JEQ ? a == b
	       : operation == BPF_JGT ? a > b
	       : operation == BPF_JGE ? a >= b
				      : a & b;
}

/* One instruction that is neither jump nor return. */
static void execute(struct machine *machine, const struct sock_filter *instruction, uint32_t b)
{
	switch (BPF_CLASS(instruction->code)) {
	case BPF_LD:
		machine->a = load(machine, instruction);
		break;
	case BPF_LDX:
		machine->x = load(machine, instruction);
		break;
	case BPF_ST:
		machine->memory[instruction->k] = machine->a;
		break;
	case BPF_STX:
		machine->memory[instruction->k] = machine->x;
		break;
	case BPF_ALU:
		machine->a = calculate(BPF_OP(instruction->code), machine->a, b);
		break;
	default:
		if (BPF_MISCOP(instruction->code) == BPF_TAX)
			machine->x = machine->a;
		else
			machine->a = machine->x;
	}
}

/* The program for one call, as the kernel runs it. */
static uint32_t run(const struct bpf_program *program, const struct seccomp_data *call)
{
	struct machine machine = { .call = call };

	for (size_t i = 0; i < program->count; i++) {
		const struct sock_filter *instruction = &program->instructions[i];
		uint32_t b = BPF_SRC(instruction->code) == BPF_X ? machine.x : instruction->k;

		if (instruction->code == (BPF_ALU | BPF_DIV | BPF_X) && !b)
			return SECCOMP_RET_KILL_THREAD;
		if (BPF_CLASS(instruction->code) == BPF_RET)
			return BPF_RVAL(instruction->code) == BPF_A ? machine.a : instruction->k;
		if (instruction->code == (BPF_JMP | BPF_JA))
			i += instruction->k;
		else if (BPF_CLASS(instruction->code) == BPF_JMP)
			i += holds(BPF_OP(instruction->code), machine.a, b) ? instruction->jt
									    : instruction->jf;
		else
			execute(&machine, instruction, b);
	}
	fuzz_require(false, "a program ends with a return");
	return 0;
}

static bool has(const struct bpf_answers *answers, uint32_t value)
{
	for (size_t i = 0; i < answers->count; i++) {
		if (answers->values[i] == value)
			return true;
	}
	return answers->is_more;
}

/* Arguments of the input, and words that the program itself has. */
static void fill(struct seccomp_data *call, const struct bpf_program *program, const uint8_t *data,
		 size_t round)
{
	for (size_t i = 0; i < sizeof(call->args) / sizeof(call->args[0]); i++) {
		size_t place = (round * 7 + i * 3) % program->count;

		call->args[i] = round % 2 ? program->instructions[place].k
					  : data[(round + i) % (program->count * 8)];
		if (round % 3 == 2)
			call->args[i] |= (uint64_t)program->instructions[place].k << 32;
	}
	call->instruction_pointer = round;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	COV_AUTO(bpf_program_deinit) struct bpf_program program = { 0 };
	struct bpf_stack stack = { .count = 1 };
	struct cov_error err;

	if (size > FUZZ_INPUT_BYTES_MAX || bpf_program_read(data, size, "input", &program, &err))
		return 0;
	stack.programs[0] = &program;
	for (int number = 0; number < 4; number++) {
		struct bpf_answers answers;
		struct seccomp_data call = { .nr = number, .arch = AUDIT_ARCH_X86_64 };

		bpf_stack_evaluate(&stack, call.arch, (uint32_t)number, &answers);
		fuzz_require(answers.count || answers.is_more, "there is an answer");
		for (size_t round = 0; round < 24; round++) {
			uint32_t value;

			fill(&call, &program, data, round);
			value = run(&program, &call);
			/* An action beyond allow counts as none. */
			if ((int32_t)(value & SECCOMP_RET_ACTION_FULL) >=
			    (int32_t)SECCOMP_RET_ALLOW)
				value = SECCOMP_RET_ALLOW;
			fuzz_require(has(&answers, value),
				     "the answer for some arguments is in it");
		}
	}
	return 0;
}
