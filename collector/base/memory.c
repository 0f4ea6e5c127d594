/* memory.c - allocate or end the program; growable arrays; an arena; large blocks. */
#include "collector/base/memory.h"

#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/base/parallel.h"

enum {
	CAPACITY_MIN = 16,               /* elements */
	HEAPS_MAX = 2 * COV_THREADS_MAX, /* threads may start others */
	LARGE_BYTES = 2 << 20,           /* of a block that is kept */
	BLOCKS_KEPT_MAX = 4,
	TRIM_LEFT_BYTES = 64 << 20, /* behind all that is in use: pages that nobody used yet */
	ARENA_FIRST_BYTES = 4096,   /* of a chunk: there are thousands of small arenas */
	ARENA_CHUNK_BYTES = 256 * 1024,
	ARENA_ALIGNMENT_BYTES = 16,
};

struct cov_arena_chunk {
	struct cov_arena_chunk *next;
	size_t used_bytes;
	size_t size_bytes;
	_Alignas(ARENA_ALIGNMENT_BYTES) char data[]; /* [size_bytes] */
};

void cov_memory_by_thread(void)
{
	mallopt(M_ARENA_MAX, HEAPS_MAX);
}

void cov_memory_trim(void)
{
	malloc_trim(TRIM_LEFT_BYTES);
}

void cov_end_begin(void)
{
	static atomic_flag is_ending = ATOMIC_FLAG_INIT;
	static _Thread_local bool is_mine; /* what exit() calls may fail, too */

	if (!is_mine && atomic_flag_test_and_set(&is_ending)) {
		for (;;)
			pause();
	}
	is_mine = true;
}

/* Not by a stream, which may want memory. */
static void out_of_memory(size_t size_bytes)
{
	cov_end_begin();
	dprintf(STDERR_FILENO, "covdb: out of memory: cannot allocate %zu bytes\n", size_bytes);
	exit(1);
}

void cov_out_of_memory(void)
{
	cov_end_begin();
	dprintf(STDERR_FILENO, "covdb: out of memory\n");
	exit(1);
}

void *cov_xmalloc(size_t size_bytes)
{
	void *memory = malloc(size_bytes ? size_bytes : 1);

	if (!memory)
		out_of_memory(size_bytes);
	return memory;
}

void *cov_xcalloc(size_t count, size_t element_bytes)
{
	void *memory = calloc(count ? count : 1, element_bytes ? element_bytes : 1);

	if (!memory)
		out_of_memory(count);
	return memory;
}

void *cov_xrealloc(void *memory, size_t size_bytes)
{
	void *moved = realloc(memory, size_bytes ? size_bytes : 1);

	if (!moved)
		out_of_memory(size_bytes);
	return moved;
}

void *cov_xreallocarray(void *memory, size_t count, size_t element_bytes)
{
	size_t size_bytes;

	if (__builtin_mul_overflow(count, element_bytes, &size_bytes))
		out_of_memory(SIZE_MAX);
	return cov_xrealloc(memory, size_bytes);
}

void *cov_xcopy(const void *items, size_t count, size_t element_bytes)
{
	void *copy = cov_xreallocarray(NULL, count, element_bytes);

	if (count)
		memcpy(copy, items, count * element_bytes);
	return copy;
}

char *cov_xstrdup(const char *text)
{
	return cov_xstrndup(text, strlen(text));
}

char *cov_xstrndup(const char *text, size_t length_bytes)
{
	size_t used_bytes = strnlen(text, length_bytes);
	char *copy = cov_xmalloc(used_bytes + 1);

	memcpy(copy, text, used_bytes);
	copy[used_bytes] = '\0';
	return copy;
}

void *cov_reserve_more(void *memory, size_t count, size_t more, size_t *capacity,
		       size_t element_bytes)
{
	size_t needed, wanted = *capacity ? 2 * *capacity : CAPACITY_MIN;

	if (__builtin_add_overflow(count, more, &needed) || needed > SIZE_MAX / 2)
		out_of_memory(SIZE_MAX);
	*capacity = needed > wanted ? 2 * needed : wanted;
	return cov_xreallocarray(memory, *capacity, element_bytes);
}

static struct {
	pthread_mutex_t mutex;
	void *blocks[BLOCKS_KEPT_MAX]; /* [count] */
	size_t count;
} kept = { .mutex = PTHREAD_MUTEX_INITIALIZER };

/* Which of those kept fits best and is at most an eighth too large; kept.count if none does. */
static size_t find_fitting(size_t size_bytes)
{
	size_t best = kept.count, best_bytes = size_bytes + size_bytes / 8 + 1;

	for (size_t i = 0; i < kept.count; i++) {
		size_t bytes = malloc_usable_size(kept.blocks[i]);

		if (bytes >= size_bytes && bytes < best_bytes) {
			best = i;
			best_bytes = bytes;
		}
	}
	return best;
}

