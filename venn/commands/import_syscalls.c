/* import_syscalls.c - a trial of system calls that collect left, into the database. */
#include "venn/commands/import_syscalls.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/number.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "venn/store/store_record.h"
#include "venn/store/store_syscalls.h"
#include "venn/store/store_transaction.h"

bool import_syscalls_is(const struct cov_manifest *manifest)
{
	return manifest->kind && strcmp(manifest->kind, cov_manifest_syscalls_kind) == 0;
}

/* Borrows from @manifest. */
static struct store_syscalls trial_of(const struct cov_manifest *manifest)
{
	return (struct store_syscalls){
		.platform = (char *)manifest->platform,
		.workload = (char *)manifest->workload,
		.started_at = (char *)manifest->started_at,
		.duration_ns = manifest->duration_ns,
	};
}

static int has_trial(const struct import *import, const struct store_syscalls *trial, bool *ret,
		     struct cov_error *err)
{
	const struct store_record_key key = {
		.platform = trial->platform,
		.workload = trial->workload,
		.started_at = trial->started_at,
		.duration_ns = trial->duration_ns,
	};

	return store_record_has(import->store, import->about.id, STORE_RECORD_SYSCALLS, &key, ret,
				err);
}

int import_syscalls_has(const struct import *import, const struct cov_manifest *manifest, bool *ret,
			struct cov_error *err)
{
	const struct store_syscalls trial = trial_of(manifest);

	return has_trial(import, &trial, ret, err);
}

static int write_trial(struct import *import, const struct store_syscalls *trial, bool *is_known,
		       struct cov_error *err)
{
	int result = store_transaction_write(import->store, err);

	/* Another import may have written it meanwhile. */
	if (result == 0)
		result = has_trial(import, trial, is_known, err);
	if (result == 0 && !*is_known)
		result = store_syscalls_add(import->store, import->about.id, trial, err);
	if (result == 0)
		result = store_transaction_commit(import->store, err);
	store_transaction_end(import->store);
	return result;
}

int import_syscalls_add(struct import *import, const struct cov_manifest *manifest, char *text,
			const struct import_file *from, struct cov_error *err)
{
	const char *workload = manifest->workload ? manifest->workload : "";
	struct store_syscalls trial = trial_of(manifest);
	COV_AUTO(syscalls_file_deinit) struct syscalls_file file = { 0 };
	bool is_known = false;

	if (!manifest->is_ok || !manifest->syscalls.file || !manifest->workload) {
		cov_say("%s %s system calls: failed, %s; passed over", manifest->platform, workload,
			manifest->failure ? manifest->failure : "without a file");
		return 0;
	}
	int result = from->bytes ? syscalls_file_parse(from->path, from->bytes->data,
						       from->bytes->size, &file, err)
				 : syscalls_file_read(from->path, &file, err);
	if (result)
		return result;
	trial.file = file;
	trial.manifest = text;
	result = write_trial(import, &trial, &is_known, err);
	if (result)
		return result;
	import->known_count += is_known;
	import->syscalls_count += !is_known;
	if (!is_known)
		cov_say("%s %s system calls: ok; %zu kinds of threads, %zu filters",
			manifest->platform, workload, file.thread_count, file.program_count);
	return 0;
}
