/* facts.h - what covdb and a gcov say of an object, in one form, to be compared. */
#ifndef COLLECTOR_VERIFY_FACTS_H
#define COLLECTOR_VERIFY_FACTS_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"

/* One statement about an object, from covdb or from gcov. */
struct fact {
	enum fact_kind { FACT_LINE, FACT_FUNCTION, FACT_BRANCH } kind;
	const char *file; /* as covdb shows it; of gcov: verify_place() */
	const char *name; /* of a function, else "" */
	int64_t line;
	int64_t count; /* of the line or branch; calls of the function */
	/* a branch's PLAN_BRANCH_* flags; a function's executed blocks; 0 where not compared */
	int64_t detail;
};

struct facts {
	struct fact *items; /* [count]; owned */
	size_t count, capacity;
	struct cov_arena arena; /* of texts that nobody else owns */
};

static inline void facts_add(struct facts *facts, struct fact fact)
{
	facts->items =
	    cov_grow(facts->items, facts->count, &facts->capacity, sizeof(*facts->items));
	facts->items[facts->count++] = fact;
}

static inline void facts_deinit(struct facts *facts)
{
	free(facts->items);
	cov_arena_deinit(&facts->arena);
}

COV_DEFINE_AUTO_STRUCT(struct facts, facts_deinit)

#endif
