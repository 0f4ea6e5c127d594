/* verify_place.h - where a name that gcov gives leads, found without what covdb's own names went
 * through. */
#ifndef COLLECTOR_VERIFY_VERIFY_PLACE_H
#define COLLECTOR_VERIFY_VERIFY_PLACE_H

/**
 * verify_place() - the file that gcov means by @given.
 * @cwd:   where gcov says that it was compiled, or ""
 * @roots: of the kernel's build and sources, "" where not known
 *
 * This repeats nothing of gcov/source_path.c, whose faults would otherwise be made on both sides
 * and cancel out.
 *
 * Return: relative to the deepest root that holds it, else as it is, without '.' and '..' where
 *         that can be told; free() it.
 */
char *verify_place(const char *given, const char *cwd, const char *const roots[2]);

#endif
