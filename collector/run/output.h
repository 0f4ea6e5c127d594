/*
 * output.h - what a workload says in its output: events and metrics, as JSON, one object per line.
 *
 *   {"event": "ready"}          it begins now; of a peer: it accepts traffic
 *   {"event": "done"}           it has done its work
 *   {"event": "drop_caches"}    the host's caches are to be dropped now
 *   {"event": "exit", "status": 0}     a machine's guest: how the workload ended
 *   {"metric": "bandwidth", "value": 1.5, "unit": "Gbit/s", "labels": {"instance": 1}}
 *
 * Any other line is the workload's own affair. docs/workloads.md lists the metrics.
 */
#ifndef COLLECTOR_RUN_OUTPUT_H
#define COLLECTOR_RUN_OUTPUT_H

#include <stddef.h>

struct cov_arena;

enum { COV_METRICS_MAX = 4096 };

/* A number that the workload printed. Under emulation it means nothing: see kernel.is_emulated. */
struct cov_metric {
	const char *name; /* "bandwidth" */
	double value;
	const char *unit;   /* "Gbit/s" */
	const char *labels; /* JSON object: {"instance":1} */
};

enum output_event {
	OUTPUT_NONE,
	OUTPUT_READY,
	OUTPUT_DONE,
	OUTPUT_DROP_CACHES,
	OUTPUT_EXIT,
};

/**
 * output_event() - which event a line is.
 * @line:   a carriage return at its end, a serial port's, is ignored
 * @status: of OUTPUT_EXIT; may be NULL
 */
enum output_event output_event(const char *line, int *status);

/**
 * output_metrics() - all metrics of an output, in its order.
 * @arena: owns the array and its texts
 * @count: at most COV_METRICS_MAX
 */
struct cov_metric *output_metrics(const char *output, size_t size, struct cov_arena *arena,
				  size_t *count);

#endif
