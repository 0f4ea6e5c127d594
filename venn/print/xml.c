/* xml.c - libxml2 writes, or the program ends. */
#include "venn/print/xml.h"

#include <stdlib.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"

static void keep_quiet(void *context, const char *format, ...)
{
	(void)context;
	(void)format;
}

void xml_begin(void)
{
	struct cov_error err;

	if (xml_late_open(&err)) {
		cov_end_begin();
		cov_say("%s", err.message);
		exit(1);
	}
	/* Its writer ignores that a list had no memory for an element, which then is not closed. */
	xml_check(xmlMemSetup(free, cov_xmalloc, cov_xrealloc, cov_xstrdup));
	xmlSetGenericErrorFunc(NULL, keep_quiet);
}

void xml_check(int result)
{
	if (result < 0)
		cov_out_of_memory();
}
