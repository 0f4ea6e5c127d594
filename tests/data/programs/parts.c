/* parts.c - a function whose lines come from several files, some of them twice. */
#include "inline.h"

static volatile int sink;

static int __attribute__((noinline)) collect(int n)
{
	int total = 0;

	for (int i = 0; i < n; i++) {
#include "part.h"
		if (i & 1) continue;
#include "part.h"
	}
#line 4 "generated.h"
	if (total > 60) return clamp(total, 2, 50);
	return total; } static int twin(int n) { return n > 2 ? collect(n) : 0; }
#line 19 "parts.c"

int main(void)
{
	for (int i = 0; i < 7; i++) sink += i % 3 ? collect(i) : twin(i);
	return sink == 1;
}
