/*
 * store_query.h - what a question is asked of: platforms, a workload, a directory; and the numbers
 * behind the answers.
 */
#ifndef VENN_STORE_STORE_QUERY_H
#define VENN_STORE_STORE_QUERY_H

#include "venn/store/store.h"

/* A question as it was put. All texts are borrowed. */
struct store_asked {
	struct store_choice choice;
	const char *directory; /* canonical, or of a file; "." for the whole kernel */
	const char *workload;  /* NULL: all united */
	const char *platforms; /* "a,b,c", in this order; NULL: all, as imported */
};

struct store_query_platform {
	char *name; /* owned */
	int64_t id;
	int64_t footprint_id;
	int64_t duration_ns; /* of its trials of the workload */
	int64_t baseline_ns; /* of what is subtracted from it */
};

/* A trial that counts. */
struct store_query_trial {
	int64_t id;
	uint64_t platforms; /* bit: place in the query's platforms; a baseline may serve several */
	bool is_baseline;
};

/* The same as the database knows it. A platform's place is its index in platforms. */
struct store_query {
	int64_t kernel_id;
	struct store_analysis analysis;
	int64_t workload_id; /* 0: all united */
	char *workload;      /* NULL: all united; owned */
	int64_t line_first;  /* line ids of the directory */
	int64_t line_count;
	bool is_file;
	struct store_query_platform platforms[STORE_PLATFORMS_MAX];
	size_t platform_count;
	struct store_query_trial *trials; /* [trial_count]; owned */
	size_t trial_count;
	size_t trial_capacity;
};

void store_query_deinit(struct store_query *query);
COV_DEFINE_AUTO_STRUCT(struct store_query, store_query_deinit)

/**
 * store_query_open() - look up what a question is about.
 * @ret: free with store_query_deinit()
 *
 * Return: 0; COV_ERR_MISMATCH if there is no such analysis, workload, platform or directory, or if
 *         the analysis lacks trials; COV_ERR_USAGE if a platform is named twice; COV_ERR_STORE.
 */
int store_query_open(struct store *store, const struct store_asked *question,
		     struct store_query *ret, struct cov_error *err);

/** store_query_place() - the place of the platform @name; COV_ERR_MISMATCH with those there are. */
int store_query_place(const struct store_query *query, const char *name, size_t *ret,
		      struct cov_error *err);

/*
 * A function and its calls. A function of a header has a copy in each object that could not inline
 * it; copies of the same file, name and line are one.
 */
struct store_function {
	int64_t id; /* the lowest of its copies */
	int64_t file_id;
	const char *file; /* of the list's files */
	char *name;       /* owned */
	int64_t start_line;
	int64_t end_line;
	int64_t *calls;          /* [platform_count], by place, of all compared trials; owned */
	int64_t *baseline_calls; /* [platform_count], in what is subtracted; behind calls */
};

struct store_functions {
	struct store_function *items; /* [count], by file, line and name; owned */
	size_t count;
	size_t capacity;
	char **files; /* [file_count], paths by place in the kernel; owned */
	size_t file_count;
	size_t file_capacity;
};

void store_functions_deinit(struct store_functions *functions);
COV_DEFINE_AUTO_STRUCT(struct store_functions, store_functions_deinit)

/**
 * store_function_list() - functions of the query's directory, with their calls.
 * @glob: shell pattern of names, all that match; NULL: all that a platform called
 */
int store_function_list(struct store *store, const struct store_query *query, const char *glob,
			struct store_functions *ret, struct cov_error *err);

/**
 * store_function_rate() - calls per second on a platform beyond those of the baseline, at least 0.
 * @place: of the platform
 */
double store_function_rate(const struct store_query *query, const struct store_function *function,
			   size_t place);

/* An instrumented line; bits of masks are places of platforms. */
struct store_line {
	int64_t line;
	uint64_t executed; /* at all, in some trial */
	uint64_t kept;     /* in a footprint */
	int64_t *hits;     /* [platform_count], in all trials together; see store_line_list() */
};

