/*
 * platform_command.c - the driver command: a template, so that anything can be measured that can be
 * started by a command line.
 */
#include "collector/platform/platform.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/text.h"
#include "collector/experiment/addresses.h"
#include "collector/experiment/placeholder.h"
#include "collector/platform/guest.h"
#include "collector/platform/ledger.h"
#include "collector/platform/network.h"
#include "collector/platform/platform_oci.h"

enum { PLACEHOLDERS_MAX = 16 };

static const long long tear_down_limit_ns = 30000000000;

static const char command_word[] = "{command}";

/* What a template may ask for; what a platform does not have is left out. */
static size_t list_placeholders(const struct experiment_platform *platform, const char *folder,
				const char *root, struct cov_arena *arena, struct placeholder *ret)
{
	COV_AUTO(free) char *memory = cov_format("%lld", platform->memory_mib);
	COV_AUTO(free) char *cpus = cov_format("%lld", platform->cpu_count);
	COV_AUTO(free) char *job = cov_format("%s/job", folder);
	COV_AUTO(free) char *image = cov_format("%s/root.ext4", folder);
	const struct placeholder known[] = {
		{ "id", platform_run_id },
		{ "folder", folder },
		{ "job", job },
		{ "root", root },
		{ "image", platform->image ? image : NULL },
		{ "kernel", platform->kernel },
		{ "memory", platform->memory_mib ? memory : NULL },
		{ "cpus", platform->cpu_count ? cpus : NULL },
		{ "netns", platform->network == NETWORK_BRIDGE ? network_box_path : NULL },
		{ "tap", platform->network == NETWORK_TAP ? network_tap_name : NULL },
		{ "address", platform->network == NETWORK_TAP ? address_guest : NULL },
		{ "gateway", platform->network == NETWORK_TAP ? address_gateway : NULL },
		{ "peer", address_peer },
	};
	size_t count = 0;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i].value)
			ret[count++] = (struct placeholder){
				known[i].name,
				cov_arena_text(arena, known[i].value, strlen(known[i].value)),
			};
	}
	ret[count] = (struct placeholder){ 0 };
	return count;
}

static int check_words(const struct experiment_platform *platform, const struct yaml_words *words,
		       struct cov_error *err)
{
	struct cov_arena arena = { 0 };
	struct placeholder known[PLACEHOLDERS_MAX];
	const char *unknown = NULL;
	int result = 0;

	list_placeholders(platform, "", platform->rootfs, &arena, known);
	for (size_t i = 0; !unknown && i < words->count; i++) {
		if (strcmp(words->texts[i], command_word) != 0)
			placeholder_fill(words->texts[i], known, &arena, &unknown);
	}
	if (unknown)
		result =
		    cov_fail(err, COV_ERR_MACHINE, "platform %s: nothing is known as {%s} here",
			     platform->name, unknown);
	cov_arena_deinit(&arena);
	return result;
}

static int command_check(const struct experiment_platform *platform, struct cov_error *err)
{
	int result = check_words(platform, &platform->template, err);

	if (result == 0)
		result = check_words(platform, &platform->tear_down, err);
	if (result == 0)
		result = platform_check_program(platform, platform->template.texts[0], err);
	if (result == 0 && platform->rootfs)
		result = platform_check_rootfs(platform, err);
	return result;
}

/* A word {command} stands for all words of the workload. */
static void fill_template(struct platform_run *run, const struct yaml_words *words,
			  const struct placeholder *known)
{
	run->command = NULL;
	for (size_t i = 0; i < words->count; i++) {
		const char *unknown;

		if (strcmp(words->texts[i], command_word) != 0) {
			platform_add_word(
			    run, placeholder_fill(words->texts[i], known, &run->arena, &unknown));
			continue;
		}
		for (size_t w = 0; run->workload && w < run->workload->command.count; w++)
			platform_add_word(run, run->workload->command.texts[w]);
	}
}

static int command_prepare(struct platform_run *run, struct cov_error *err)
{
	const struct experiment_platform *platform = run->platform;
	const char *root = platform->rootfs;
	struct placeholder known[PLACEHOLDERS_MAX];
	int result = 0;

	if (platform->has_overlay)
		result = platform_oci_mount_overlay(run, &root, err);
	if (result == 0)
		result = platform->image ? guest_make_disks(run, run->folder, err)
					 : guest_write_job(run, run->folder, err);
	if (result != 0)
		return result;
	list_placeholders(platform, run->folder, root, &run->arena, known);
	if (platform->tear_down.count)
		result = ledger_note(LEDGER_PLATFORM, platform->name, err);
	if (result == 0)
		fill_template(run, &platform->template, known);
	return result;
}

/* Also of a run of which only platform and folder are known: after a killed collect. */
static void command_tear_down(struct platform_run *run)
{
	const struct experiment_platform *platform = run->platform;
	COV_AUTO(free) char *overlay = cov_format("%s/root", run->folder);
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };
	struct placeholder known[PLACEHOLDERS_MAX];
	struct cov_error err;

	if (!platform->tear_down.count)
		return;
	list_placeholders(platform, run->folder, platform->has_overlay ? overlay : platform->rootfs,
			  &run->arena, known);
	fill_template(run, &platform->tear_down, known);
	process_run(run->command, tear_down_limit_ns, &result, &err);
}

static const char *command_version(const struct experiment_platform *platform,
				   struct cov_arena *arena)
{
	COV_AUTO(process_result_deinit) struct process_result result = { 0 };
	static const long long limit_ns = 20000000000;
	struct cov_error err;

	if (!platform->version.count)
		return NULL;
	if (process_run((char *const *)platform->version.texts, limit_ns, &result, &err) != 0 ||
	    !result.output.length)
		return NULL;
	return cov_arena_text(arena, result.output.data, strcspn(result.output.data, "\n"));
}

/* A machine's init says how the workload ended; if it does not, the command's end counts. */
static int command_outcome(struct platform_run *run, struct process_result *result,
			   struct cov_error *err)
{
	return run->platform->image ? guest_outcome(run, result, err) : 0;
}

const struct platform_driver platform_command = {
	.name = "command",
	.check = command_check,
	.prepare = command_prepare,
	.outcome = command_outcome,
	.tear_down = command_tear_down,
	.version = command_version,
};
