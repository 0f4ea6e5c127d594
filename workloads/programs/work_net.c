/* work_net.c - the paper's network workloads: iperf3 streams, their servers, and ping. */
#include "workloads/programs/work.h"

#include <arpa/inet.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TEXT_BYTES = 32 };

static const double listen_limit_s = 30;
static const double listen_pause_s = 0.05;

static int report_stream(struct work_child *child, long instance, double *total)
{
	char *text = NULL;
	int status = work_finish(child, &text);
	json_t *root = text ? json_loads(text, 0, NULL) : NULL;
	const json_t *end = json_object_get(root, "end");
	const json_t *sent = json_object_get(end, "sum_sent");
	const json_t *received = json_object_get(end, "sum_received");
	const json_t *rate = json_object_get(received, "bits_per_second");
	const char *error = json_string_value(json_object_get(root, "error"));
	double gbit_per_s = json_number_value(rate) / 1e9;
	int result = 0;

	if (status != 0 || !json_is_number(rate)) {
		errno = 0;
		result = work_fail("iperf3 ended with status %d: %s", status,
				   error ? error : "no figures");
	} else {
		work_metric("bandwidth", gbit_per_s, "Gbit/s", "\"instance\": %ld", instance);
		work_metric("sent", json_number_value(json_object_get(sent, "bytes")), "bytes",
			    "\"instance\": %ld", instance);
		*total += gbit_per_s;
	}
	json_decref(root);
	free(text);
	return result;
}

int work_stream(const struct work_options *options)
{
	char time[TEXT_BYTES], port[WORK_PORT_BYTES];
	const char *const command[] = { options->program ? options->program : "iperf3",
					"--client",
					options->peer,
					"--port",
					port,
					"--time",
					time,
					"--json",
					options->is_reverse ? "--reverse" : NULL,
					NULL };
	struct work_child children[WORK_INSTANCES_MAX];
	double total = 0;
	int failures = 0;

	errno = 0;
	if (!options->peer)
		return work_fail("stream needs --peer ADDRESS");
	snprintf(time, sizeof(time), "%.0f", options->time_s < 1 ? 1 : options->time_s);
	work_ready(options);
	if (work_start_all(options, command, port, children) != 0)
		return 1;
	for (long i = 0; i < options->instances; i++)
		failures += report_stream(&children[i], i + 1, &total);
	if (failures)
		return 1;
	work_metric("bandwidth_total", total, "Gbit/s", "\"instances\": %ld", options->instances);
	work_done(options);
	return 0;
}

/* Connecting would count as a session of the server; asking whether the port is taken does not. */
static bool is_listening(long port)
{
	struct sockaddr_in6 address = {
		.sin6_family = AF_INET6,
		.sin6_port = htons((uint16_t)port),
	};
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int off = 0, on = 1;

	if (fd < 0)
		return false;
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	bool is_taken =
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 && errno == EADDRINUSE;
	close(fd);
	return is_taken;
}

int work_serve(const struct work_options *options)
{
	char port[WORK_PORT_BYTES];
	const char *const command[] = { options->program ? options->program : "iperf3", "--server",
					"--port", port, NULL };
	struct work_child children[WORK_INSTANCES_MAX];
	double end_s = work_now_s() + listen_limit_s;

	if (work_start_all(options, command, port, children) != 0)
		return 1;
	for (long i = 0; i < options->instances;) {
		if (is_listening(WORK_PORT_FIRST + i)) {
			i++;
			continue;
		}
		errno = 0;
		if (work_now_s() > end_s)
			return work_fail("no iperf3 listens at port %ld", WORK_PORT_FIRST + i);
		work_rest(listen_pause_s);
	}
	work_ready(options);
	/* Until somebody ends it: the trial does. */
	for (long i = 0; i < options->instances; i++) {
		char *text = NULL;

		work_finish(&children[i], &text);
		free(text);
	}
	return 0;
}

static int report_ping(struct work_child *child, double *sum_us)
{
	char *text = NULL;
	int status = work_finish(child, &text);
	double min, average, max;
	/* "rtt min/avg/max/mdev = 0.1/0.2/0.3/0.1 ms", in busybox "round-trip min/avg/max = ..." */
	const char *line = text ? strstr(text, "min/avg/max") : NULL;
	const char *figures = line ? strchr(line, '=') : NULL;
	int result = 0;

	if (status != 0 || !figures ||
	    sscanf(figures, "= %lf/%lf/%lf", &min, &average, &max) != 3) {
		errno = 0;
		fprintf(stderr, "%s", text ? text : "");
		result = work_fail("ping ended with status %d and no figures", status);
	} else {
		work_metric("rtt_min", min * 1000, "us", " ");
		work_metric("rtt_mean", average * 1000, "us", " ");
		work_metric("rtt_max", max * 1000, "us", " ");
		*sum_us += average;
	}
	free(text);
	return result;
}

int work_ping(const struct work_options *options)
{
	char count[TEXT_BYTES], interval[TEXT_BYTES];
	const char *const command[] = { options->program ? options->program : "ping",
					"-n",
					"-q",
					"-c",
					count,
					"-i",
					interval,
					options->peer,
					NULL };
	struct work_child children[WORK_INSTANCES_MAX];
	double sum_us = 0;
	int failures = 0;

	errno = 0;
	if (!options->peer)
		return work_fail("ping needs --peer ADDRESS");
	snprintf(count, sizeof(count), "%.0f", options->time_s / options->interval_s + 1);
	snprintf(interval, sizeof(interval), "%g", options->interval_s);
	work_ready(options);
	if (work_start_all(options, command, NULL, children) != 0)
		return 1;
	for (long i = 0; i < options->instances; i++)
		failures += report_ping(&children[i], &sum_us);
	if (failures)
		return 1;
	work_done(options);
	return 0;
}
