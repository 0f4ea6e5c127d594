/*
 * build_info.h - which version of its module a Go program was built from.
 *
 * Such a program carries the text that `go version -m` prints: lines of words divided by tabs, of
 * which `mod`, behind `path`, is about the main module.
 */
#ifndef COLLECTOR_PLATFORM_BUILD_INFO_H
#define COLLECTOR_PLATFORM_BUILD_INFO_H

/**
 * build_info_version() - the version of the main module, as "v0.0.0-20260905035102-160fafc42237".
 * @path: of the program
 *
 * Return: free() it; NULL if the file cannot be read or has none.
 */
char *build_info_version(const char *path);

#endif
