/* store_compiled.h - what a kernel's build compiled, instrumented or not. */
#ifndef VENN_STORE_STORE_COMPILED_H
#define VENN_STORE_STORE_COMPILED_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/collector.h"

struct cov_error;
struct store;

/* Its tables, of version 10. A kernel without a row is one of which it is unknown. */
#define STORE_COMPILED_SCHEMA                                                                      \
	"CREATE TABLE compiled_object ("                                                           \
	" kernel_id INTEGER NOT NULL REFERENCES kernel ON DELETE CASCADE,"                         \
	" path TEXT NOT NULL,"                                                                     \
	" source TEXT NOT NULL,"                                                                   \
	" PRIMARY KEY (kernel_id, path)"                                                           \
	") STRICT, WITHOUT ROWID;"                                                                 \
	"CREATE TABLE compiled_file ("                                                             \
	" kernel_id INTEGER NOT NULL REFERENCES kernel ON DELETE CASCADE,"                         \
	" path TEXT NOT NULL,"                                                                     \
	" PRIMARY KEY (kernel_id, path)"                                                           \
	") STRICT, WITHOUT ROWID;"

/** store_compiled_add() - write it for a kernel that was just added; nothing if it is unknown. */
int store_compiled_add(struct store *store, int64_t kernel_id, const struct cov_compiled *compiled,
		       struct cov_error *err);

/** store_compiled_is_known() - whether it is known of a kernel. */
int store_compiled_is_known(struct store *store, int64_t kernel_id, bool *ret,
			    struct cov_error *err);

#endif
