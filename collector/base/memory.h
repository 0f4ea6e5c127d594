/*
 * memory.h - allocate or end the program; growable arrays; an arena; large blocks.
 *
 * Out of memory ends the program with one line. A count that comes from a file must be checked
 * against the size of that file before it becomes a size here.
 */
#ifndef COLLECTOR_BASE_MEMORY_H
#define COLLECTOR_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * cov_end_begin() - to be called before a line that says why the program ends, and exit(1).
 *
 * Of several threads that cannot go on the first one comes back, the others wait for the end: what
 * fails in both is said once.
 */
void cov_end_begin(void);

/** cov_out_of_memory() - end the program as those below do, where a library has no memory. */
_Noreturn void cov_out_of_memory(void);

/**
 * cov_memory_by_thread() - let threads take memory from places of their own.
 *
 * To be called before the first thread starts. Threads that share one place wait for each other at
 * each allocation; those that have their own share less of what was given back.
 */
void cov_memory_by_thread(void);

/**
 * cov_memory_trim() - hand back the pages between what is in use, which the next step of work would
 * leave as they are.
 */
void cov_memory_trim(void);

/** cov_xmalloc() - malloc() that never fails; 0 bytes give a pointer that can be freed. */
void *cov_xmalloc(size_t size_bytes);

/** cov_xcalloc() - zeroed array of @count elements; the product is checked for overflow. */
void *cov_xcalloc(size_t count, size_t element_bytes);

/** cov_xrealloc() - realloc() that never fails. */
void *cov_xrealloc(void *memory, size_t size_bytes);

/** cov_xreallocarray() - array of @count elements; the product is checked for overflow. */
void *cov_xreallocarray(void *memory, size_t count, size_t element_bytes);

/** cov_xcopy() - array of @count elements, the same as at @items, with room for no more. */
void *cov_xcopy(const void *items, size_t count, size_t element_bytes);

/** cov_xstrdup() - copy of @text; free() it. */
char *cov_xstrdup(const char *text);

/** cov_xstrndup() - copy of at most @length_bytes of @text, NUL-terminated; free() it. */
char *cov_xstrndup(const char *text, size_t length_bytes);

/** cov_reserve_more() - cov_reserve() where there is not room enough. */
void *cov_reserve_more(void *memory, size_t count, size_t more, size_t *capacity,
		       size_t element_bytes);

/**
 * cov_reserve() - make room for @more elements in a growable array.
 *
 * Otherwise as cov_grow(). At least twice the room is made, if any is.
 */
static inline void *cov_reserve(void *memory, size_t count, size_t more, size_t *capacity,
				size_t element_bytes)
{
	return memory && more <= *capacity - count
		   ? memory
		   : cov_reserve_more(memory, count, more, capacity, element_bytes);
}

/**
 * cov_grow() - make room for one more element in a growable array.
 * @memory:        the array, or NULL
 * @count:         elements in use
 * @capacity:      elements there is room for; updated
 * @element_bytes: size of one
 *
 * Return: the array, possibly moved, with room for at least @count + 1 elements.
 */
static inline void *cov_grow(void *memory, size_t count, size_t *capacity, size_t element_bytes)
{
	return count < *capacity ? memory : cov_reserve(memory, count, 1, capacity, element_bytes);
}

/*
 * Large blocks of memory that are used again and again. What is given back to malloc() is taken
 * apart by what is small and stays, and the next large block does not fit any more where the one
 * before it was. Blocks of malloc() can be given, and what was taken can be given to free().
 */

/** cov_block_take() - as cov_xmalloc(): what was given before, if it is about that large. */
void *cov_block_take(size_t size_bytes);

/** cov_block_take_zeroed() - the same, as cov_xcalloc(). */
void *cov_block_take_zeroed(size_t count, size_t element_bytes);

/** cov_block_give() - as free(); what is large is kept for others. @block: NULL is fine */
void cov_block_give(void *block);

/*
 * An arena hands out memory that is freed all at once. A zeroed struct is an empty arena.
 */
struct cov_arena {
	struct cov_arena_chunk *chunks; /* newest first; owned */
	size_t total_bytes;             /* handed out so far */
	size_t chunk_bytes; /* given: of each chunk at least; 0: the first ones are small */
};

/** cov_arena_alloc() - zeroed array of @count elements, aligned for any type, owned by @arena. */
void *cov_arena_alloc(struct cov_arena *arena, size_t count, size_t element_bytes);

/** cov_arena_text() - copy of @length_bytes of @text with a NUL behind it, owned by @arena. */
char *cov_arena_text(struct cov_arena *arena, const char *text, size_t length_bytes);

/** cov_arena_join() - let @arena own what @other owns, which is empty then. */
void cov_arena_join(struct cov_arena *arena, struct cov_arena *other);

/** cov_arena_clear() - take back all that @arena handed out, and keep some memory for more. */
void cov_arena_clear(struct cov_arena *arena);

/** cov_arena_deinit() - free all that @arena handed out. */
void cov_arena_deinit(struct cov_arena *arena);

#endif
