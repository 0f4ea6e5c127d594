/*
 * generated.h - what parts.c claims that its lines 4 and 5 are; nobody includes it.
 * The source of a generator would stand here.
 * if (...) return ...;
 * return ...; } static int twin(int n) { ... }
 */
