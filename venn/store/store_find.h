/* store_find.h - what of a kernel has a word in its name: functions, files, directories, platforms,
 * workloads. */
#ifndef VENN_STORE_STORE_FIND_H
#define VENN_STORE_STORE_FIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct store;

/* What there are fewest of comes first. */
enum store_find_kind {
	STORE_FIND_PLATFORM,
	STORE_FIND_WORKLOAD,
	STORE_FIND_DIRECTORY,
	STORE_FIND_FILE,
	STORE_FIND_FUNCTION,
};

/* A name that has the word in it. */
struct store_find_hit {
	enum store_find_kind kind;
	char *name; /* owned */
	char *file; /* of a function; else NULL; owned */
	int64_t start_line;
	int64_t end_line; /* of a function; 0: unknown */
};

/* By kind, those that are the word itself first, then by name and file. */
struct store_find_hits {
	struct store_find_hit *items; /* [count]; owned */
	size_t count;
	size_t capacity;
};

void store_find_deinit(struct store_find_hits *hits);
COV_DEFINE_AUTO_STRUCT(struct store_find_hits, store_find_deinit)

/** store_find_is_glob() - whether a word is a shell pattern. */
bool store_find_is_glob(const char *word);

/** store_find_is_hit() - whether a name has the word in it, whatever the case, or fits a pattern.
 */
bool store_find_is_hit(const char *word, const char *name);

/**
 * store_find() - all that has a word in its name.
 * @word: a part of a name, whatever the case; or a shell pattern, of the whole name
 * @ret:  a function of several objects is there once; free with store_find_deinit()
 */
int store_find(struct store *store, int64_t kernel_id, const char *word,
	       struct store_find_hits *ret, struct cov_error *err);

/**
 * store_find_named() - the functions of a name, if there are any.
 * @file: in which, or the end of its path; NULL: in any
 * @ret:  zeroed; free with store_find_deinit(), also on failure
 */
int store_find_named(struct store *store, int64_t kernel_id, const char *file, const char *name,
		     struct store_find_hits *ret, struct cov_error *err);

/**
 * store_find_function() - the same.
 *
 * Return: 0; COV_ERR_MISMATCH with one that may have been meant, if there is none.
 */
int store_find_function(struct store *store, int64_t kernel_id, const char *file, const char *name,
			struct store_find_hits *ret, struct cov_error *err);

/**
 * store_find_function_fail() - say that there is no such function, and which it may have been.
 * @where: "" or where it was looked for: " in net/core/dev.c"
 *
 * Return: COV_ERR_MISMATCH; COV_ERR_STORE.
 */
int store_find_function_fail(struct store *store, int64_t kernel_id, const char *name,
			     const char *where, struct cov_error *err);

#endif