struct store_lines {
	struct store_line *items; /* [count], in order; owned */
	size_t count;
	int64_t *hits; /* [count][platform_count]; owned */
};

void store_lines_deinit(struct store_lines *lines);
COV_DEFINE_AUTO_STRUCT(struct store_lines, store_lines_deinit)

/**
 * store_line_list() - the instrumented lines of the query, which is of a file.
 *
 * Hits are the sum of the trials' counts; in a trial where a line was executed it counts at least
 * 1, where it was not 0, whatever counters that contradict each other add up to.
 */
int store_line_list(struct store *store, const struct store_query *query, struct store_lines *ret,
		    struct cov_error *err);

enum { STORE_NO_FUNCTION = UINT32_MAX };

/* A function as a range of lines; copies of one are neighbours, of which the first stands for all.
 */
struct store_code_function {
	int64_t id;
	int64_t file_id; /* place in kernel.files */
	int64_t start_line;
	int64_t end_line;
	uint64_t executed; /* bit: place of a platform whose footprint has a line of it */
};

/* A line that some platform executed. Bits of masks are places of platforms. */
struct store_code_line {
	uint64_t kept;     /* in whose footprint it is */
	uint64_t executed; /* by whom it is executed at all */
	uint32_t function; /* index of the innermost around it, or STORE_NO_FUNCTION: an inline one
			      without a copy of its own */
};

/* The lines of a query's range. */
struct store_code {
	struct cov_kernel kernel; /* its files and lines, no objects */
	/* [function_count], of the range's files, by file and line; owned */
	struct store_code_function *functions;
	size_t function_count;
	uint32_t
	    *line_of; /* [query->line_count], 1 + index into lines; 0: executed by none; owned */
	struct store_code_line *lines; /* [line_count], in no order; owned */
	size_t line_count;
	size_t line_capacity;
	int64_t *counts; /* [line_count][platform_count], of lines removed, too; owned */
};

void store_code_deinit(struct store_code *code);
COV_DEFINE_AUTO_STRUCT(struct store_code, store_code_deinit)

/** store_code_line() - line @place of the query's range; NULL if no platform executed it. */
static inline const struct store_code_line *store_code_line(const struct store_code *code,
							    int64_t place)
{
	return code->line_of[place] ? &code->lines[code->line_of[place] - 1] : NULL;
}

/** store_code_count() - how often a platform executed line @place of the query's range; 0 if never.
 */
static inline int64_t store_code_count(const struct store_code *code,
				       const struct store_query *query, int64_t place,
				       size_t platform)
{
	uint32_t line = code->line_of[place];

	return line ? code->counts[(line - 1) * query->platform_count + platform] : 0;
}

/** store_code_read() - the lines of the query's range, with who executes them. */
int store_code_read(struct store *store, const struct store_query *query, struct store_code *ret,
		    struct cov_error *err);

/**
 * store_found_list() - how many lines of each file are of linked objects.
 * @found: [kernel->file_count]; set for files within the query's range
 */
int store_found_list(struct store *store, const struct store_query *query,
		     const struct cov_kernel *kernel, int64_t *found, struct cov_error *err);

/** store_linked_list() - which lines of a kernel are of linked objects. @ret: [line_count] */
int store_linked_list(struct store *store, int64_t kernel_id, size_t line_count, unsigned char *ret,
		      struct cov_error *err);

/** store_function_object() - id of the object that a function belongs to. */
int store_function_object(struct store *store, int64_t kernel_id, int64_t function_id, int64_t *ret,
			  struct cov_error *err);

/**
 * store_footprint_counters() - an object's counters in a platform's trials added up.
 * @place: of the platform
 * @count: counters of the object
 * @ret:   [@count], all 0 if it did not run; free() it
 */
int store_footprint_counters(struct store *store, const struct store_query *query, size_t place,
			     int64_t object_id, size_t count, int64_t **ret, struct cov_error *err);

/** store_function_name() - name of a function by its id; free() it. */
int store_function_name(struct store *store, int64_t kernel_id, int64_t function_id, char **ret,
			struct cov_error *err);

#endif
