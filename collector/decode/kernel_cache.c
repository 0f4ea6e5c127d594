/* kernel_cache.c - kernels read from notes, kept in the user's cache for the next time. */
#include "collector/decode/kernel_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/partial.h"
#include "collector/base/text.h"
#include "collector/base/trust.h"
#include "collector/decode/kernel.h"
#include "collector/decode/kernel_image.h"
#include "collector/decode/kernel_read.h"
#include "collector/decode/match.h"
#include "collector/decode/notes_state.h"
#include "collector/decode/problems.h"
#include "collector/decode/tree.h"

enum { MODE_OWN = 0700, MODE_OWN_FILE = 0600, MODE_OTHERS = 077 };

static const size_t cache_bytes_max = 256 << 20;

/* Of the user's own files, in files of covdb's alone; NULL if there shall be no cache. */
static char *cache_folder(void)
{
	const char *setting = getenv("COVDB_CACHE");
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (setting && strcmp(setting, "off") == 0)
		return NULL;
	/* The specification of these folders has relative paths ignored. */
	if (cache && *cache == '/')
		return cov_format("%s/covdb/notes", cache);
	return home && *home == '/' ? cov_format("%s/.cache/covdb/notes", home) : NULL;
}

/* A file for the notes in @root; NULL if there is no cache. */
static char *cache_file(const char *root)
{
	COV_AUTO(free) char *folder = cache_folder();
	uint64_t hash = 14695981039346656037u; /* FNV-1a; the file says whose it is */

	for (const char *byte = root; *byte; byte++)
		hash = (hash ^ (unsigned char)*byte) * 1099511628211u;
	return folder ? cov_format("%s/%016" PRIx64, folder, hash) : NULL;
}

static bool is_own(const struct stat *status)
{
	return status->st_uid == geteuid() && !(status->st_mode & MODE_OTHERS);
}

/* Whether nobody else can have put anything into the folder of @file. */
static bool is_trusted(const char *file)
{
	COV_AUTO(free) char *folder = cov_xstrndup(file, (size_t)(strrchr(file, '/') - file));
	struct cov_error reason;
	struct stat status;

	return lstat(folder, &status) == 0 && S_ISDIR(status.st_mode) && is_own(&status) &&
	       cov_trust_folder(folder, &reason) == 0;
}

static bool read_all(int descriptor, char *data, size_t size)
{
	while (size) {
		ssize_t got_bytes = read(descriptor, data, size);

		if (got_bytes < 0 && errno == EINTR)
			continue;
		if (got_bytes <= 0)
			return false;
		data += got_bytes;
		size -= (size_t)got_bytes;
	}
	return true;
}

/* What the cache has at @file, or NULL; free() it. */
static char *read_image(const char *file, size_t *size_out)
{
	COV_AUTO(close)
	int descriptor = open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	struct stat status;

	if (descriptor < 0 || fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode) ||
	    !is_own(&status) || status.st_size < 0 || (size_t)status.st_size > cache_bytes_max)
		return NULL;
	*size_out = (size_t)status.st_size;
	COV_AUTO(free) char *image = cov_xmalloc(*size_out);
	if (!read_all(descriptor, image, *size_out))
		return NULL;
	/* It was used now. If that cannot be noted, it goes earlier than it need. */
	if (futimens(descriptor, NULL) != 0)
		errno = 0;
	char *ret = image;
	image = NULL;
	return ret;
}

/* The kernel of the notes in @root as they are now. Return: whether the cache has it. */
static bool find(const char *file, const char *root, struct cov_kernel *out)
{
	COV_AUTO(notes_state_deinit) struct notes_state state = { 0 };
	COV_AUTO(free) char *image = NULL;
	size_t size;

	if (!is_trusted(file))
		return false;
	image = read_image(file, &size);
	if (!image || !kernel_image_state(image, size, &state) || strcmp(state.root, root) != 0 ||
	    !notes_state_is_current(&state))
		return false;
	char *taken = image;
	image = NULL;
	return kernel_image_open(taken, size, out);
}

int kernel_cache_open(const char *notes, bool is_whole, struct cov_kernel *out,
		      struct kernel_cache *ret, struct cov_error *err)
{
	COV_AUTO(kernel_cache_deinit) struct kernel_cache cache = { 0 };
	int result = 0;

	cache.root = cov_is_directory(notes) ? realpath(notes, NULL) : NULL;
	cache.file = cache.root ? cache_file(cache.root) : NULL;
	cache.is_found = cache.file && find(cache.file, cache.root, out);
	if (cache.root && !cache.file && !is_whole)
		cache.notes.path = cov_xstrdup(notes);
	else if (!cache.is_found)
		result = tree_open(notes, ".gcno", &cache.notes, err);
	if (result)
		return result;
	*ret = cache;
	memset(&cache, 0, sizeof(cache));
	return 0;
}

/*
 * The notes of the files of @snapshot alone. Return: whether each of them has some, and all could
 * be read; if not, they have to be listed.
 */
static bool read_beside(struct kernel_cache *cache, const struct tree *snapshot,
			struct cov_kernel *out)
{
	COV_AUTO(tree_deinit) struct tree beside = { 0 };
	COV_AUTO(cov_problems_deinit) struct cov_problems problems = { 0 };
	struct tree unlisted = cache->notes;

