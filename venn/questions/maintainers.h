/*
 * maintainers.h - the MAINTAINERS file of a kernel tree: which subsystems a file belongs to.
 *
 * Source: the head of MAINTAINERS, and scripts/get_maintainer.pl for what it leaves open. F: and X:
 * are names with wildcards, where * also matches slashes; with a slash at the end, everything
 * below; else files of the same depth whose path begins so. N: is a regular expression. X: excludes
 * from its own section. Sections are identified by their title.
 */
#ifndef VENN_QUESTIONS_MAINTAINERS_H
#define VENN_QUESTIONS_MAINTAINERS_H

#include <stddef.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct maintainers_pattern;

struct maintainers {
	char *text;              /* the file, cut into lines; owned */
	const char **subsystems; /* [subsystem_count], titles in @text; owned */
	size_t subsystem_count;
	size_t subsystem_capacity;
	struct maintainers_pattern *patterns; /* [pattern_count], by subsystem; owned */
	size_t pattern_count;
	size_t pattern_capacity;
};

/**
 * maintainers_read() - read MAINTAINERS of a kernel's source tree.
 * @ret: filled on success; free with maintainers_deinit()
 * @err: with file and line
 *
 * Return: 0; COV_ERR_SYSTEM; COV_ERR_FORMAT if a pattern is malformed, or if there are none at all.
 */
int maintainers_read(const char *source_tree, struct maintainers *ret, struct cov_error *err);

/** maintainers_deinit() - free what @maintainers owns; a zeroed struct is fine. */
void maintainers_deinit(struct maintainers *maintainers);

COV_DEFINE_AUTO_STRUCT(struct maintainers, maintainers_deinit)

/**
 * maintainers_find() - the subsystems of a file; may be called by several threads.
 * @path: relative to the tree
 * @ret:  [subsystem_count] at least; indices, ascending
 *
 * THE REST, which takes all files, counts only for those of no other subsystem.
 *
 * Return: how many.
 */
size_t maintainers_find(const struct maintainers *maintainers, const char *path, size_t *ret);

#endif
