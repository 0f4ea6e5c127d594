/* counts_write_objects.h - the counts of a snapshot object by object, as rows or as JSON. */
#ifndef COLLECTOR_EXCHANGE_COUNTS_WRITE_OBJECTS_H
#define COLLECTOR_EXCHANGE_COUNTS_WRITE_OBJECTS_H

#include <stdio.h>

struct cov_counters;
struct cov_error;
struct cov_kernel;

/**
 * counts_write_objects_tsv() - rows object<TAB>file<TAB>line<TAB>count, object by object.
 *
 * Return: 0; COV_ERR_FORMAT if a plan in the database is damaged.
 */
int counts_write_objects_tsv(const struct cov_kernel *kernel, const struct cov_counters *counters,
			     FILE *out, struct cov_error *err);

/**
 * counts_write_objects_json() - object by object, with functions, lines, states and branches:
 * {"objects": [{"object", "functions": [...], "files": [{"file", "lines": [...]}]}]}.
 *
 * Return: 0; COV_ERR_FORMAT if a plan in the database is damaged.
 */
int counts_write_objects_json(const struct cov_kernel *kernel, const struct cov_counters *counters,
			      FILE *out, struct cov_error *err);

#endif
