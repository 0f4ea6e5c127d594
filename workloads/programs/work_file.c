/*
 * work_file.c - the paper's file workload: writing a file of --mib sequentially in pieces of one
 * size and flushing it, or reading it with caches dropped before each time.
 *
 * The host's cache is dropped by the collector, which sees the event; a guest's by itself.
 */
#include "workloads/programs/work.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const double drop_pause_s = 0.5; /* for the collector to act */

/* Within the platform. A container may not; gVisor has no such file. */
static bool drop_guest(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	bool is_dropped = write(fd, "3", 1) == 1;
	close(fd);
	return is_dropped;
}

static void drop_host(void)
{
	printf("{\"event\": \"drop_caches\"}\n");
	fflush(stdout);
	work_rest(drop_pause_s);
}

/* Return: whether this machine's own cache was dropped, which a container cannot. */
static bool drop_caches(const char *which)
{
	bool wants_guest = strcmp(which, "guest") == 0 || strcmp(which, "both") == 0;
	bool wants_host = strcmp(which, "host") == 0 || strcmp(which, "both") == 0;
	bool has_guest = wants_guest && drop_guest();

	if (wants_host)
		drop_host();
	return has_guest;
}

static int write_all(int fd, const char *piece, size_t piece_bytes, size_t total_bytes)
{
	for (size_t done = 0; done < total_bytes; done += piece_bytes) {
		if (write(fd, piece, piece_bytes) != (ssize_t)piece_bytes)
			return work_fail("writing after %zu bytes", done);
	}
	return 0;
}

static int read_all(int fd, char *piece, size_t piece_bytes)
{
	ssize_t got_bytes;

	while ((got_bytes = read(fd, piece, piece_bytes)) > 0)
		continue;
	return got_bytes < 0 ? work_fail("reading") : 0;
}

/* The file is created anew each time; the flush is not part of the time, as in the paper. */
static int write_once(const char *path, const char *piece, size_t piece_bytes, size_t total_bytes,
		      double *seconds, double *flush_seconds)
{
	unlink(path);
	/* Everybody knows the name: a link that is there again must not be followed. */
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	double start_s = work_now_s();

	if (fd < 0)
		return work_fail("cannot create %s", path);
	int result = write_all(fd, piece, piece_bytes, total_bytes);
	double written_s = work_now_s();
	if (result == 0 && fsync(fd) != 0)
		result = work_fail("cannot flush %s", path);
	*seconds += written_s - start_s;
	*flush_seconds += work_now_s() - written_s;
	close(fd);
	return result;
}

static int read_once(const char *path, char *piece, size_t piece_bytes, double *seconds)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	double start_s = work_now_s();

	if (fd < 0)
		return work_fail("cannot open %s", path);
	int result = read_all(fd, piece, piece_bytes);
	*seconds += work_now_s() - start_s;
	close(fd);
	return result;
}

static int measure(const struct work_options *options, long piece_kib, double time_s, char *piece)
{
	size_t total_bytes = (size_t)options->mib << 20, piece_bytes = (size_t)piece_kib << 10;
	bool is_write = strcmp(options->mode, "write") == 0;
	double end_s = work_now_s() + time_s, seconds = 0, flush_seconds = 0;
	bool is_guest_dropped = false;
	int rounds = 0, result = 0;

	do {
		if (is_write) {
			result = write_once(options->path, piece, piece_bytes, total_bytes,
					    &seconds, &flush_seconds);
		} else {
			is_guest_dropped = drop_caches(options->drop);
			result = read_once(options->path, piece, piece_bytes, &seconds);
		}
		rounds++;
	} while (result == 0 && work_now_s() < end_s);
	if (result != 0)
		return result;
	double mib = (double)options->mib * rounds;
	double rate = mib * 1.048576 / seconds;
	/* Labels are what was asked for, which is the same on every platform. */
	if (is_write) {
		work_metric("write_rate", rate, "MB/s", "\"kib\": %ld, \"mib\": %ld", piece_kib,
			    options->mib);
		work_metric("flush_time", flush_seconds / rounds, "s", "\"kib\": %ld, \"mib\": %ld",
			    piece_kib, options->mib);
	} else {
		work_metric("read_rate", rate, "MB/s",
			    "\"kib\": %ld, \"mib\": %ld, \"drop\": \"%s\"", piece_kib, options->mib,
			    options->drop);
		work_metric("guest_cache_dropped", is_guest_dropped, "0 or 1",
			    "\"kib\": %ld, \"drop\": \"%s\"", piece_kib, options->drop);
	}
	return 0;
}

static int make_file(const struct work_options *options, const char *piece, size_t piece_bytes)
{
	double ignored = 0;

	return write_once(options->path, piece, piece_bytes, (size_t)options->mib << 20, &ignored,
			  &ignored);
}

int work_file(const struct work_options *options)
{
	size_t largest_bytes = 0;
	int result = 0;

	for (size_t i = 0; i < options->size_count; i++) {
		size_t bytes = (size_t)options->sizes_kib[i] << 10;

		errno = 0;
		if (((size_t)options->mib << 20) % bytes != 0)
			return work_fail("%ld KiB do not divide %ld MiB", options->sizes_kib[i],
					 options->mib);
		largest_bytes = bytes > largest_bytes ? bytes : largest_bytes;
	}
	char *piece = malloc(largest_bytes);
	if (!piece)
		return work_fail("no memory for a piece");
	memset(piece, 'x', largest_bytes);
	/* What is to be read has to be there; making it is part of the start. */
	if (strcmp(options->mode, "read") == 0)
		result = make_file(options, piece, largest_bytes);
	if (result == 0)
		work_ready(options);
	for (size_t i = 0; result == 0 && i < options->size_count; i++)
		result = measure(options, options->sizes_kib[i],
				 options->time_s / (double)options->size_count, piece);
	free(piece);
	unlink(options->path);
	if (result == 0)
		work_done(options);
	return result;
}
