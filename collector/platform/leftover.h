/*
 * leftover.h - clean up after a trial, and after a collect that was killed.
 *
 * What may be left is known without asking the trial: its work folder, what is noted in there (see
 * work_folder.h), and network interfaces, namespaces and control groups, whose names are fixed: see
 * network.h.
 */
#ifndef COLLECTOR_PLATFORM_LEFTOVER_H
#define COLLECTOR_PLATFORM_LEFTOVER_H

struct cov_error;

/**
 * leftover_open() - become the only collect, and clean up after one that was killed.
 *
 * Return: 0; COV_ERR_SYSTEM if another one is running.
 */
int leftover_open(struct cov_error *err);

/**
 * leftover_remove() - end processes, unmount, remove networks, control groups and the work folder,
 * as far as they are there.
 */
void leftover_remove(void);

#endif
