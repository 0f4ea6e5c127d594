/* bpf_test.c - what seccomp programs answer when nobody knows the arguments. */
#include "collector/filter/bpf.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "collector/base/error.h"

#define LOAD_WORD(place)     BPF_STMT(BPF_LD | BPF_W | BPF_ABS, place)
#define LOAD(member)         LOAD_WORD(offsetof(struct seccomp_data, member))
#define IF_EQUAL(k, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k, yes, no)
#define RETURN(value)        BPF_STMT(BPF_RET | BPF_K, value)
#define COUNT(array)         (sizeof(array) / sizeof((array)[0]))

/* Return: the answers for @number as text; free() it. */
static char *answers_of(const struct sock_filter *instructions, size_t count, uint32_t number,
			enum bpf_class class)
{
	COV_AUTO(bpf_program_deinit) struct bpf_program program = { 0 };
	struct bpf_answers answers;
	struct cov_error err;

	assert_int_equal(
	    bpf_program_read(instructions, count * sizeof(*instructions), "here", &program, &err),
	    0);
	const struct bpf_stack stack = { { &program }, 1 };
	bpf_stack_evaluate(&stack, AUDIT_ARCH_X86_64, number, &answers);
	assert_int_equal(bpf_answers_class(&answers), class);
	return bpf_answers_text(&answers);
}

#define assert_answers(instructions, number, class, expected)                                      \
	do {                                                                                       \
		COV_AUTO(free)                                                                     \
		char *text = answers_of(instructions, COUNT(instructions), number, class);         \
		assert_string_equal(text, expected);                                               \
	} while (0)

static void a_call_is_allowed_or_not_by_its_number(void **state)
{
	static const struct sock_filter filter[] = {
		LOAD(arch),
		IF_EQUAL(AUDIT_ARCH_X86_64, 1, 0),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		LOAD(nr),
		IF_EQUAL(7, 0, 1),
		RETURN(SECCOMP_RET_ALLOW),
		IF_EQUAL(8, 0, 1),
		RETURN(SECCOMP_RET_LOG),
		RETURN(SECCOMP_RET_ERRNO | 38),
	};

	(void)state;
	assert_answers(filter, 7, BPF_ALLOWED, "allow");
	assert_answers(filter, 8, BPF_ALLOWED, "log");
	assert_answers(filter, 9, BPF_DENIED, "errno 38");
}

static void both_ways_are_taken_where_an_argument_decides(void **state)
{
	static const struct sock_filter filter[] = {
		LOAD(args[1]),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xf0),
		IF_EQUAL(0x10, 0, 1),
		RETURN(SECCOMP_RET_ALLOW),
		IF_EQUAL(0x20, 0, 1),
		RETURN(SECCOMP_RET_TRAP),
		RETURN(SECCOMP_RET_KILL_THREAD),
	};

	(void)state;
	assert_answers(filter, 0, BPF_BY_ARGUMENT, "allow, trap, kill thread");
}

static void what_an_argument_is_equal_to_it_is_the_next_time_too(void **state)
{
	static const struct sock_filter filter[] = {
		LOAD(args[0]),
		IF_EQUAL(5, 1, 0),
		RETURN(SECCOMP_RET_ERRNO | 1),
		LOAD(args[0]),
		IF_EQUAL(6, 0, 1),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		RETURN(SECCOMP_RET_ERRNO | 2),
	};

	(void)state;
	assert_answers(filter, 0, BPF_DENIED, "errno 1, errno 2");
}

/* Of a part of an argument nothing follows for the rest of it. */
static void a_part_of_an_argument_is_not_all_of_it(void **state)
{
	static const struct sock_filter filter[] = {
		LOAD(args[0]),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xf0),
		IF_EQUAL(0x10, 1, 0),
		RETURN(SECCOMP_RET_ERRNO | 1),
		LOAD(args[0]),
		IF_EQUAL(0x1f, 0, 1),
		RETURN(SECCOMP_RET_ALLOW),
		RETURN(SECCOMP_RET_TRAP),
	};

	(void)state;
	assert_answers(filter, 0, BPF_BY_ARGUMENT, "allow, errno 1, trap");
}

