/*
 * work_llc.c - a prober of the last-level cache in the manner of LLCProbe: 4 bytes of every 64 of a
 * buffer as large as the cache, over and over.
 *
 * Which cache set a page goes to follows from its physical address. Where /proc/self/pagemap shows
 * it, pages are chosen so that each colour is there equally often; elsewhere, as in a container,
 * they are taken as they come: the label says which. In a virtual machine it shows the guest's
 * physical addresses, not the host's.
 *
 * Source of the method: the paper's section 4.3, which names Varadarajan et al., "Resource-freeing
 * Attacks" (CCS 2012); LLCProbe's own source was not used.
 */
#include "workloads/programs/work.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	PAGE_BYTES = 4096,
	LINE_BYTES = 64,
	CACHE_KIB_DEFAULT = 20480,
	COLOURS = 64,
	SPARE_FACTOR = 2, /* pages to choose from, for each one needed */
	CHECK_PAGES = 1024,
};

static long cache_kib(void)
{
	FILE *stream = fopen("/sys/devices/system/cpu/cpu0/cache/index3/size", "re");
	long kib = 0;

	if (stream && fscanf(stream, "%ldK", &kib) != 1)
		kib = 0;
	if (stream)
		fclose(stream);
	return kib > 0 ? kib : CACHE_KIB_DEFAULT;
}

/* Number of the physical page, or 0 where it is hidden. */
static uint64_t frame_of(int pagemap, const char *page)
{
	uint64_t entry = 0;
	off_t offset = (off_t)((uintptr_t)page / PAGE_BYTES * sizeof(entry));

	if (pagemap < 0 || pread(pagemap, &entry, sizeof(entry), offset) != sizeof(entry))
		return 0;
	return entry & ((UINT64_C(1) << 55) - 1);
}

/* Fill @pages so that colours are equally frequent. Return: whether that was possible. */
static bool choose_pages(char *buffer, size_t spare_count, char **pages, size_t page_count)
{
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	size_t quota = (page_count + COLOURS - 1) / COLOURS, taken[COLOURS] = { 0 }, count = 0;

	for (size_t i = 0; i < spare_count && count < page_count; i++) {
		char *page = buffer + i * PAGE_BYTES;
		uint64_t frame = frame_of(pagemap, page);

		if (frame && taken[frame % COLOURS] < quota) {
			taken[frame % COLOURS]++;
			pages[count++] = page;
		}
	}
	if (pagemap >= 0)
		close(pagemap);
	bool is_coloured = count == page_count;
	for (size_t i = 0; !is_coloured && i < page_count; i++)
		pages[i] = buffer + i * PAGE_BYTES;
	return is_coloured;
}

/* Return: passes over the whole buffer. */
static double probe(char **pages, size_t page_count, double time_s)
{
	double end_s = work_now_s() + time_s;
	volatile uint32_t sum = 0;
	size_t probed_count = 0;

	for (size_t i = 0;; i = (i + 1) % page_count) {
		const volatile uint32_t *page = (const volatile uint32_t *)(void *)pages[i];

		for (size_t offset = 0; offset < PAGE_BYTES; offset += LINE_BYTES)
			sum += page[offset / sizeof(*page)];
		probed_count++;
		(void)sum; /* the reads are what counts */
		if (probed_count % CHECK_PAGES == 0 && work_now_s() >= end_s)
			return (double)probed_count / (double)page_count;
	}
}

static int probe_instance(const struct work_options *options, long instance)
{
	long kib = options->kib ? options->kib : cache_kib();
	size_t page_count = (size_t)kib * 1024 / PAGE_BYTES;
	size_t spare_count = page_count * SPARE_FACTOR;
	char **pages = calloc(page_count + 1, sizeof(*pages));
	char *buffer = mmap(NULL, spare_count * PAGE_BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (!pages || buffer == MAP_FAILED || !page_count)
		return work_fail("no memory for a buffer of %ld KiB", kib);
	memset(buffer, 1, spare_count * PAGE_BYTES);
	bool is_coloured = choose_pages(buffer, spare_count, pages, page_count);
	double passes = probe(pages, page_count, options->time_s);
	work_metric("llc_probes", passes, "probes",
		    "\"instance\": %ld, \"instances\": %ld, \"kib\": %ld, \"seconds\": %g",
		    instance, options->instances, kib, options->time_s);
	work_metric("llc_coloured", is_coloured, "0 or 1", "\"instance\": %ld", instance);
	free(pages);
	return 0;
}

int work_llc(const struct work_options *options)
{
	int failures = 0;

	work_ready(options);
	for (long i = 0; i < options->instances; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(probe_instance(options, i + 1));
		if (pid < 0)
			return work_fail("cannot start an instance");
	}
	for (int status; wait(&status) > 0;)
		failures += status != 0;
	if (failures)
		return 1;
	work_done(options);
	return 0;
}
