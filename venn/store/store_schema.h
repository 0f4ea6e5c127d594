/* store_schema.h - the tables of a new database. */
#ifndef VENN_STORE_STORE_SCHEMA_H
#define VENN_STORE_STORE_SCHEMA_H

/* The version that store_schema makes. */
enum { STORE_SCHEMA_VERSION = 11 };

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

/* What version 8 adds to version 7. Names, not ids: a profile takes no part in what is counted. */
#define STORE_SCHEMA_PROFILE                                                                       \
	"CREATE TABLE profile ("                                                                   \
	" profile_id INTEGER PRIMARY KEY,"                                                         \
	" kernel_id INTEGER NOT NULL REFERENCES kernel ON DELETE CASCADE,"                         \
	" platform TEXT NOT NULL,"                                                                 \
	" workload TEXT NOT NULL,"                                                                 \
	" number INTEGER NOT NULL,"                                                                \
	" started_at TEXT,"                                                                        \
	" duration_ns INTEGER NOT NULL,"                                                           \
	" event TEXT NOT NULL,"                                                                    \
	" frequency_hz INTEGER NOT NULL,"                                                          \
	" samples INTEGER NOT NULL,"                                                               \
	" lost INTEGER NOT NULL,"                                                                  \
	" is_emulated INTEGER NOT NULL"                                                            \
	") STRICT;"                                                                                \
	"CREATE TABLE profile_stack ("                                                             \
	" profile_id INTEGER NOT NULL REFERENCES profile ON DELETE CASCADE,"                       \
	" stack TEXT NOT NULL,"                                                                    \
	" samples INTEGER NOT NULL,"                                                               \
	" PRIMARY KEY (profile_id, stack)"                                                         \
	") STRICT, WITHOUT ROWID;"

#endif
