/* lab_programs.h - programs that are given for platforms inside of the lab. */
#ifndef COLLECTOR_LAB_LAB_PROGRAMS_H
#define COLLECTOR_LAB_LAB_PROGRAMS_H

struct cov_error;

/**
 * lab_programs_give() - tell build.sh, by COVDB_PROGRAMS, what is to be in the guest's
 * /covdb/programs.
 * @list: "NAME=FILE", more behind commas; NULL: none besides those of the environment
 *
 * In place of a file, `module` is the Go module that workloads/lab/programs.sh has for the name; a
 * file of that name is ./module.
 *
 * COVDB_FIRECRACKER=FILE and COVDB_RUNSC=FILE in the environment are firecracker=FILE and
 * runsc=FILE, unless @list has one of that name. A jailer beside Firecracker comes along: the file
 * that has `jailer` in its name where Firecracker's has `firecracker`.
 *
 * Return: 0; COV_ERR_USAGE; COV_ERR_SYSTEM if a file is none, or cannot be executed.
 */
int lab_programs_give(const char *list, struct cov_error *err);

#endif
