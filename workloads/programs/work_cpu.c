/* work_cpu.c - the paper's CPU workload: sysbench counts prime numbers, in 1 to 10 processes. */
#include "workloads/programs/work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The number behind @key in sysbench's report. */
static bool find_number(const char *report, const char *key, double *ret)
{
	const char *found = strstr(report, key);

	return found && sscanf(found + strlen(key), " %lf", ret) == 1;
}

static int report(struct work_child *child, long instance, double *total_per_s)
{
	char *text = NULL;
	int status = work_finish(child, &text);
	double events, events_per_s;

	if (status != 0 || !text || !find_number(text, "total number of events:", &events) ||
	    !find_number(text, "events per second:", &events_per_s)) {
		fprintf(stderr, "%s", text ? text : "");
		free(text);
		return work_fail("sysbench ended with status %d and no figures", status);
	}
	work_metric("cpu_events", events, "events", "\"instance\": %ld", instance);
	work_metric("cpu_rate", events_per_s, "events/s", "\"instance\": %ld", instance);
	*total_per_s += events_per_s;
	free(text);
	return 0;
}

int work_cpu(const struct work_options *options)
{
	char time[32], prime[32];
	const char *const command[] = { options->program ? options->program : "sysbench",
					"cpu",
					"--threads=1",
					time,
					prime,
					"run",
					NULL };
	struct work_child children[WORK_INSTANCES_MAX];
	double total_per_s = 0;
	int failures = 0;

	/* It takes whole seconds only. */
	snprintf(time, sizeof(time), "--time=%.0f", options->time_s < 1 ? 1 : options->time_s);
	snprintf(prime, sizeof(prime), "--cpu-max-prime=%ld", options->prime);
	work_ready(options);
	if (work_start_all(options, command, NULL, children) != 0)
		return 1;
	for (long i = 0; i < options->instances; i++)
		failures += report(&children[i], i + 1, &total_per_s);
	if (failures)
		return 1;
	work_metric("cpu_rate_total", total_per_s, "events/s", "\"instances\": %ld",
		    options->instances);
	work_done(options);
	return 0;
}
