/* collect_session.h - one execution of 'covdb collect': what its parts share. */
#ifndef COLLECTOR_COMMANDS_COLLECT_SESSION_H
#define COLLECTOR_COMMANDS_COLLECT_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "collector/base/cleanup.h"
#include "collector/base/memory.h"
#include "collector/capture/trial.h"
#include "collector/experiment/experiment.h"

struct collect_session {
	const char *experiment_text; /* borrowed */
	size_t experiment_bytes;
	struct experiment experiment;
	const char *output; /* folder; NULL with --dry-run */
	char *trials;       /* folder of the trials in there; owned */
	char *phase_trials; /* the same for their phases; owned */
	/* And for what records something else, by enum experiment_recording; owned. */
	char *recordings[EXPERIMENT_RECORDINGS];
	struct trial_setting setting;
	struct phases phases;
	const char **versions; /* [experiment.platform_count], of the runtimes; NULL: none */
	bool *is_done;         /* [planned count], by an earlier collect */
	size_t done_count;
	long long started_ns;   /* of the first trial */
	size_t run_count;       /* trials since then */
	struct cov_arena arena; /* owns the versions, is_done, and the texts about the kernel */
};

/** collect_session_deinit() - free what @session owns; a zeroed struct is fine. */
static inline void collect_session_deinit(struct collect_session *session)
{
	experiment_deinit(&session->experiment);
	snapshot_writer_deinit(&session->setting.writer);
	phases_deinit(&session->phases);
	free(session->trials);
	free(session->phase_trials);
	for (int i = 0; i < EXPERIMENT_RECORDINGS; i++)
		free(session->recordings[i]);
	cov_arena_deinit(&session->arena);
}

COV_DEFINE_AUTO_STRUCT(struct collect_session, collect_session_deinit)

#endif
