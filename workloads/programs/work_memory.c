/*
 * work_memory.c - the paper's memory workload: mmap --mib of memory in pieces of one size, touch
 * one word of each page, with and without munmap after each piece.
 */
#include "workloads/programs/work.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE_BYTES = 4096 };

/* What one round, all of the memory once, took. */
struct round {
	double map_s; /* with munmap, if it is unmapped */
	double touch_s;
	size_t piece_count;
	size_t page_count;
};

static void touch(char *piece, size_t bytes)
{
	for (size_t offset = 0; offset < bytes; offset += PAGE_BYTES)
		*(volatile uint32_t *)(void *)(piece + offset) = 1;
}

static int do_round(size_t total_bytes, size_t piece_bytes, bool has_unmap, char **pieces,
		    struct round *round)
{
	for (size_t done = 0; done < total_bytes; done += piece_bytes) {
		double start_s = work_now_s();
		char *piece = mmap(NULL, piece_bytes, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (piece == MAP_FAILED)
			return work_fail("mmap of %zu bytes, after %zu", piece_bytes, done);
		double mapped_s = work_now_s();
		touch(piece, piece_bytes);
		double touched_s = work_now_s();
		if (has_unmap)
			munmap(piece, piece_bytes);
		else
			pieces[round->piece_count] = piece;
		round->map_s += mapped_s - start_s + (has_unmap ? work_now_s() - touched_s : 0);
		round->touch_s += touched_s - mapped_s;
		round->piece_count++;
		round->page_count += (piece_bytes + PAGE_BYTES - 1) / PAGE_BYTES;
	}
	for (size_t i = 0; !has_unmap && i < round->piece_count; i++)
		munmap(pieces[i], piece_bytes);
	return 0;
}

/* As many rounds as fit into the time, at least one. */
static int measure(const struct work_options *options, long piece_kib, bool has_unmap,
		   double time_s, char **pieces)
{
	size_t total_bytes = (size_t)options->mib << 20, piece_bytes = (size_t)piece_kib << 10;
	double end_s = work_now_s() + time_s;
	struct round sum = { 0 };
	int rounds = 0;

	do {
		struct round round = { 0 };

		if (do_round(total_bytes, piece_bytes, has_unmap, pieces, &round) != 0)
			return 1;
		sum.map_s += round.map_s;
		sum.touch_s += round.touch_s;
		sum.piece_count += round.piece_count;
		sum.page_count += round.page_count;
		rounds++;
	} while (work_now_s() < end_s);

	const char *unmap = has_unmap ? "true" : "false";
	work_metric(has_unmap ? "map_unmap_time" : "map_time", sum.map_s / rounds, "s",
		    "\"kib\": %ld, \"mib\": %ld, \"unmap\": %s", piece_kib, options->mib, unmap);
	work_metric("map_call", sum.map_s * 1e9 / (double)sum.piece_count, "ns/call",
		    "\"kib\": %ld, \"unmap\": %s", piece_kib, unmap);
	work_metric("touch_time", sum.touch_s / rounds, "s",
		    "\"kib\": %ld, \"mib\": %ld, \"unmap\": %s", piece_kib, options->mib, unmap);
	work_metric("touch_page", sum.touch_s * 1e9 / (double)sum.page_count, "ns/page",
		    "\"kib\": %ld, \"unmap\": %s", piece_kib, unmap);
	return 0;
}

int work_memory(const struct work_options *options)
{
	bool is_both = strcmp(options->unmap, "both") == 0;
	size_t way_count = options->size_count * (is_both ? 2 : 1);
	size_t piece_count_max = ((size_t)options->mib << 20) / PAGE_BYTES + 1;
	char **pieces = calloc(piece_count_max, sizeof(*pieces));
	int result = 0;

	if (!pieces)
		return work_fail("no memory for the list of pieces");
	memset(pieces, 0, piece_count_max * sizeof(*pieces));
	work_ready(options);
	for (int unmap = 0; unmap < 2; unmap++) {
		if (!is_both && (strcmp(options->unmap, "yes") == 0) != unmap)
			continue;
		for (size_t i = 0; result == 0 && i < options->size_count; i++)
			result = measure(options, options->sizes_kib[i], unmap,
					 options->time_s / (double)way_count, pieces);
	}
	free(pieces);
	if (result == 0)
		work_done(options);
	return result;
}
