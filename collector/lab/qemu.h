/*
 * qemu.h - one virtual machine in QEMU: start it, watch its two serial ports, end it.
 *
 * The guest's first serial port is the kernel's console, its second one carries messages. Both
 * reach us through socket pairs, so nothing is lost and nobody has to poll a file. The guest's
 * memory is a file without a name that we can read. QEMU dies with this process, also when this
 * process is killed.
 */
#ifndef COLLECTOR_LAB_QEMU_H
#define COLLECTOR_LAB_QEMU_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "collector/base/cleanup.h"
#include "collector/base/text.h"

struct cov_error;

enum { QEMU_TAIL_LINES = 15 };

enum qemu_acceleration { QEMU_TCG, QEMU_KVM };

enum qemu_channel {
	QEMU_CONSOLE,  /* first serial port */
	QEMU_MESSAGES, /* second serial port */
	QEMU_OWN,      /* what QEMU itself says */
	QEMU_CHANNEL_COUNT,
};

/* What to start. Nothing in here is kept after qemu_start(). */
struct qemu_description {
	const char *program; /* qemu-system-x86_64; searched in PATH if it has no slash */
	enum qemu_acceleration acceleration;
	unsigned memory_mib;
	const char *kernel;     /* bzImage */
	const char *append;     /* command line of the kernel */
	const char *root_image; /* absolute; /dev/vda; what the guest writes there is thrown away */
	const char *data_image; /* absolute; /dev/vdb; or NULL */
	int console_log;        /* descriptor that gets the console's bytes as they come, or -1 */
	/* Physical, of a number of 64 bits that changes as long as the guest lives; 0: none. */
	unsigned long long clock_address;
};

/* The last lines of something; a zeroed struct is empty. */
struct qemu_tail {
	char *lines[QEMU_TAIL_LINES]; /* line n is lines[n % QEMU_TAIL_LINES]; owned */
	size_t added_count;           /* lines added so far */
};

struct qemu_machine {
	pid_t pid;                        /* 0 when there is none, or once it was waited for */
	int channels[QEMU_CHANNEL_COUNT]; /* our ends; -1 when closed */
	struct cov_text partial[QEMU_CHANNEL_COUNT]; /* a line that has not ended yet */
	int signals; /* signalfd of interruptions and of the end of children */
	sigset_t mask_before;
	int console_log;                  /* borrowed, or -1 */
	int memory;                       /* the guest's, as a file */
	unsigned long long clock_address; /* in it; 0: none */
	struct qemu_tail console_tail;
};

/* How to watch a machine. take_line may change the limits while it watches. */
struct qemu_watch {
	long long first_output_limit_ns; /* until the first byte on either serial port */
	long long silence_limit_ns;      /* between bytes on either serial port */
	/*
	 * How long the guest's clock may stand still from its first output on. Nothing is asked of
	 * the guest: its memory is looked at from outside. Without a clock there is no such limit.
	 */
	long long standstill_limit_ns; /* 0 for none */
	long long total_limit_ns;      /* of the whole watch; 0 for none */
	/*
	 * Called with each line: without its end, control characters replaced. Return: whether to
	 * go on watching.
	 */
	bool (*take_line)(struct qemu_watch *watch, enum qemu_channel channel, const char *line);
	void *context; /* of take_line */
};

enum qemu_end {
	QEMU_EXITED,      /* QEMU ended by itself: the guest powered off, or panicked */
	QEMU_ENOUGH,      /* take_line wanted no more */
	QEMU_NEVER_SPOKE, /* first_output_limit_ns went by */
	QEMU_FELL_SILENT, /* silence_limit_ns went by */
	QEMU_STOOD_STILL, /* standstill_limit_ns went by */
	QEMU_TOO_LONG,    /* total_limit_ns went by */
	QEMU_INTERRUPTED, /* SIGINT, SIGTERM or SIGHUP came */
};

/**
 * qemu_start() - start a machine without a screen, network or keyboard.
 * @out: filled on success; end it with qemu_stop()
 * @err: names what the operating system refused
 *
 * From here to qemu_stop(), SIGINT, SIGTERM, SIGHUP and SIGCHLD are blocked; qemu_watch() sees
 * them. A program that cannot be executed shows as a machine that exits with a line of its own.
 *
 * Return: 0; COV_ERR_SYSTEM.
 */
int qemu_start(const struct qemu_description *description, struct qemu_machine *out,
	       struct cov_error *err);

/** qemu_watch() - pass on what the machine says until it ends, or until one of @watch's limits. */
enum qemu_end qemu_watch(struct qemu_machine *machine, struct qemu_watch *watch);

/**
 * qemu_stop() - end the machine if it runs and free what @machine owns; a zeroed struct is fine.
 *
 * QEMU is asked to end, so that what the guest wrote reaches its disk, and killed after some
 * seconds.
 */
void qemu_stop(struct qemu_machine *machine);

COV_DEFINE_AUTO_STRUCT(struct qemu_machine, qemu_stop)

/**
 * qemu_run_on_terminal() - run a machine whose console is our own stdin and stdout, to its end.
 *
 * Ctrl-C goes to the guest, Ctrl-A X ends QEMU. The terminal's settings are put back.
 *
 * Return: 0; COV_ERR_SYSTEM if it cannot be started or QEMU says that it failed.
 */
int qemu_run_on_terminal(const struct qemu_description *description, struct cov_error *err);

/** qemu_acceleration_name() - "tcg" or "kvm". */
const char *qemu_acceleration_name(enum qemu_acceleration acceleration);

/** qemu_tail_add() - add a copy of @line; the oldest line goes when there are too many. */
void qemu_tail_add(struct qemu_tail *tail, const char *line);

/** qemu_tail_print() - say the lines, oldest first, each behind @prefix. */
void qemu_tail_print(const struct qemu_tail *tail, const char *prefix);

/** qemu_tail_deinit() - free what @tail owns; a zeroed struct is fine. */
void qemu_tail_deinit(struct qemu_tail *tail);

COV_DEFINE_AUTO_STRUCT(struct qemu_tail, qemu_tail_deinit)

#endif
