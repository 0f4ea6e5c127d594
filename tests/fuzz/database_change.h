/* database_change.h - changes to a database that covdb would not make, as an input lists them. */
#ifndef TESTS_FUZZ_DATABASE_CHANGE_H
#define TESTS_FUZZ_DATABASE_CHANGE_H

#include <stddef.h>
#include <stdint.h>

/* A database in memory. */
struct database_study {
	unsigned char *bytes; /* [size]; owned */
	size_t size;
};

/** database_read() - the study in db.sqlite, with a metric, a profile, system calls, small pages.
 */
void database_read(struct database_study *ret);

/**
 * database_change() - write db.sqlite: the study with the changes that an input lists.
 *
 * Each change is six bytes, the first its kind: a value of a column, which may be of any type and
 * size; an object of the schema; some bytes of the file.
 */
void database_change(const struct database_study *study, const uint8_t *data, size_t size);

/** database_write() - a file of @size bytes. */
void database_write(const char *path, const void *data, size_t size);

#endif
