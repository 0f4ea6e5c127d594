/* history_changes.h - what a patch changes: a range of commits, or a diff in a file. */
#ifndef VENN_HISTORY_HISTORY_CHANGES_H
#define VENN_HISTORY_HISTORY_CHANGES_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "venn/history/history_lines.h"

struct cov_error;

enum { HISTORY_COMMIT_NONE = UINT32_MAX, HISTORY_COMMIT_BYTES = 41 };

struct history_commit {
	char id[HISTORY_COMMIT_BYTES]; /* hexadecimal */
	const char *subject;           /* in the arena */
};

enum history_origin { HISTORY_CONTEXT, HISTORY_ADDED, HISTORY_REMOVED };

/* A line of a diff. */
struct history_line {
	enum history_origin origin;
	uint32_t old_line, new_line; /* numbers; 0: not in that version */
	uint32_t commit;             /* that added it; HISTORY_COMMIT_NONE */
	const char *text;            /* without the line end; in the arena */
	size_t text_bytes;
};

struct history_hunk {
	const char *header; /* "@@ -1,2 +3,4 @@ function"; in the arena */
	size_t line_first, line_count;
};

struct history_file {
	const char *old_path, *new_path; /* in the arena; equal unless it was renamed */
	struct history_text new_text;    /* in the arena; bytes NULL: of a diff in a file */
	size_t hunk_first, hunk_count;
};

struct history_changes {
	struct cov_arena memory;
	struct history_commit *commits; /* [commit_count], oldest first; owned, as the next three */
	size_t commit_count, commit_capacity;
	struct history_file *files;
	size_t file_count, file_capacity;
	struct history_hunk *hunks; /* of all files */
	size_t hunk_count, hunk_capacity;
	struct history_line *lines; /* of all hunks */
	size_t line_count, line_capacity;
};

void history_changes_deinit(struct history_changes *changes);
COV_DEFINE_AUTO_STRUCT(struct history_changes, history_changes_deinit)

/**
 * history_changes_range() - what the commits of a range change together.
 * @repository: its work tree, a folder within, or a bare one
 * @range:      "A..B", as git log takes it
 * @ret:        free with history_changes_deinit(), also on failure
 *
 * Each added line knows the commit that git blame gives it.
 *
 * Return: 0; COV_ERR_MISMATCH if there is no such repository or revision; COV_ERR_USAGE if it is no
 *         range; COV_ERR_FORMAT.
 */
int history_changes_range(const char *repository, const char *range, struct history_changes *ret,
			  struct cov_error *err);

/**
 * history_changes_read() - what a diff in a file changes.
 * @ret: free with history_changes_deinit(), also on failure
 *
 * Return: 0; COV_ERR_SYSTEM; COV_ERR_FORMAT if it is no diff, or changes a file twice, as a series
 * of patches does.
 */
int history_changes_read(const char *path, struct history_changes *ret, struct cov_error *err);

#endif
