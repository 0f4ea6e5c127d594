/*
 * leftover.h - clean up behind a trial, and behind a collect that was killed.
 *
 * What may be left is known without asking the trial: its work folder, what work_folder.h says is
 * noted in there, and names of network interfaces, namespaces and control groups, which are fixed:
 * see network.h.
 */
#ifndef COLLECTOR_PLATFORM_LEFTOVER_H
#define COLLECTOR_PLATFORM_LEFTOVER_H

struct cov_error;

/**
 * leftover_open() - become the only collect, and clean up behind one that was killed.
 *
 * Return: 0; COV_ERR_SYSTEM if another one runs.
 */
int leftover_open(struct cov_error *err);

/**
 * leftover_remove() - end processes, unmount, remove networks, control groups and the work folder,
 * as far as they are there.
 */
void leftover_remove(void);

#endif
