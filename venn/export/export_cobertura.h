/* export_cobertura.h - counts as Cobertura XML; see docs/exchange.md. */
#ifndef VENN_EXPORT_EXPORT_COBERTURA_H
#define VENN_EXPORT_EXPORT_COBERTURA_H

#include <stdio.h>

#include "collector/collector.h"

/**
 * export_cobertura() - XML that follows Cobertura's DTD, version 04.
 * @root: the directory of relative paths, or ""
 *
 * What XML cannot have in a name is written as cov_text_add_shown() does. Errors of the stream are
 * left for the caller's ferror(); without memory the program ends.
 */
void export_cobertura(const struct cov_tracefile *tracefile, const char *root, FILE *out);

#endif
