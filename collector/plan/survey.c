/* survey.c - what is known of all functions of an object without their flow graphs. */
#include "collector/plan/survey.h"

#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/gcov/gcov_format.h"
#include "collector/gcov/source_path.h"
#include "collector/plan/compiler.h"
#include "collector/plan/lines.h"

static uint32_t add_text(struct compiler *compiler, const char *text)
{
	uint32_t offset = (uint32_t)compiler->texts.length;

	cov_text_add(&compiler->texts, text, strlen(text) + 1);
	return offset;
}

struct canonical_name {
	const char *name;
	uint32_t source;
};

static int compare_names(const void *a, const void *b)
{
	const struct canonical_name *first = a, *second = b;
	int order = strcmp(first->name, second->name);

	return order ? order : (first->source > second->source) - (first->source < second->source);
}

/* Two spellings of one file are one source, as in gcov. */
static void add_sources(struct compiler *compiler)
{
	const struct gcno *gcno = compiler->gcno;
	struct plan *plan = compiler->plan;
	struct cov_arena *arena = &compiler->arena;
	struct canonical_name *names = cov_arena_alloc(arena, gcno->source_count, sizeof(*names));
	size_t size = 0;

	for (uint32_t i = 0; i < gcno->source_count; i++)
		size += strlen(gcno->sources[i]) + SOURCE_PATH_MORE_BYTES;
	char *next = cov_arena_alloc(arena, size, 1);
	compiler->canonical =
	    cov_arena_alloc(arena, gcno->source_count, sizeof(*compiler->canonical));
	plan->sources = cov_xcalloc(gcno->source_count, sizeof(*plan->sources));
	for (uint32_t i = 0; i < gcno->source_count; i++) {
		names[i] = (struct canonical_name){ next, i };
		next += source_path_write(gcno->sources[i], next) + 1;
	}
	qsort(names, gcno->source_count, sizeof(*names), compare_names);
	for (uint32_t i = 0; i < gcno->source_count; i++) {
		if (i == 0 || strcmp(names[i - 1].name, names[i].name) != 0)
			plan->sources[plan->source_count++] = add_text(compiler, names[i].name);
		compiler->canonical[names[i].source] = plan->source_count - 1;
	}
}

struct function_place {
	uint64_t key; /* canonical source, start line */
	uint32_t function;
};

static int compare_places(const void *a, const void *b)
{
	const struct function_place *first = a, *second = b;

	return (first->key > second->key) - (first->key < second->key);
}

/* Functions that start on the same line come from one macro: each keeps its lines to itself. */
static void find_groups(struct compiler *compiler)
{
	const struct gcno *gcno = compiler->gcno;
	struct function_place *places =
	    cov_arena_alloc(&compiler->arena, gcno->function_count, sizeof(*places));
	size_t count = 0;

	compiler->is_group = cov_arena_alloc(&compiler->arena, gcno->function_count, sizeof(bool));
	for (uint32_t i = 0; i < gcno->function_count; i++) {
		const struct gcno_function *function = &gcno->functions[i];

		if (function->is_artificial)
			continue;
		places[count].key =
		    (uint64_t)compiler->canonical[function->source] << 32 | function->start_line;
		places[count++].function = i;
	}
	qsort(places, count, sizeof(*places), compare_places);
	for (size_t i = 1; i < count; i++) {
		if (places[i].key == places[i - 1].key) {
			compiler->is_group[places[i].function] = true;
			compiler->is_group[places[i - 1].function] = true;
		}
	}
}

/* What all functions are, and which lines they have. */
static void survey_functions(struct compiler *compiler)
{
	const struct gcno *gcno = compiler->gcno;
	struct plan *plan = compiler->plan;

	plan->functions = cov_xcalloc(gcno->function_count, sizeof(*plan->functions));
	plan->function_count = gcno->function_count;
	for (uint32_t i = 0; i < gcno->function_count; i++) {
		const struct gcno_function *function = &gcno->functions[i];

		plan->functions[i] = (struct plan_function){
			.ident = function->ident,
			.lineno_checksum = function->lineno_checksum,
			.cfg_checksum = function->cfg_checksum,
			.name = add_text(compiler, function->name),
			.source = compiler->canonical[function->source],
			.start_line = function->start_line,
			.end_line = function->end_line,
			.is_artificial = function->is_artificial,
			.is_unsolvable = !flow_is_solvable(&compiler->flow, gcno, function),
			.counter_first = plan->counter_count,
			.counter_count = function->counter_count,
			.block_count = function->block_count,
		};
		plan->counter_count += function->counter_count;
		if (!function->is_artificial)
			lines_add(compiler, i);
	}
}

static int check_block_counts(const struct gcno *gcno, struct cov_error *err)
{
	for (uint32_t i = 0; i < gcno->function_count; i++) {
		const struct gcno_function *function = &gcno->functions[i];

		if (function->block_count > plan_blocks_max(function->arc_count))
			return cov_fail(err, COV_ERR_FORMAT,
					"function %s: %u blocks, but only %u arcs to join them",
					function->name, function->block_count, function->arc_count);
	}
	return 0;
}

int plan_survey(struct compiler *compiler, const struct gcno *gcno, struct plan *out,
		struct cov_error *err)
{
	struct plan plan = {
		.version = gcno->version,
		.line_rule = gcno->line_rule,
		.stamp = gcno->stamp,
	};

	if (gcno->line_rule == GCOV_LINES_UNKNOWN) {
		char version[GCOV_VERSION_TEXT_BYTES];

		gcov_format_version_text(gcno->version, version);
		return cov_fail(
		    err, COV_ERR_FORMAT,
		    "notes of compiler version %s: how its gcov counts lines is not supported",
		    version);
	}
	int result = check_block_counts(gcno, err);
	if (result)
		return result;
	compiler_begin(compiler, gcno, &plan);
	plan.cwd = add_text(compiler, gcno->cwd ? gcno->cwd : "");
	add_sources(compiler);
	find_groups(compiler);
	survey_functions(compiler);
	plan.lines = cov_xcopy(compiler->lines, plan.line_count, sizeof(*plan.lines));
	plan.texts = cov_xcopy(compiler->texts.data, compiler->texts.length, 1);
	plan.text_bytes = (uint32_t)compiler->texts.length;
	*out = plan;
	return 0;
}
