/* cve_folder.h - all records of a copy of the kernel's archive of CVEs. */
#ifndef VENN_EXPOSURE_CVE_FOLDER_H
#define VENN_EXPOSURE_CVE_FOLDER_H

#include <stddef.h>

#include "venn/store/store_cve.h"

struct cov_error;

struct cve_folder {
	struct store_cve *cves; /* [count], by name of their files; owned */
	size_t count;
	struct store_cve_texts rejected; /* names; owned */
	struct store_cve_texts problems; /* a line for each that cannot be used; owned */
};

/**
 * cve_folder_read() - read the records below a folder.
 * @path: of the archive, with cve/published in it, or any folder of CVE-*.json
 * @ret:  filled on success; free with cve_folder_deinit()
 *
 * Return: 0, also if some are none; COV_ERR_SYSTEM if the system does not give one, or a folder;
 *         COV_ERR_FORMAT if there is none in it.
 */
int cve_folder_read(const char *path, struct cve_folder *ret, struct cov_error *err);

void cve_folder_deinit(struct cve_folder *folder);
COV_DEFINE_AUTO_STRUCT(struct cve_folder, cve_folder_deinit)

#endif
