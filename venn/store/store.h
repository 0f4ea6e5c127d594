/*
 * store.h - the SQLite database: kernels, trials, footprints, regions.
 *
 * Only the store_*.c files include sqlite3.h, and all SQL is in them. docs/schema.md describes the
 * tables for those who query them on their own.
 */
#ifndef VENN_STORE_STORE_H
#define VENN_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/collector.h"
#include "differ/differ.h"

enum { STORE_SCHEMA_VERSION = 6, STORE_PLATFORMS_MAX = 62 };

struct store; /* an open database */

enum store_mode {
	STORE_READ,   /* must exist */
	STORE_WRITE,  /* must exist */
	STORE_CREATE, /* is made when it does not exist */
};

/** store_path() - the database file: @option (--db) if given, else $COVDB, else covdb.sqlite. */
const char *store_path(const char *option);

/**
 * store_open() - open a database.
 * @ret: release with store_close()
 *
 * One of an older schema is brought to the current one, whatever the mode, and it is said.
 *
 * Return: 0; COV_ERR_STORE if it does not exist, is no covdb database or has a schema that is newer
 *         or too old.
 */
int store_open(const char *path, enum store_mode mode, struct store **ret, struct cov_error *err);

/** store_close() - close it; what was not committed is rolled back. NULL is fine. */
void store_close(struct store *store);

COV_DEFINE_AUTO(struct store *, store_close)

/** store_begin(), store_commit(), store_rollback() - a transaction; one command changes all or
 * nothing. */
int store_begin(struct store *store, struct cov_error *err);
int store_commit(struct store *store, struct cov_error *err);
int store_rollback(struct store *store, struct cov_error *err);

/* A registered kernel. All texts are owned. */
struct store_kernel {
	int64_t id;
	char *name;
	char *release;        /* "6.1.192" or "" */
	char *build_id;       /* hexadecimal, or "" when it was not known */
	char *profile_update; /* how counters are updated: "prefer-atomic", "single" or "unknown" */
	char *build_root;     /* directories that source paths are relative to */
	char *source_root;
	int64_t object_count;
	int64_t line_count;  /* of all notes, linked or not */
	int64_t trial_count; /* imported so far */
};

void store_kernel_deinit(struct store_kernel *kernel);
COV_DEFINE_AUTO_STRUCT(struct store_kernel, store_kernel_deinit)

/**
 * store_kernel_add() - register a kernel.
 * @about:  name, release, build id and profile_update; its id is filled in
 * @kernel: plans and universe
 *
 * Return: 0; COV_ERR_MISMATCH if the name or build id is taken; COV_ERR_STORE.
 */
int store_kernel_add(struct store *store, struct store_kernel *about,
		     const struct cov_kernel *kernel, struct cov_error *err);

/**
 * store_kernel_find() - a registered kernel by build id, or by name, or the only one.
 * @build_id: or NULL
 * @name:     or NULL
 * @ret:      free with store_kernel_deinit()
 *
 * Return: 0; COV_ERR_MISMATCH with what is registered instead; COV_ERR_STORE.
 */
int store_kernel_find(struct store *store, const char *build_id, const char *name,
		      struct store_kernel *ret, struct cov_error *err);

struct store_kernels {
	struct store_kernel *items; /* [count], as they were added; owned */
	size_t count;
	size_t capacity;
};

void store_kernels_deinit(struct store_kernels *kernels);
COV_DEFINE_AUTO_STRUCT(struct store_kernels, store_kernels_deinit)

/** store_kernel_list() - all registered kernels. */
int store_kernel_list(struct store *store, struct store_kernels *ret, struct cov_error *err);

/** store_kernel_load() - plans and universe of a registered kernel; free with kernel_deinit(). */
int store_kernel_load(struct store *store, int64_t kernel_id, struct cov_kernel *ret,
		      struct cov_error *err);

/** store_universe_load() - files and lines of a registered kernel, without its objects. */
int store_universe_load(struct store *store, int64_t kernel_id, struct cov_kernel *ret,
			struct cov_error *err);

