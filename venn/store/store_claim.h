/* store_claim.h - ask the database the question of a claim. */
#ifndef VENN_STORE_STORE_CLAIM_H
#define VENN_STORE_STORE_CLAIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct store;

enum store_name_kind { STORE_NAME_PLATFORM, STORE_NAME_WORKLOAD, STORE_NAME_PHASE };

/** store_claim_choose_platform() - the first of some names that the database has; NULL if it has
 * none. free() it. */
int store_claim_choose_platform(struct store *store, const char *const *names, size_t count,
				char **ret, struct cov_error *err);

/**
 * store_claim_choose_workload() - the same of workloads and groups, or of a phase of them.
 * @phase: "steady": "cpu" stands for "cpu.steady", as does "cpu.steady"; NULL: of whole trials
 */
int store_claim_choose_workload(struct store *store, const char *phase, const char *const *names,
				size_t count, char **ret, struct cov_error *err);

/* What a name in a query stands for. */
struct store_value {
	enum store_name_kind kind;
	const char *name; /* "lxc" for :lxc */
	char *text;       /* NULL: not known */
};

struct store_question {
	const char *query;    /* SELECT of one row; ":analysis" is the id of an analysis */
	const char *expected; /* a condition over its columns, or NULL */
	int64_t limit_ns;     /* how long it may take each time */
};

/* What a question is asked with. All borrowed. */
struct store_claim_asked {
	int64_t analysis_id;
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
	char *got;        /* the columns' names and values; owned */
	bool is_emulated; /* it says that its numbers are of an emulated processor */
};

void store_claim_answer_deinit(struct store_answer *answer);
COV_DEFINE_AUTO_STRUCT(struct store_answer, store_claim_answer_deinit)

/* Asks questions, and remembers which footprints there are. */
struct store_asker;

/**
 * store_claim_begin() - ask questions of a database, of which all else is only read meanwhile.
 * @ret: release with store_claim_end()
 *
 * Return: 0; COV_ERR_STORE.
 */
int store_claim_begin(struct store *store, struct store_asker **ret, struct cov_error *err);

void store_claim_end(struct store_asker *asker);
COV_DEFINE_AUTO(struct store_asker *, store_claim_end)

/**
 * store_claim_ask() - ask a question, once with each of several.
 * @asked: [@count]; their texts outlive @asker
 * @ret:   [@count], zeroed; free with store_claim_answer_deinit(), also on failure
 *
 * A platform that was not run with each workload that the query names, or with a part of such a
 * group that another of its platforms was run with, is NULL there: it has no numbers, not zeros.
 * What has such a column was not measured.
 *
 * The query can only read, for as long as it is given, with 256 MiB of memory.
 *
 * Return: 0; COV_ERR_FORMAT if the query or the condition is not SQL, gives several rows, or needs
 *         more time or memory; COV_ERR_STORE.
 */
int store_claim_ask(struct store_asker *asker, const struct store_question *question,
		    const struct store_claim_asked *asked, size_t count, struct store_answer *ret,
		    struct cov_error *err);

#endif
