/* store_cve.h - records of known vulnerabilities, and which of them concern a kernel. */
#ifndef VENN_STORE_STORE_CVE_H
#define VENN_STORE_STORE_CVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "venn/sets/version.h"

struct cov_error;
struct store;
struct store_query;

/* The commit that fixes it in a version. */
struct store_cve_fix {
	int64_t version; /* version.h */
	char *commit;    /* 40 hexadecimal digits; owned */
};

struct store_cve_texts {
	char **items; /* [count]; owned, as is each */
	size_t count, capacity;
};

/* A record. All texts are owned. */
struct store_cve {
	int64_t id;   /* once it is stored */
	char *name;   /* "CVE-2024-26642" */
	char *title;  /* of the fix, may be "" */
	double score; /* CVSS 3.1 base score; NAN: there is none */
	char *vector; /* CVSS 3.1, or "" */
	/* Identifiers that its text has, each once, sorted and joined by spaces: those with '_',
	 * and those before '('. */
	char *words;
	struct store_cve_texts files; /* sorted, each once: as the record names them */
	struct version_ranges affected;
	struct store_cve_fix *fixes; /* [fix_count], by version; owned */
	size_t fix_count, fix_capacity;
};

void store_cve_deinit(struct store_cve *cve);
COV_DEFINE_AUTO_STRUCT(struct store_cve, store_cve_deinit)

/**
 * store_cve_put() - write records, each in place of the one of its name.
 * @cves:     [@count]
 * @rejected: names: these go
 * @removed:  set to how many of these there were
 */
int store_cve_put(struct store *store, const struct store_cve *cves, size_t count,
		  const struct store_cve_texts *rejected, size_t *removed, struct cov_error *err);

/* What is known of all records together, for a version. */
struct store_cve_state {
	int64_t records;
	int64_t newest_fix; /* of the version's branch that any record names; 0: none */
};

int store_cve_state(struct store *store, int64_t version, struct store_cve_state *ret,
		    struct cov_error *err);

/* A file that a record names, of a kernel. */
struct store_cve_file {
	char *path;         /* owned */
	int64_t file_id;    /* -1: no line of it is instrumented */
	int64_t line_first; /* its line ids */
	int64_t line_count;
	bool is_compiled; /* by a command that is known */
};

/* Lines of a file that a fix is about. */
struct store_cve_line {
	char *path; /* owned */
	int64_t first, last;
	bool is_exact; /* false: what was there is written otherwise in this kernel */
};

/* A record that concerns a kernel. */
struct store_cve_concern {
	int64_t id;
	char *name, *title, *vector, *words; /* owned */
	double score;                        /* NAN: there is none */
	int64_t fixed;                /* the next version that has the fix; 0: none is known */
	struct store_cve_file *files; /* [file_count]; owned */
	size_t file_count, file_capacity;
	struct store_cve_line *lines; /* [line_count], of a git; owned */
	size_t line_count, line_capacity;
	bool is_in_source; /* the git says that the kernel's source has the fix */
};

struct store_cve_concerns {
	struct store_cve_concern *items; /* [count], by name; owned */
	size_t count, capacity;
};

void store_cve_concern_deinit(struct store_cve_concerns *concerns);
COV_DEFINE_AUTO_STRUCT(struct store_cve_concerns, store_cve_concern_deinit)

/**
 * store_cve_concern() - the records that apply to a version.
 * @kernel_id: whose files they are looked up in
 * @ret:       free with store_cve_concern_deinit()
 */
int store_cve_concern(struct store *store, int64_t kernel_id, int64_t version,
		      struct store_cve_concerns *ret, struct cov_error *err);

/* A function of a kernel's file. */
struct store_cve_function {
	int64_t file_id;
	int64_t first, last; /* lines */
	char *name;          /* owned */
};

struct store_cve_functions {
	struct store_cve_function *items; /* [count], by file, name, then line; owned */
	size_t count, capacity;
};

void store_cve_functions_deinit(struct store_cve_functions *functions);
COV_DEFINE_AUTO_STRUCT(struct store_cve_functions, store_cve_functions_deinit)

/**
 * store_cve_functions() - the functions of the files that records name.
 * @is_wanted: [file_id]
 * @file_count: of @is_wanted
 */
int store_cve_functions(struct store *store, int64_t kernel_id, const bool *is_wanted,
			size_t file_count, struct store_cve_functions *ret, struct cov_error *err);

/**
 * store_cve_trials() - how often what was not observed was not.
 * @ret: [query->platform_count], trials of the workload that has the fewest
 */
int store_cve_trials(struct store *store, const struct store_query *query, int64_t *ret,
		     struct cov_error *err);

#endif
