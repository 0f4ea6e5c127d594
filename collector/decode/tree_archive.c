/* tree_archive.c - the files of one kind in an archive, as unpacking it would leave them, for
 * tree.c. */
#include "collector/decode/tree_archive.h"

#include <archive_late.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/decode/sparse.h"
#include "collector/decode/tree_nodes.h"

enum { LINKS_MAX = 40 }; /* as many as Linux follows in one path */

/* An archive being read. */
struct unpacking {
	struct members *members;
	const char *suffix;
	struct tree_archive whole;
	struct tree_nodes nodes;
	struct cov_text folder; /* of the file before, as a path without links; "" at first */
	struct cov_text packed; /* the file that is at hand */
};

static void unpacking_deinit(struct unpacking *unpacking)
{
	tree_nodes_deinit(&unpacking->nodes);
	cov_text_deinit(&unpacking->folder);
	cov_text_deinit(&unpacking->packed);
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

/* In an arena: thousands of small ones would leave holes where they were. */
static struct tree_archive_bytes keep_bytes(struct unpacking *unpacking,
					    const struct member_bytes *read)
{
	struct cov_arena *memory = &unpacking->whole.memory;
	struct cov_text *packed = &unpacking->packed;

	packed->length = 0;
	sparse_pack(read->data, read->size, packed);
	/* Else it is not worth unpacking. */
	bool is_sparse = packed->length < read->size / 2;
	return (struct tree_archive_bytes){
		.data = is_sparse ? cov_arena_text(memory, packed->data, packed->length)
				  : cov_arena_text(memory, read->data, read->size),
		.size = read->size,
		.is_sparse = is_sparse,
	};
}

/* A regular file gets the name @path. */
static int take_file(struct unpacking *unpacking, const char *path, struct cov_error *err)
{
	struct tree_archive *whole = &unpacking->whole;
	struct tree_node *node = tree_nodes_put(&unpacking->nodes, path);

	node->kind = TREE_NODE_OTHER;
	if (!cov_has_suffix(path, unpacking->suffix))
		return members_skip(unpacking->members, path, err);
	node->kind = TREE_NODE_FILE;
	node->bytes = (uint32_t)whole->bytes_count;
	whole->bytes = cov_grow(whole->bytes, whole->bytes_count, &whole->bytes_capacity,
				sizeof(*whole->bytes));
	struct member_bytes read = { 0 };
	int result = members_read(unpacking->members, path, &read, err);
	whole->bytes[whole->bytes_count++] = keep_bytes(unpacking, &read);
	free(read.data);
	return result;
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

/* Take the member, which gets the name @path. Return: 0; an error; @why it is not taken. */
static int take_member(struct unpacking *unpacking, const char *path, const char **why,
		       struct cov_error *err)
{
	struct archive_entry *entry = unpacking->members->entry;
	const char *target = archive_entry_hardlink(entry);
	const struct tree_node *former = tree_nodes_find(&unpacking->nodes, path);
	/* Some archivers write the bytes once more with each hard link. */
	bool has_bytes = members_bytes(unpacking->members) > 0;

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
		return take_file(unpacking, path, err);
	struct tree_node *node = tree_nodes_put(&unpacking->nodes, path);
	node->kind = TREE_NODE_OTHER;
	target = archive_entry_filetype(entry) == AE_IFLNK ? archive_entry_symlink(entry) : NULL;
	if (target) {
		node->kind = TREE_NODE_LINK;
		node->target = tree_nodes_text(&unpacking->nodes, target);
	}
	return 0;
}

static int take_entry(struct unpacking *unpacking, struct cov_error *err)
{
	const char *name = members_name(unpacking->members);
	const char *why = NULL;

	if (!name || has_parent(name))
		why = name ? "its name has '..' in it, which is not unpacked" : "it has no name";
	COV_AUTO(free) char *path = why ? NULL : follow(unpacking, name, false, &why);
	int result = 0;
	if (path && *path)
		result = take_member(unpacking, path, &why, err);
	if (result)
		return result;
	if (why && (!name || cov_has_suffix(name, unpacking->suffix)))
		add_gap(unpacking, name ? name : "a member", why);
	/* Its bytes, if it has any and they were not read. */
	return path && !why ? 0 : members_skip(unpacking->members, name ? name : "a member", err);
}

static int read_entries(struct unpacking *unpacking, struct cov_error *err)
{
	int result;

	while ((result = members_next(unpacking->members, err)) > 0) {
		result = take_entry(unpacking, err);
		if (result)
			return result;
	}
	return result;
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

int tree_archive_read(struct members *members, const char *suffix, struct tree_archive *ret,
		      struct cov_error *err)
{
	COV_AUTO(unpacking_deinit)
	struct unpacking unpacking = { .members = members, .suffix = suffix };
	int result = read_entries(&unpacking, err);

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
	cov_arena_deinit(&archive->memory);
	for (size_t i = 0; i < archive->file_count; i++)
		free(archive->files[i].name);
	for (size_t i = 0; i < archive->gap_count; i++)
		free(archive->gaps[i].name);
	free(archive->bytes);
	free(archive->files);
	free(archive->gaps);
	memset(archive, 0, sizeof(*archive));
}
