/* qemu.c - one virtual machine in QEMU: start it, watch its two serial ports, end it. */
#include "collector/lab/qemu.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "collector/base/clock.h"
#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "collector/run/process.h"

enum {
	ARGUMENTS_MAX = 48,
	READ_BYTES = 4096,
	LINE_BYTES_MAX = 8192,
	CONSOLE_FD = 3, /* in the child */
	MESSAGES_FD = 4,
	MEMORY_FD = 5,
	MIB_SHIFT = 20,
	POLL_MS_MAX = 1000, /* how often the clock is looked at */
	STOP_WAIT_MS = 5000,
	STOP_STEP_MS = 20,
	NS_PER_MS = 1000000,
};

/* argv of QEMU. */
struct arguments {
	char *items[ARGUMENTS_MAX + 1]; /* [count], then NULL; owned */
	size_t count;
};

static void arguments_deinit(struct arguments *arguments)
{
	for (size_t i = 0; i < arguments->count; i++)
		free(arguments->items[i]);
}

COV_DEFINE_AUTO_STRUCT(struct arguments, arguments_deinit)

static void add_word(struct arguments *arguments, const char *word)
{
	if (arguments->count < ARGUMENTS_MAX)
		arguments->items[arguments->count++] = cov_xstrdup(word);
}

static void add_pair(struct arguments *arguments, const char *option, const char *value)
{
	add_word(arguments, option);
	add_word(arguments, value);
}

/* In a value for QEMU, a comma in a file name is written twice. */
static void add_drive(struct arguments *arguments, const char *properties, const char *file)
{
	COV_AUTO(cov_text_deinit) struct cov_text value = { 0 };

	cov_text_print(&value, "%s,file=", properties);
	for (const char *letter = file; *letter; letter++)
		cov_text_add(&value, *letter == ',' ? ",," : letter, *letter == ',' ? 2 : 1);
	add_pair(arguments, "-drive", value.data);
}

static void add_machine(struct arguments *arguments, const struct qemu_description *description)
{
	bool is_kvm = description->acceleration == QEMU_KVM;
	COV_AUTO(free) char *memory = cov_format("%uM", description->memory_mib);

	add_word(arguments, description->program);
	add_word(arguments, "-nodefaults");
	add_word(arguments, "-no-user-config");
	add_word(arguments, "-no-reboot");
	add_pair(arguments, "-display", "none");
	add_pair(arguments, "-accel", qemu_acceleration_name(description->acceleration));
	/*
	 * Five-level page tables are not what common hosts have, so the guest gets four. And not
	 * the K8 that `max` passes for: Linux does not trust its APIC timer when idle (erratum
	 * 400), and a machine inside it, which has no other timer, waits for ever.
	 */
	add_pair(arguments, "-cpu", is_kvm ? "host" : "max,la57=off,family=23,model=1,stepping=2");
	/* Under emulation a kernel with two CPUs dies when it patches its own code. */
	add_pair(arguments, "-smp", is_kvm ? "2" : "1");
	add_pair(arguments, "-m", memory);
	add_pair(arguments, "-device", "virtio-rng-pci");
	add_pair(arguments, "-kernel", description->kernel);
	add_pair(arguments, "-append", description->append);
	add_drive(arguments, "if=virtio,format=raw,snapshot=on", description->root_image);
	if (description->data_image)
		add_drive(arguments, "if=virtio,format=raw,cache=unsafe", description->data_image);
}

/* Watched from outside: its ports, and its memory, which QEMU takes from our file. */
static void add_watched_parts(struct arguments *arguments, unsigned memory_mib)
{
	COV_AUTO(free)
	char *memory =
	    cov_format("memory-backend-file,id=memory,size=%uM,mem-path=/proc/self/fd/%d,share=on",
		       memory_mib, MEMORY_FD);
	COV_AUTO(free) char *console = cov_format("socket,id=console,fd=%d", CONSOLE_FD);
	COV_AUTO(free) char *messages = cov_format("socket,id=messages,fd=%d", MESSAGES_FD);

	add_pair(arguments, "-M", "q35,memory-backend=memory");
	add_pair(arguments, "-object", memory);
	add_pair(arguments, "-chardev", console);
	add_pair(arguments, "-serial", "chardev:console");
	add_pair(arguments, "-chardev", messages);
	add_pair(arguments, "-serial", "chardev:messages");
}

