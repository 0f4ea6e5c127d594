/*
 * record.h - one record of the kernel's CVE numbering authority.
 *
 * Format: CVE record 5.1 (JSON), as published in cve/published/YEAR of its archive, with .dyad, the
 * pairs of introducing and fixing commits, and .sha1, the fixes upstream, beside it.
 */
#ifndef VENN_EXPOSURE_RECORD_H
#define VENN_EXPOSURE_RECORD_H

#include <stdbool.h>
#include <stddef.h>

struct cov_error;
struct store_cve;

/**
 * record_parse() - read a record.
 * @data: [@size], the .json
 * @path: for messages
 * @has_versions: set to whether it names versions, not commits alone
 * @out:  filled on success, without fixes; free with store_cve_deinit()
 *
 * Return: 1; 0 if it was withdrawn (REJECTED) and has but a name; COV_ERR_FORMAT if it is no JSON
 * or no CVE record of the kernel.
 */
int record_parse(const void *data, size_t size, const char *path, bool *has_versions,
		 struct store_cve *out, struct cov_error *err);

/**
 * record_parse_pairs() - add what the .dyad says: fixes, and the versions affected unless the
 * record itself has them.
 * @text:         ends with NUL
 * @has_versions: of record_parse()
 *
 * Return: 0; COV_ERR_FORMAT with the line that is none of it.
 */
int record_parse_pairs(const char *text, const char *path, bool has_versions,
		       struct store_cve *record, struct cov_error *err);

#endif
