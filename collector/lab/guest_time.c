/* guest_time.c - what is known from outside of a guest's time: its processor's, its kernel's. */
#include "collector/lab/guest_time.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef __x86_64__
#include <x86intrin.h>
#endif

#include "collector/base/clock.h"
#include "collector/base/cleanup.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"

/* The kernel is linked for this address plus that in memory (arch/x86, four-level page tables). */
static const unsigned long long KERNEL_MAP = 0xffffffff80000000;

#ifdef __x86_64__

enum {
	ROUNDS_AGREEING = 3,
	ROUNDS_MAX = 10,
	READS = 32,
	/* KVM takes rates within 250 ppm for the same. */
	TOLERANCE_PPM = 20,
	PPM = 1000000,
};

static const struct timespec ROUND = { .tv_nsec = 200000000 };

/* A reading of both clocks. */
struct reading {
	unsigned long long ticks;
	long long ns;
};

/* Of several, the one with the least time in between: nothing came in its way. */
static struct reading read_both(void)
{
	struct reading best = { 0 };
	unsigned long long best_width = ULLONG_MAX;

	for (int i = 0; i < READS; i++) {
		unsigned long long before = __rdtsc();
		long long ns = cov_monotonic_ns();
		unsigned long long width = __rdtsc() - before;

		if (width >= best_width)
			continue;
		best_width = width;
		best = (struct reading){ before + width / 2, ns };
	}
	return best;
}

static long long measure_khz(void)
{
	struct reading start = read_both();

	nanosleep(&ROUND, NULL);
	struct reading end = read_both();
	double ms = (double)(end.ns - start.ns) / 1e6;
	return (long long)((double)(end.ticks - start.ticks) / ms + 0.5);
}

static int compare_rates(const void *a, const void *b)
{
	const long long *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

long long guest_time_tsc_khz(void)
{
	long long rates[ROUNDS_MAX];

	for (int count = 1; count <= ROUNDS_MAX; count++) {
		rates[count - 1] = measure_khz();
		qsort(rates, (size_t)count, sizeof(*rates), compare_rates);
		for (int i = 0; i + ROUNDS_AGREEING <= count; i++) {
			long long lowest = rates[i], highest = rates[i + ROUNDS_AGREEING - 1];

			if (lowest > 0 && highest - lowest <= lowest * TOLERANCE_PPM / PPM)
				return rates[i + ROUNDS_AGREEING / 2];
		}
	}
	return 0;
}

#else

long long guest_time_tsc_khz(void)
{
	return 0;
}

#endif

/* Lines are "ffffffff82a07980 D jiffies_64". */
unsigned long long guest_time_clock_address(const char *tree)
{
	static const char symbol[] = " jiffies_64\n";
	COV_AUTO(free) char *path = cov_format("%s/System.map", tree);
	COV_AUTO(free) char *text = NULL;
	struct cov_error ignored;
	size_t size = 0;

	if (cov_file_read_text(path, &text, &size, &ignored) != 0)
		return 0;
	const char *line = strstr(text, symbol);
	while (line && line > text && line[-1] != '\n')
		line--;
	unsigned long long address = line ? strtoull(line, NULL, 16) : 0;
	return address > KERNEL_MAP ? address - KERNEL_MAP : 0;
}
