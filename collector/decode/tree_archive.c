/* tree_archive.c - the files of one kind in an archive, as unpacking it would leave them, for
 * tree.c. */
#include "collector/decode/tree_archive.h"

#include <archive_late.h>
#include <errno.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/decode/tree_nodes.h"

enum {
	ARCHIVE_BLOCK_BYTES = 1 << 20,
	EXPECTED_BYTES_MAX = 1 << 20,
	EXPECTED_BYTES_UNKNOWN = 8192,
	CONTENT_BYTES_MAX = 1 << 30,
	/* Snapshots and notes shrink to a twentieth; beyond this an archive is made to be a bomb.
	 */
	EXPANSION_MAX = 1000,
	EXPANSION_FREE_BYTES = 64 << 20, /* allowed whatever the size of the archive */
	LINKS_MAX = 40,                  /* as many as Linux follows in one path */
};

/* An archive being read. */
struct unpacking {
	const char *path;
	const char *suffix;
	struct archive *archive;
	struct tree_archive whole;
	int64_t content_bytes; /* of all files so far; holes of sparse ones count as content */
	struct tree_nodes nodes;
	struct cov_text folder; /* of the file before, as a path without links; "" at first */
};

static void archive_free_auto(struct archive **archive)
{
	archive_read_free(*archive);
}

static void unpacking_deinit(struct unpacking *unpacking)
{
	tree_nodes_deinit(&unpacking->nodes);
	cov_text_deinit(&unpacking->folder);
	tree_archive_deinit(&unpacking->whole);
}

COV_DEFINE_AUTO_STRUCT(struct unpacking, unpacking_deinit)

static void add_gap(struct unpacking *unpacking, const char *name, const char *why)
{
	struct tree_archive *whole = &unpacking->whole;

	whole->gaps =
	    cov_grow(whole->gaps, whole->gap_count, &whole->gap_capacity, sizeof(*whole->gaps));
	struct tree_gap *gap = &whole->gaps[whole->gap_count++];
	cov_fail(&gap->err, COV_ERR_FORMAT, "left out: %s", why);
	gap->name = cov_xstrdup(name);
}

static bool is_component(const char *component, size_t length, const char *name)
{
	return strlen(name) == length && memcmp(component, name, length) == 0;
}

/* Take the last component off. Return: whether there was one. */
static bool drop_component(struct cov_text *path)
{
	if (!path->length)
		return false;
	char *slash = strrchr(path->data, '/');
	path->length = slash ? (size_t)(slash - path->data) : 0;
	path->data[path->length] = '\0';
	return true;
}

/* A path that is followed through the links that were unpacked so far. */
struct path_walk {
	struct cov_text done;  /* without links */
	char *rest;            /* still to go; owned */
	const char *next;      /* in @rest */
	bool is_last_followed; /* also the last component, if it is a link */
	unsigned link_count;
};

static void path_walk_deinit(struct path_walk *walk)
{
	cov_text_deinit(&walk->done);
	free(walk->rest);
}

COV_DEFINE_AUTO_STRUCT(struct path_walk, path_walk_deinit)

static const char *follow_link(struct path_walk *walk, const struct tree_node *link, size_t before)
{
	if (*link->target == '/')
		return "a link leads out of the archive";
	if (++walk->link_count > LINKS_MAX)
		return "too many links";
	char *rest = cov_format("%s/%s", link->target, walk->next);
	free(walk->rest);
	walk->next = walk->rest = rest;
	walk->done.length = before;
	walk->done.data[before] = '\0';
	return NULL;
}

/* One component further. Return: NULL, or why that leads nowhere. */
static const char *follow_component(struct path_walk *walk, const struct unpacking *unpacking)
{
	const char *component = walk->next + strspn(walk->next, "/");
	size_t length = strcspn(component, "/"), before = walk->done.length;
	bool is_last = !component[length + strspn(component + length, "/")];

	walk->next = component + length;
	if (is_component(component, length, ".."))
		return drop_component(&walk->done)
			   ? NULL
			   : "its name or a link in it leads out of the archive";
	if (!length || is_component(component, length, "."))
		return NULL;
	cov_text_print(&walk->done, "%s%.*s", before ? "/" : "", (int)length, component);
	const struct tree_node *node = tree_nodes_find(&unpacking->nodes, walk->done.data);
	if (node && node->kind == TREE_NODE_LINK && (!is_last || walk->is_last_followed))
		return follow_link(walk, node, before);
	if (node && node->kind != TREE_NODE_FOLDER && !is_last)
		return "what should be its folder is a file";
	return NULL;
}

/*
 * Whether @path is a name right below the folder of the file before. A folder stays one, so that
 * such a path leads through no link.
 */
