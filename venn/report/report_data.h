/*
 * report_data.h - a part of the report's data as a script that the page can load from disk.
 *
 * A page opened from disk can load nothing but scripts. So each part of the data is a script,
 * data/NAME.js, that hands the page a name and a text: JSON, compressed with gzip, in base64. Parts
 * are loaded when a view needs them. venn/report/page/data.js reads what these modules write; a
 * change to either needs a new REPORT_FORMAT.
 */
#ifndef VENN_REPORT_REPORT_DATA_H
#define VENN_REPORT_REPORT_DATA_H

#include <stddef.h>

#include "collector/base/text.h"

struct cov_error;

enum { REPORT_FORMAT = 3 };

/**
 * report_data_write() - write one part of the data.
 * @json: its text; empty afterwards
 * @size: bytes written are added
 */
int report_data_write(const char *directory, const char *name, struct cov_text *json, size_t *size,
		      struct cov_error *err);

#endif
