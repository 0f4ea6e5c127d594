/*
 * print_rows.c - how long printing alone takes: decodes a snapshot, then prints its rows as
 * 'covdb decode -o FILE' does, and says the seconds of that, and those of all processors.
 */
#include <stdio.h>
#include <time.h>

#include "collector/base/error.h"
#include "collector/base/output_file.h"
#include "collector/collector.h"

static double seconds(clockid_t clock)
{
	struct timespec now;

	if (clock_gettime(clock, &now) != 0)
		return 0;
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int print_rows(char **argv, struct cov_error *err)
{
	COV_AUTO(kernel_deinit) struct cov_kernel kernel = { 0 };
	COV_AUTO(counters_deinit) struct cov_counters counters = { 0 };
	COV_AUTO(counts_deinit) struct cov_counts counts = { 0 };
	COV_AUTO(cov_problems_deinit) struct cov_problems problems = { 0 };
	COV_AUTO(cov_output_deinit) struct cov_output output = { 0 };
	int result = kernel_read_notes(argv[2], KERNEL_PLANS, &kernel, &problems, err);

	if (result == 0)
		result = counters_read(&kernel, argv[1], &counters, &problems, err);
	if (result == 0)
		result = counts_evaluate(&kernel, &counters, &counts, err);
	if (result)
		return result;
	double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
	result = cov_output_open(argv[3], &output, err);
	if (result)
		return result;
	counts_write_tsv(&kernel, &counts, output.stream);
	result = cov_output_close(&output, err);
	printf("%.6f %.6f\n", seconds(CLOCK_MONOTONIC) - wall,
	       seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
	return result;
}

int main(int argc, char **argv)
{
	struct cov_error err;

	if (argc != 4) {
		fprintf(stderr, "Usage: print_rows SNAPSHOT NOTES FILE\n");
		return 2;
	}
	if (print_rows(argv, &err) == 0)
		return 0;
	fprintf(stderr, "%s\n", err.message);
	return 1;
}
