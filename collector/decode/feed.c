/* feed.c - one thread unpacks the next file, while the others work on those before. */
#include "collector/decode/feed.h"

#include <pthread.h>
#include <string.h>

#include "collector/base/error.h"
#include "collector/base/memory.h"
#include "collector/base/parallel.h"
#include "collector/base/text.h"
#include "collector/decode/members.h"
#include "collector/decode/tree_nodes.h"

/* A thread's file at hand. */
struct hand {
	struct member_bytes bytes;
	size_t capacity;
};

struct feeding {
	const struct feed *feed;
	struct hand hands[COV_THREADS_MAX];
	pthread_mutex_t mutex; /* of what follows */
	struct members members;
	struct tree_nodes nodes;
	struct cov_text folder; /* of the member before */
	bool is_at_end;
	int result;
	struct cov_error err;
};

static void feeding_deinit(struct feeding *feeding)
{
	members_deinit(&feeding->members);
	tree_nodes_deinit(&feeding->nodes);
	cov_text_deinit(&feeding->folder);
	for (size_t i = 0; i < COV_THREADS_MAX; i++)
		free(feeding->hands[i].bytes.data);
}

COV_DEFINE_AUTO_STRUCT(struct feeding, feeding_deinit)

/* @name without "./" before it and a slash behind; free() it. NULL: it is spelled otherwise. */
static char *plain_path(const char *name)
{
	if (!name)
		return NULL;
	while (strncmp(name, "./", 2) == 0)
		name += 2;
	size_t length = strlen(name);
	length -= length && name[length - 1] == '/';
	COV_AUTO(free) char *path = cov_xstrndup(name, strcmp(name, ".") == 0 ? 0 : length);
	for (const char *next = path; *path && next; next = strchr(next, '/')) {
		next += *next == '/' && next != path;
		size_t component = strcspn(next, "/");

		if (!component || (component <= 2 && strspn(next, ".") >= component))
			return NULL;
	}
	char *plain = path;
	path = NULL;
	return plain;
}

/* The folders above @path. Return: whether none of them is anything else. */
static bool put_folders(struct feeding *feeding, const char *path)
{
	const char *last = strrchr(path, '/');
	size_t length = last ? (size_t)(last - path) : 0;
	struct cov_text *folder = &feeding->folder;

	if (!last || (folder->length == length && memcmp(folder->data, path, length) == 0))
		return true;
	folder->length = 0;
	cov_text_add(folder, path, length);
	for (char *slash = strchr(folder->data, '/');; slash = strchr(slash + 1, '/')) {
		if (slash)
			*slash = '\0';
		const struct tree_node *node = tree_nodes_find(&feeding->nodes, folder->data);

		if (node && node->kind != TREE_NODE_FOLDER)
			return false;
		if (!node)
			tree_nodes_put(&feeding->nodes, folder->data);
		if (!slash)
			return true;
		*slash = '/';
	}
}

/*
 * The member gets its name. Return: whether it is the first of that name, or a folder again, and a
 * file of its own if it is wanted. @wanted: its name then, else NULL
 */
static bool put_member(struct feeding *feeding, const char **wanted)
{
	COV_AUTO(free) char *path = plain_path(members_name(&feeding->members));

	*wanted = NULL;
	if (!path || (*path && !put_folders(feeding, path)))
		return false;
	struct tree_node *node = *path ? tree_nodes_find(&feeding->nodes, path) : NULL;
	if (members_is_folder(&feeding->members)) {
		if (!node && *path)
			tree_nodes_put(&feeding->nodes, path);
		return !node || node->kind == TREE_NODE_FOLDER;
	}
	if (node || !*path)
		return false;
	node = tree_nodes_put(&feeding->nodes, path);
	node->kind = TREE_NODE_OTHER;
	*wanted = feeding->feed->is_wanted(path) ? node->path : NULL;
	return !*wanted || members_is_file(&feeding->members);
}

/* The next file that is wanted. @name: its own; NULL at the end */
static int next_file(struct feeding *feeding, struct hand *hand, const char **name,
		     struct cov_error *err)
{
	struct members *members = &feeding->members;
	int result;

	*name = NULL;
	while ((result = members_next(members, err)) > 0) {
		if (!put_member(feeding, name))
			return FEED_NOT_PLAIN;
		if (*name)
			return members_reread(members, *name, &hand->bytes, &hand->capacity, err);
		result = members_skip(members, members_name(members), err);
		if (result)
			return result;
	}
	return result;
}

/* Until there is nothing more. */
static void work(void *context, size_t item, size_t thread)
{
	struct feeding *feeding = context;
	struct hand *hand = &feeding->hands[thread];

	(void)item;
	for (;;) {
		const char *name;

		pthread_mutex_lock(&feeding->mutex);
		if (!feeding->is_at_end) {
			feeding->result = next_file(feeding, hand, &name, &feeding->err);
			feeding->is_at_end = feeding->result || !name;
		}
		bool is_at_end = feeding->is_at_end;
		pthread_mutex_unlock(&feeding->mutex);
		if (is_at_end)
			return;
		const struct feed_file file = { name, hand->bytes.data, hand->bytes.size };
		feeding->feed->take(feeding->feed->context, &file, thread);
	}
}

int feed_archive(const char *path, const struct feed *feed, struct cov_error *err)
{
	COV_AUTO(feeding_deinit)
	struct feeding feeding = { .feed = feed, .mutex = PTHREAD_MUTEX_INITIALIZER };
	int result = members_open(path, &feeding.members, err);

	if (result)
		return result;
	cov_parallel_for(cov_thread_count(), work, &feeding);
	if (feeding.result < 0)
		*err = feeding.err;
	return feeding.result;
}
