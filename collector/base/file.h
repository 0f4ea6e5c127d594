/* file.h - read a whole file, replace a file in one step. */
#ifndef COLLECTOR_BASE_FILE_H
#define COLLECTOR_BASE_FILE_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>

struct cov_error;

/**
 * cov_file_read() - read a file to its end.
 * @path:     the file; its size as stat() gives it is not trusted, debugfs says 0
 * @data_out: its bytes with a NUL after them (not counted); free() them
 * @size_out: bytes in @data_out
 * @err:      names @path
 *
 * Return: 0; COV_ERR_SYSTEM if it cannot be read, COV_ERR_FORMAT above 1 GiB.
 */
int cov_file_read(const char *path, char **data_out, size_t *size_out, struct cov_error *err);

/**
 * cov_file_reread() - cov_file_read() into memory that serves for file after file.
 * @data:     [@capacity], or NULL at first; grown as needed; free() it after the last file
 * @capacity: bytes of @data; updated
 * @size_out: bytes read
 */
int cov_file_reread(const char *path, char **data, size_t *capacity, size_t *size_out,
		    struct cov_error *err);

/**
 * cov_file_replace() - put @size bytes at @path, so that a reader sees the old file or the new one.
 * @err: names @path
 *
 * Until then they are in a new file beside it, PATH.*.partial, under a name that nobody could make
 * before; a link at @path is replaced, not followed. The bytes are on the disk before they take the
 * place of the old ones; the new name may reach it later, since the directory is not synced.
 *
 * Return: 0; COV_ERR_SYSTEM.
 */
int cov_file_replace(const char *path, const void *data, size_t size, struct cov_error *err);

/** cov_directory_make() - mkdir -p. Return: 0; COV_ERR_SYSTEM. */
int cov_directory_make(const char *path, struct cov_error *err);

/**
 * cov_entry_type() - DT_DIR, DT_REG, DT_LNK or another type, links not followed.
 * @directory: that @entry was read from
 *
 * Some file systems leave it to stat(). Return: DT_UNKNOWN if that fails as well.
 */
unsigned char cov_entry_type(int directory, const struct dirent *entry);

/** cov_is_directory() - whether @path is one, links followed. */
bool cov_is_directory(const char *path);

#endif
