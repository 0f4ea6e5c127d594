/* store_schema.h - the tables of a new database. */
#ifndef VENN_STORE_STORE_SCHEMA_H
#define VENN_STORE_STORE_SCHEMA_H

/* The version that store_schema makes. */
enum { STORE_SCHEMA_VERSION = 7 };

/*
 * SQL that makes all tables and views and sets user_version, to be run within a transaction;
 * docs/schema.md describes them.
 */
extern const char store_schema[];

/* What version 6 adds to version 5. */
#define STORE_SCHEMA_TRACEFILE                                                                     \
	"CREATE TABLE trial_tracefile ("                                                           \
	" trial_id INTEGER PRIMARY KEY REFERENCES trial ON DELETE CASCADE,"                        \
	" lines BLOB NOT NULL,"                                                                    \
	" functions BLOB NOT NULL,"                                                                \
	" branches BLOB NOT NULL"                                                                  \
	") STRICT;"

#endif