/**
 * store_object_load() - put one object into a kernel of store_universe_load().
 * @kernel: the object becomes its only one
 */
int store_object_load(struct store *store, int64_t kernel_id, int64_t object_id,
		      struct cov_kernel *kernel, struct cov_error *err);

/*
 * What ran in a trial. Only the first kind counts where workloads are united: a phase is part of a
 * whole trial, and the last two are baselines.
 */
enum store_kind {
	STORE_WORKLOAD,
	STORE_PHASE,    /* "cpu.steady": part of a trial of cpu */
	STORE_IDLE,     /* nothing, on the host or in a platform */
	STORE_OBSERVER, /* not even that: captured right after the reset */
};

/** store_kind_name() - "workload", "phase", "idle" or "observer". */
const char *store_kind_name(enum store_kind kind);

/** store_is_baseline() - whether trials of @kind are there to be subtracted. */
static inline bool store_is_baseline(enum store_kind kind)
{
	return kind == STORE_IDLE || kind == STORE_OBSERVER;
}

/* One trial, as it is written. Texts are borrowed. */
struct store_trial {
	int64_t kernel_id;
	const char *platform;
	const char *driver;   /* of the platform, or NULL when it is not known */
	const char *workload; /* or the baseline's name */
	enum store_kind kind;
	int64_t duration_ns;
	const char *status;      /* "ok" or "failed" */
	const char *failure;     /* why, or NULL */
	const char *started_at;  /* UTC, ISO 8601; or NULL when not known */
	const char *snapshot;    /* where it was imported from */
	const char *manifest;    /* JSON as the collector wrote it, or NULL */
	const bool *is_emulated; /* the processor was software; NULL when it is not known */
	const struct cov_metric *metrics; /* [metric_count], that the workload printed */
	size_t metric_count;
	int64_t number; /* 0: the next free one of platform and workload */
};

/* What the snapshot of a trial says, or its tracefile. All borrowed. */
struct store_results {
	const struct cov_kernel *kernel;
	const struct cov_counters *counters; /* of a tracefile: none, all objects absent */
	const struct cov_counts *counts;
	const struct cov_problems *problems;
	const unsigned char *is_listed; /* [kernel->function_count], those that a tracefile lists;
					   NULL for a snapshot */
	const struct cov_branches *branches; /* of a tracefile, settled */
};

/** store_platform_add() - give a platform its place behind those there are, if it is new. */
int store_platform_add(struct store *store, const char *name, const char *driver,
		       struct cov_error *err);

/** store_workload_add() - the same for a workload; COV_ERR_MISMATCH if it is of another kind. */
int store_workload_add(struct store *store, const char *name, enum store_kind kind,
		       struct cov_error *err);

/**
 * store_trial_has() - whether the same trial was imported before.
 *
 * It is the same if kernel, platform, workload, start and duration agree.
 */
int store_trial_has(struct store *store, const struct store_trial *trial, bool *ret,
		    struct cov_error *err);

/**
 * store_trial_add() - write a trial with its counters and counts.
 * @results: NULL for a trial without a snapshot
 *
 * Lines of objects that no trial had before join the kernel's universe.
 *
 * Return: 0; COV_ERR_MISMATCH if the number is taken, or the workload's name by another kind;
 *         COV_ERR_STORE.
 */
int store_trial_add(struct store *store, const struct store_trial *trial,
		    const struct store_results *results, struct cov_error *err);

/* How many objects of a trial are in one state, or one such object. */
struct store_object_state {
	char *platform; /* owned, as all texts here */
	char *workload; /* or the baseline's name */
	int64_t number; /* of the trial */
	char *state;    /* "decoded", "not linked", or the kind of a problem */
	int64_t count;  /* objects */
	char *path;     /* of the object; "" in a count */
	char *message;  /* why it is not decoded; "" in a count */
};

struct store_object_states {
	struct store_object_state *items; /* [count], by trial; owned */
	size_t count;
	size_t capacity;
};

