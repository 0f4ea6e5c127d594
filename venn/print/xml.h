/* xml.h - libxml2 writes, or the program ends: what it writes to is memory or a stream of our own.
 */
#ifndef VENN_PRINT_XML_H
#define VENN_PRINT_XML_H

#include <xml_late.h> /* what libxml2 declares */

/**
 * xml_begin() - before anything else of libxml2, which it loads: without memory it ends the program
 * as cov_xmalloc() does, and it prints nothing of its own. Where it is not there the program ends,
 * too.
 */
void xml_begin(void);

/** xml_check() - end the program if @result, of a function of libxml2, is below zero. */
void xml_check(int result);

#endif
