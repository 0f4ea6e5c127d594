/* xml.h - libxml2 writes, or the program ends: what it writes to is memory or a stream of our own.
 */
#ifndef VENN_PRINT_XML_H
#define VENN_PRINT_XML_H

/**
 * xml_begin() - before anything else of libxml2: without memory it ends the program as
 * cov_xmalloc() does, and it prints nothing of its own.
 */
void xml_begin(void);

/** xml_check() - end the program if @result, of a function of libxml2, is below zero. */
void xml_check(int result);

#endif
