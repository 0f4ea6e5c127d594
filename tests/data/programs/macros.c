/* macros.c - several functions on one line, as SYSCALL_DEFINE makes them. */
#include <stdio.h>

#define DEFINE_CALL(name, body) \
	static long inner_##name(long a); \
	static long __attribute__((noinline)) outer_##name(long a) { if (a > 3) return inner_##name(a); return 0; } \
	static long __attribute__((noinline)) inner_##name(long a) \
	{ body }

DEFINE_CALL(add, long sum = 0; for (long i = 0; i < a; i++) sum += i; return sum;)

DEFINE_CALL(mix,
	long value = a;

	while (value > 2)
		value = value & 1 ? value - 3 : value / 2;
	return value;
)

int main(void)
{
	long total = 0;

	for (long i = 0; i < 25; i++)
		total += outer_add(i) - outer_mix(i);
	printf("%ld\n", total);
	return 0;
}
