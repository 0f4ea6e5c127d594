/*
 * work.h - covdb-work: the study's workloads in one static program, for every platform alike.
 *
 * Each prints {"event": "ready"} when it begins and {"event": "done"} when its work is done, and
 * what it measured as {"metric": ...} lines. docs/workloads.md describes them.
 */
#ifndef WORKLOADS_WORK_H
#define WORKLOADS_WORK_H

#include <stdbool.h>
#include <stddef.h>

enum {
	WORK_INSTANCES_MAX = 64,
	WORK_LIST_MAX = 32,
	WORK_PORT_FIRST = 5201, /* of the first instance; each has the next */
	WORK_PORT_BYTES = 32,
};

/* What the command line said. Sizes are in KiB as given; 0: not given. */
struct work_options {
	double time_s;
	double pause_s;
	double interval_s;
	long instances;
	long prime;
	long mib;
	long kib;
	long sizes_kib[WORK_LIST_MAX]; /* [size_count] */
	size_t size_count;
	const char *unmap; /* "yes", "no", "both" */
	const char *drop;  /* "none", "guest", "host", "both" */
	const char *mode;  /* "write", "read" */
	const char *peer;
	const char *path;
	const char *program; /* instead of the one in PATH, for tests */
	bool is_reverse;
};

/* Each: Return: exit status. */
int work_cpu(const struct work_options *options);
int work_llc(const struct work_options *options);
int work_stream(const struct work_options *options);
int work_ping(const struct work_options *options);
int work_serve(const struct work_options *options);
int work_memory(const struct work_options *options);
int work_file(const struct work_options *options);

/** work_ready() - say that the work begins, and rest for {pause}. */
void work_ready(const struct work_options *options);

/** work_done() - say that it is done, and rest for {pause}. */
void work_done(const struct work_options *options);

/** work_metric() - one line; @labels_format: JSON of the labels' object, as for printf. */
void work_metric(const char *name, double value, const char *unit, const char *labels_format, ...)
    __attribute__((format(printf, 4, 5)));

/** work_now_s() - CLOCK_MONOTONIC in seconds. */
double work_now_s(void);

/** work_rest() - sleep. */
void work_rest(double seconds);

/** work_fail() - "covdb-work: what: errno" on stderr. Return: 1. */
int work_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A program that was started, and its standard output. */
struct work_child {
	int pid;
	int output; /* read end of its pipe */
};

/**
 * work_start_all() - start @command, NULL at its end, once for each of the instances.
 * @port:     NULL, or a word of @command, [WORK_PORT_BYTES], that gets the port of each instance
 * @children: [options->instances]
 *
 * Return: 0, or -1 after a message.
 */
int work_start_all(const struct work_options *options, const char *const *command, char *port,
		   struct work_child *children);

/**
 * work_finish() - read all that @child prints, and wait for its end.
 * @text: free() it
 *
 * Return: its exit status; 128 + the number of a signal.
 */
int work_finish(struct work_child *child, char **text);

#endif
