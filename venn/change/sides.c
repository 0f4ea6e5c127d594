/* sides.c - the two sides of a comparison, and which line of the one is which of the other. */
#include "venn/change/sides.h"

#include <stdlib.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/terminal.h"
#include "collector/base/text.h"
#include "venn/store/store.h"
#include "venn/store/store_load.h"

/* One side while both are opened. */
struct opening {
	const char *text;
	const char *source;
	struct side_name name;          /* owned, as is the next */
	struct cov_tracefile tracefile; /* empty: it is in a database */
	struct side *side;
};

static void opening_deinit(struct opening *opening)
{
	side_name_deinit(&opening->name);
	tracefile_deinit(&opening->tracefile);
}

COV_DEFINE_AUTO_STRUCT(struct opening, opening_deinit)

void sides_deinit(struct sides *sides)
{
	join_deinit(&sides->join);
	/* Which may borrow of the old one. */
	side_deinit(&sides->new);
	side_deinit(&sides->old);
}

static int read_tracefile(const char *path, struct cov_tracefile *tracefile, struct cov_error *err)
{
	COV_AUTO(cov_problems_deinit) struct cov_problems problems = { 0 };
	int result = tracefile_read(path, NULL, tracefile, &problems, err);

	return result ? result : cov_problems_check_readable(&problems, path, err);
}

/* Parse the name, and read what is in no database. */
static int begin(struct opening *opening, struct cov_error *err)
{
	int result = side_name_parse(opening->text, &opening->name, err);

	if (result || !opening->name.tracefile)
		return result;
	result = read_tracefile(opening->name.tracefile, &opening->tracefile, err);
	if (result == 0)
		tracefile_remarks_print(&opening->tracefile.remarks);
	return result;
}

/* Where the files of a tracefile lay, if it is where its source is now; free() it. */
static char *find_root(const struct opening *opening)
{
	const char *at = strrchr(opening->source, '@');
	COV_AUTO(free)
	char *folder = cov_xstrndup(opening->source,
				    at ? (size_t)(at - opening->source) : strlen(opening->source));
	char *root = realpath(folder, NULL);
	size_t length = root ? strlen(root) : 0;

	for (size_t i = 0; root && i < opening->tracefile.file_count; i++) {
		const char *path = opening->tracefile.files[i].path;

		if (strncmp(path, root, length) != 0 || path[length] != '/') {
			free(root);
			root = NULL;
		}
	}
	return root;
}

/* A kernel for a tracefile: of its own, of both tracefiles, or that of the other side. */
static int make_kernel(const struct opening *opening, const struct opening *other,
		       const char *database, struct cov_error *err)
{
	COV_AUTO(tracefile_deinit) struct cov_tracefile both = { 0 };
	COV_AUTO(store_close) struct store *store = NULL;
	struct cov_kernel *kernel = &opening->side->kernel;

	if (opening->source) {
		COV_AUTO(free) char *root = find_root(opening);

		tracefile_kernel_make(&opening->tracefile, root, kernel);
		return 0;
	}
	if (!other->name.tracefile) {
		const char *path = other->name.database ? other->name.database : database;
		int result = store_open(store_path(path), STORE_READ, &store, err);

		return result ? result
			      : store_load_kernel(store, other->side->about.id, kernel, err);
	}
	int result = read_tracefile(opening->name.tracefile, &both, err);
	if (result == 0)
		result = read_tracefile(other->name.tracefile, &both, err);
	if (result == 0)
		tracefile_kernel_make(&both, NULL, kernel);
	return result;
}

static int take_tracefile(const struct opening *opening, const struct opening *other,
			  const char *database, struct cov_error *err)
{
	COV_AUTO(tracefile_match_deinit) struct cov_tracefile_match match = { 0 };
	struct cov_error reason;
	int result = make_kernel(opening, other, database, err);

	if (result)
		return result;
	result = tracefile_match(&opening->side->kernel, &opening->tracefile, &match, &reason);
	if (result)
		return cov_fail(err, reason.code, "%s: %s", opening->text, reason.message);
	if (match.unknown)
		cov_say("%s: not of the kernel and not compared: %zu files; of its files %zu "
			"lines; the first in %s",
			opening->text, match.files_unknown, match.lines_unknown, match.unknown);
	side_take_counts(opening->side, &match.counts);
	return 0;
}

static int read_sources(const struct side *side, const char *where, struct sources *ret,
			struct cov_error *err)
{
	COV_AUTO(store_close) struct store *store = NULL;
	int result = side->database ? store_open(side->database, STORE_READ, &store, err) : 0;
	const struct sources_from from = { .where = where,
					   .store = store,
					   .kernel_id = side->about.id };

	return result ? result : sources_read(&side->kernel, &from, ret, err);
}

static int join_sides(const struct sides_asked *asked, struct sides *sides, struct cov_error *err)
{
	COV_AUTO(sources_deinit) struct sources old = { 0 };
	COV_AUTO(sources_deinit) struct sources new = { 0 };

	if (!asked->old_source && !asked->new_source &&
	    side_is_same_build(&sides->old, &sides->new)) {
		join_itself(&sides->new.kernel, &sides->join);
		return 0;
	}
	int result = read_sources(&sides->old, asked->old_source, &old, err);
	if (result == 0)
		result = read_sources(&sides->new, asked->new_source, &new, err);
	if (result)
		return result;
	sides->old_missing = old.missing_count;
	sides->new_missing = new.missing_count;
	return join_kernels((struct join_kernel){ &sides->old.kernel, &old },
			    (struct join_kernel){ &sides->new.kernel, &new }, &sides->join, err);
}

int sides_open(const struct sides_asked *asked, struct sides *ret, struct cov_error *err)
{
	COV_AUTO(opening_deinit)
	struct opening old = { .text = asked->old, .source = asked->old_source, .side = &ret->old };
	COV_AUTO(opening_deinit)
	struct opening new = { .text = asked->new, .source = asked->new_source, .side = &ret->new };
	struct opening *const both[] = { &old, &new };
	int result = begin(&old, err);

	if (result == 0)
		result = begin(&new, err);
	for (size_t i = 0; result == 0 && i < 2; i++) {
		const struct side_asked side = { asked->database, asked->unit,
						 i ? both[0]->side : NULL };

		if (!both[i]->name.tracefile)
			result = side_read(&both[i]->name, &side, both[i]->side, err);
	}
	side_close(&ret->new);
	side_close(&ret->old);
	for (size_t i = 0; result == 0 && i < 2; i++) {
		if (both[i]->name.tracefile)
			result = take_tracefile(both[i], both[1 - i], asked->database, err);
	}
	return result ? result : join_sides(asked, ret, err);
}
