/* verify_text.h - read what a gcov without JSON prints. */
#ifndef COLLECTOR_VERIFY_VERIFY_TEXT_H
#define COLLECTOR_VERIFY_VERIFY_TEXT_H

struct facts;

/**
 * verify_text_state() - what annotated sources say, as `gcov -b -c` prints them.
 * @text:  of llvm-cov gcov, or of gcov before 8, ended by NUL; written to
 * @roots: of the kernel; names become relative to them
 * @facts: added to; without details
 */
void verify_text_state(char *text, const char *const roots[2], struct facts *facts);

#endif
