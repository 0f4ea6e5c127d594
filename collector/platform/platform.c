/* platform.c - the table of drivers, and what they share. */
#include "collector/platform/platform.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/program.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "collector/platform/build_info.h"
#include "collector/platform/leftover.h"
#include "collector/platform/ledger.h"
#include "collector/platform/network.h"
#include "collector/platform/work_folder.h"
#include "collector/run/output.h"

static const struct platform_driver *const drivers[] = {
	&platform_host, &platform_oci, &platform_command, &platform_qemu, &platform_firecracker,
};

static const long long version_limit_ns = 20000000000;
static const long long peer_limit_ns = 60000000000;

const char platform_run_id[] = "covdb-trial";

const struct platform_driver *platform_driver(const char *name)
{
	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
		if (strcmp(drivers[i]->name, name) == 0)
			return drivers[i];
	}
	return NULL;
}

static const struct platform_driver *driver_of(const struct experiment_platform *platform)
{
	return platform_driver(platform->driver);
}

int platform_check_program(const struct experiment_platform *platform, const char *program,
			   struct cov_error *err)
{
	COV_AUTO(free) char *path = cov_program_find(program, NULL);

	if (path)
		return 0;
	COV_AUTO(free) char *missing = cov_program_missing(program);
	return cov_fail(err, COV_ERR_MACHINE, "platform %s: %s", platform->name, missing);
}

/* The first word of a template may be one that every machine has, the version's is the platform. */
static const char *missing_program(const struct experiment_platform *platform)
{
	const char *const programs[] = {
		platform->runtime,
		platform->jailer,
		platform->template.count ? platform->template.texts[0] : NULL,
		platform->version.count ? platform->version.texts[0] : NULL,
	};

	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		COV_AUTO(free)
		char *path = programs[i] ? cov_program_find(programs[i], NULL) : NULL;

		if (programs[i] && !path)
			return programs[i];
	}
	return NULL;
}

bool platform_has_programs(const struct experiment_platform *platform)
{
	return !missing_program(platform);
}

char *platform_missing(const struct experiment_platform *platform)
{
	const char *program = missing_program(platform);

	return program ? cov_program_missing(program) : cov_xstrdup("nothing is missing");
}

int platform_check_rootfs(const struct experiment_platform *platform, struct cov_error *err)
{
	if (cov_is_directory(platform->rootfs))
		return 0;
	return cov_fail(err, COV_ERR_MACHINE, "platform %s: the rootfs %s is not a directory",
			platform->name, platform->rootfs);
}

static int check_peer(const struct experiment_workload *workload, struct cov_error *err)
{
	COV_AUTO(free) char *program = cov_program_find(workload->peer.texts[0], NULL);

	if (program)
		return network_check(err);
	COV_AUTO(free) char *missing = cov_program_missing(workload->peer.texts[0]);
	return cov_fail(err, COV_ERR_MACHINE, "workload %s: %s, for the peer", workload->name,
			missing);
}

static int check_workload(const struct experiment_platform *platform,
			  const struct experiment_workload *workload, struct cov_error *err)
{
	const struct platform_driver *driver = driver_of(platform);
	int result = 0;

	if (driver->check_workload)
		result = driver->check_workload(platform, workload, err);
	if (result != 0 || !workload->peer.count)
		return result;
	if (platform->network == NETWORK_NONE)
		return cov_fail(err, COV_ERR_MACHINE,
				"workload %s needs a network, and platform %s has none",
				workload->name, platform->name);
	return check_peer(workload, err);
}

int platform_check(const struct experiment *experiment, const struct experiment_platform *platform,
		   struct cov_error *err)
{
	const struct platform_driver *driver = driver_of(platform);
	int line = platform->line;
	struct cov_error cause;
	int result = driver->check ? driver->check(platform, &cause) : 0;

	if (result == 0 &&
	    (platform->network == NETWORK_BRIDGE || platform->network == NETWORK_TAP))
		result = network_check(&cause);
	for (size_t i = 0; result == 0 && i < experiment->workload_count; i++) {
		line = experiment->workloads[i].line;
		result = check_workload(platform, &experiment->workloads[i], &cause);
	}
	for (size_t i = 0; result == 0 && i < experiment->baseline_count; i++) {
		if (experiment->baselines[i].platform != platform)
			continue;
		line = experiment->baselines[i].line;
		result = check_workload(platform, &experiment->baselines[i].idle, &cause);
	}
	return result
		   ? cov_fail(err, cause.code, "%s:%d: %s", experiment->path, line, cause.message)
		   : 0;
}

const char *platform_program_says(const char *program, const char *option, struct cov_arena *arena)
{
	char *name = cov_arena_text(arena, program, strlen(program));
	char *word = cov_arena_text(arena, option, strlen(option));
	char *const command[] = { name, word, NULL };
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };
	struct cov_error err;

	if (process_run(command, version_limit_ns, &result, &err) != 0 || result.exit_status != 0 ||
	    !result.output.length)
		return NULL;
	return cov_arena_text(arena, result.output.data, strcspn(result.output.data, "\n"));
}

