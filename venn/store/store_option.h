/* store_option.h - which options of a kernel's configuration its objects need. */
#ifndef VENN_STORE_STORE_OPTION_H
#define VENN_STORE_STORE_OPTION_H

#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "collector/collector.h"

struct cov_error;
struct store;

/* Its table, of version 10. A kernel without a row is one of which it is unknown. */
#define STORE_OPTION_SCHEMA                                                                        \
	"CREATE TABLE object_option ("                                                             \
	" kernel_id INTEGER NOT NULL REFERENCES kernel ON DELETE CASCADE,"                         \
	" option TEXT NOT NULL,"                                                                   \
	" path TEXT NOT NULL,"                                                                     \
	" PRIMARY KEY (kernel_id, option, path)"                                                   \
	") STRICT, WITHOUT ROWID;"

/** store_option_add() - write them for a kernel that was just added. */
int store_option_add(struct store *store, int64_t kernel_id,
		     const struct cov_kernel_options *options, struct cov_error *err);

/** store_option_list() - those of a kernel, none if it is unknown. @ret: as kernel_options_read()
 */
int store_option_list(struct store *store, int64_t kernel_id, struct cov_kernel_options *ret,
		      struct cov_error *err);

#endif
