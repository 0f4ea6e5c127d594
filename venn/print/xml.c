/* xml.c - libxml2 writes, or the program ends. */
#include "venn/print/xml.h"

#include <libxml/xmlerror.h>
#include <libxml/xmlmemory.h>
#include <stdlib.h>

#include "collector/base/memory.h"

static void keep_quiet(void *context, const char *format, ...)
{
	(void)context;
	(void)format;
}

void xml_begin(void)
{
	/* Its writer ignores that a list had no memory for an element, which then is not closed. */
	xml_check(xmlMemSetup(free, cov_xmalloc, cov_xrealloc, cov_xstrdup));
	xmlSetGenericErrorFunc(NULL, keep_quiet);
}

void xml_check(int result)
{
	if (result < 0)
		cov_out_of_memory();
}