	if (!match_beside(unlisted.path, snapshot, &beside))
		return false;
	cache->notes = beside;
	kernel_read_tree(&cache->notes, KERNEL_RAN, snapshot, out, &problems);
	if (!problems.count) {
		beside = unlisted;
		out->is_partial = true;
		return true;
	}
	kernel_deinit(out);
	cache->notes = unlisted;
	return false;
}

int kernel_cache_read(struct kernel_cache *cache, const struct tree *snapshot,
		      struct cov_kernel *out, struct cov_problems *problems, struct cov_error *err)
{
	if (!cache->notes.files) {
		COV_AUTO(free) char *notes = NULL;

		if (read_beside(cache, snapshot, out))
			return 0;
		notes = cache->notes.path;
		cache->notes.path = NULL;
		int result = tree_open(notes, ".gcno", &cache->notes, err);
		if (result)
			return result;
	}
	bool is_kept = cache->file && !cache->notes.gap_count &&
		       notes_state_take(cache->root, &cache->notes, &cache->state);
	size_t problem_count = problems->count;
	enum kernel_depth depth = is_kept ? KERNEL_BODIES : snapshot ? KERNEL_RAN : KERNEL_PLANS;
	struct cov_text image = { 0 };

	kernel_read_tree(&cache->notes, depth, snapshot, out, problems);
	if (!is_kept || problems->count != problem_count)
		return 0;
	kernel_image_make(out, &cache->state, &image);
	cache->image = image.data;
	cache->image_bytes = image.length;
	return 0;
}

/* One file of the cache. */
struct cached {
	char *name; /* owned */
	size_t size;
	struct timespec used;
};

struct cached_list {
	struct cached *items; /* [count]; owned */
	size_t count, capacity;
};

static void cached_list_deinit(struct cached_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].name);
	free(list->items);
}

COV_DEFINE_AUTO_STRUCT(struct cached_list, cached_list_deinit)

static int compare_use(const void *a, const void *b)
{
	const struct cached *first = a, *second = b;

	if (first->used.tv_sec != second->used.tv_sec)
		return first->used.tv_sec < second->used.tv_sec ? 1 : -1;
	return (first->used.tv_nsec < second->used.tv_nsec) -
	       (first->used.tv_nsec > second->used.tv_nsec);
}

static void list_folder(DIR *listing, const char *folder, struct cached_list *ret)
{
	const struct dirent *entry;
	struct cov_error reason;
	struct stat status;

	while (cov_directory_next(listing, folder, &entry, &reason) > 0) {
		if (fstatat(dirfd(listing), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
		    !S_ISREG(status.st_mode))
			continue;
		ret->items = cov_grow(ret->items, ret->count, &ret->capacity, sizeof(*ret->items));
		ret->items[ret->count++] =
		    (struct cached){ cov_xstrdup(entry->d_name), (size_t)status.st_size,
				     status.st_mtim };
	}
}

/* Take out what was used longest ago, until the rest is no more than it may be. */
static void prune(const char *folder)
{
	COV_AUTO(closedir) DIR *listing = opendir(folder);
	COV_AUTO(cached_list_deinit) struct cached_list list = { 0 };
	size_t total_bytes = 0;

	if (!listing)
		return;
	list_folder(listing, folder, &list);
	if (list.count)
		qsort(list.items, list.count, sizeof(*list.items), compare_use);
	for (size_t i = 0; i < list.count; i++) {
		total_bytes += list.items[i].size;
		if (total_bytes > cache_bytes_max &&
		    unlinkat(dirfd(listing), list.items[i].name, 0) != 0)
			return;
	}
}

/* Make @folder and what is missing above it. */
static bool make_folder(const char *folder)
{
	COV_AUTO(free) char *path = cov_xstrdup(folder);

	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, MODE_OWN) != 0 && errno != EEXIST)
			return false;
		*slash = '/';
	}
	return mkdir(path, MODE_OWN) == 0 || errno == EEXIST;
}

void kernel_cache_keep(const struct kernel_cache *cache)
{
	COV_AUTO(cov_partial_discard) struct cov_partial partial = { 0 };
	struct cov_error reason;

	if (!cache->image || cache->image_bytes > cache_bytes_max)
		return;
	COV_AUTO(free)
	char *folder = cov_xstrndup(cache->file, (size_t)(strrchr(cache->file, '/') - cache->file));
	if (!make_folder(folder) || !is_trusted(cache->file) ||
	    cov_partial_open(cache->file, &partial, &reason) != 0 ||
	    fchmod(partial.file, MODE_OWN_FILE) != 0 ||
	    cov_write_all(partial.file, cache->image, cache->image_bytes) != 0 ||
	    cov_partial_commit(&partial, &reason) != 0)
		return;
	prune(folder);
}

void kernel_cache_deinit(struct kernel_cache *cache)
{
	tree_deinit(&cache->notes);
	notes_state_deinit(&cache->state);
	free(cache->root);
	free(cache->file);
	free(cache->image);
	memset(cache, 0, sizeof(*cache));
}
