/* pipeline.h - items that are fetched and stored by one thread, in order, and worked on by all. */
#ifndef COLLECTOR_BASE_PIPELINE_H
#define COLLECTOR_BASE_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>

struct cov_error;

enum { COV_PIPELINE_LATER = 1 };

/* What is done with each item of 0 .. count - 1: prepare, then work, then finish. */
struct cov_pipeline {
	size_t count;
	/*
	 * In order, on the thread of the caller. @is_alone: all items before are finished.
	 * Return: 0; COV_PIPELINE_LATER to be called again once @is_alone; an error, which ends
	 * all.
	 */
	int (*prepare)(void *context, size_t item, bool is_alone, struct cov_error *err);
	/* On any thread, several items at once; what fails is kept for finish(). */
	void (*work)(void *context, size_t item);
	/* In order, on the thread of the caller. Return: 0; an error, which ends all. */
	int (*finish)(void *context, size_t item, struct cov_error *err);
	/* By how many items, prepared and not finished, there may be more than threads, at least 1.
	 * More for items that take little memory, if to finish some takes longer than others. */
	size_t ahead;
};

/** cov_pipeline_window() - how many items at most are prepared and not finished. */
size_t cov_pipeline_window(const struct cov_pipeline *pipeline);

/**
 * cov_pipeline_run() - all items, on as many threads as cov_thread_count(), the caller's included.
 *
 * cov_parallel_for() within work() uses the one thread that it is called from, unless there is
 * a single item. After an error work() has ended on all threads, and items that were prepared are
 * not finished.
 */
int cov_pipeline_run(const struct cov_pipeline *pipeline, void *context, struct cov_error *err);

#endif
