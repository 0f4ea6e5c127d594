/* export_write.h - counts in the formats of tools other than lcov; see docs/exchange.md. */
#ifndef VENN_EXPORT_EXPORT_WRITE_H
#define VENN_EXPORT_EXPORT_WRITE_H

#include <stdbool.h>
#include <stdio.h>

#include "collector/collector.h"

/*
 * The writers of @tracefile. In JSON names that are not UTF-8 have the form of utf8.h. Errors of
 * the stream are left for the caller's ferror().
 */

/** export_write_syzkaller() - JSON lines as syz-manager's /cover?jsonl=1 gives them. */
void export_write_syzkaller(const struct cov_tracefile *tracefile, FILE *out);

/** export_write_json() - {"files": [{"file", "lines": [...], "functions": [...]}]}. */
void export_write_json(const struct cov_tracefile *tracefile, FILE *out);

/** export_write_csv() - rows file,line,count. @is_safe: as in cov_csv_write() */
void export_write_csv(const struct cov_tracefile *tracefile, bool is_safe, FILE *out);

#endif