const char *qemu_acceleration_name(enum qemu_acceleration acceleration)
{
	return acceleration == QEMU_KVM ? "kvm" : "tcg";
}

static int make_channels(struct qemu_machine *machine, int *ends, struct cov_error *err)
{
	for (int i = 0; i < QEMU_CHANNEL_COUNT; i++) {
		int pair[2];

		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0 ||
		    fcntl(pair[0], F_SETFL, O_NONBLOCK) != 0)
			return cov_fail_errno(err, "cannot make a channel to QEMU");
		machine->channels[i] = pair[0];
		ends[i] = pair[1];
	}
	return 0;
}

/* Only what the guest touches takes room. */
static int make_memory(struct qemu_machine *machine, unsigned memory_mib, struct cov_error *err)
{
	machine->memory = memfd_create("covdb-lab", MFD_CLOEXEC);
	if (machine->memory < 0 || ftruncate(machine->memory, (off_t)memory_mib << MIB_SHIFT) != 0)
		return cov_fail_errno(err, "cannot make the guest's memory");
	return 0;
}

static void fill_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGHUP);
	sigaddset(signals, SIGCHLD);
}

static int watch_signals(struct qemu_machine *machine, struct cov_error *err)
{
	sigset_t signals;

	fill_signals(&signals);
	machine->signals = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (machine->signals < 0)
		return cov_fail_errno(err, "cannot watch signals");
	sigprocmask(SIG_BLOCK, &signals, &machine->mask_before);
	return 0;
}

static int start_process(struct qemu_machine *machine, char **argv, struct cov_error *err)
{
	int ends[QEMU_CHANNEL_COUNT] = { -1, -1, -1 };
	int result = make_channels(machine, ends, err);
	const int descriptors[] = {
		[STDIN_FILENO] = PROCESS_NOTHING,    [STDOUT_FILENO] = ends[QEMU_OWN],
		[STDERR_FILENO] = ends[QEMU_OWN],    [CONSOLE_FD] = ends[QEMU_CONSOLE],
		[MESSAGES_FD] = ends[QEMU_MESSAGES], [MEMORY_FD] = machine->memory,
	};
	/* A group of its own, so that Ctrl-C leaves ending it to us. */
	const struct process_tie tie = {
		.death_signal = SIGKILL,
		.has_own_group = true,
		.has_signals = true,
	};

	if (result == 0)
		result = watch_signals(machine, err);
	if (result == 0)
		result =
		    process_start_tied(argv, &tie, descriptors, MEMORY_FD + 1, &machine->pid, err);
	for (int i = 0; i < QEMU_CHANNEL_COUNT; i++)
		close_auto(&ends[i]);
	return result;
}

int qemu_start(const struct qemu_description *description, struct qemu_machine *out,
	       struct cov_error *err)
{
	COV_AUTO(arguments_deinit) struct arguments arguments = { 0 };
	struct qemu_machine machine = {
		.signals = -1,
		.memory = -1,
		.console_log = description->console_log,
		.clock_address = description->clock_address,
	};

	for (int i = 0; i < QEMU_CHANNEL_COUNT; i++)
		machine.channels[i] = -1;
	add_machine(&arguments, description);
	add_watched_parts(&arguments, description->memory_mib);
	int result = make_memory(&machine, description->memory_mib, err);
	if (result == 0)
		result = start_process(&machine, arguments.items, err);
	if (result < 0) {
		qemu_stop(&machine);
		return result;
	}
	*out = machine;
	return 0;
}

