/* work.c - covdb-work: the study's workloads in one static program. */
#include "workloads/programs/work.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { READ_BYTES = 65536, EXIT_USAGE = 2, STATUS_SIGNAL = 128 };

extern char **environ;

static const struct {
	const char *name;
	int (*run)(const struct work_options *options);
	const char *summary;
} works[] = {
	{ "cpu", work_cpu, "sysbench counts prime numbers" },
	{ "llc", work_llc, "probes a buffer as large as the last-level cache" },
	{ "stream", work_stream, "iperf3 sends to --peer" },
	{ "ping", work_ping, "round trips to --peer" },
	{ "serve", work_serve, "the peer of stream: iperf3 servers" },
	{ "memory", work_memory, "mmap, touch, munmap" },
	{ "file", work_file, "sequential writing or reading of a file" },
};

enum { WORK_COUNT = sizeof(works) / sizeof(works[0]) };

double work_now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void work_rest(double seconds)
{
	struct timespec time = { .tv_sec = (time_t)seconds };

	time.tv_nsec = (long)((seconds - (double)time.tv_sec) * 1e9);
	while (seconds > 0 && nanosleep(&time, &time) != 0 && errno == EINTR)
		continue;
}

/* A line at a time, at once: somebody waits for it. */
static void say_event(const char *name)
{
	printf("{\"event\": \"%s\"}\n", name);
	fflush(stdout);
}

void work_ready(const struct work_options *options)
{
	say_event("ready");
	work_rest(options->pause_s);
}

void work_done(const struct work_options *options)
{
	say_event("done");
	work_rest(options->pause_s);
}

void work_metric(const char *name, double value, const char *unit, const char *labels_format, ...)
{
	va_list arguments;

	printf("{\"metric\": \"%s\", \"value\": %.9g, \"unit\": \"%s\", \"labels\": {", name, value,
	       unit);
	va_start(arguments, labels_format);
	vprintf(labels_format, arguments);
	va_end(arguments);
	printf("}}\n");
	fflush(stdout);
}

int work_fail(const char *format, ...)
{
	const char *reason = errno ? strerror(errno) : NULL;
	va_list arguments;

	fflush(stdout);
	fprintf(stderr, "covdb-work: ");
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, "%s%s\n", reason ? ": " : "", reason ? reason : "");
	return 1;
}