static bool is_beside(const struct unpacking *unpacking, const char *path)
{
	const struct cov_text *folder = &unpacking->folder;

	if (!folder->length || strncmp(path, folder->data, folder->length) != 0 ||
	    path[folder->length] != '/')
		return false;
	const char *name = path + folder->length + 1;
	return *name && !strchr(name, '/') && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

/*
 * Where @path leads through the links that were unpacked so far; through the last component only if
 * @is_last_followed. Return: a path without links, free() it; NULL if it leads nowhere, with @why.
 */
static char *follow(const struct unpacking *unpacking, const char *path, bool is_last_followed,
		    const char **why)
{
	while (*path == '/' || strncmp(path, "./", 2) == 0)
		path += *path == '/' ? 1 : 2;
	if (!is_last_followed && is_beside(unpacking, path))
		return cov_xstrdup(path);
	COV_AUTO(path_walk_deinit)
	struct path_walk walk = { .rest = cov_xstrdup(path), .is_last_followed = is_last_followed };

	cov_text_add(&walk.done, "", 0);
	for (walk.next = walk.rest; *walk.next;) {
		const char *reason = follow_component(&walk, unpacking);

		if (reason) {
			*why = reason;
			return NULL;
		}
	}
	return cov_xstrdup(walk.done.data);
}

static int check_expansion(const struct unpacking *unpacking, struct cov_error *err)
{
	int64_t archive_bytes = archive_filter_bytes(unpacking->archive, -1);
	int64_t unpacked_bytes = archive_filter_bytes(unpacking->archive, 0);
	int64_t bytes_max = EXPANSION_FREE_BYTES + archive_bytes * EXPANSION_MAX;

	if (unpacked_bytes > bytes_max || unpacking->content_bytes > bytes_max)
		return cov_fail(err, COV_ERR_FORMAT, "%s: expands to more than %d times its size",
				unpacking->path, EXPANSION_MAX);
	return 0;
}

/* @what: went wrong, if it is not that the file cannot be read */
static int fail_archive(const struct unpacking *unpacking, const char *what, struct cov_error *err)
{
	int failure = archive_errno(unpacking->archive);
	const char *detail = archive_error_string(unpacking->archive);

	/* For what is wrong with a format libarchive has -1, and two numbers that read() does not
	 * give for an open file. */
	if (failure > 0 && failure != EILSEQ && failure != EINVAL) {
		errno = failure;
		return cov_fail_errno(err, "cannot read %s", unpacking->path);
	}
	return cov_fail(err, COV_ERR_FORMAT, "%s: %s: %s", unpacking->path, what,
			detail ? detail : "libarchive does not say why");
}

static int fail_entry(const struct unpacking *unpacking, const char *name, struct cov_error *err)
{
	COV_AUTO(free) char *what = cov_format("cannot read %s", name);

	return fail_archive(unpacking, what, err);
}

static int read_bytes(struct unpacking *unpacking, const char *name, size_t expected_bytes,
		      struct tree_archive_bytes *bytes, struct cov_error *err)
{
	size_t capacity = 0;

	for (;;) {
		if (bytes->size + 1 >= capacity) {
			capacity = capacity ? 2 * capacity : expected_bytes + 2;
			bytes->data = cov_xrealloc(bytes->data, capacity);
		}
		la_ssize_t got_bytes = archive_read_data(
		    unpacking->archive, (char *)bytes->data + bytes->size, capacity - bytes->size);
		if (got_bytes < 0)
			return fail_entry(unpacking, name, err);
		if (got_bytes == 0)
			break;
		bytes->size += (size_t)got_bytes;
		unpacking->content_bytes += got_bytes;
		if (bytes->size > CONTENT_BYTES_MAX)
			return cov_fail(err, COV_ERR_FORMAT, "%s: %s is larger than %d bytes",
					unpacking->path, name, CONTENT_BYTES_MAX);
		int result = check_expansion(unpacking, err);
		if (result)
			return result;
	}
	bytes->data = cov_xrealloc(bytes->data, bytes->size);
	return 0;
}

/* Pass over a file bit by bit: libarchive would unpack all of it before anything is checked. */
static int skip_bytes(const struct unpacking *unpacking, const char *name, struct cov_error *err)
{
	const void *data;
	size_t size_bytes;
	la_int64_t offset;

	/* What is not compressed is passed over by seeking. */
	if (archive_filter_count(unpacking->archive) <= 1)
		return 0;
	for (;;) {
		int result =
		    archive_read_data_block(unpacking->archive, &data, &size_bytes, &offset);

		if (result == ARCHIVE_EOF)
			return 0;
		if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
			return fail_entry(unpacking, name, err);
		result = check_expansion(unpacking, err);
		if (result)
			return result;
	}
}

/* What room to begin with: the archive may say anything. */
static size_t expected_bytes(struct archive_entry *entry)
{
	int64_t size = archive_entry_size_is_set(entry) ? archive_entry_size(entry) : 0;

	return size > 0 && size < EXPECTED_BYTES_MAX ? (size_t)size : EXPECTED_BYTES_UNKNOWN;
}

/* A regular file gets the name @path. */
static int take_file(struct unpacking *unpacking, struct archive_entry *entry, const char *path,
		     struct cov_error *err)
{
	struct tree_archive *whole = &unpacking->whole;
	struct tree_node *node = tree_nodes_put(&unpacking->nodes, path);

	node->kind = TREE_NODE_OTHER;
	if (!cov_has_suffix(path, unpacking->suffix))
		return skip_bytes(unpacking, path, err);
	node->kind = TREE_NODE_FILE;
	node->bytes = (uint32_t)whole->bytes_count;
	whole->bytes = cov_grow(whole->bytes, whole->bytes_count, &whole->bytes_capacity,
				sizeof(*whole->bytes));
	whole->bytes[whole->bytes_count] = (struct tree_archive_bytes){ 0 };
	return read_bytes(unpacking, path, expected_bytes(entry),
			  &whole->bytes[whole->bytes_count++], err);
}

/* The name @path gets what @target is now. Return: why not, or NULL. */
static const char *take_hard_link(struct unpacking *unpacking, const char *path, const char *target)
{
	const char *why = NULL;
	COV_AUTO(free) char *found = follow(unpacking, target, false, &why);
	const struct tree_node *from = found ? tree_nodes_find(&unpacking->nodes, found) : NULL;

	if (why)
		return why;
	if (!from || from->kind == TREE_NODE_FOLDER)
		return "a hard link to what the archive does not have before it";
	if (strcmp(found, path) == 0)
		return NULL;
	struct tree_node *node = tree_nodes_put(&unpacking->nodes, path);
	node->kind = from->kind;
	node->bytes = from->bytes;
	node->target = from->target;
	return NULL;
}

/* The folders above @path are there once it is. */
static void take_folders(struct unpacking *unpacking, const char *path)
{
	const char *last = strrchr(path, '/');

	if (!last || is_beside(unpacking, path))
		return;
	unpacking->folder.length = 0;
	cov_text_add(&unpacking->folder, path, (size_t)(last - path));
	char *folder = unpacking->folder.data;
	for (char *slash = strchr(folder, '/');; slash = strchr(slash + 1, '/')) {
		if (slash)
			*slash = '\0';
		if (!tree_nodes_find(&unpacking->nodes, folder))
			tree_nodes_put(&unpacking->nodes, folder);
		if (!slash)
			return;
		*slash = '/';
	}
}

/* Members with '..' in their names are not unpacked by tar(1) either. */
static bool has_parent(const char *name)
{
	for (const char *component = name; *component;) {
		size_t length = strcspn(component, "/");

		if (is_component(component, length, ".."))
			return true;
		component += length;
		component += strspn(component, "/");
	}
	return false;
}

/* Take the member @entry, which gets the name @path. Return: 0; an error; @why it is not taken. */
static int take_member(struct unpacking *unpacking, struct archive_entry *entry, const char *path,
		       const char **why, struct cov_error *err)
{
	const char *target = archive_entry_hardlink(entry);
	const struct tree_node *former = tree_nodes_find(&unpacking->nodes, path);
	/* Some archivers write the bytes once more with each hard link. */
	bool has_bytes = archive_entry_size_is_set(entry) && archive_entry_size(entry) > 0;

	take_folders(unpacking, path);
	if (archive_entry_filetype(entry) == AE_IFDIR && !target) {
		tree_nodes_put(&unpacking->nodes, path);
		return 0;
	}
	if (former && former->kind == TREE_NODE_FOLDER) {
		*why = "a folder has its name";
		return 0;
	}
	if (target && !has_bytes) {
		*why = take_hard_link(unpacking, path, target);
		return 0;
	}
	if (target || archive_entry_filetype(entry) == AE_IFREG)
		return take_file(unpacking, entry, path, err);
	struct tree_node *node = tree_nodes_put(&unpacking->nodes, path);
	node->kind = TREE_NODE_OTHER;
	target = archive_entry_filetype(entry) == AE_IFLNK ? archive_entry_symlink(entry) : NULL;
	if (target) {
		node->kind = TREE_NODE_LINK;
		node->target = tree_nodes_text(&unpacking->nodes, target);
	}
	return 0;
}

static int take_entry(struct unpacking *unpacking, struct archive_entry *entry,
		      struct cov_error *err)
{
	const char *name = archive_entry_pathname(entry);
	const char *why = NULL;

	/* A name that has no form in the locale is still one. */
	if (!name)
		name = archive_entry_pathname_utf8(entry);
	if (!name || has_parent(name))
		why = name ? "its name has '..' in it, which is not unpacked" : "it has no name";
	COV_AUTO(free) char *path = why ? NULL : follow(unpacking, name, false, &why);
	int result = 0;
	if (path && *path)
		result = take_member(unpacking, entry, path, &why, err);
	if (result)
		return result;
	if (why && (!name || cov_has_suffix(name, unpacking->suffix)))
		add_gap(unpacking, name ? name : "a member", why);
	/* Its bytes, if it has any and they were not read. */
	return path && !why ? 0 : skip_bytes(unpacking, name ? name : "a member", err);
}

static int read_entries(struct unpacking *unpacking, struct cov_error *err)
{
	struct archive_entry *entry;

	for (;;) {
		int result = archive_read_next_header(unpacking->archive, &entry);

		if (result == ARCHIVE_EOF)
			return 0;
		if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
			return fail_archive(unpacking, "damaged archive", err);
		result = check_expansion(unpacking, err);
		if (result == 0)
			result = take_entry(unpacking, entry, err);
		if (result)
			return result;
	}
}

/* A name with the suffix becomes one of the files, or a gap. */
static void list_node(struct unpacking *unpacking, const struct tree_node *node)
{
	struct tree_archive *whole = &unpacking->whole;
	const char *why = NULL;

	if (node->kind == TREE_NODE_FOLDER || !cov_has_suffix(node->path, unpacking->suffix))
		return;
	const struct tree_node *file = node;
	if (node->kind == TREE_NODE_LINK) {
		COV_AUTO(free) char *found = follow(unpacking, node->path, true, &why);

		file = found ? tree_nodes_find(&unpacking->nodes, found) : NULL;
	}
	if (file && file->kind == TREE_NODE_FILE) {
		whole->files = cov_grow(whole->files, whole->file_count, &whole->file_capacity,
					sizeof(*whole->files));
		whole->files[whole->file_count++] =
		    (struct tree_archive_file){ cov_xstrdup(node->path), file->bytes };
		return;
	}
	if (!why && !file)
		why = "a link to what the archive does not have";
	else if (!why && file->kind == TREE_NODE_FOLDER)
		why = "a link to a folder";
	else if (!why)
		why = "no file, or a link to one with another suffix";
	add_gap(unpacking, node->path, why);
}

int tree_archive_read(const char *path, const char *suffix, struct tree_archive *ret,
		      struct cov_error *err)
{
	struct cov_error cause;
	if (archive_late_open(&cause))
		return cov_fail(err, cause.code, "%s: %s", path, cause.message);
	COV_AUTO(close) int fd = -1; /* outlives the archive that reads it */
	__attribute__((cleanup(archive_free_auto))) struct archive *archive = archive_read_new();
	COV_AUTO(unpacking_deinit)
	struct unpacking unpacking = { .path = path, .suffix = suffix, .archive = archive };
	int result = cov_file_open(path, &fd, err);

	if (!archive)
		cov_out_of_memory();
	if (result)
		return result;
	/*
	 * Not all filters that libarchive has: it hands some to programs it finds in the path, and
	 * warns of those that it would have to.
	 */
	if (archive_read_support_format_tar(archive) != ARCHIVE_OK ||
	    archive_read_support_filter_gzip(archive) < ARCHIVE_WARN ||
	    archive_read_support_filter_xz(archive) < ARCHIVE_WARN ||
	    archive_read_support_filter_zstd(archive) < ARCHIVE_WARN)
		cov_out_of_memory();
	if (archive_read_open_fd(archive, fd, ARCHIVE_BLOCK_BYTES) != ARCHIVE_OK)
		return fail_archive(&unpacking, "not a tar archive", err);
	result = read_entries(&unpacking, err);
	if (result)
		return result;
	COV_AUTO(free) const struct tree_node **nodes = tree_nodes_sort(&unpacking.nodes);
	for (size_t i = 0; i < unpacking.nodes.count; i++)
		list_node(&unpacking, nodes[i]);
	*ret = unpacking.whole;
	memset(&unpacking.whole, 0, sizeof(unpacking.whole));
	return 0;
}

void tree_archive_deinit(struct tree_archive *archive)
{
	for (size_t i = 0; i < archive->bytes_count; i++)
		free(archive->bytes[i].data);
	for (size_t i = 0; i < archive->file_count; i++)
		free(archive->files[i].name);
	for (size_t i = 0; i < archive->gap_count; i++)
		free(archive->gaps[i].name);
	free(archive->bytes);
	free(archive->files);
	free(archive->gaps);
	memset(archive, 0, sizeof(*archive));
}