/* One that fits; else one that does not, which goes, @is_fitting tells; NULL: there is none. */
static void *take_kept(size_t size_bytes, bool *is_fitting)
{
	void *block = NULL;

	pthread_mutex_lock(&kept.mutex);
	size_t place = find_fitting(size_bytes);
	*is_fitting = place < kept.count;
	if (kept.count) {
		place = *is_fitting ? place : 0;
		block = kept.blocks[place];
		kept.blocks[place] = kept.blocks[--kept.count];
	}
	pthread_mutex_unlock(&kept.mutex);
	return block;
}

void *cov_block_take(size_t size_bytes)
{
	bool is_fitting = false;
	void *block = size_bytes >= LARGE_BYTES ? take_kept(size_bytes, &is_fitting) : NULL;

	if (is_fitting)
		return block;
	free(block);
	return cov_xmalloc(size_bytes);
}

void *cov_block_take_zeroed(size_t count, size_t element_bytes)
{
	size_t size_bytes;

	if (__builtin_mul_overflow(count, element_bytes, &size_bytes))
		cov_out_of_memory();
	return memset(cov_block_take(size_bytes), 0, size_bytes);
}

void cov_block_give(void *block)
{
	if (block && malloc_usable_size(block) >= LARGE_BYTES) {
		pthread_mutex_lock(&kept.mutex);
		if (kept.count < BLOCKS_KEPT_MAX) {
			kept.blocks[kept.count++] = block;
			block = NULL;
		}
		pthread_mutex_unlock(&kept.mutex);
	}
	free(block);
}

static void *carve(struct cov_arena *arena, size_t count, size_t element_bytes)
{
	struct cov_arena_chunk *chunk = arena->chunks;
	size_t size_bytes;

	if (__builtin_mul_overflow(count, element_bytes, &size_bytes) ||
	    size_bytes > SIZE_MAX - 2 * ARENA_CHUNK_BYTES)
		out_of_memory(SIZE_MAX);
	size_bytes =
	    (size_bytes + ARENA_ALIGNMENT_BYTES - 1) & ~(size_t)(ARENA_ALIGNMENT_BYTES - 1);
	if (!chunk || chunk->size_bytes - chunk->used_bytes < size_bytes) {
		size_t data_bytes = chunk ? 2 * chunk->size_bytes : ARENA_FIRST_BYTES;

		if (data_bytes > ARENA_CHUNK_BYTES)
			data_bytes = ARENA_CHUNK_BYTES;
		if (data_bytes < arena->chunk_bytes)
			data_bytes = arena->chunk_bytes;
		if (data_bytes < size_bytes)
			data_bytes = size_bytes;
		chunk = cov_block_take(sizeof(*chunk) + data_bytes);
		chunk->next = arena->chunks;
		chunk->used_bytes = 0;
		chunk->size_bytes = data_bytes;
		arena->chunks = chunk;
	}

	void *memory = chunk->data + chunk->used_bytes;

	chunk->used_bytes += size_bytes;
	arena->total_bytes += size_bytes;
	return memory;
}

void *cov_arena_alloc(struct cov_arena *arena, size_t count, size_t element_bytes)
{
	void *memory = carve(arena, count, element_bytes);

	memset(memory, 0, count * element_bytes);
	return memory;
}

char *cov_arena_text(struct cov_arena *arena, const char *text, size_t length_bytes)
{
	char *copy = carve(arena, length_bytes + 1, 1);

	memcpy(copy, text, length_bytes);
	copy[length_bytes] = '\0';
	return copy;
}

void cov_arena_join(struct cov_arena *arena, struct cov_arena *other)
{
	struct cov_arena_chunk **end = &arena->chunks;

	while (*end)
		end = &(*end)->next;
	*end = other->chunks;
	arena->total_bytes += other->total_bytes;
	other->chunks = NULL;
	other->total_bytes = 0;
}

static void free_chunks(struct cov_arena_chunk *chunk)
{
	while (chunk) {
		struct cov_arena_chunk *next = chunk->next;

		cov_block_give(chunk);
		chunk = next;
	}
}

void cov_arena_clear(struct cov_arena *arena)
{
	if (arena->chunks) {
		free_chunks(arena->chunks->next);
		arena->chunks->next = NULL;
		arena->chunks->used_bytes = 0;
	}
	arena->total_bytes = 0;
}

void cov_arena_deinit(struct cov_arena *arena)
{
	free_chunks(arena->chunks);
	arena->chunks = NULL;
	arena->total_bytes = 0;
}
