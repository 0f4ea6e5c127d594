/* footprint.c - the set of lines that a platform executes because of a workload. */
#include "differ/footprint.h"

#include <string.h>

#include "collector/base/memory.h"

void cov_footprint_init(struct cov_footprint *footprint, size_t line_count)
{
	footprint->line_count = line_count;
	footprint->words = cov_xcalloc((line_count + 63) / 64, sizeof(uint64_t));
}

void cov_footprint_deinit(struct cov_footprint *footprint)
{
	free(footprint->words);
	memset(footprint, 0, sizeof(*footprint));
}

size_t cov_footprint_count(const struct cov_footprint *footprint)
{
	size_t count = 0;

	for (size_t i = 0; i < (footprint->line_count + 63) / 64; i++)
		count += (size_t)__builtin_popcountll(footprint->words[i]);
	return count;
}

/* Bits of a word that are within the range [first, end) of lines. */
static uint64_t bits_within(size_t word, size_t first, size_t end)
{
	uint64_t bits = ~(uint64_t)0;

	if (word * 64 < first)
		bits &= ~(uint64_t)0 << first % 64;
	if (word * 64 + 64 > end)
		bits &= ~(uint64_t)0 >> (64 - end % 64);
	return bits;
}

size_t cov_footprint_count_within(const struct cov_footprint *footprint, size_t line_first,
				  size_t line_count)
{
	size_t end = line_first + line_count, count = 0;

	for (size_t i = line_first / 64; i * 64 < end; i++)
		count += (size_t)__builtin_popcountll(footprint->words[i] &
						      bits_within(i, line_first, end));
	return count;
}

static size_t word_count(const struct cov_footprint *footprint)
{
	return (footprint->line_count + 63) / 64;
}

void cov_footprint_compare(const struct cov_footprint *footprint, const struct cov_footprint *other,
			   struct cov_footprint_changes *ret)
{
	size_t count = 0;

	for (size_t i = 0; i < word_count(footprint); i++)
		count += (size_t)__builtin_popcountll(footprint->words[i] ^ other->words[i]);
	*ret = (struct cov_footprint_changes){ .lines = cov_xcalloc(count, sizeof(*ret->lines)) };
	for (size_t i = 0; i < word_count(footprint); i++) {
		uint64_t word = footprint->words[i] ^ other->words[i];

		for (; word; word &= word - 1)
			ret->lines[ret->count++] = (uint32_t)(i * 64 + __builtin_ctzll(word));
	}
}

void cov_footprint_change(struct cov_footprint *footprint,
			  const struct cov_footprint_changes *changes)
{
	for (size_t i = 0; i < changes->count; i++)
		footprint->words[changes->lines[i] / 64] ^= (uint64_t)1 << changes->lines[i] % 64;
}

void cov_footprint_copy(const struct cov_footprint *footprint, struct cov_footprint *copy)
{
	if (copy->line_count)
		memcpy(copy->words, footprint->words, word_count(copy) * sizeof(*copy->words));
}

void cov_footprint_unite(struct cov_footprint *footprint, const struct cov_footprint *more)
{
	for (size_t i = 0; i < word_count(footprint); i++)
		footprint->words[i] |= more->words[i];
}

void cov_footprint_mark(const struct cov_footprint *footprint, uint64_t bit, uint64_t *masks)
{
	for (size_t i = 0; i < word_count(footprint); i++) {
		uint64_t word = footprint->words[i];

		for (; word; word &= word - 1)
			masks[i * 64 + (size_t)__builtin_ctzll(word)] |= bit;
	}
}

struct cov_footprint_totals cov_footprint_decide(const unsigned char *is_found,
						 struct cov_observations trial,
						 struct cov_observations baseline,
						 struct cov_footprint *footprint)
{
	struct cov_footprint_totals totals = { 0 };

	for (size_t i = 0; i < footprint->line_count; i++) {
		struct cov_observation line = { trial.counts[i], trial.duration_ns };
		struct cov_observation idle = { baseline.counts[i], baseline.duration_ns };

		totals.found += is_found[i] != 0;
		if (trial.counts[i] <= 0)
			continue;
		totals.hit++;
		if (cov_rule_is_kept(line, idle)) {
			cov_footprint_add(footprint, i);
			totals.kept++;
		} else {
			totals.removed++;
		}
	}
	return totals;
}

struct cov_footprint_totals cov_footprint_take(const unsigned char *is_found, const int64_t *counts,
					       struct cov_line_p line_p, double limit,
					       struct cov_footprint *footprint)
{
	struct cov_footprint_totals totals = { 0 };

	for (size_t i = 0; i < footprint->line_count; i++) {
		totals.found += is_found[i] != 0;
		totals.hit += counts[i] > 0;
		if (counts[i] <= 0 || cov_line_p_next(&line_p, (uint32_t)i) > limit)
			continue;
		cov_footprint_add(footprint, i);
		totals.kept++;
	}
	totals.removed = totals.hit - totals.kept;
	return totals;
}
