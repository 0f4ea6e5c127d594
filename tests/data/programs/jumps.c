/* jumps.c - calls that do not come back the usual way. */
#include <setjmp.h>
#include <stdlib.h>
#include "inline.h"

static jmp_buf place;
static volatile int depth;

static void __attribute__((noinline)) dive(int n)
{
	depth++;
	if (n == 0)
		longjmp(place, depth);
	dive(n - 1);
	depth--;
}

static void __attribute__((noreturn, noinline)) leave(int status)
{
	if (status > 100)
		abort();
	exit(status);
}

static int __attribute__((noinline)) computed(int n)
{
	static void *const labels[] = { &&zero, &&one, &&two };
	int total = 0;
next:
	if (n-- <= 0)
		return total;
	goto *labels[n % 3];
zero:
	total += 1;
	goto next;
one:
	total += clamp(n, 0, 5);
	goto next;
two:
	total -= 2;
	goto next;
}

int main(void)
{
	for (volatile int i = 0; i < 6; i++) {
		if (setjmp(place) == 0)
			dive(i);
	}
	if (computed(30) == -1)
		return 3;
	leave(0);
}
