/* collect_folder.c - the folder that 'covdb collect' fills: whose it is, and what is in it. */
#include "collector/commands/collect_folder.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"
#include "collector/base/trust.h"
#include "collector/commands/collect_session.h"
#include "collector/run/manifest.h"

/* Kept, so that the results show what was asked for. One that is there has to be the same. */
static int keep_file(const struct collect_session *session, const char *name, const char *text,
		     size_t size, struct cov_error *err)
{
	COV_AUTO(free) char *path = cov_format("%s/%s", session->output, name);
	COV_AUTO(free) char *kept = NULL;
	size_t kept_size;

	if (cov_is_missing(path))
		return cov_file_replace(path, text, size, err);
	int result = cov_file_read_text(path, &kept, &kept_size, err);
	if (result != 0)
		return result;
	if (kept_size != size || memcmp(kept, text, size) != 0)
		return cov_fail(err, COV_ERR_MISMATCH,
				"%s has trials of another experiment (see %s); "
				"choose another folder",
				session->output, path);
	return 0;
}

/* Whoever may write to one of the folders decides where root's files go. */
static int check_output(const struct collect_session *session, struct cov_error *err)
{
	COV_AUTO(free) char *phases = cov_format("%s/phases", session->output);
	COV_AUTO(free) char *profiles = cov_format("%s/profiles", session->output);
	COV_AUTO(free) char *syscalls = cov_format("%s/syscalls", session->output);
	const char *const folders[] = { session->output, session->trials,
					phases,          session->phase_trials,
					profiles,        session->recordings[EXPERIMENT_PROFILE],
					syscalls,        session->recordings[EXPERIMENT_SYSCALLS] };
	int result = 0;

	for (size_t i = 0; result == 0 && i < sizeof(folders) / sizeof(folders[0]); i++)
		result = cov_trust_output(folders[i], err);
	return result;
}

int collect_folder_make(struct collect_session *session, struct cov_error *err)
{
	const struct experiment *experiment = &session->experiment;
	int result = check_output(session, err);

	if (result == 0)
		result = cov_trust_make(session->trials, err);
	if (result == 0 && experiment->phase_trial_count)
		result = cov_trust_make(session->phase_trials, err);
	if (result == 0 && experiment->profile_trial_count)
		result = cov_trust_make(session->recordings[EXPERIMENT_PROFILE], err);
	if (result == 0 && experiment->syscalls_trial_count)
		result = cov_trust_make(session->recordings[EXPERIMENT_SYSCALLS], err);
	if (result == 0)
		result = keep_file(session, "experiment.yaml", session->experiment_text,
				   session->experiment_bytes, err);
	for (size_t i = 0; result == 0 && i < experiment->descriptions.count; i++) {
		const struct experiment_description *description =
		    &experiment->descriptions.items[i];

		result = keep_file(session, description->name, description->text, description->size,
				   err);
	}
	return result;
}

int collect_folder_find_done(struct collect_session *session, struct cov_error *err)
{
	const char *build_id = session->setting.kernel.build_id;
	size_t count = experiment_planned_count(&session->experiment);

	session->is_done = cov_arena_alloc(&session->arena, count, sizeof(*session->is_done));
	for (size_t i = 0; i < count; i++) {
		struct experiment_trial trial = experiment_planned_trial(&session->experiment, i);
		const char *folder =
		    trial.recording ? session->recordings[trial.recording] : session->trials;
		COV_AUTO(free) char *path = trial_path(folder, &trial, ".json");
		COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { 0 };

		if (cov_is_missing(path))
			continue;
		int result = cov_manifest_read(path, &manifest, err);
		if (result != 0)
			return result;
		const char *other = manifest.kernel.build_id;
		if (strcmp(other ? other : "", build_id ? build_id : "") != 0)
			return cov_fail(err, COV_ERR_MISMATCH,
					"%s is of the kernel with build id %s, "
					"this one has %s: choose another folder",
					path, other ? other : "unknown",
					build_id ? build_id : "unknown");
		session->is_done[i] = manifest.is_ok;
		session->done_count += manifest.is_ok;
	}
	return 0;
}
