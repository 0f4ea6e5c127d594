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

/**
 * verify_text_cut() - what `llvm-cov gcov -t` prints of one object, of several that it was given.
 * @rest:  the text from there on, ended by NUL; moves behind what is returned, written to
 * @graph: the object's notes, as llvm-cov names them
 *
 * Return: the text of that object, empty if what follows is not of it.
 */
char *verify_text_cut(char **rest, const char *graph);

#endif