void store_object_states_deinit(struct store_object_states *states);
COV_DEFINE_AUTO_STRUCT(struct store_object_states, store_object_states_deinit)

/**
 * store_object_state_list() - what became of the objects of each trial.
 * @is_listed: each object that was not decoded, instead of how many there are of each state
 */
int store_object_state_list(struct store *store, int64_t kernel_id, bool is_listed,
			    struct store_object_states *ret, struct cov_error *err);

/* A figure that the workload of a trial printed. All texts are owned. */
struct store_metric {
	char *workload;
	char *name;
	char *labels; /* JSON object */
	char *unit;
	char *platform;
	double value;
	bool is_emulated;
};

struct store_metrics {
	struct store_metric *items; /* [count]; owned */
	size_t count;
	size_t capacity;
};

void store_metrics_deinit(struct store_metrics *metrics);
COV_DEFINE_AUTO_STRUCT(struct store_metrics, store_metrics_deinit)

/**
 * store_metric_list() - figures of ok trials, by workload, name, labels, unit, platform and value.
 * @workload: or NULL for all
 * @metric:   its name, or NULL for all
 */
int store_metric_list(struct store *store, int64_t kernel_id, const char *workload,
		      const char *metric, struct store_metrics *ret, struct cov_error *err);

/* Trials whose counters belong together. */
struct store_group {
	int64_t platform_id;
	int64_t workload_id;
	enum store_kind kind;
	int64_t trial_count;
	int64_t duration_ns;     /* of all trials */
	int64_t tracefile_count; /* trials that came as tracefiles, without counters */
	bool is_on_host;         /* the platform's driver is "host" */
	int64_t number;          /* 0: all its trials; else only the one of this number */
	char *platform;          /* owned */
	char *workload;          /* owned */
};

struct store_groups {
	struct store_group *items; /* [count], by platform, then workload; owned */
	size_t count;
	size_t capacity;
};

void store_groups_deinit(struct store_groups *groups);
COV_DEFINE_AUTO_STRUCT(struct store_groups, store_groups_deinit)

/** store_group_list() - all groups of ok trials, baselines among them. */
int store_group_list(struct store *store, int64_t kernel_id, struct store_groups *ret,
		     struct cov_error *err);

/* The trials of a group, one by one. */
struct store_snapshots {
	struct cov_counters *items; /* [count]; owned */
	int64_t *durations_ns;      /* [count]; owned */
	size_t count;
};

void store_snapshots_deinit(struct store_snapshots *snapshots);
COV_DEFINE_AUTO_STRUCT(struct store_snapshots, store_snapshots_deinit)

/** store_group_snapshots() - the counters of each trial of a group, in the order of import. */
int store_group_snapshots(struct store *store, const struct cov_kernel *kernel, int64_t kernel_id,
			  const struct store_group *group, struct store_snapshots *ret,
			  struct cov_error *err);

/**
 * store_group_counters() - the sum of a group's counters; free with counters_deinit().
 *
 * Return: 0; COV_ERR_MISMATCH if the group has no such trial; COV_ERR_STORE.
 */
int store_group_counters(struct store *store, const struct cov_kernel *kernel, int64_t kernel_id,
			 const struct store_group *group, struct cov_counters *ret,
			 struct cov_error *err);

/**
 * store_group_tracefiles() - add the counts of a group's trials that were imported from tracefiles.
 * @counts:    lines, states and functions are added to; a line's state is the highest
 * @is_listed: [kernel->function_count], set for the functions that they list; or NULL
 * @branches:  theirs are added, not settled; or NULL
 *
 * Such trials have no counters, so what is summed here is line counts.
 */
int store_group_tracefiles(struct store *store, const struct cov_kernel *kernel, int64_t kernel_id,
			   const struct store_group *group, struct cov_counts *counts,
			   unsigned char *is_listed, struct cov_branches *branches,
			   struct cov_error *err);

