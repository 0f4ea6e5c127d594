/* phases.c - start-up, steady state and tear-down of a trial, as differences of captures. */
#include "collector/capture/phases.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/text.h"
#include "collector/gcov/gcda_subtract.h"

/* What is between a mark and the next one. */
static const char *const mark_names[] = { "start", "ready", "done" };

int phases_prepare(struct phases *phases, const char *gcov_directory, struct cov_error *err)
{
	int result = 0;

	memset(phases->is_taken, 0, sizeof(phases->is_taken));
	for (int i = 0; result == 0 && i < PHASE_END; i++)
		result = snapshot_writer_prepare(&phases->writers[i], gcov_directory, err);
	return result;
}

int phases_take(struct phases *phases, enum phase_mark mark, struct cov_error *err)
{
	if (phases->is_taken[mark])
		return 0;
	int result = snapshot_writer_read(&phases->writers[mark], err);
	phases->is_taken[mark] = result == 0;
	return result;
}

int phases_check(const struct phases *phases, struct cov_error *err)
{
	for (int i = 0; i < PHASE_END; i++) {
		if (!phases->is_taken[i])
			return cov_fail(err, COV_ERR_FORMAT,
					"the workload never printed {\"event\": \"%s\"}, which "
					"phases need",
					mark_names[i]);
	}
	return 0;
}

/* Both lists are sorted by path. A file that is only in the later one is a new module's. */
static int subtract(struct snapshot_writer *later, const struct snapshot_writer *earlier,
		    struct cov_error *err)
{
	for (size_t i = 0, j = 0; i < later->file_count; i++) {
		const struct snapshot_writer_file *file = &later->files[i];

		while (j < earlier->file_count && strcmp(earlier->files[j].path, file->path) < 0)
			j++;
		if (j == earlier->file_count || strcmp(earlier->files[j].path, file->path) != 0)
			continue;
		if (earlier->files[j].size_bytes != file->size_bytes ||
		    !gcda_subtract(later->bytes + file->offset_bytes,
				   earlier->bytes + earlier->files[j].offset_bytes,
				   file->size_bytes))
			return cov_fail(err, COV_ERR_FORMAT,
					"%s changed its form between two captures", file->path);
	}
	return 0;
}

int phases_subtract(const struct phases *phases, struct snapshot_writer *last,
		    struct cov_error *err)
{
	return subtract(last, &phases->writers[PHASE_START], err);
}

/* Phases of workloads that belong together do as well: "paper.steady" */
static const char *const *phase_groups(const struct cov_manifest *whole, const char *phase,
				       struct cov_arena *arena)
{
	const char **groups = cov_arena_alloc(arena, whole->group_count + 1, sizeof(*groups));

	for (size_t i = 0; i < whole->group_count; i++) {
		COV_AUTO(free) char *name = cov_format("%s.%s", whole->groups[i], phase);

		groups[i] = cov_arena_text(arena, name, strlen(name));
	}
	return groups;
}

/* The whole trial's manifest with the phase's own name, times and snapshot; @stem: of its files. */
static int save_manifest(const struct snapshot_writer *from, const struct snapshot_writer *to,
			 const struct cov_manifest *whole, const char *phase, const char *stem,
			 struct cov_error *err)
{
	struct cov_manifest manifest = *whole;
	struct cov_arena arena = { 0 };
	COV_AUTO(free) char *path = cov_format("%s.json", stem);
	COV_AUTO(free) char *file = cov_format("%s.tar.zst", strrchr(stem, '/') + 1);
	COV_AUTO(free) char *workload = cov_format("%s.%s", whole->workload, phase);
	const struct cov_manifest_step step = { phase, from->end_ns, to->start_ns };

	manifest.workload = workload;
	manifest.groups = phase_groups(whole, phase, &arena);
	manifest.phase = phase;
	manifest.capture = (struct cov_manifest_capture){ COV_MANIFEST_DIFFERENCE, 0 };
	manifest.duration_ns = to->start_ns - from->end_ns;
	manifest.steps[0] = step;
	manifest.step_count = 1;
	manifest.snapshot.file = file;
	manifest.snapshot.file_count = (long long)to->file_count;
	manifest.snapshot.total_bytes = (long long)to->total_bytes;
	/* They belong to the whole. */
	manifest.metric_count = 0;
	int result = cov_manifest_write(&manifest, path, err);
	cov_arena_deinit(&arena);
	return result;
}

/* @stem: of the trial's files */
static int save_phase(struct phases *phases, struct snapshot_writer *later, int index,
		      const struct cov_manifest *manifest, const char *stem, struct cov_error *err)
{
	const struct snapshot_writer *earlier = &phases->writers[index];
	const char *phase = cov_manifest_phase_names[index];
	COV_AUTO(free) char *phase_stem = cov_format("%s.%s", stem, phase);
	COV_AUTO(free) char *path = cov_format("%s.tar.zst", phase_stem);
	int result = subtract(later, earlier, err);

	if (result == 0)
		result = snapshot_writer_save(later, path, err);
	if (result == 0)
		result = save_manifest(earlier, later, manifest, phase, phase_stem, err);
	return result;
}

int phases_save(struct phases *phases, struct snapshot_writer *last, const char *folder,
		const struct cov_manifest *manifest, const char *name, struct cov_error *err)
{
	COV_AUTO(free) char *stem = cov_format("%s/%s", folder, name);
	int result = cov_directory_make(folder, err);

	/* From the end: a capture is subtracted from the next before it becomes a difference. */
	for (int i = PHASE_END - 1; result == 0 && i >= 0; i--)
		result = save_phase(phases, i == PHASE_END - 1 ? last : &phases->writers[i + 1], i,
				    manifest, stem, err);
	return result;
}

void phases_deinit(struct phases *phases)
{
	for (int i = 0; i < PHASE_END; i++)
		snapshot_writer_deinit(&phases->writers[i]);
}
