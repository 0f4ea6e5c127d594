/* tracefile_kernel.c - a kernel made of what a tracefile has. */
#include "collector/exchange/tracefile_kernel.h"

#include <string.h>

#include "collector/base/text.h"
#include "collector/decode/kernel.h"
#include "collector/decode/kernel_index.h"
#include "collector/exchange/tracefile.h"
#include "collector/gcov/source_path.h"

/* The deepest directory that holds all files with absolute paths; free() it. */
static char *common_directory(const struct cov_tracefile *tracefile)
{
	char *common = NULL;

	for (size_t i = 0; i < tracefile->file_count; i++) {
		const char *path = tracefile->files[i].path;
		size_t length = 0, directory = 0;

		if (*path != '/')
			continue;
		if (!common) {
			common = cov_xstrndup(path, (size_t)(strrchr(path, '/') - path));
			continue;
		}
		/* The slash after it counts, so that "a/b" does not hold "a/bc". */
		for (; path[length] && (path[length] == common[length] || !common[length]);
		     length++) {
			if (path[length] == '/')
				directory = length;
			if (!common[length])
				break;
		}
		common[directory] = '\0';
	}
	return common ? common : cov_xstrdup("");
}

/* Offset of a text that is added to those of the plan. */
static uint32_t add_text(struct cov_text *texts, const char *text)
{
	uint32_t offset = (uint32_t)texts->length;

	cov_text_add(texts, text, strlen(text) + 1);
	return offset;
}

/* The lines and functions of @from, with paths relative to @root: files that then are one add up.
 */
static void relocate(const struct cov_tracefile *from, const char *root, struct cov_tracefile *to)
{
	const char *const roots[] = { root };

	for (size_t i = 0; i < from->file_count; i++) {
		const struct tracefile_file *file = &from->files[i];
		COV_AUTO(free) char *path = source_path_relative(file->path, "", roots, 1);
		struct tracefile_file *copy = tracefile_add_file(to, path, strlen(path));

		for (size_t j = 0; j < file->line_count; j++)
			tracefile_add_line(copy, file->lines[j].line, file->lines[j].count);
		for (size_t j = 0; j < file->function_count; j++)
			tracefile_add_function(to, copy, file->functions[j],
					       strlen(file->functions[j].name));
	}
	tracefile_settle(to);
}

static void make_plan(const struct cov_tracefile *tracefile, struct plan *plan)
{
	size_t line_count = tracefile_total(tracefile).lines_found;
	size_t function_count = tracefile_total(tracefile).functions_found;
	struct cov_text texts = { 0 };

	memset(plan, 0, sizeof(*plan));
	plan->cwd = add_text(&texts, "");
	plan->sources = cov_xcalloc(tracefile->file_count, sizeof(*plan->sources));
	plan->functions = cov_xcalloc(function_count, sizeof(*plan->functions));
	plan->lines = cov_xcalloc(line_count, sizeof(*plan->lines));
	for (size_t i = 0; i < tracefile->file_count; i++) {
		const struct tracefile_file *file = &tracefile->files[i];
		uint32_t source = plan->source_count;

		plan->sources[plan->source_count++] = add_text(&texts, file->path);
		for (size_t j = 0; j < file->line_count; j++)
			plan->lines[plan->line_count++] =
			    (struct plan_line){ source, file->lines[j].line };
		for (size_t j = 0; j < file->function_count; j++)
			plan->functions[plan->function_count++] = (struct plan_function){
				.name = add_text(&texts, file->functions[j].name),
				.source = source,
				.start_line = file->functions[j].start_line,
				.end_line = file->functions[j].end_line,
			};
	}
	plan->texts = texts.data;
	plan->text_bytes = (uint32_t)texts.length;
}

void tracefile_kernel_make(const struct cov_tracefile *tracefile, const char *root,
			   struct cov_kernel *out)
{
	COV_AUTO(tracefile_deinit) struct cov_tracefile relative = { 0 };
	COV_AUTO(free)
	char *found = root ? source_path_canonical(root) : common_directory(tracefile);

	memset(out, 0, sizeof(*out));
	out->objects = cov_xcalloc(1, sizeof(*out->objects));
	out->object_count = 1;
	/* No source file has a name that would match this. */
	out->objects[0].path = cov_xstrdup("(tracefiles).o");
	relocate(tracefile, found, &relative);
	make_plan(&relative, &out->objects[0].plan);
	kernel_index(out);
	free(out->source_root);
	out->source_root = found;
	found = NULL;
}