const char *platform_program_version(const char *program, struct cov_arena *arena)
{
	static const char unknown[] = "VERSION_MISSING"; /* runsc, if `go install` built it */
	const char *said = platform_program_says(program, "--version", arena);
	const char *place = said ? strstr(said, unknown) : NULL;
	COV_AUTO(free) char *path = place ? cov_program_find(program, NULL) : NULL;
	COV_AUTO(free) char *version = path ? build_info_version(path) : NULL;

	if (!version)
		return said;
	COV_AUTO(free)
	char *whole =
	    cov_format("%.*s%s%s", (int)(place - said), said, version, place + strlen(unknown));
	return cov_arena_text(arena, whole, strlen(whole));
}

const char *platform_version(const struct experiment_platform *platform, struct cov_arena *arena)
{
	const struct platform_driver *driver = driver_of(platform);

	return driver->version ? driver->version(platform, arena) : NULL;
}

const char *platform_program(const struct experiment_platform *platform)
{
	const char *program =
	    platform->version.count ? platform->version.texts[0] : platform->runtime;
	const char *slash = program ? strrchr(program, '/') : NULL;

	return slash ? slash + 1 : program;
}

void platform_add_word(struct platform_run *run, const char *word)
{
	size_t count = 0;

	while (run->command && run->command[count])
		count++;
	char **longer = cov_arena_alloc(&run->arena, count + 2, sizeof(*longer));
	if (count)
		memcpy(longer, run->command, count * sizeof(*longer));
	longer[count] = cov_arena_text(&run->arena, word, strlen(word));
	run->command = longer;
}

static bool is_not_ready(void *context, const char *line)
{
	bool *is_ready = context;

	*is_ready = output_event(line, NULL) == OUTPUT_READY;
	return !*is_ready;
}

/* Until the peer says that it is ready, or the trial would begin without it. */
static int start_peer(struct platform_run *run, struct cov_error *err)
{
	const struct yaml_words *words = &run->workload->peer;
	char **command = cov_arena_alloc(&run->arena, words->count + 5, sizeof(*command));
	const char *const prefix[] = { "ip", "netns", "exec", network_peer_space };
	bool is_ready = false;
	const struct process_watch watch = { is_not_ready, &is_ready };

	for (size_t i = 0; i < 4; i++)
		command[i] = cov_arena_text(&run->arena, prefix[i], strlen(prefix[i]));
	for (size_t i = 0; i < words->count; i++)
		command[4 + i] =
		    cov_arena_text(&run->arena, words->texts[i], strlen(words->texts[i]));
	int result = process_start(command, &run->peer, err);
	if (result != 0)
		return result;
	process_wait(&run->peer, peer_limit_ns, &watch);
	if (is_ready && run->peer.pid)
		return 0;
	const struct cov_text *output = &run->peer.result.output;
	return cov_fail(err, COV_ERR_SYSTEM, "the peer did not become ready: %.*s",
			output->length ? (int)strcspn(output->data, "\n") : 0,
			output->length ? output->data : "");
}

/* Now: while the workload is counted, there is no looking for it. */
static int find_program(struct platform_run *run, struct cov_error *err)
{
	COV_AUTO(free) char *program = cov_program_find(run->command[0], NULL);

	if (!program) {
		COV_AUTO(free) char *missing = cov_program_missing(run->command[0]);

		return cov_fail(err, COV_ERR_SYSTEM, "%s", missing);
	}
	run->program = cov_arena_text(&run->arena, program, strlen(program));
	return 0;
}

int platform_prepare(struct platform_run *run, struct cov_error *err)
{
	const struct platform_driver *driver = driver_of(run->platform);
	bool has_peer = run->workload->peer.count > 0;
	/* There is still one if it could not be read after the last trial. */
	int result = leftover_remove(err);

	if (result == 0)
		result = ledger_begin(err);
	if (result == 0)
		result = work_folder_make(&run->folder, err);
	if (result == 0)
		result = network_make(run->platform->network, has_peer, err);
	if (result == 0)
		result = driver->prepare(run, err);
	if (result == 0)
		result = find_program(run, err);
	if (result == 0 && has_peer)
		result = start_peer(run, err);
	return result;
}

void platform_run_deinit(struct platform_run *run)
{
	if (run->platform && run->folder && driver_of(run->platform)->tear_down)
		driver_of(run->platform)->tear_down(run);
	process_deinit(&run->peer);
	struct cov_error err;
	if (run->platform && leftover_remove(&err) != 0)
		cov_say("left behind: %s; the next trial or collect tries again", err.message);
	free(run->folder);
	cov_arena_deinit(&run->arena);
	memset(run, 0, sizeof(*run));
}
