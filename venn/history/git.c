/* git.c - libgit2, set up once, and what it says when it fails; only this room includes git2.h. */
#include "venn/history/git.h"

#include <pthread.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int begun;

static void begin(void)
{
	begun = git_libgit2_init();
}

int git_begin(struct cov_error *err)
{
	int result = git_late_open(err);

	if (result)
		return result;
	pthread_once(&once, begin);
	return begun < 0 ? git_say(begun, "cannot use libgit2", err) : 0;
}

int git_say(int code, const char *what, struct cov_error *err)
{
	const git_error *last = git_error_last();

	if (last && last->klass == GIT_ERROR_NOMEMORY)
		cov_out_of_memory();
	return cov_fail(err, code == GIT_ENOTFOUND ? COV_ERR_MISMATCH : COV_ERR_FORMAT, "%s: %s",
			what, last && last->message ? last->message : "libgit2 does not say why");
}
