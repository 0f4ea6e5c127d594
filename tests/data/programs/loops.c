/* loops.c - loops and branches that share lines. */
#include "inline.h"

static volatile int sink;

static int nested(int n)
{
	int total = 0;

	for (int i = 0; i < n; i++) { for (int j = 0; j < i; j++) { if ((i ^ j) & 1) total += j; else total -= i; } }
	while (total > 10) total -= 7; do total++; while (total < 5);
	return total;
}

static int choose(int value)
{
	switch (value % 6) {
	case 0: return 1; case 1: value += 2; /* fall through */
	case 2: value *= 3; break;
	case 3: for (; value > 0; value -= 4) sink++; break;
	default: if (value & 8) goto out;
	}
	value = clamp(value, -3, 40);
out:
	return value;
}

static int knot(int n)
{
	int steps = 0;
again: if (n <= 0) return steps; n--; steps++; if (n & 1) goto again; if (n & 2) { n -= 2; goto again; } goto again;
}

int main(void)
{
	for (int i = 0; i < 40; i++)
		sink += choose(i) + knot(i) + sum_to(i % 9);
	return nested(17) == 12345;
}
