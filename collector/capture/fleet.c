/* fleet.c - manifests of many hosts: which of them do not belong together, and why. */
#include "collector/capture/fleet.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "collector/base/clock.h"
#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"
#include "collector/run/manifest.h"

enum { FOLDERS_DEEP_MAX = 16, CLOCK_SLACK_S = 60 };

/* What is compared of a trial; all texts are the arena's, NULL where not known. */
struct fleet_trial {
	const char *host; /* or the folder, of a trial that says none */
	const char *path; /* of its manifest */
	bool has_host;
	const char *kernel; /* build id */
	const char *release, *config, *clock_source, *profile_update, *platform, *program;
	const char *boot_parameters;
	int cpu_count;
	bool is_emulated;
	bool is_part;   /* a phase, whose time is that of its trial */
	time_t start_s; /* UTC; 0: not known */
	long long duration_ns;
};

void fleet_deinit(struct fleet *fleet)
{
	free(fleet->trials);
	free(fleet->findings);
	cov_arena_deinit(&fleet->arena);
	memset(fleet, 0, sizeof(*fleet));
}

static const char *keep(struct fleet *fleet, const char *text)
{
	return text ? cov_arena_text(&fleet->arena, text, strlen(text)) : NULL;
}

static void find(struct fleet *fleet, const char *host, bool is_grave, char *what)
{
	fleet->findings = cov_grow(fleet->findings, fleet->finding_count, &fleet->finding_capacity,
				   sizeof(*fleet->findings));
	fleet->findings[fleet->finding_count++] =
	    (struct fleet_finding){ keep(fleet, host), keep(fleet, what), is_grave };
	free(what);
}

/* 0: it is none. */
static time_t parse_time(const char *text)
{
	struct tm parts = { 0 };
	const char *end = text ? strptime(text, "%Y-%m-%dT%H:%M:%SZ", &parts) : NULL;

	return end && !*end ? timegm(&parts) : 0;
}

/* The versions of covdb and of the platform's program, in one text. */
static const char *programs_of(struct fleet *fleet, const struct cov_manifest *manifest)
{
	COV_AUTO(cov_text_deinit) struct cov_text text = { 0 };

	for (size_t i = 0; i < manifest->program_count; i++)
		cov_text_print(&text, "%s%s %s", i ? ", " : "", manifest->programs[i].name,
			       manifest->programs[i].version ? manifest->programs[i].version
							     : "unknown");
	return keep(fleet, text.data ? text.data : "");
}

static void add_trial(struct fleet *fleet, const char *folder, const char *path,
		      const struct cov_manifest *manifest)
{
	const struct cov_manifest_kernel *kernel = &manifest->kernel;

	fleet->trials = cov_grow(fleet->trials, fleet->trial_count, &fleet->trial_capacity,
				 sizeof(*fleet->trials));
	fleet->trials[fleet->trial_count++] = (struct fleet_trial){
		.host = keep(fleet, manifest->host ? manifest->host : folder),
		.path = keep(fleet, path),
		.has_host = manifest->host != NULL,
		.kernel = keep(fleet, kernel->build_id),
		.release = keep(fleet, kernel->release),
		.config = keep(fleet, kernel->config_sha256),
		.clock_source = keep(fleet, kernel->clock_source),
		.profile_update = keep(fleet, kernel->profile_update),
		.boot_parameters = keep(fleet, kernel->boot_parameters),
		.platform = keep(fleet, manifest->platform),
		.program = programs_of(fleet, manifest),
		.cpu_count = kernel->cpu_count,
		.is_emulated = kernel->is_emulated,
		.is_part = manifest->phase != NULL,
		.start_s = parse_time(manifest->started_at),
		.duration_ns = manifest->duration_ns,
	};
}

static void read_manifest(struct fleet *fleet, const char *folder, const char *path)
{
	COV_AUTO(cov_manifest_deinit) struct cov_manifest manifest = { 0 };
	struct cov_error reason;

	if (cov_manifest_read(path, &manifest, &reason) != 0) {
		find(fleet, folder, true, cov_xstrdup(reason.message));
		return;
	}
	add_trial(fleet, folder, path, &manifest);
	if (!manifest.snapshot.file)
		return;
	COV_AUTO(free) char *snapshot = cov_format("%s/%s", folder, manifest.snapshot.file);
	if (cov_is_missing(snapshot))
		find(fleet, manifest.host ? manifest.host : folder, true,
		     cov_format("%s: its snapshot %s is missing", path, manifest.snapshot.file));
}

