/* report_assets.h - the files of the page itself, as they were built into the program. */
#ifndef VENN_REPORT_REPORT_ASSETS_H
#define VENN_REPORT_REPORT_ASSETS_H

#include <stddef.h>

/* A file of the page itself, as it was built into the program. */
struct report_asset {
	const char *name;
	const unsigned char *data; /* [size] */
	size_t size;
};

/** report_assets() - all of them. */
const struct report_asset *report_assets(size_t *count);

#endif