/* Return: whether the process has ended; it is waited for then. */
static bool is_reaped(struct qemu_machine *machine)
{
	if (machine->pid && waitpid(machine->pid, NULL, WNOHANG) == machine->pid)
		machine->pid = 0;
	return machine->pid == 0;
}

/* While the process ends it may still have something to say, and wait until somebody listens. */
static void discard_output(struct qemu_machine *machine)
{
	char bytes[READ_BYTES];

	for (int i = 0; i < QEMU_CHANNEL_COUNT; i++) {
		while (machine->channels[i] >= 0 &&
		       read(machine->channels[i], bytes, sizeof(bytes)) > 0)
			continue;
	}
}

static void end_process(struct qemu_machine *machine)
{
	struct timespec step = { .tv_nsec = (long)STOP_STEP_MS * NS_PER_MS };

	if (is_reaped(machine))
		return;
	kill(machine->pid, SIGTERM);
	for (int waited_ms = 0; waited_ms < STOP_WAIT_MS; waited_ms += STOP_STEP_MS) {
		discard_output(machine);
		if (is_reaped(machine))
			return;
		nanosleep(&step, NULL);
	}
	kill(machine->pid, SIGKILL);
	waitpid(machine->pid, NULL, 0);
	machine->pid = 0;
}

void qemu_stop(struct qemu_machine *machine)
{
	if (machine->pid > 0)
		end_process(machine);
	if (machine->signals > 0) {
		close(machine->signals);
		sigprocmask(SIG_SETMASK, &machine->mask_before, NULL);
	}
	if (machine->memory > 0)
		close(machine->memory);
	for (int i = 0; i < QEMU_CHANNEL_COUNT; i++) {
		if (machine->channels[i] > 0)
			close(machine->channels[i]);
		cov_text_deinit(&machine->partial[i]);
	}
	qemu_tail_deinit(&machine->console_tail);
	*machine = (struct qemu_machine){ 0 };
}

static void take_line(struct qemu_machine *machine, struct qemu_watch *watch, int channel,
		      bool *is_enough)
{
	struct cov_text *line = &machine->partial[channel];

	for (size_t i = 0; i < line->length; i++) {
		unsigned char letter = (unsigned char)line->data[i];

		if ((letter < ' ' && letter != '\t') || letter == 0x7f)
			line->data[i] = '?';
	}
	if (channel == QEMU_CONSOLE)
		qemu_tail_add(&machine->console_tail, line->length ? line->data : "");
	if (!*is_enough &&
	    !watch->take_line(watch, (enum qemu_channel)channel, line->length ? line->data : ""))
		*is_enough = true;
	line->length = 0;
}

static void take_bytes(struct qemu_machine *machine, struct qemu_watch *watch, int channel,
		       const char *bytes, size_t count, bool *is_enough)
{
	struct cov_text *line = &machine->partial[channel];

	for (size_t i = 0; i < count; i++) {
		if (bytes[i] == '\n' || line->length == LINE_BYTES_MAX)
			take_line(machine, watch, channel, is_enough);
		if (bytes[i] != '\n' && bytes[i] != '\r')
			cov_text_add(line, &bytes[i], 1);
	}
}

/* The log is only an aid for people: when its disk is full, the trial goes on. */
static void log_bytes(struct qemu_machine *machine, const char *bytes, size_t count)
{
	while (machine->console_log >= 0 && count) {
		ssize_t written_bytes = write(machine->console_log, bytes, count);

		if (written_bytes < 0 && errno == EINTR)
			continue;
		if (written_bytes <= 0) {
			machine->console_log = -1;
			return;
		}
		bytes += written_bytes;
		count -= (size_t)written_bytes;
	}
}