/* The footprint of one platform and workload. */
struct store_footprint {
	const struct store_group *group;    /* borrowed, as is the next */
	const struct store_group *baseline; /* what was subtracted */
	struct cov_footprint_totals totals;
	const double *line_p; /* [line_count], p-values if the rule is a test; borrowed, or NULL */
	struct cov_footprint lines; /* owned */
	int64_t id;                 /* once it is stored */
	size_t objects_left_out;    /* bad in a trial or in the baseline */
};

/* Lines of a directory that belong to exactly the platforms of a mask. */
struct store_region {
	int64_t directory_id;
	int64_t workload_id; /* 0: all workloads united */
	uint64_t mask;       /* bit: platform.bit */
	int64_t lines;
};

/* Which analysis of a kernel: the newest that fits. */
struct store_choice {
	int64_t kernel_id;
	const char *rule;     /* or NULL: any */
	const char *baseline; /* "host/idle", "idle", "own"; or NULL: any */
};

struct store_analysis {
	int64_t id;
	char *rule;                  /* owned */
	char *baseline;              /* "host/idle", or "own": each platform's own; owned */
	double false_discovery_rate; /* that was asked of a rule that tests; else 0 */
	bool is_current;             /* it takes in all trials */
};

struct store_analyses {
	struct store_analysis *items; /* [count], the newest last; owned */
	size_t count;
	size_t capacity;
};

void store_analyses_deinit(struct store_analyses *analyses);
COV_DEFINE_AUTO_STRUCT(struct store_analyses, store_analyses_deinit)

/**
 * store_analysis_replace() - start the analysis of a kernel by a rule against a baseline; an older
 * one of the same three is removed.
 * @about: its id is filled in
 */
int store_analysis_replace(struct store *store, int64_t kernel_id, struct store_analysis *about,
			   struct cov_error *err);

/** store_analysis_list() - all analyses that fit; there may be none. */
int store_analysis_list(struct store *store, const struct store_choice *choice,
			struct store_analyses *ret, struct cov_error *err);

/**
 * store_analysis_find() - the newest analysis that fits, to ask questions of.
 * @ret: free its texts with store_analysis_deinit()
 *
 * Return: 0; COV_ERR_MISMATCH if there is none, or if it lacks trials; COV_ERR_STORE.
 */
int store_analysis_find(struct store *store, const struct store_choice *choice,
			struct store_analysis *ret, struct cov_error *err);

void store_analysis_deinit(struct store_analysis *analysis);
COV_DEFINE_AUTO_STRUCT(struct store_analysis, store_analysis_deinit)

/* What a footprint was decided from: all its trials added up. All borrowed. */
struct store_sums {
	const struct cov_kernel *kernel;
	const int64_t *counters;     /* [kernel->counter_count], 0 where an object is left out */
	const int64_t *counts;       /* [kernel->line_count] */
	const unsigned char *states; /* [kernel->line_count], enum cov_line_state */
	const int64_t *calls;        /* [kernel->function_count] */
	const int64_t *baseline;     /* [kernel->line_count], of what is subtracted; or NULL */
	double baseline_share;       /* its duration divided by that of the trials */
};

/**
 * store_footprint_add() - write a footprint.
 * @footprint: its id is filled in; a group with workload_id 0 stands for all workloads of its
 *             platform united
 */
int store_footprint_add(struct store *store, int64_t analysis_id, struct store_footprint *footprint,
			const struct store_sums *sums, struct cov_error *err);

/** store_footprint_lines() - the lines of a group's footprint are added to @lines. */
int store_footprint_lines(struct store *store, int64_t analysis_id, const struct store_group *group,
			  struct cov_footprint *lines, struct cov_error *err);

/** store_region_add() - write one region of one directory. */
int store_region_add(struct store *store, int64_t analysis_id, const struct store_region *region,
		     struct cov_error *err);

/* A directory of a kernel, as a range of its line ids. */
struct store_directory {
	int64_t id;
	size_t line_first;
	size_t line_count;
};

struct store_directories {
	struct store_directory *items; /* [count], by path; owned */
	size_t count;
	size_t capacity;
};

void store_directories_deinit(struct store_directories *directories);
COV_DEFINE_AUTO_STRUCT(struct store_directories, store_directories_deinit)

