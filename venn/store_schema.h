/* store_schema.h - the tables of a new database. */
#ifndef VENN_STORE_SCHEMA_H
#define VENN_STORE_SCHEMA_H

/* SQL that makes all tables and views and sets user_version; docs/schema.md describes them. */
extern const char store_schema[];

#endif
