/* store_source.h - the source text of a kernel's files, kept with it. */
#ifndef VENN_STORE_STORE_SOURCE_H
#define VENN_STORE_STORE_SOURCE_H

#include <stddef.h>
#include <stdint.h>

struct cov_error;
struct store;

/* Its table, of version 10. */
#define STORE_SOURCE_SCHEMA                                                                        \
	"CREATE TABLE source ("                                                                    \
	" kernel_id INTEGER NOT NULL REFERENCES kernel ON DELETE CASCADE,"                         \
	" file_id INTEGER NOT NULL,"                                                               \
	" text BLOB NOT NULL,"                                                                     \
	" PRIMARY KEY (kernel_id, file_id)"                                                        \
	") STRICT;"

/** store_source_add() - keep the text of a file of a kernel that was just added. */
int store_source_add(struct store *store, int64_t kernel_id, int64_t file_id, const void *text,
		     size_t size, struct cov_error *err);

/**
 * store_source_read() - the text of a file.
 * @ret: with a NUL after @size_out bytes; NULL: none is kept; free() it
 *
 * Return: 0; COV_ERR_STORE, also if it is damaged.
 */
int store_source_read(struct store *store, int64_t kernel_id, int64_t file_id, char **ret,
		      size_t *size_out, struct cov_error *err);

#endif
