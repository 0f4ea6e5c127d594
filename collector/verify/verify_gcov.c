/* verify_gcov.c - find the gcov of a compiler, and run it. */
#include "collector/verify/verify_gcov.h"

#include <string.h>
#include <unistd.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/decode/kernel.h"
#include "collector/gcov/gcov_format.h"
#include "collector/run/process.h"

enum verify_output verify_gcov_output(const struct cov_kernel *kernel)
{
	const struct plan *plan = &kernel->objects[0].plan;
	unsigned number = gcov_format_version_number(plan->version);

	if (plan->line_rule == GCOV_LINES_LLVM)
		return VERIFY_OUTPUT_TEXT;
	if (number < 80)
		return VERIFY_OUTPUT_FILES;
	return number < 90 ? VERIFY_OUTPUT_NONE : VERIFY_OUTPUT_JSON;
}

char *verify_gcov_read_all(FILE *output)
{
	struct cov_text text = { 0 };
	char bytes[4096];
	size_t got;

	while ((got = fread(bytes, 1, sizeof(bytes), output)) > 0)
		cov_text_add(&text, bytes, got);
	if (ferror(output)) {
		cov_text_deinit(&text);
		return NULL;
	}
	cov_text_add(&text, "", 1);
	return text.data;
}

/* The version that a gcov says it is, 122 for 12.2; 0 if it cannot be run. */
static unsigned gcov_version(const char *program)
{
	const char *const arguments[] = { program, "--version", NULL };
	char line[256] = "";
	unsigned major = 0, minor = 0;
	struct cov_error ignored; /* that it cannot be run is the answer */
	COV_AUTO(process_pipe_close) struct process_pipe pipe = { 0 };

	if (process_pipe_open(arguments, NULL, &pipe, &ignored))
		return 0;
	char *got = fgets(line, sizeof(line), pipe.output);
	while (fgetc(pipe.output) != EOF)
		;
	const char *last = got ? strrchr(line, ' ') : NULL;
	if (!last || sscanf(last, " %u.%u", &major, &minor) != 2)
		return 0;
	return 10 * major + minor;
}

/* gcov runs in another directory, so a path must not be relative. */
static char *absolute_program(const char *given)
{
	char *path = strchr(given, '/') ? realpath(given, NULL) : NULL;

	return path ? path : cov_xstrdup(given);
}

/* Whether @program is of LLVM, as it says itself. */
static bool is_llvm(const char *program)
{
	const char *const arguments[] = { program, "--version", NULL };
	struct cov_error ignored; /* that it cannot be run is the answer */
	COV_AUTO(process_pipe_close) struct process_pipe pipe = { 0 };

	if (process_pipe_open(arguments, NULL, &pipe, &ignored))
		return false;
	COV_AUTO(free) char *text = verify_gcov_read_all(pipe.output);
	return text && strstr(text, "LLVM version");
}

/* Any of LLVM 11 and newer reads what any clang wrote. */
static int find_llvm_cov(const char *given, char **ret, struct cov_error *err)
{
	enum { LLVM_MIN = 11, LLVM_MAX = 19 };
	COV_AUTO(free) char *first = given ? absolute_program(given) : cov_xstrdup("llvm-cov");
	char *found = is_llvm(first) ? cov_xstrdup(first) : NULL;

	for (int version = LLVM_MAX; !found && !given && version >= LLVM_MIN; version--) {
		COV_AUTO(free) char *name = cov_format("llvm-cov-%d", version);

		if (is_llvm(name))
			found = cov_xstrdup(name);
	}
	if (!found)
		return cov_fail(err, COV_ERR_MACHINE,
				"the notes are of clang, and %s is not an llvm-cov that runs here",
				first);
	*ret = found;
	return 0;
}

int verify_gcov_find(const struct cov_kernel *kernel, const char *given, char **ret,
		     struct cov_error *err)
{
	if (!kernel->object_count)
		return cov_fail(err, COV_ERR_FORMAT, "none of the notes can be used");
	uint32_t version = kernel->objects[0].plan.version;
	unsigned number = gcov_format_version_number(version);
	/* Before GCC 5 a release was known by both numbers. */
	unsigned unit = number < 50 ? 1 : 10, wanted = number / unit;
	COV_AUTO(free)
	char *name =
	    number < 50 ? cov_format("%u.%u", number / 10, number % 10) : cov_format("%u", wanted);
	COV_AUTO(free) char *first = given ? absolute_program(given) : cov_format("gcov-%s", name);
	COV_AUTO(free) char *second = cov_xstrdup("gcov");

	if (verify_gcov_output(kernel) == VERIFY_OUTPUT_TEXT)
		return find_llvm_cov(given, ret, err);
	if (verify_gcov_output(kernel) == VERIFY_OUTPUT_NONE)
		return cov_fail(
		    err, COV_ERR_MACHINE,
		    "the notes are of GCC 8, whose gcov prints nothing that covdb reads");
	if (gcov_version(first) / unit == wanted) {
		*ret = first;
		first = NULL;
		return 0;
	}
	if (!given && gcov_version(second) / unit == wanted) {
		*ret = second;
		second = NULL;
		return 0;
	}
	return cov_fail(
	    err, COV_ERR_MACHINE,
	    "the notes are of GCC %s, and %s is not a gcov of that version that runs here", name,
	    first);
}
