/* export_write.h - counts in the formats of tools other than lcov; see docs/exchange.md. */
#ifndef VENN_EXPORT_EXPORT_WRITE_H
#define VENN_EXPORT_EXPORT_WRITE_H

#include <stdio.h>

#include "collector/collector.h"

struct cov_error;

/**
 * export_write_check() - whether all paths and names can stand in XML and JSON.
 *
 * Return: 0; COV_ERR_FORMAT if one is not UTF-8 or has control characters.
 */
int export_write_check(const struct cov_tracefile *tracefile, struct cov_error *err);

/*
 * The writers of @tracefile; texts must have passed export_write_check(). Errors of the stream are
 * left for the caller's ferror().
 */

/** export_write_syzkaller() - JSON lines as syz-manager's /cover?jsonl=1 gives them. */
void export_write_syzkaller(const struct cov_tracefile *tracefile, FILE *out);

/** export_write_json() - {"files": [{"file", "lines": [...], "functions": [...]}]}. */
void export_write_json(const struct cov_tracefile *tracefile, FILE *out);

/** export_write_csv() - rows file,line,count. */
void export_write_csv(const struct cov_tracefile *tracefile, FILE *out);

#endif