/** store_directory_list() - all directories of a kernel, the whole kernel (".") among them. */
int store_directory_list(struct store *store, int64_t kernel_id, struct store_directories *ret,
			 struct cov_error *err);

/** store_platform_bit() - the bit of a platform in masks. */
int store_platform_bit(struct store *store, int64_t platform_id, int *ret, struct cov_error *err);

enum store_name_kind { STORE_NAME_PLATFORM, STORE_NAME_WORKLOAD };

/** store_name_choose() - the first of some names that the database has; NULL if it has none. */
int store_name_choose(struct store *store, enum store_name_kind kind, const char *const *names,
		      size_t count, const char **ret, struct cov_error *err);

/* What a name in a query stands for. */
struct store_value {
	const char *name; /* with the colon: ":lxc" */
	const char *text; /* NULL: not known */
};

/* All borrowed. */
struct store_question {
	const char *query;    /* SELECT of one row; ":analysis" is the id of an analysis */
	const char *expected; /* a condition over its columns, or NULL */
	const struct store_value *values; /* [value_count] */
	size_t value_count;
};

enum store_verdict {
	STORE_UNKNOWN, /* something of it was not measured, or nothing is expected */
	STORE_HOLDS,
	STORE_DIFFERS,
};

struct store_answer {
	enum store_verdict verdict;
	char *got; /* the columns' names and values; owned */
};

void store_answer_deinit(struct store_answer *answer);
COV_DEFINE_AUTO_STRUCT(struct store_answer, store_answer_deinit)

/**
 * store_answer_read() - ask a question.
 * @ret: filled on success; free with store_answer_deinit()
 *
 * Return: 0; COV_ERR_FORMAT if the query or the condition is no SQL, or gives several rows;
 *         COV_ERR_STORE.
 */
int store_answer_read(struct store *store, int64_t analysis_id,
		      const struct store_question *question, struct store_answer *ret,
		      struct cov_error *err);

/* What a Venn diagram is drawn from. */
struct store_venn {
	struct store_analysis analysis;
	int64_t found;            /* lines of the directory */
	bool is_file;             /* the directory is a file */
	int64_t objects_left_out; /* of the footprint that lacks most */
	struct {
		char *name; /* owned */
		int bit;
	} platforms[STORE_PLATFORMS_MAX]; /* [platform_count], as imported */
	size_t platform_count;
	struct store_region *regions; /* [region_count], exact masks over all platforms; owned */
	size_t region_count;
};

void store_venn_deinit(struct store_venn *venn);
COV_DEFINE_AUTO_STRUCT(struct store_venn, store_venn_deinit)

/**
 * store_venn_read() - the regions of one directory.
 * @directory: canonical: "net", "net/core/dev.c", "." for the whole kernel
 * @workload:  or a phase's or baseline's name; NULL for all workloads united
 *
 * Return: 0; COV_ERR_MISMATCH if there is no such directory, workload or analysis; COV_ERR_STORE.
 */
int store_venn_read(struct store *store, const struct store_choice *choice, const char *directory,
		    const char *workload, struct store_venn *ret, struct cov_error *err);

/* One directory among several. */
struct store_part {
	char *path; /* canonical; owned */
	int64_t found;
	struct store_region *regions; /* [region_count], exact masks over all platforms; owned */
	size_t region_count;
	size_t region_capacity;
};

struct store_parts {
	struct store_part *items; /* [count], by path; owned */
	size_t count;
	size_t capacity;
};

void store_parts_deinit(struct store_parts *parts);
COV_DEFINE_AUTO_STRUCT(struct store_parts, store_parts_deinit)

/**
 * store_part_list() - the regions of the directories below one.
 * @directory: canonical; not itself among them
 * @workload:  as for store_venn_read()
 * @depth:     how far below
 */
int store_part_list(struct store *store, int64_t kernel_id, int64_t analysis_id,
		    const char *directory, const char *workload, size_t depth,
		    struct store_parts *ret, struct cov_error *err);

#endif