/* Return: whether there was something to read. */
static bool read_channel(struct qemu_machine *machine, struct qemu_watch *watch, int channel,
			 bool *is_enough)
{
	char bytes[READ_BYTES];
	ssize_t got_bytes = read(machine->channels[channel], bytes, sizeof(bytes));

	if (got_bytes < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (got_bytes <= 0) {
		close(machine->channels[channel]);
		machine->channels[channel] = -1;
		return false;
	}
	if (channel == QEMU_CONSOLE)
		log_bytes(machine, bytes, (size_t)got_bytes);
	take_bytes(machine, watch, channel, bytes, (size_t)got_bytes, is_enough);
	return true;
}

/* What the machine said before it ended, lines without an end included. */
static void read_rest(struct qemu_machine *machine, struct qemu_watch *watch, bool *is_enough)
{
	for (int i = 0; i < QEMU_CHANNEL_COUNT; i++) {
		while (machine->channels[i] >= 0 && read_channel(machine, watch, i, is_enough))
			continue;
		if (machine->partial[i].length)
			take_line(machine, watch, i, is_enough);
	}
}

/* Return: whether one of the signals was an interruption; the others only wake us. */
static bool take_signals(struct qemu_machine *machine)
{
	struct signalfd_siginfo signal_taken;
	bool is_interrupted = false;

	while (read(machine->signals, &signal_taken, sizeof(signal_taken)) ==
	       (ssize_t)sizeof(signal_taken))
		is_interrupted |= signal_taken.ssi_signo != SIGCHLD;
	return is_interrupted;
}

/* When the watch began, when a serial port last spoke, and when the clock was last seen to go. */
struct watch_times {
	long long started_ns;
	long long spoke_ns; /* 0 when never */
	long long moved_ns; /* of the clock; 0 while nothing was said, or there is none */
	uint64_t clock;
};

static void look_at_clock(const struct qemu_machine *machine, struct watch_times *times)
{
	uint64_t clock;

	if (!machine->clock_address || !times->spoke_ns ||
	    pread(machine->memory, &clock, sizeof(clock), (off_t)machine->clock_address) !=
		(ssize_t)sizeof(clock))
		return;
	if (!times->moved_ns || clock != times->clock)
		times->moved_ns = cov_monotonic_ns();
	times->clock = clock;
}

static void take_limit(long long *left_ns, enum qemu_end *end, long long limit_left_ns,
		       enum qemu_end limit_end)
{
	if (limit_left_ns >= *left_ns)
		return;
	*left_ns = limit_left_ns;
	*end = limit_end;
}

/* Return: nanoseconds that are left until the first limit; *end_out says which one that is. */
static long long time_left_ns(const struct qemu_watch *watch, const struct watch_times *times,
			      enum qemu_end *end_out)
{
	long long now_ns = cov_monotonic_ns();
	long long left_ns = times->started_ns + watch->first_output_limit_ns - now_ns;

	*end_out = QEMU_NEVER_SPOKE;
	if (times->spoke_ns) {
		left_ns = times->spoke_ns + watch->silence_limit_ns - now_ns;
		*end_out = QEMU_FELL_SILENT;
	}
	if (watch->standstill_limit_ns && times->moved_ns)
		take_limit(&left_ns, end_out, times->moved_ns + watch->standstill_limit_ns - now_ns,
			   QEMU_STOOD_STILL);
	if (watch->total_limit_ns)
		take_limit(&left_ns, end_out, times->started_ns + watch->total_limit_ns - now_ns,
			   QEMU_TOO_LONG);
	return left_ns;
}

static void wait_for_events(struct qemu_machine *machine, struct pollfd *events, long long left_ns)
{
	long long left_ms = left_ns / NS_PER_MS + 1;
	int timeout_ms = left_ms < POLL_MS_MAX ? (int)left_ms : POLL_MS_MAX;

	for (int i = 0; i < QEMU_CHANNEL_COUNT; i++)
		events[i] = (struct pollfd){ .fd = machine->channels[i], .events = POLLIN };
	events[QEMU_CHANNEL_COUNT] = (struct pollfd){ .fd = machine->signals, .events = POLLIN };
	if (poll(events, QEMU_CHANNEL_COUNT + 1, timeout_ms) < 0)
		memset(events, 0, sizeof(*events) * (QEMU_CHANNEL_COUNT + 1));
}

enum qemu_end qemu_watch(struct qemu_machine *machine, struct qemu_watch *watch)
{
	struct watch_times times = { .started_ns = cov_monotonic_ns() };
	struct pollfd events[QEMU_CHANNEL_COUNT + 1];
	bool is_enough = false;
	enum qemu_end limit;

	for (;;) {
		look_at_clock(machine, &times);
		long long left_ns = time_left_ns(watch, &times, &limit);
		if (left_ns <= 0)
			return limit;
		wait_for_events(machine, events, left_ns);

		for (int i = 0; i < QEMU_CHANNEL_COUNT; i++) {
			if (events[i].revents && read_channel(machine, watch, i, &is_enough) &&
			    i != QEMU_OWN)
				times.spoke_ns = cov_monotonic_ns();
		}
		if (events[QEMU_CHANNEL_COUNT].revents && take_signals(machine))
			return QEMU_INTERRUPTED;
		if (!is_enough && is_reaped(machine)) {
			read_rest(machine, watch, &is_enough);
			return is_enough ? QEMU_ENOUGH : QEMU_EXITED;
		}
		if (is_enough)
			return QEMU_ENOUGH;
	}
}

/* Whoever interrupts us means the guest. Return: status of the process as waitpid() gives it. */
static int wait_for_end(pid_t pid, const sigset_t *signals)
{
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		int signal_taken = sigwaitinfo(signals, NULL);

		if (signal_taken > 0 && signal_taken != SIGCHLD)
			kill(pid, SIGTERM);
	}
	return status;
}

