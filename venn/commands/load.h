/* load.h - a snapshot and the kernel that it belongs to, however they were named. */
#ifndef VENN_COMMANDS_LOAD_H
#define VENN_COMMANDS_LOAD_H

#include "collector/collector.h"
#include "venn/store/store_trial.h"
#include "venn/store/store_workload.h"

struct cov_error;

/* One snapshot decoded, or one tracefile matched. */
struct load_snapshot {
	struct cov_counters counters; /* of a tracefile: none, all objects absent */
	struct cov_counts counts;
	struct cov_problems problems; /* objects that were not decoded, files of counts not read */
	unsigned char *is_listed;     /* functions of a tracefile; NULL for a snapshot; owned */
	struct cov_branches branches; /* of a tracefile */
	bool has_no_counts;           /* a tracefile that only says which lines ran */
	size_t follow_count; /* of such: lines that ran because others of their block did */
	char *unknown; /* what in a tracefile the kernel does not have; NULL: nothing; owned */
};

void load_snapshot_deinit(struct load_snapshot *snapshot);
COV_DEFINE_AUTO_STRUCT(struct load_snapshot, load_snapshot_deinit)

/**
 * load_manifest_path() - where the manifest of a snapshot is: "x.json" beside "x.tar.zst".
 *
 * Return: the path, which need not exist; free() it. NULL for a directory.
 */
char *load_manifest_path(const char *snapshot);

/**
 * load_snapshot() - read and decode a snapshot.
 * @build_id: of the kernel it must be of; "" when not known
 * @ret:      filled on success; free with load_snapshot_deinit()
 *
 * Return: 0, even with problems; COV_ERR_MISMATCH, with both build ids, if a manifest beside the
 *         snapshot names another build or if most of its objects are of another compilation.
 */
int load_snapshot(const struct cov_kernel *kernel, const char *build_id, const char *path,
		  struct load_snapshot *ret, struct cov_error *err);

/** load_snapshot_tree() - the same from a snapshot that was opened for ".gcda"; @tree is dropped
 * once it was read. */
int load_snapshot_tree(const struct cov_kernel *kernel, const char *build_id, struct tree *tree,
		       struct load_snapshot *ret, struct cov_error *err);

/**
 * load_counters() - the counters alone of a snapshot.
 * @tree:  of one that was opened, which is dropped; NULL: it is a file of counters
 * @bytes: of that
 * @ret:   without counts; free with load_snapshot_deinit()
 *
 * Return: as load_snapshot().
 */
int load_counters(const struct counters_file_of *of, struct tree *tree,
		  const struct member_bytes *bytes, struct load_snapshot *ret,
		  struct cov_error *err);

/**
 * load_tracefile() - read a file of what ran, by lcov, gcov or syzkaller, and find its lines.
 * @image: that addresses are of; NULL: there is none
 * @ret:   filled on success; free with load_snapshot_deinit()
 *
 * What was taken otherwise than it was written is said on stderr.
 *
 * Return: 0, even if the kernel does not have all of it; COV_ERR_MISMATCH if it has none of it.
 */
int load_tracefile(const struct cov_kernel *kernel, const char *path, const struct image *image,
		   struct load_snapshot *ret, struct cov_error *err);

/**
 * load_describe() - what was decoded and what was not, in one line; free() it.
 *
 * "1894 objects decoded, 0 not, 47 not linked; 577701 lines found, 43254 executed". Not linked are
 * objects with notes that the snapshot does not have.
 */
char *load_describe(const struct cov_kernel *kernel, const struct load_snapshot *snapshot);

/**
 * load_trial() - what a manifest says of its trial; all but the kernel.
 * @snapshot: where it is, or NULL
 * @text:     the manifest as it was written
 *
 * Texts are borrowed from all three.
 */
struct store_trial load_trial(const struct cov_manifest *manifest, const char *snapshot,
			      const char *text);

#endif
