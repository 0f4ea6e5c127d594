/* fail_call.h - what the program fail_call and the library that it loads agree on. */
#ifndef TESTS_FAULTS_FAIL_CALL_H
#define TESTS_FAULTS_FAIL_CALL_H

/* First argument of the prctl() by which the library tells that the loader is done: no call of
 * Linux. */
#define FAIL_CALL_BEGIN 0x636f7664

/*
 * Which call of malloc(), calloc() or realloc() fails: its number; with a + behind, all later ones,
 * too; or "list", for the numbers of those calls that have a stack of their own.
 */
#define FAIL_MALLOC_VARIABLE "FAIL_MALLOC"

/* The file that the library tells in: a line per number that is listed, or that the call failed. */
#define FAIL_REPORT_VARIABLE "FAIL_REPORT"

#endif
