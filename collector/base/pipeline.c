/* pipeline.c - items that are fetched and stored by one thread, in order, and worked on by all. */
#include "collector/base/pipeline.h"

#include <pthread.h>
#include <stdlib.h>

#include "collector/base/memory.h"
#include "collector/base/parallel.h"

struct running {
	const struct cov_pipeline *pipeline;
	void *context;
	pthread_mutex_t mutex; /* of what follows */
	pthread_cond_t changed;
	size_t prepared, begun, finished; /* items below; finished <= begun <= prepared */
	bool *is_worked;                  /* [pipeline->count], work() has returned; owned */
	bool is_ended;                    /* nothing more is begun */
	bool is_single;
};

size_t cov_pipeline_window(const struct cov_pipeline *pipeline)
{
	return cov_thread_count() + pipeline->ahead;
}

/* Work on the next item that is prepared; the mutex is held. */
static void work_next(struct running *running)
{
	size_t item = running->begun++;

	pthread_mutex_unlock(&running->mutex);
	if (running->is_single)
		running->pipeline->work(running->context, item);
	else
		cov_parallel_alone(running->pipeline->work, running->context, item);
	pthread_mutex_lock(&running->mutex);
	running->is_worked[item] = true;
	pthread_cond_broadcast(&running->changed);
}

static void *worker_main(void *argument)
{
	struct running *running = argument;

	pthread_mutex_lock(&running->mutex);
	while (!running->is_ended) {
		if (running->begun < running->prepared)
			work_next(running);
		else
			pthread_cond_wait(&running->changed, &running->mutex);
	}
	pthread_mutex_unlock(&running->mutex);
	return NULL;
}

/* Prepare an item if there is room. The mutex is held. @is_later: it is to be asked when alone */
static int prepare_next(struct running *running, bool *is_later, struct cov_error *err)
{
	size_t item = running->prepared;
	bool is_alone = item == running->finished;

	if (item == running->pipeline->count || (*is_later && !is_alone) ||
	    item - running->finished >= cov_pipeline_window(running->pipeline))
		return COV_PIPELINE_LATER;
	pthread_mutex_unlock(&running->mutex);
	int result = running->pipeline->prepare(running->context, item, is_alone, err);
	pthread_mutex_lock(&running->mutex);
	*is_later = result == COV_PIPELINE_LATER;
	running->prepared += result == 0;
	pthread_cond_broadcast(&running->changed);
	return result;
}

/* What the caller's thread does: finish what can be, else prepare, else work as the others do. */
static int lead(struct running *running, struct cov_error *err)
{
	bool is_later = false;

	while (running->finished < running->pipeline->count) {
		int result = prepare_next(running, &is_later, err);

		if (result < 0)
			return result;
		if (result == 0)
			continue;
		if (running->finished < running->begun && running->is_worked[running->finished]) {
			pthread_mutex_unlock(&running->mutex);
			result =
			    running->pipeline->finish(running->context, running->finished, err);
			pthread_mutex_lock(&running->mutex);
			if (result)
				return result;
			running->finished++;
		} else if (running->begun < running->prepared) {
			work_next(running);
		} else {
			pthread_cond_wait(&running->changed, &running->mutex);
		}
	}
	return 0;
}

int cov_pipeline_run(const struct cov_pipeline *pipeline, void *context, struct cov_error *err)
{
	struct running running = {
		.pipeline = pipeline,
		.context = context,
		.mutex = PTHREAD_MUTEX_INITIALIZER,
		.changed = PTHREAD_COND_INITIALIZER,
		.is_worked = cov_xcalloc(pipeline->count, sizeof(bool)),
		.is_single = pipeline->count == 1,
	};
	pthread_t threads[COV_THREADS_MAX];
	size_t wanted = running.is_single ? 1 : cov_thread_count();
	size_t started = 1; /* the caller's */

	for (; started < wanted; started++) {
		if (pthread_create(&threads[started], NULL, worker_main, &running) != 0)
			break; /* fewer threads do the same work */
	}
	pthread_mutex_lock(&running.mutex);
	int result = lead(&running, err);
	running.is_ended = true;
	pthread_cond_broadcast(&running.changed);
	pthread_mutex_unlock(&running.mutex);
	for (size_t i = 1; i < started; i++)
		pthread_join(threads[i], NULL);
	free(running.is_worked);
	return result;
}
