/* store_cve_schema.h - the tables of records of known vulnerabilities. */
#ifndef VENN_STORE_STORE_CVE_SCHEMA_H
#define VENN_STORE_STORE_CVE_SCHEMA_H

/* The tables of records, of version 10. Of a kernel there is what a git says of fixes alone. */
#define STORE_CVE_SCHEMA                                                                           \
	"CREATE TABLE cve ("                                                                       \
	" cve_id INTEGER PRIMARY KEY,"                                                             \
	" name TEXT NOT NULL UNIQUE,"                                                              \
	" title TEXT NOT NULL,"                                                                    \
	" score REAL,"                                                                             \
	" vector TEXT NOT NULL,"                                                                   \
	" words TEXT NOT NULL"                                                                     \
	") STRICT;"                                                                                \
	"CREATE TABLE cve_version ("                                                               \
	" cve_id INTEGER NOT NULL REFERENCES cve ON DELETE CASCADE,"                               \
	" first INTEGER NOT NULL,"                                                                 \
	" behind INTEGER NOT NULL,"                                                                \
	" PRIMARY KEY (cve_id, first)"                                                             \
	") STRICT, WITHOUT ROWID;"                                                                 \
	"CREATE TABLE cve_fix ("                                                                   \
	" cve_id INTEGER NOT NULL REFERENCES cve ON DELETE CASCADE,"                               \
	" version INTEGER NOT NULL,"                                                               \
	" commit_id TEXT NOT NULL,"                                                                \
	" PRIMARY KEY (cve_id, version, commit_id)"                                                \
	") STRICT, WITHOUT ROWID;"                                                                 \
	"CREATE INDEX cve_fix_version ON cve_fix (version);"                                       \
	"CREATE TABLE cve_file ("                                                                  \
	" cve_id INTEGER NOT NULL REFERENCES cve ON DELETE CASCADE,"                               \
	" path TEXT NOT NULL,"                                                                     \
	" PRIMARY KEY (cve_id, path)"                                                              \
	") STRICT, WITHOUT ROWID;"                                                                 \
	"CREATE TABLE cve_git ("                                                                   \
	" kernel_id INTEGER NOT NULL REFERENCES kernel ON DELETE CASCADE,"                         \
	" cve_id INTEGER NOT NULL REFERENCES cve ON DELETE CASCADE,"                               \
	" commit_id TEXT NOT NULL,"                                                                \
	" is_in_source INTEGER NOT NULL,"                                                          \
	" PRIMARY KEY (cve_id, kernel_id)"                                                         \
	") STRICT, WITHOUT ROWID;"                                                                 \
	"CREATE TABLE cve_line ("                                                                  \
	" kernel_id INTEGER NOT NULL REFERENCES kernel ON DELETE CASCADE,"                         \
	" cve_id INTEGER NOT NULL REFERENCES cve ON DELETE CASCADE,"                               \
	" path TEXT NOT NULL,"                                                                     \
	" first INTEGER NOT NULL,"                                                                 \
	" last INTEGER NOT NULL,"                                                                  \
	" is_exact INTEGER NOT NULL,"                                                              \
	" PRIMARY KEY (cve_id, kernel_id, path, first, last)"                                      \
	") STRICT, WITHOUT ROWID;"

#endif
