/* data.h - where covdb's own data files are: kernel-config/ and workloads/. */
#ifndef COLLECTOR_BASE_DATA_H
#define COLLECTOR_BASE_DATA_H

struct cov_error;

/**
 * cov_data_path() - path of a data file that comes with covdb.
 * @name: relative to the root of the sources: "kernel-config/gcov.config"
 * @ret:  the path; free() it
 * @err:  names the place that was looked at
 *
 * Looks below $COVDB_DATA, else where the program's own folder says: ../share/covdb, as it is
 * installed under any prefix, or share/covdb, which the build makes.
 *
 * Return: 0; COV_ERR_SYSTEM if there is no such file.
 */
int cov_data_path(const char *name, char **ret, struct cov_error *err);

#endif