static void numbers_are_compared_at_their_bounds(void **state)
{
	static const struct {
		uint16_t operation;
		uint32_t k;
		const char *answers[3]; /* of 3, 4, 5 */
	} cases[] = {
		{ BPF_JEQ, 4, { "trap", "allow", "trap" } },
		{ BPF_JGT, 4, { "trap", "trap", "allow" } },
		{ BPF_JGE, 4, { "trap", "allow", "allow" } },
		{ BPF_JSET, 1, { "allow", "trap", "allow" } },
		{ BPF_JGE, 0, { "allow", "allow", "allow" } },
		{ BPF_JGT, UINT32_MAX, { "trap", "trap", "trap" } },
		{ BPF_JSET, 0, { "trap", "trap", "trap" } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct sock_filter filter[] = {
			LOAD(nr),
			BPF_JUMP(BPF_JMP | BPF_K | cases[i].operation, cases[i].k, 0, 1),
			RETURN(SECCOMP_RET_ALLOW),
			RETURN(SECCOMP_RET_TRAP),
		};

		for (uint32_t number = 3; number <= 5; number++) {
			bool is_allowed = strcmp(cases[i].answers[number - 3], "allow") == 0;

			assert_answers(filter, number, is_allowed ? BPF_ALLOWED : BPF_DENIED,
				       cases[i].answers[number - 3]);
		}
	}
}

static void all_arguments_of_one_answer_are_no_question_of_arguments(void **state)
{
	static const struct sock_filter filter[] = {
		LOAD(args[0]),
		IF_EQUAL(5, 0, 1),
		RETURN(SECCOMP_RET_ALLOW),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0, 1, 0),
		RETURN(SECCOMP_RET_TRAP),
		RETURN(SECCOMP_RET_ALLOW),
	};

	(void)state;
	assert_answers(filter, 0, BPF_ALLOWED, "allow");
}

static void memory_and_arithmetic_on_what_is_known_are_carried_out(void **state)
{
	static const struct sock_filter filter[] = {
		LOAD(nr),
		BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 10),
		BPF_STMT(BPF_ST, 3),
		BPF_STMT(BPF_LDX | BPF_MEM, 3),
		BPF_STMT(BPF_LD | BPF_IMM, 12),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 1),
		RETURN(SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};

	(void)state;
	assert_answers(filter, 2, BPF_ALLOWED, "allow");
	assert_answers(filter, 3, BPF_DENIED, "kill thread");
}

static void a_division_by_an_unknown_0_kills(void **state)
{
	static const struct sock_filter filter[] = {
		LOAD(args[0]),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(BPF_ALU | BPF_DIV | BPF_X, 0),
		RETURN(SECCOMP_RET_ALLOW),
	};

	(void)state;
	assert_answers(filter, 0, BPF_BY_ARGUMENT, "allow, kill thread");
}

static void an_answer_made_of_arguments_may_be_any(void **state)
{
	static const struct sock_filter filter[] = { LOAD(args[0]), BPF_STMT(BPF_RET | BPF_A, 0) };

	(void)state;
	assert_answers(filter, 0, BPF_BY_ARGUMENT, "allow, by the argument's value");
}

/* Some hundred ways through one program: they are joined, and none of its answers is lost. */
static void many_ways_are_joined_without_loss(void **state)
{
	struct sock_filter filter[64];
	size_t count = 0;

	(void)state;
	for (uint32_t i = 0; i < 8; i++) {
		filter[count++] =
		    (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16 + 4 * (i % 6));
		filter[count++] =
		    (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 1U << i, 0, 3);
		filter[count++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_MEM, 0);
		filter[count++] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 1U << i);
		filter[count++] = (struct sock_filter)BPF_STMT(BPF_ST, 0);
	}
	filter[count++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_MEM, 0);
	filter[count++] = (struct sock_filter)IF_EQUAL(255, 0, 1);
	filter[count++] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	filter[count++] = (struct sock_filter)RETURN(SECCOMP_RET_TRAP);
	COV_AUTO(free) char *text = answers_of(filter, count, 0, BPF_BY_ARGUMENT);
	assert_string_equal(text, "allow, trap");
}