int qemu_run_on_terminal(const struct qemu_description *description, struct cov_error *err)
{
	COV_AUTO(arguments_deinit) struct arguments arguments = { 0 };
	struct termios settings;
	bool is_terminal = tcgetattr(STDIN_FILENO, &settings) == 0;
	const struct process_tie tie = { .death_signal = SIGKILL, .has_signals = true };
	sigset_t signals, mask_before;
	int status = 0;
	pid_t pid;

	add_machine(&arguments, description);
	add_pair(&arguments, "-M", "q35");
	add_pair(&arguments, "-serial", "mon:stdio");
	fill_signals(&signals);
	sigprocmask(SIG_BLOCK, &signals, &mask_before);
	int result = process_start_tied(arguments.items, &tie, NULL, 0, &pid, err);
	if (result == 0)
		status = wait_for_end(pid, &signals);
	sigprocmask(SIG_SETMASK, &mask_before, NULL);
	if (is_terminal)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &settings);
	if (status != 0)
		return cov_fail(err, COV_ERR_SYSTEM, "%s %s %d", description->program,
				WIFSIGNALED(status) ? "was ended by signal" : "failed with status",
				WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	return result;
}

void qemu_tail_add(struct qemu_tail *tail, const char *line)
{
	char **slot = &tail->lines[tail->added_count % QEMU_TAIL_LINES];

	free(*slot);
	*slot = cov_xstrdup(line);
	tail->added_count++;
}

void qemu_tail_print(const struct qemu_tail *tail, const char *prefix)
{
	size_t first = 0;

	if (tail->added_count > QEMU_TAIL_LINES)
		first = tail->added_count - QEMU_TAIL_LINES;
	for (size_t i = first; i < tail->added_count; i++)
		cov_say("%s%s", prefix, tail->lines[i % QEMU_TAIL_LINES]);
}

void qemu_tail_deinit(struct qemu_tail *tail)
{
	for (size_t i = 0; i < QEMU_TAIL_LINES; i++)
		free(tail->lines[i]);
	*tail = (struct qemu_tail){ 0 };
}
