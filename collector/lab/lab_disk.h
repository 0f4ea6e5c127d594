/*
 * lab_disk.h - the data disk of a lab run: what goes into the lab and what comes out of it.
 *
 * It is an ext4 image in a folder of its own below the results:
 *
 *   DIR/.lab/data.ext4   complete before it gets this name, gone once its results are out
 *
 * In it are the experiment, the collector's arguments and the results so far, as out/. They get in
 * and out with e2fsprogs, without mounting, so the lab needs no root.
 */
#ifndef COLLECTOR_LAB_LAB_DISK_H
#define COLLECTOR_LAB_LAB_DISK_H

#include <stdbool.h>

#include "collector/experiment/experiment.h"

struct cov_error;

/* What goes onto a data disk. */
struct lab_disk {
	const char *result_dir; /* its *.yaml, trials/, phases/ and profiles/ become out/ */
	const char *experiment; /* becomes experiment.yaml; NULL for none */
	/* [description_count], files that the experiment refers to; they go beside it. */
	const struct experiment_description *descriptions;
	size_t description_count;
	const char *arguments;  /* text of `args`: the words of the collector's command line */
	const char *kernel_dir; /* its kernel.json goes along */
};

/**
 * lab_disk_create() - make the data disk of @disk->result_dir, which must not have one.
 * @ret: absolute path of the image; free() it
 *
 * Return: 0; COV_ERR_SYSTEM.
 */
int lab_disk_create(const struct lab_disk *disk, char **ret, struct cov_error *err);

/** lab_disk_exists() - whether @result_dir has a data disk: that of a run that was killed. */
bool lab_disk_exists(const char *result_dir);

/**
 * lab_disk_fetch() - move the results on the data disk to @result_dir and remove the disk.
 * @err: what failed; the disk is kept then
 *
 * A file appears in one step, and takes the place of one that differs in size or time; a manifest
 * appears after its snapshot. Nothing is removed from @result_dir. Left behind are half-written
 * files (*.partial) and what is neither file nor folder.
 *
 * Return: 0; COV_ERR_SYSTEM, COV_ERR_FORMAT if the image is damaged beyond repair.
 */
int lab_disk_fetch(const char *result_dir, struct cov_error *err);

#endif