static int read_folder(struct fleet *fleet, const char *folder, int depth, struct cov_error *err)
{
	COV_AUTO(closedir) DIR *listing = opendir(folder);
	const struct dirent *entry;
	int result = 0;

	if (!listing)
		return cov_fail_errno(err, "cannot open %s", folder);
	while (result == 0 && (result = cov_directory_next(listing, folder, &entry, err)) > 0) {
		COV_AUTO(free) char *path = cov_format("%s/%s", folder, entry->d_name);

		result = 0;
		if (cov_entry_type(dirfd(listing), entry) == DT_DIR && depth < FOLDERS_DEEP_MAX)
			result = read_folder(fleet, path, depth + 1, err);
		else if (cov_has_suffix(entry->d_name, ".json"))
			read_manifest(fleet, folder, path);
	}
	return result;
}

static bool is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static const char *or_unknown(const char *text)
{
	return text ? text : "unknown";
}

/* What two trials are compared by. */
struct trait {
	const char *name;
	size_t offset;    /* of the text in struct fleet_trial */
	bool by_platform; /* only of the same platform */
	bool is_grave;
};

static const char *text_at(const struct fleet_trial *trial, size_t offset)
{
	return *(const char *const *)(const void *)((const char *)trial + offset);
}

/* Whether an earlier trial of the host said the same: each is found once. */
static bool is_repeated(const struct fleet *fleet, size_t index, const struct trait *trait)
{
	const struct fleet_trial *trial = &fleet->trials[index];

	/* Those of a host stand together. */
	for (size_t i = index; i-- > 0 && strcmp(fleet->trials[i].host, trial->host) == 0;) {
		const struct fleet_trial *earlier = &fleet->trials[i];

		if (is_same(earlier->kernel, trial->kernel) &&
		    (!trait->by_platform || is_same(earlier->platform, trial->platform)) &&
		    is_same(text_at(earlier, trait->offset), text_at(trial, trait->offset)))
			return true;
	}
	return false;
}

/* The first trial that this one has to be like: of its build, for programs of its platform, too. */
static const struct fleet_trial *first_like(const struct fleet *fleet, size_t index,
					    const struct trait *trait)
{
	const struct fleet_trial *trial = &fleet->trials[index];

	for (size_t i = 0; i < index; i++) {
		if (is_same(fleet->trials[i].kernel, trial->kernel) &&
		    (!trait->by_platform || is_same(fleet->trials[i].platform, trial->platform)))
			return &fleet->trials[i];
	}
	return NULL;
}

static void compare_trait(struct fleet *fleet, size_t index, const struct trait *trait)
{
	const struct fleet_trial *trial = &fleet->trials[index];

	if (is_repeated(fleet, index, trait))
		return;
	const struct fleet_trial *first = first_like(fleet, index, trait);
	if (!first || is_same(text_at(first, trait->offset), text_at(trial, trait->offset)))
		return;
	find(fleet, trial->host, trait->is_grave,
	     cov_format("%s%s%s is %s, and %s on %s: %s", trait->by_platform ? trial->platform : "",
			trait->by_platform ? ": " : "", trait->name,
			or_unknown(text_at(trial, trait->offset)),
			or_unknown(text_at(first, trait->offset)), first->host, trial->path));
}

/* Builds of one release have other line ids: what they executed cannot be added up. */
static void compare_builds(struct fleet *fleet, size_t index)
{
	static const struct trait trait = { "", offsetof(struct fleet_trial, kernel), false,
					    false };
	const struct fleet_trial *trial = &fleet->trials[index];

	if (is_repeated(fleet, index, &trait))
		return;
	if (!trial->kernel) {
		find(fleet, trial->host, true,
		     cov_format("its kernel has no build id: %s", trial->path));
		return;
	}
	/* As the first of its release is the others have to be. */
	for (size_t i = 0; i < index; i++) {
		const struct fleet_trial *other = &fleet->trials[i];

		if (!is_same(other->release, trial->release) || !other->kernel)
			continue;
		if (!is_same(other->kernel, trial->kernel))
			find(fleet, trial->host, true,
			     cov_format("another build of %s than %s: build id %s, not %s%s",
					or_unknown(trial->release), other->host, trial->kernel,
					other->kernel,
					is_same(other->config, trial->config)
					    ? ", of the same configuration"
					    : ", of another configuration"));
		return;
	}
}

/* Two machines under one name: they count at the same time. @a: began before @b, or with it */
static void compare_times(struct fleet *fleet, const struct fleet_trial *a,
			  const struct fleet_trial *b)
{
	if (!a->start_s || strcmp(a->host, b->host) != 0)
		return;
	long long end_s = a->start_s + a->duration_ns / COV_NS_PER_S;
	if (a->start_s == b->start_s && a->duration_ns == b->duration_ns &&
	    is_same(a->platform, b->platform))
		find(fleet, a->host, false,
		     cov_format("the same trial twice: %s, %s", a->path, b->path));
	else if (b->start_s < end_s)
		find(fleet, a->host, true,
		     cov_format("counts two trials at once, so these are two machines: %s, %s",
				a->path, b->path));
}

