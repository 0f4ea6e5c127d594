/* doctor.h - what `covdb doctor` finds out, one thing after the other. */
#ifndef COLLECTOR_CAPTURE_DOCTOR_H
#define COLLECTOR_CAPTURE_DOCTOR_H

#include <stddef.h>

#include "collector/base/cleanup.h"
#include "collector/capture/debugfs.h"
#include "collector/experiment/experiment.h"
#include "collector/run/manifest.h"

/* "advice": collecting works without it, or less well. */
enum doctor_status { DOCTOR_OK, DOCTOR_ADVICE, DOCTOR_MISSING };

/* One thing that was looked at. */
struct doctor_finding {
	const char *name;
	enum doctor_status status;
	const char *detail;
	const char *mend; /* what to do; NULL when ok */
};

struct diagnosis {
	struct doctor_finding *findings; /* [count]; owned */
	size_t count;
	size_t capacity;
	struct cov_manifest_kernel kernel;
	struct debugfs_files files; /* empty when there is no gcov */
	struct cov_arena arena;     /* owns the texts */
};

/** doctor_diagnosis_deinit() - free what @diagnosis owns; a zeroed struct is fine. */
void doctor_diagnosis_deinit(struct diagnosis *diagnosis);

/**
 * doctor_find() - note a finding; texts are copied.
 * @mend: left out when @status is DOCTOR_OK; may be NULL
 */
void doctor_find(struct diagnosis *diagnosis, const char *name, enum doctor_status status,
		 const char *mend, const char *detail_format, ...)
    __attribute__((format(printf, 5, 6)));

/** doctor_check_tools() - what the platforms of any experiment may need; all of it is advice. */
void doctor_check_tools(struct diagnosis *diagnosis);

/** doctor_check_experiment() - what this experiment's platforms and workloads need. */
void doctor_check_experiment(struct diagnosis *diagnosis, const struct experiment *experiment);

COV_DEFINE_AUTO_STRUCT(struct diagnosis, doctor_diagnosis_deinit)

#endif
