/* claims_check.h - what a study says about claims: each one's query and its condition. */
#ifndef VENN_QUESTIONS_CLAIMS_CHECK_H
#define VENN_QUESTIONS_CLAIMS_CHECK_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "venn/questions/claims.h"
#include "venn/store/store_claim.h"

struct cov_error;
struct store;

/* How long the query of a claim may take unless something else is asked for. */
static const int64_t claims_check_limit_ns = 60 * (int64_t)1000000000;

/* What is asked of the claims. */
struct claims_asked {
	int64_t analysis_id;
	const char *phase; /* "steady": of that part of all trials; NULL: of the whole */
	int64_t limit_ns;  /* how long each query may take */
};

/* The claims, what their names stand for here, and the answers. */
struct claims_checked {
	struct claims claims;         /* owned, or those of another */
	struct store_value *values;   /* [value_count]; owned, as are its texts */
	struct store_answer *answers; /* [claims.count]; owned */
	size_t value_count;
};

/**
 * claims_check() - read a file of claims and ask a database about each.
 * @path: kept
 * @ret:  free with claims_check_deinit(), also on failure
 *
 * Return: 0; COV_ERR_SYSTEM, COV_ERR_STORE; COV_ERR_FORMAT if the file or a query is malformed.
 */
int claims_check(const char *path, struct store *store, const struct claims_asked *asked,
		 struct claims_checked *ret, struct cov_error *err);

/**
 * claims_check_all() - the same for several analyses or phases, in less time.
 * @asked: [@count]
 * @ret:   [@count], zeroed; the first owns the claims of all; free with claims_check_deinit(), also
 *         on failure
 */
int claims_check_all(const char *path, struct store *store, const struct claims_asked *asked,
		     size_t count, struct claims_checked *ret, struct cov_error *err);

/**
 * claims_check_begin() - what the names of claims stand for; nothing is asked yet.
 * @claims: outlive @ret
 * @ret:    zeroed; free with claims_check_deinit(), also on failure
 */
int claims_check_begin(const struct claims *claims, struct store *store,
		       const struct claims_asked *asked, struct claims_checked *ret,
		       struct cov_error *err);

/**
 * claims_check_ask() - ask about the claim @index.
 * @asker: of the thread; several may ask, each about other claims
 * @ret:   of claims_check_begin(); its answer is filled in
 */
int claims_check_ask(struct store_asker *asker, const struct claims_asked *asked, size_t index,
		     struct claims_checked *ret, struct cov_error *err);

enum claims_verdict {
	CLAIMS_HOLDS,
	CLAIMS_DIFFERS,
	CLAIMS_UNMEASURED,
	CLAIMS_NOT_COMPARABLE, /* measured on an emulated processor */
	CLAIMS_INFORMATIONAL,
	CLAIMS_VERDICTS
};

enum claims_verdict claims_check_kind(const struct claims_checked *check, size_t index);

/** claims_check_verdict() - "holds", "differs", "not measured", "not comparable", "for
 * information". */
const char *claims_check_verdict(const struct claims_checked *check, size_t index);

void claims_check_deinit(struct claims_checked *check);
COV_DEFINE_AUTO_STRUCT(struct claims_checked, claims_check_deinit)

#endif
