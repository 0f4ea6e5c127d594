/*
 * snapshot_writer.h - capture the kernel's .gcda files into a tar.zst.
 *
 * Three steps, because the kernel counts what the capture itself makes it execute:
 *
 *   prepare   before the counters are reset: list the files, touch the memory they will need
 *   read      after the workload: open, read, close, and nothing else
 *   save      when the last file is read: compress, write to the disk
 */
#ifndef COLLECTOR_CAPTURE_SNAPSHOT_WRITER_H
#define COLLECTOR_CAPTURE_SNAPSHOT_WRITER_H

#include <stddef.h>

#include "collector/base/cleanup.h"
#include "collector/capture/debugfs.h"

/* One file that was read. */
struct snapshot_writer_file {
	const char *path;    /* relative to the gcov directory; borrowed from the lists of files */
	size_t offset_bytes; /* in the writer's bytes */
	size_t size_bytes;
};

/* A zeroed struct is empty. It serves any number of captures, one after the other. */
struct snapshot_writer {
	const char *directory;              /* as debugfs_check() takes it; borrowed */
	struct debugfs_files listed;        /* when prepared */
	struct debugfs_files late;          /* when read: those of modules loaded in between too */
	struct snapshot_writer_file *files; /* [file_count], sorted by path; owned */
	size_t file_count;
	size_t file_capacity;
	const char **unreadable; /* [unreadable_count], paths that are gone; the array is owned */
	size_t unreadable_count;
	size_t unreadable_capacity;
	char *bytes; /* [capacity_bytes], what was read, one file after the other; owned, mapped */
	size_t capacity_bytes;
	size_t total_bytes; /* in use */
	long long start_ns; /* monotonic; before the first file was opened */
	long long end_ns;   /* monotonic; after the last one was read */
};

/**
 * snapshot_writer_prepare() - list the files, make the memory ready. What it held is forgotten.
 * @directory: kept, not copied; NULL for the kernel's
 *
 * Return: 0; COV_ERR_SYSTEM if a directory cannot be read.
 */
int snapshot_writer_prepare(struct snapshot_writer *writer, const char *directory,
			    struct cov_error *err);

/**
 * snapshot_writer_read() - read all files to their end into memory.
 *
 * A file that is gone, because its module was unloaded, is noted in writer->unreadable and left
 * out.
 *
 * Return: 0; COV_ERR_SYSTEM if a file that is there cannot be read, or none is there.
 */
int snapshot_writer_read(struct snapshot_writer *writer, struct cov_error *err);

/**
 * snapshot_writer_save() - what was read, as a tar compressed with zstd.
 * @path: replaced in one step
 *
 * The same counters give the same bytes: files are sorted, their times are 0.
 *
 * Return: 0; COV_ERR_SYSTEM.
 */
int snapshot_writer_save(const struct snapshot_writer *writer, const char *path,
			 struct cov_error *err);

/** snapshot_writer_deinit() - free what @writer owns; a zeroed struct is fine. */
void snapshot_writer_deinit(struct snapshot_writer *writer);

COV_DEFINE_AUTO_STRUCT(struct snapshot_writer, snapshot_writer_deinit)

#endif
