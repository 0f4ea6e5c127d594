/*
 * manifest.h - what is known of a trial besides its counters: a JSON file beside the snapshot.
 *
 * A trial without a manifest did not finish. Times are CLOCK_MONOTONIC of the machine under study.
 */
#ifndef COLLECTOR_RUN_MANIFEST_H
#define COLLECTOR_RUN_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "collector/run/output.h"

struct cov_error;

enum {
	COV_MANIFEST_VERSION = 1,
	COV_MANIFEST_STEPS_MAX = 16,
	COV_MANIFEST_VERSIONS_MAX = 16,
	COV_MANIFEST_OUTPUT_BYTES_MAX = 1 << 20,
};

/* The kernel under study and the machine that it runs on. A text is NULL when it is not known. */
struct cov_manifest_kernel {
	const char *release;         /* uname -r */
	const char *version;         /* uname -v */
	const char *build_id;        /* hexadecimal */
	const char *config_sha256;   /* of the unpacked .config; hexadecimal */
	const char *compiler;        /* "gcc (Debian 12.2.0-14) 12.2.0" */
	const char *boot_parameters; /* /proc/cmdline */
	const char *clock_source;    /* "tsc" */
	const char *profile_update;  /* -fprofile-update= of the build: "atomic", ..., "unknown" */
	const char *source;          /* where the kernel's source came from */
	int cpu_count;               /* online */
	bool is_emulated;            /* an emulated processor: its times mean nothing */
	bool is_gcov_persistent;     /* counters of unloaded modules are kept */
};

/*
 * Part of a trial: prepare, settle, reset, start (the first capture of several), run, capture;
 * ready and done, the captures within run, come last.
 */
struct cov_manifest_step {
	const char *name;
	long long start_ns;
	long long end_ns;
};

/* A program that took part: "covdb" "0.1.0", "runc" "runc version 1.1.5+ds1". */
struct cov_manifest_program {
	const char *name;
	const char *version;
};

struct cov_manifest_snapshot {
	const char *file; /* name in the manifest's folder; NULL when nothing was captured */
	long long file_count;
	long long total_bytes;   /* of the .gcda files, uncompressed */
	const char **unreadable; /* [unreadable_count], .gcda files that were gone when they were to
				    be read */
	size_t unreadable_count;
};

/* What the counters of the snapshot are counted from. */
enum cov_manifest_way {
	COV_MANIFEST_RESET,      /* from the reset on: one capture reads itself */
	COV_MANIFEST_DIFFERENCE, /* what one capture has more than the one before it */
};

/*
 * How the counters were captured. A snapshot by reset contains the reading of its own files, and
 * once more that of each capture that was made @within its time; one by difference the same as one
 * capture within.
 */
struct cov_manifest_capture {
	enum cov_manifest_way way;
	int within; /* captures between the reset and the last one; 0 by difference */
};

/* Stacks that were sampled instead of counting: a trial of kind "profile". */
struct cov_manifest_profile {
	const char *file;       /* of folded stacks, in the manifest's folder; NULL: none */
	const char *event;      /* "cpu-clock" */
	long long frequency_hz; /* of samples, on each processor */
	long long samples;
	long long lost; /* samples that could not be kept */
};

/* Filters and system calls instead of counters: a trial of kind "syscalls". */
struct cov_manifest_syscalls {
	const char *file; /* see filter/syscalls_file.h, in the manifest's folder; NULL: none */
};

/* How the platform was set up. */
struct cov_manifest_settings {
	const char *network; /* "none", "host", "bridge", "tap"; NULL: nothing was started */
	bool has_overlay;
	long long memory_mib;         /* 0: no limit */
	long long cpu_count;          /* 0: all */
	const char *const *arguments; /* [argument_count], of the runtime */
	size_t argument_count;
	const char *seccomp; /* profile that its containers get; NULL: none */
};

