/*
 * tree_directory.c - list a directory for tree.c, without a look at each file's inode.
 *
 * A kernel's build tree holds forty files for each .gcno: asking for the inode of each took longer
 * than decoding. The type that readdir() gives is enough. Folders are read level by level, those of
 * one level by all threads.
 */
#include "collector/decode/tree_directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/parallel.h"
#include "collector/base/text.h"

/* Texts one after another, each ended by NUL. */
struct names {
	struct cov_text text;
	size_t count;
};

/* One folder: where it is, and what is in it once it was read. */
struct folder {
	char *name; /* relative to the root, "" for that; owned */
	struct names files;
	struct names folders;
	int error_number; /* why it could not be read, or 0 */
};

struct level {
	const char *suffix;
	int root;               /* a descriptor */
	struct folder *folders; /* [count]; owned */
	size_t count;
	struct cov_listing *listings; /* [cov_thread_count()] */
};

static void level_deinit(struct level *level)
{
	for (size_t i = 0; i < level->count; i++) {
		free(level->folders[i].name);
		cov_text_deinit(&level->folders[i].files.text);
		cov_text_deinit(&level->folders[i].folders.text);
	}
	free(level->folders);
}

COV_DEFINE_AUTO_STRUCT(struct level, level_deinit)

static void add_name(struct names *names, const char *folder, const char *name)
{
	cov_text_add(&names->text, folder, strlen(folder));
	if (*folder)
		cov_text_add(&names->text, "/", 1);
	cov_text_add(&names->text, name, strlen(name) + 1);
	names->count++;
}

static void read_entries(struct folder *folder, struct cov_listing *listing, const char *suffix)
{
	const struct dirent *entry;
	struct cov_error err;
	int result;

	/* What is listed before a failure is taken: the folder is reported as one with a gap. */
	while ((result = cov_listing_next(listing, folder->name, &entry, &err)) > 0) {
		unsigned char type = cov_entry_type(listing->folder, entry);
		if (type == DT_DIR)
			add_name(&folder->folders, folder->name, entry->d_name);
		/* Links are files: the kernel's .gcno are links. What is no file will be named. */
		else if (cov_has_suffix(entry->d_name, suffix))
			add_name(&folder->files, folder->name, entry->d_name);
		else if (type == DT_UNKNOWN && errno != ENOENT)
			folder->error_number = errno;
	}
	if (result < 0)
		folder->error_number = errno;
}

static void read_folder(void *context, size_t index, size_t thread)
{
	const struct level *level = context;
	struct folder *folder = &level->folders[index];
	struct cov_listing *listing = &level->listings[thread];
	COV_AUTO(close)
	int descriptor =
	    cov_open_at(level->root, *folder->name ? folder->name : ".", O_RDONLY | O_DIRECTORY);

	if (descriptor < 0) {
		folder->error_number = errno;
		return;
	}
	listing->folder = descriptor;
	listing->next = listing->end = 0;
	read_entries(folder, listing, level->suffix);
}

/* What was found on a level joins the whole. */
static void take_level(const struct level *level, struct tree_directory *whole)
{
	for (size_t i = 0; i < level->count; i++) {
		const struct folder *folder = &level->folders[i];
		const char *name = folder->files.text.data;

		for (size_t j = 0; j < folder->files.count; j++, name += strlen(name) + 1) {
			whole->names = cov_grow(whole->names, whole->name_count,
						&whole->name_capacity, sizeof(*whole->names));
			whole->names[whole->name_count++] = cov_xstrdup(name);
		}
		whole->folders = cov_grow(whole->folders, whole->folder_count,
					  &whole->folder_capacity, sizeof(*whole->folders));
		whole->folders[whole->folder_count++] = cov_xstrdup(folder->name);
		if (!folder->error_number)
			continue;
		whole->gaps = cov_grow(whole->gaps, whole->gap_count, &whole->gap_capacity,
				       sizeof(*whole->gaps));
		struct tree_gap *gap = &whole->gaps[whole->gap_count++];
		cov_fail(&gap->err, COV_ERR_SYSTEM, "cannot list the folder: %s",
			 strerror(folder->error_number));
		gap->name = cov_xstrdup(folder->name);
	}
}

/* Go on to the folders inside those of @level. */
static void descend(struct level *level)
{
	struct level next = {
		.suffix = level->suffix,
		.root = level->root,
		.listings = level->listings,
	};
	size_t count = 0;

	for (size_t i = 0; i < level->count; i++)
		count += level->folders[i].folders.count;
	next.folders = cov_xcalloc(count, sizeof(*next.folders));
	for (size_t i = 0; i < level->count; i++) {
		const struct names *names = &level->folders[i].folders;
		const char *name = names->text.data;

		for (size_t j = 0; j < names->count; j++, name += strlen(name) + 1)
			next.folders[next.count++].name = cov_xstrdup(name);
	}
	level_deinit(level);
	*level = next;
}

int tree_directory_list(const char *path, const char *suffix, struct tree_directory *ret,
			struct cov_error *err)
{
	COV_AUTO(close) int root = cov_open_at(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);

	if (root < 0)
		return cov_fail_errno(err, "cannot list %s", path);
	COV_AUTO(free)
	struct cov_listing *listings = cov_xcalloc(cov_thread_count(), sizeof(*listings));
	COV_AUTO(level_deinit)
	struct level level = { .suffix = suffix, .root = root, .count = 1, .listings = listings };
	struct tree_directory whole = { 0 };

	level.folders = cov_xcalloc(1, sizeof(*level.folders));
	level.folders[0].name = cov_xstrdup("");
	while (level.count) {
		cov_parallel_for(level.count, read_folder, &level);
		if (!*level.folders[0].name && level.folders[0].error_number) {
			errno = level.folders[0].error_number;
			return cov_fail_errno(err, "cannot list %s", path);
		}
		take_level(&level, &whole);
		descend(&level);
	}
	*ret = whole;
	return 0;
}
