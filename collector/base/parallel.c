/* parallel.c - run one function over many items on all processors. */
#include "collector/base/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

static _Thread_local bool is_alone; /* this thread is not to start others */

struct shared {
	size_t count;
	atomic_size_t next;
	void (*work)(void *context, size_t item, size_t thread);
	void *context;
};

struct worker {
	struct shared *shared;
	size_t thread;
};

size_t cov_thread_count(void)
{
	const char *jobs = getenv("COVDB_JOBS");
	long count = jobs ? strtol(jobs, NULL, 10) : sysconf(_SC_NPROCESSORS_ONLN);

	if (count < 1)
		return 1;
	return count > COV_THREADS_MAX ? COV_THREADS_MAX : (size_t)count;
}

static void *worker_main(void *argument)
{
	struct worker *worker = argument;
	struct shared *shared = worker->shared;

	for (;;) {
		size_t item = atomic_fetch_add(&shared->next, 1);

		if (item >= shared->count)
			return NULL;
		shared->work(shared->context, item, worker->thread);
	}
}

void cov_parallel_for_few(size_t most, size_t count,
			  void (*work)(void *context, size_t item, size_t thread), void *context)
{
	struct shared shared = { .count = count, .work = work, .context = context };
	struct worker workers[COV_THREADS_MAX];
	pthread_t threads[COV_THREADS_MAX];
	size_t wanted = is_alone ? 1 : cov_thread_count();
	size_t started = 1;

	if (wanted > most)
		wanted = most;
	if (wanted > count)
		wanted = count;
	workers[0] = (struct worker){ &shared, 0 };
	for (; started < wanted; started++) {
		workers[started] = (struct worker){ &shared, started };
		if (pthread_create(&threads[started], NULL, worker_main, &workers[started]) != 0)
			break; /* fewer threads do the same work */
	}
	worker_main(&workers[0]);
	for (size_t i = 1; i < started; i++)
		pthread_join(threads[i], NULL);
}

void cov_parallel_for(size_t count, void (*work)(void *context, size_t item, size_t thread),
		      void *context)
{
	cov_parallel_for_few(COV_THREADS_MAX, count, work, context);
}

void cov_parallel_alone(void (*work)(void *context, size_t item), void *context, size_t item)
{
	bool was_alone = is_alone;

	is_alone = true;
	work(context, item);
	is_alone = was_alone;
}

struct each {
	void (*work)(void *context, size_t item);
	void *context;
};

static void work_alone(void *context, size_t item, size_t thread)
{
	const struct each *each = context;

	(void)thread;
	cov_parallel_alone(each->work, each->context, item);
}

void cov_parallel_each(size_t count, void (*work)(void *context, size_t item), void *context)
{
	struct each each = { work, context };

	cov_parallel_for(count, work_alone, &each);
}

void cov_turns_wait(struct cov_turns *turns, size_t item)
{
	pthread_mutex_lock(&turns->lock);
	while (turns->item != item)
		pthread_cond_wait(&turns->changed, &turns->lock);
	pthread_mutex_unlock(&turns->lock);
}

void cov_turns_end(struct cov_turns *turns)
{
	pthread_mutex_lock(&turns->lock);
	turns->item++;
	pthread_cond_broadcast(&turns->changed);
	pthread_mutex_unlock(&turns->lock);
}