/* Texts and arrays belong to @arena, unless its maker points them at what outlives it. */
struct cov_manifest {
	const char *host;     /* --host-id of collect, or NULL */
	const char *platform; /* name in the experiment */
	const char *driver;   /* "host", "oci" */
	const char *workload; /* NULL for a baseline */
	const char *baseline; /* name of the baseline, or NULL */
	const char *kind; /* "idle", "observer": a baseline; "profile", "syscalls", "performance" */
	const char *phase;         /* "start-up", "steady", "tear-down"; NULL for the whole */
	int number;                /* of the trial, from 1 */
	long long seed;            /* of the order of the trials; 0: that of the experiment file */
	long long position;        /* in that order, from 1; 0: not known */
	const char *const *groups; /* [group_count], names of groups that the workload belongs to */
	size_t group_count;
	struct cov_manifest_settings settings;

	bool is_ok;
	const char *failure; /* one line; NULL when ok */
	int exit_status;     /* -1 when there is none: a signal, a baseline, not started */
	int signal;          /* that ended the workload; 0 when none did */

	long long duration_ns;  /* counted by the counters: from the reset's end to the capture */
	const char *started_at; /* of the reset; UTC, ISO 8601 */
	struct cov_manifest_step steps[COV_MANIFEST_STEPS_MAX];
	size_t step_count;

	struct cov_manifest_capture capture;
	struct cov_manifest_snapshot snapshot;
	struct cov_manifest_profile profile;
	struct cov_manifest_syscalls syscalls;
	struct cov_manifest_kernel kernel;
	struct cov_manifest_program programs[COV_MANIFEST_VERSIONS_MAX];
	size_t program_count;

	const char *const *command; /* [command_count]; NULL for a baseline */
	size_t command_count;
	const char *output; /* of the workload, stdout and stderr; NULL for a baseline */
	size_t output_bytes;
	bool is_output_truncated;
	const struct cov_metric *metrics; /* [metric_count], in the order of the output */
	size_t metric_count;

	struct cov_arena arena;
};

/* The kinds of a trial that is a profile, and of one of system calls. */
extern const char cov_manifest_profile_kind[], cov_manifest_syscalls_kind[];

/* The kind of a trial that has no snapshot because it is for what it measures alone. */
extern const char cov_manifest_performance_kind[];

/* As the manifest and the experiment file spell enum cov_manifest_way. */
extern const char *const cov_manifest_way_names[];

enum { COV_MANIFEST_PHASES = 3 };

/* Of the parts of a trial that is taken apart, in order: "start-up", "steady", "tear-down", NULL.
 */
extern const char *const cov_manifest_phase_names[COV_MANIFEST_PHASES + 1];

/**
 * cov_manifest_write() - make or replace the file. Bytes that are not UTF-8 become U+FFFD,
 * in names of files and words of commands as utf8.h says.
 *
 * Return: 0; COV_ERR_SYSTEM.
 */
int cov_manifest_write(const struct cov_manifest *manifest, const char *path,
		       struct cov_error *err);

/**
 * cov_manifest_read() - read a trial's manifest.
 * @ret: free with cov_manifest_deinit()
 * @err: names the file and the key
 *
 * Return: 0; COV_ERR_SYSTEM if it cannot be read, COV_ERR_FORMAT if it is not a manifest, or is one
 *         of another version.
 */
int cov_manifest_read(const char *path, struct cov_manifest *ret, struct cov_error *err);

/** cov_manifest_parse() - the same of a text of @size bytes. @path: what messages call it */
int cov_manifest_parse(const char *path, const char *text, size_t size, struct cov_manifest *ret,
		       struct cov_error *err);

/** cov_manifest_deinit() - free what @manifest owns; a zeroed struct is fine. */
void cov_manifest_deinit(struct cov_manifest *manifest);

COV_DEFINE_AUTO_STRUCT(struct cov_manifest, cov_manifest_deinit)

#endif