static void of_several_filters_the_first_action_and_the_newest_data_count(void **state)
{
	static const struct {
		uint32_t oldest, middle, newest;
		const char *expected;
	} cases[] = {
		{ SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW, SECCOMP_RET_ALLOW, "allow" },
		{ SECCOMP_RET_ERRNO | 1, SECCOMP_RET_ERRNO | 2, SECCOMP_RET_ALLOW, "errno 2" },
		{ SECCOMP_RET_LOG, SECCOMP_RET_TRACE | 7, SECCOMP_RET_ALLOW, "trace 7" },
		{ SECCOMP_RET_TRAP, SECCOMP_RET_USER_NOTIF, SECCOMP_RET_ERRNO, "trap" },
		{ SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_ALLOW,
		  "kill process" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sock_filter values[3] = {
			RETURN(cases[i].oldest),
			RETURN(cases[i].middle),
			RETURN(cases[i].newest),
		};
		const struct bpf_program programs[3] = { { &values[0], 1 },
							 { &values[1], 1 },
							 { &values[2], 1 } };
		const struct bpf_stack stack = { { &programs[0], &programs[1], &programs[2] }, 3 };
		struct bpf_answers answers;

		bpf_stack_evaluate(&stack, AUDIT_ARCH_X86_64, 0, &answers);
		COV_AUTO(free) char *text = bpf_answers_text(&answers);
		assert_string_equal(text, cases[i].expected);
	}
}

/* One filter allows 1, the other 2 in the same argument: together, nothing. */
static void filters_know_of_each_other_what_arguments_are(void **state)
{
	struct sock_filter one[] = { LOAD(args[0]), IF_EQUAL(1, 0, 1), RETURN(SECCOMP_RET_ALLOW),
				     RETURN(SECCOMP_RET_ERRNO | 1) };
	struct sock_filter two[] = { LOAD(args[0]), IF_EQUAL(2, 0, 1), RETURN(SECCOMP_RET_ALLOW),
				     RETURN(SECCOMP_RET_ERRNO | 2) };
	const struct bpf_program programs[] = { { one, COUNT(one) }, { two, COUNT(two) } };
	struct bpf_stack stack = { { &programs[0], &programs[1] }, 1 };
	struct bpf_answers answers;

	(void)state;
	bpf_stack_evaluate(&stack, AUDIT_ARCH_X86_64, 0, &answers);
	assert_int_equal(bpf_answers_class(&answers), BPF_BY_ARGUMENT);
	stack.count = 2;
	bpf_stack_evaluate(&stack, AUDIT_ARCH_X86_64, 0, &answers);
	assert_int_equal(bpf_answers_class(&answers), BPF_DENIED);
	stack.count = 0;
	bpf_stack_evaluate(&stack, AUDIT_ARCH_X86_64, 0, &answers);
	assert_int_equal(bpf_answers_class(&answers), BPF_ALLOWED);
}

static void what_the_kernel_would_not_take_is_told(void **state)
{
	static const struct {
		struct sock_filter first;
		const char *said;
	} cases[] = {
		{ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 64), "beside the words" },
		{ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 2), "beside the words" },
		{ BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0), "no instruction" },
		{ BPF_STMT(BPF_ST, 16), "no word of its memory" },
		{ BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0), "division by 0" },
		{ BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 32), "shift beyond 31" },
		{ BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 3), "no instruction" },
		{ BPF_STMT(BPF_JMP | BPF_JA, 1), "jump out" },
		{ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1), "jump out" },
		{ BPF_STMT(BPF_RET | BPF_X, 0), "no instruction" },
		{ BPF_STMT(0x100 | BPF_RET, 0), "no instruction" },
	};
	struct bpf_program program = { 0 };
	struct cov_error err;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct sock_filter filter[] = { cases[i].first, RETURN(SECCOMP_RET_ALLOW) };

		assert_int_equal(bpf_program_read(filter, sizeof(filter), "dump", &program, &err),
				 COV_ERR_FORMAT);
		assert_non_null(strstr(err.message, "dump: instruction 0 "));
		assert_non_null(strstr(err.message, cases[i].said));
		assert_null(program.instructions);
	}
	static const struct sock_filter endless[] = { LOAD(nr) };
	assert_int_equal(bpf_program_read(endless, sizeof(endless), "dump", &program, &err),
			 COV_ERR_FORMAT);
	assert_int_equal(bpf_program_read(endless, 7, "dump", &program, &err), COV_ERR_FORMAT);
	assert_int_equal(bpf_program_read(endless, 0, "dump", &program, &err), COV_ERR_FORMAT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_is_allowed_or_not_by_its_number),
		cmocka_unit_test(both_ways_are_taken_where_an_argument_decides),
		cmocka_unit_test(what_an_argument_is_equal_to_it_is_the_next_time_too),
		cmocka_unit_test(a_part_of_an_argument_is_not_all_of_it),
		cmocka_unit_test(numbers_are_compared_at_their_bounds),
		cmocka_unit_test(all_arguments_of_one_answer_are_no_question_of_arguments),
		cmocka_unit_test(memory_and_arithmetic_on_what_is_known_are_carried_out),
		cmocka_unit_test(a_division_by_an_unknown_0_kills),
		cmocka_unit_test(an_answer_made_of_arguments_may_be_any),
		cmocka_unit_test(many_ways_are_joined_without_loss),
		cmocka_unit_test(of_several_filters_the_first_action_and_the_newest_data_count),
		cmocka_unit_test(filters_know_of_each_other_what_arguments_are),
		cmocka_unit_test(what_the_kernel_would_not_take_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