static int start(const char *const *command, struct work_child *ret)
{
	posix_spawn_file_actions_t actions;
	int ends[2];
	pid_t pid = 0;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return work_fail("cannot make a pipe") - 2;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	errno = posix_spawnp(&pid, command[0], &actions, NULL, (char *const *)command, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (errno) {
		close(ends[0]);
		return work_fail("cannot run %s", command[0]) - 2;
	}
	*ret = (struct work_child){ pid, ends[0] };
	return 0;
}

int work_start_all(const struct work_options *options, const char *const *command, char *port,
		   struct work_child *children)
{
	for (long i = 0; i < options->instances; i++) {
		if (port)
			snprintf(port, WORK_PORT_BYTES, "%ld", WORK_PORT_FIRST + i);
		if (start(command, &children[i]) != 0)
			return -1;
	}
	return 0;
}

int work_finish(struct work_child *child, char **text)
{
	size_t length = 0, capacity = READ_BYTES;
	char *data = malloc(capacity);
	int status = 0;

	while (data) {
		ssize_t got_bytes = read(child->output, data + length, capacity - length - 1);

		if (got_bytes < 0 && errno == EINTR)
			continue;
		if (got_bytes <= 0)
			break;
		length += (size_t)got_bytes;
		if (capacity - length > 1)
			continue;
		capacity *= 2;
		char *longer = realloc(data, capacity);
		if (!longer)
			break;
		data = longer;
	}
	if (data)
		data[length] = '\0';
	close(child->output);
	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	*text = data;
	return WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_SIGNAL + WTERMSIG(status);
}

enum option_code {
	TIME = 1,
	PAUSE,
	INTERVAL,
	INSTANCES,
	PRIME,
	MIB,
	KIB,
	SIZES,
	UNMAP,
	DROP,
	MODE,
	PEER,
	PATH,
	PROGRAM,
	REVERSE,
};

static const struct option long_options[] = {
	{ "time", required_argument, NULL, TIME },
	{ "pause", required_argument, NULL, PAUSE },
	{ "interval", required_argument, NULL, INTERVAL },
	{ "instances", required_argument, NULL, INSTANCES },
	{ "prime", required_argument, NULL, PRIME },
	{ "mib", required_argument, NULL, MIB },
	{ "kib", required_argument, NULL, KIB },
	{ "sizes-kib", required_argument, NULL, SIZES },
	{ "unmap", required_argument, NULL, UNMAP },
	{ "drop", required_argument, NULL, DROP },
	{ "mode", required_argument, NULL, MODE },
	{ "peer", required_argument, NULL, PEER },
	{ "path", required_argument, NULL, PATH },
	{ "program", required_argument, NULL, PROGRAM },
	{ "reverse", no_argument, NULL, REVERSE },
	{ 0 },
};

static bool read_number(const char *text, double min, double max, double *ret)
{
	char *end;

	errno = 0;
	double number = strtod(text, &end);
	if (errno || end == text || *end || !(number >= min && number <= max))
		return false;
	*ret = number;
	return true;
}

static bool read_count(const char *text, long max, long *ret)
{
	double number;

	if (!read_number(text, 1, (double)max, &number) || number != (double)(long)number)
		return false;
	*ret = (long)number;
	return true;
}

static bool read_sizes(const char *text, struct work_options *options)
{
	char *list = strdup(text), *rest = list, *word;
	bool is_good = list != NULL;

	options->size_count = 0;
	while (is_good && (word = strsep(&rest, ",")))
		is_good = options->size_count < WORK_LIST_MAX &&
			  read_count(word, 1L << 20, &options->sizes_kib[options->size_count++]);
	free(list);
	return is_good;
}

static bool read_choice(const char *text, const char *const *choices, const char **ret)
{
	for (; *choices; choices++) {
		if (strcmp(*choices, text) == 0) {
			*ret = *choices;
			return true;
		}
	}
	return false;
}

static bool read_option(int option, const char *value, struct work_options *options)
{
	static const char *const unmaps[] = { "yes", "no", "both", NULL };
	static const char *const drops[] = { "none", "guest", "host", "both", NULL };
	static const char *const modes[] = { "write", "read", NULL };

	switch ((enum option_code)option) {
	case TIME:
		return read_number(value, 0.1, 86400, &options->time_s);
	case PAUSE:
		return read_number(value, 0, 3600, &options->pause_s);
	case INTERVAL:
		return read_number(value, 0.001, 60, &options->interval_s);
	case INSTANCES:
		return read_count(value, WORK_INSTANCES_MAX, &options->instances);
	case PRIME:
		return read_count(value, 1L << 30, &options->prime);
	case MIB:
		return read_count(value, 1L << 20, &options->mib);
	case KIB:
		return read_count(value, 1L << 24, &options->kib);
	case SIZES:
		return read_sizes(value, options);
	case UNMAP:
		return read_choice(value, unmaps, &options->unmap);
	case DROP:
		return read_choice(value, drops, &options->drop);
	case MODE:
		return read_choice(value, modes, &options->mode);
	case PEER:
		options->peer = value;
		return true;
	case PATH:
		options->path = value;
		return true;
	case PROGRAM:
		options->program = value;
		return true;
	case REVERSE:
		options->is_reverse = true;
		return true;
	}
	return false;
}

static int usage(void)
{
	fprintf(stderr, "usage: covdb-work WORK [--OPTION VALUE]...\n");
	for (int i = 0; i < WORK_COUNT; i++)
		fprintf(stderr, "  %-8s %s\n", works[i].name, works[i].summary);
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	struct work_options options = {
		.time_s = 10,
		.interval_s = 0.2,
		.instances = 1,
		.prime = 10000,
		.mib = 1024,
		.sizes_kib = { 4, 16, 64, 256, 1024 },
		.size_count = 5,
		.unmap = "both",
		.drop = "both",
		.mode = "write",
		.path = "/var/tmp/covdb-work.data",
	};
	int option, index;

	if (argc < 2)
		return usage();
	while ((option = getopt_long(argc - 1, argv + 1, "", long_options, &index)) != -1) {
		if (option == '?')
			return EXIT_USAGE;
		if (!read_option(option, optarg, &options)) {
			fprintf(stderr, "covdb-work: --%s does not take '%s'\n",
				long_options[index].name, optarg);
			return EXIT_USAGE;
		}
	}
	if (optind < argc - 1)
		return usage();
	for (int i = 0; i < WORK_COUNT; i++) {
		if (strcmp(works[i].name, argv[1]) == 0)
			return works[i].run(&options);
	}
	return usage();
}
