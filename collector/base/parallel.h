/* parallel.h - run one function over many items on all processors. */
#ifndef COLLECTOR_BASE_PARALLEL_H
#define COLLECTOR_BASE_PARALLEL_H

#include <pthread.h>
#include <stddef.h>

enum { COV_THREADS_MAX = 64 };

/** cov_thread_count() - how many threads cov_parallel_for() uses: the processors, or COVDB_JOBS. */
size_t cov_thread_count(void);

/**
 * cov_parallel_for() - call @work(context, item, thread) for each item of 0 .. @count - 1.
 * @work: is called from several threads at once, each item once; @thread < cov_thread_count()
 *
 * Items are handed out in order, to whichever thread is free. Returns when all are done.
 */
void cov_parallel_for(size_t count, void (*work)(void *context, size_t item, size_t thread),
		      void *context);

/**
 * cov_parallel_for_few() - the same with @most threads at the same time, where each needs much
 * memory.
 */
void cov_parallel_for_few(size_t most, size_t count,
			  void (*work)(void *context, size_t item, size_t thread), void *context);

/**
 * cov_parallel_alone() - call @work(context, item), in which cov_parallel_for() uses this thread
 * only.
 *
 * For work of which there is enough for all threads already.
 */
void cov_parallel_alone(void (*work)(void *context, size_t item), void *context, size_t item);

/**
 * cov_parallel_each() - the two together: cov_parallel_for() of items, within each of which
 * cov_parallel_for() uses one thread.
 */
void cov_parallel_each(size_t count, void (*work)(void *context, size_t item), void *context);

/*
 * Turns: what items of a loop do one after the other, in order, such as writing. COV_TURNS_INIT
 * begins with item 0.
 */
struct cov_turns {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t item; /* whose turn it is */
};

#define COV_TURNS_INIT                                                                             \
	{                                                                                          \
		.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER             \
	}

/** cov_turns_wait() - until it is the turn of @item; each item of the loop has to take its own. */
void cov_turns_wait(struct cov_turns *turns, size_t item);

/** cov_turns_end() - it is the turn of the next item. */
void cov_turns_end(struct cov_turns *turns);

#endif
