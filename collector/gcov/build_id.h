/* build_id.h - the GNU build id of a kernel image. */
#ifndef COLLECTOR_GCOV_BUILD_ID_H
#define COLLECTOR_GCOV_BUILD_ID_H

struct cov_error;

enum { COV_BUILD_ID_TEXT_BYTES = 2 * 32 + 1 };

/**
 * build_id_read() - the build id of an ELF file, such as a build tree's vmlinux.
 * @ret: [COV_BUILD_ID_TEXT_BYTES], lower-case hexadecimal
 *
 * Return: 0; COV_ERR_SYSTEM if it cannot be read; COV_ERR_FORMAT if it is not ELF or has none.
 */
int build_id_read(const char *path, char *ret, struct cov_error *err);

#endif
