/* patch.h - what executed the lines that a patch adds or changes. */
#ifndef VENN_CHANGE_PATCH_H
#define VENN_CHANGE_PATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/collector.h"
#include "venn/change/functions.h"
#include "venn/change/sources.h"
#include "venn/history/history_changes.h"

struct cov_error;

enum { PATCH_NONE = UINT32_MAX };

/* Why there is nothing to count on a line. */
enum patch_why {
	PATCH_INSTRUMENTED,
	PATCH_NO_CODE,      /* a comment, a declaration, or not compiled in this configuration */
	PATCH_NO_FUNCTION,  /* the same, outside of all functions that were compiled */
	PATCH_NOT_COMPILED, /* no object has code of its file */
	PATCH_NOT_THERE,    /* the measured kernel has another text there */
	PATCH_NOT_LINKED    /* only objects have it that no trial had */
};

/** patch_why_name() - "no code", ...; NULL: it is instrumented. */
const char *patch_why_name(enum patch_why why);

/* An added line. */
struct patch_line {
	uint32_t place;       /* index into changes.lines */
	uint32_t file;        /* index into changes.files */
	uint32_t line_id;     /* of the kernel; PATCH_NONE */
	uint32_t kernel_line; /* number of the line in the measured source; 0: it is not there */
	uint32_t function;    /* of the functions; FUNCTIONS_NONE */
	enum patch_why why;
	enum cov_line_state state; /* the best of all sources */
	size_t branch_count;       /* ways out of its blocks that were evaluated */
	size_t branch_never_count; /* of them, which nothing took */
};

/* Trials of a platform and workload, or a snapshot. */
struct patch_source {
	char *name; /* owned, as are the next two */
	bool is_baseline;
	int64_t duration_ns;   /* 0: not known */
	int64_t *counts;       /* [line_count], of the patch's lines */
	unsigned char *states; /* [line_count], enum cov_line_state */
	size_t executed_count; /* lines, fully or partly */
};

struct patch {
	struct history_changes changes;
	struct functions functions; /* of the kernel, from which it borrows names */
	struct patch_line *lines;   /* [line_count], in the order of the diff; owned */
	size_t line_count;
	struct patch_source *sources; /* [source_count]; owned */
	size_t source_count, source_capacity;
	struct cov_branches branches; /* of the patch's lines, of all sources */
	unsigned char *is_wanted; /* [object_count], objects that have one of the lines; owned */
	size_t missing_count; /* files of the patch that the kernel has, without a source of it */
};

void patch_deinit(struct patch *patch);
COV_DEFINE_AUTO_STRUCT(struct patch, patch_deinit)

/**
 * patch_locate() - find the added lines in the kernel that was measured.
 * @patch:  its changes are filled
 * @from:   the kernel's sources; which of them are wanted is not asked
 *
 * A line is found where the kernel's source has it: by joining the new version of its file with
 * that source, or of a diff in a file by its number, if the text there is the same. Without the
 * source, it is taken for the line of that number.
 *
 * Return: 0; COV_ERR_MISMATCH if the source is there, but none of the lines is in it.
 */
int patch_locate(struct patch *patch, const struct cov_kernel *kernel,
		 const struct sources_from *from, struct cov_error *err);

/* What a source says: counts and branches of the kernel, both borrowed. */
struct patch_counts {
	const char *name;
	bool is_baseline;
	int64_t duration_ns;
	const struct cov_counts *counts;
	const struct cov_branches *branches;
};

/** patch_take() - add what a source executed. */
void patch_take(struct patch *patch, const struct patch_counts *counts);

/** patch_conclude() - states and branches of all lines, once all sources are taken. */
void patch_conclude(struct patch *patch);

/** patch_best() - the source that executed most lines, baselines left out; NULL: none did. */
const struct patch_source *patch_best(const struct patch *patch);

/* How many lines have which state. */
struct patch_sum {
	size_t lines, executed, partly, not_executed, not_instrumented;
};

/** patch_add_to() - count a line. */
void patch_add_to(struct patch_sum *sum, const struct patch_line *line);

/** patch_rate() - executions per second by a source; as counted, if its time is not known. */
double patch_rate(const struct patch_source *source, size_t line);

#endif