static int compare_trials(const void *a, const void *b)
{
	const struct fleet_trial *first = a, *second = b;
	int order = strcmp(first->host, second->host);

	if (order == 0)
		order = (first->start_s > second->start_s) - (first->start_s < second->start_s);
	return order ? order : strcmp(first->path, second->path);
}

static void check_all(struct fleet *fleet)
{
	static const struct trait traits[] = {
		{ "the way of counting", offsetof(struct fleet_trial, profile_update), false,
		  true },
		{ "the clock", offsetof(struct fleet_trial, clock_source), false, false },
		{ "the list of boot parameters", offsetof(struct fleet_trial, boot_parameters),
		  false, false },
		{ "the list of programs", offsetof(struct fleet_trial, program), true, false },
	};
	const struct fleet_trial *before = NULL;
	time_t now = time(NULL);

	for (size_t i = 0; i < fleet->trial_count; i++) {
		const struct fleet_trial *trial = &fleet->trials[i];

		compare_builds(fleet, i);
		for (size_t j = 0; j < sizeof(traits) / sizeof(*traits); j++)
			compare_trait(fleet, i, &traits[j]);
		if (trial->start_s > now + CLOCK_SLACK_S)
			find(fleet, trial->host, false,
			     cov_format("its clock is ahead: a trial began in the future: %s",
					trial->path));
		if (trial->is_part)
			continue;
		if (before)
			compare_times(fleet, before, trial);
		before = trial;
	}
}

/* Kinds of processors and whether they are real: rates of one do not say anything of the other's.
 */
static void compare_machines(struct fleet *fleet)
{
	const struct fleet_trial *first = fleet->trials;

	for (size_t i = 1; i < fleet->trial_count; i++) {
		const struct fleet_trial *trial = &fleet->trials[i];

		if (strcmp(trial->host, trial[-1].host) == 0)
			continue;
		if (trial->is_emulated != first->is_emulated)
			find(fleet, trial->host, false,
			     cov_format("its processor is %s, and that of %s is not",
					trial->is_emulated ? "emulated" : "real", first->host));
		if (trial->cpu_count != first->cpu_count)
			find(fleet, trial->host, false,
			     cov_format("has %d processors, and %s has %d", trial->cpu_count,
					first->host, first->cpu_count));
	}
}

static int compare_findings(const void *a, const void *b)
{
	const struct fleet_finding *first = a, *second = b;
	int order = strcmp(first->host, second->host);

	if (order == 0)
		order = second->is_grave - first->is_grave;
	return order ? order : strcmp(first->what, second->what);
}

/* Hosts are sorted, kernels are few. */
static void count_all(struct fleet *fleet)
{
	bool is_without = false;

	for (size_t i = 0; i < fleet->trial_count; i++) {
		const struct fleet_trial *trial = &fleet->trials[i];
		static const struct trait kernel = { "", offsetof(struct fleet_trial, kernel),
						     false, false };

		fleet->kernel_count +=
		    !is_repeated(fleet, i, &kernel) && !first_like(fleet, i, &kernel);
		fleet->host_count += !i || strcmp(trial->host, trial[-1].host) != 0;
		is_without |= !trial->has_host;
	}
	if (is_without && fleet->host_count > 1)
		find(fleet, fleet->trials[0].host, false,
		     cov_xstrdup("hosts that were not named by 'collect --host-id' are told apart "
				 "by their folders"));
}

int fleet_read(const char *folder, struct fleet *ret, struct cov_error *err)
{
	COV_AUTO(fleet_deinit) struct fleet fleet = { 0 };
	int result = read_folder(&fleet, folder, 0, err);

	if (result == 0 && !fleet.trial_count && !fleet.finding_count)
		result = cov_fail(err, COV_ERR_FORMAT, "%s: no manifest in it", folder);
	if (result)
		return result;
	if (fleet.trial_count) {
		qsort(fleet.trials, fleet.trial_count, sizeof(*fleet.trials), compare_trials);
		check_all(&fleet);
		compare_machines(&fleet);
		count_all(&fleet);
	}
	if (fleet.finding_count)
		qsort(fleet.findings, fleet.finding_count, sizeof(*fleet.findings),
		      compare_findings);
	*ret = fleet;
	memset(&fleet, 0, sizeof(fleet));
	return 0;
}
