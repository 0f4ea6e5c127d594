/*
 * blocks.h - several snapshots side by side: the objects that ran, and how often each of their
 * basic blocks did.
 */
#ifndef COLLECTOR_DECODE_BLOCKS_H
#define COLLECTOR_DECODE_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cov_few_counters;
struct cov_error;
struct cov_kernel;
struct plan;

/* An object that ran in some of the snapshots. */
struct cov_object_snapshots {
	const struct plan *plan;  /* its functions that ran are whole */
	const uint32_t *line_ids; /* [plan->line_count] */
	const int64_t *counters;  /* [snapshot][plan->counter_count]; 0 where it is not decoded */
	const bool *has_run;      /* [snapshot], if any counter is not 0 */
	size_t object;            /* its place in the kernel's */
};

/**
 * blocks_show_objects() - show all objects of a kernel that ran.
 * @snapshots: [snapshot_count]
 * @visit:     is called once for each object that ran in any snapshot, from several threads at
 *             once; @thread < cov_thread_count(); keep nothing of @object
 *
 * Return: 0; COV_ERR_FORMAT if a plan of the database is damaged.
 */
int blocks_show_objects(const struct cov_kernel *kernel, const struct cov_few_counters *snapshots,
			size_t snapshot_count,
			void (*visit)(void *context, const struct cov_object_snapshots *object,
				      size_t thread),
			void *context, struct cov_error *err);

/*
 * The blocks of one object. A block is known by its object, its function and its number there, so
 * that each object's copy of an inline function has blocks of its own. Blocks that did not run
 * count 0 and those that did more than 0, even where counters contradict each other; see
 * evidence.h.
 */
struct cov_object_blocks {
	const struct plan *plan;  /* the whole one; plan->blocks are numbers within a function */
	const uint32_t *line_ids; /* [plan->line_count] */
	const int64_t *counts;    /* [snapshot][block_count], function by function */
	size_t block_count;
	size_t object; /* its place in the kernel's */
};

/**
 * blocks_evaluate() - show all blocks of a kernel that ran, as blocks_show_objects() does objects.
 *
 * Where an object is not decoded, as when it is bad, all its blocks count 0.
 */
int blocks_evaluate(const struct cov_kernel *kernel, const struct cov_few_counters *snapshots,
		    size_t snapshot_count,
		    void (*visit)(void *context, const struct cov_object_blocks *blocks,
				  size_t thread),
		    void *context, struct cov_error *err);

#endif
