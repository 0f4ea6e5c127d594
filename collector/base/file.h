/* file.h - open and read whole files and nothing else, write one, list a folder. */
#ifndef COLLECTOR_BASE_FILE_H
#define COLLECTOR_BASE_FILE_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>

struct cov_error;

/**
 * cov_open_at() - openat() of what is there, however often a signal comes in between.
 * @folder: a descriptor, or AT_FDCWD
 *
 * Return: a descriptor, or -1 with errno.
 */
int cov_open_at(int folder, const char *path, int flags);

/**
 * cov_file_open() - open a file to read it, without ever waiting for somebody else.
 * @fd_out: close() it
 * @err:    names @path, and what it is if it is no file
 *
 * A directory, device, socket or pipe is refused, also behind a link; only a pipe that the caller
 * handed over open, by the name /dev/stdin, /dev/fd/N or /proc/self/fd/N, is read like a file.
 *
 * Return: 0; COV_ERR_SYSTEM if it cannot be opened, COV_ERR_FORMAT if it is no file.
 */
int cov_file_open(const char *path, int *fd_out, struct cov_error *err);

/**
 * cov_file_check() - refuse what is no file and will be opened by a library.
 *
 * Return: 0, also where nothing is; COV_ERR_FORMAT for a directory, device, socket or pipe;
 *         COV_ERR_SYSTEM.
 */
int cov_file_check(const char *path, struct cov_error *err);

/**
 * cov_file_read() - read a file to its end.
 * @path:     as for cov_file_open(); its size as stat() gives it is not trusted, debugfs says 0
 * @data_out: its bytes with a NUL after them (not counted); free() them
 * @size_out: bytes in @data_out
 * @err:      names @path
 *
 * Return: 0; COV_ERR_SYSTEM if it cannot be read, COV_ERR_FORMAT above 1 GiB or if it is no file.
 */
int cov_file_read(const char *path, char **data_out, size_t *size_out, struct cov_error *err);

/** cov_file_read_text() - cov_file_read() of what people write: COV_ERR_FORMAT above 16 MiB. */
int cov_file_read_text(const char *path, char **data_out, size_t *size_out, struct cov_error *err);

/**
 * cov_file_reread() - cov_file_read() into memory that serves for file after file.
 * @data:     [@capacity], or NULL at first; grown as needed; free() it after the last file
 * @capacity: bytes of @data; updated
 * @size_out: bytes read
 */
int cov_file_reread(const char *path, char **data, size_t *capacity, size_t *size_out,
		    struct cov_error *err);

/** cov_write_all() - write() until all is written. Return: 0, or -1 with errno. */
int cov_write_all(int descriptor, const void *data, size_t size);

/**
 * cov_file_replace() - put @size bytes at @path, so that a reader sees the old file or the new one.
 * @err: names @path
 *
 * File and name are on the disk when it returns: see partial.h.
 *
 * Return: 0; COV_ERR_SYSTEM.
 */
int cov_file_replace(const char *path, const void *data, size_t size, struct cov_error *err);

/**
 * cov_file_create() - a new file, in a folder that is nobody else's.
 * @err: names @path
 *
 * It may be incomplete after a failure, and is not on the disk yet. Return: 0; COV_ERR_SYSTEM, also
 * if there is such a file.
 */
int cov_file_create(const char *path, const void *data, size_t size, struct cov_error *err);

/** cov_directory_make() - mkdir -p. Return: 0; COV_ERR_SYSTEM. */
int cov_directory_make(const char *path, struct cov_error *err);

/**
 * cov_directory_next() - the next entry of a directory, "." and ".." left out.
 * @path: of @directory, for messages
 * @ret:  filled when there is one; valid until the next call
 * @err:  names @path; errno is kept as well
 *
 * Nobody else calls readdir(), whose NULL is the end or a failure.
 *
 * Return: 1, or 0 at the end; COV_ERR_SYSTEM.
 */
int cov_directory_next(DIR *directory, const char *path, const struct dirent **ret,
		       struct cov_error *err) __attribute__((warn_unused_result));

enum { COV_LISTING_BYTES = 32 * 1024 };

/* A folder that is being listed: for those who list thousands, as opendir() takes two calls more.
 */
struct cov_listing {
	int folder;       /* a descriptor; the caller's */
	size_t next, end; /* 0 before the first entry; of entries, in bytes */
	size_t entries[COV_LISTING_BYTES / sizeof(size_t)]; /* aligned as struct dirent */
};

/** cov_listing_next() - as cov_directory_next(). */
int cov_listing_next(struct cov_listing *listing, const char *path, const struct dirent **ret,
		     struct cov_error *err) __attribute__((warn_unused_result));

/**
 * cov_entry_type() - DT_DIR, DT_REG, DT_LNK or another type, links not followed.
 * @directory: that @entry was read from
 *
 * Some file systems leave it to stat(). Return: DT_UNKNOWN with errno if that fails as
 * well.
 */
unsigned char cov_entry_type(int directory, const struct dirent *entry);

/**
 * cov_is_missing() - whether there is no such file.
 *
 * One that cannot be looked at is none that is missing: reading it tells why.
 */
bool cov_is_missing(const char *path);

/** cov_is_directory() - whether @path is one, links followed. */
bool cov_is_directory(const char *path);

#endif
