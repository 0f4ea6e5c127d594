/* notes_state.c - how folders and files of notes were when they were read. */
#include "collector/decode/notes_state.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "collector/base/memory.h"
#include "collector/base/narrow.h"
#include "collector/base/parallel.h"
#include "collector/base/text.h"
#include "collector/decode/tree.h"

enum {
	PART_ITEMS = 256, /* that a thread looks at in one go */
	SETTLED_S = 2,    /* some file systems have no finer times */
	ITEM_BYTES_MIN = 1 + NOTES_STATE_NUMBERS,
};

static const uint64_t second_ns = 1000000000;

/* Looking at items, all threads together. */
struct looking {
	int root; /* a descriptor */
	const struct notes_state *state;
	struct notes_item *found; /* [item_count], numbers as they are now */
	atomic_bool is_failed;
};

static uint64_t time_ns(const struct timespec *time)
{
	return (uint64_t)time->tv_sec * second_ns + (uint64_t)time->tv_nsec;
}

static void look_at_part(void *context, size_t part, size_t thread)
{
	struct looking *looking = context;
	size_t first = part * PART_ITEMS, end = first + PART_ITEMS;
	struct stat status;

	(void)thread;
	for (size_t i = first; i < end && i < looking->state->item_count; i++) {
		const char *name = looking->state->items[i].name;

		/* What a link leads to: debugfs has links to notes. */
		if (fstatat(looking->root, *name ? name : ".", &status, 0) != 0) {
			looking->is_failed = true;
			return;
		}
		struct notes_item now = {
			name,
			{ status.st_dev, status.st_ino, (uint64_t)status.st_size,
			  time_ns(&status.st_mtim), time_ns(&status.st_ctim) },
		};
		looking->found[i] = now;
	}
}

/* Return: whether all are there. */
static bool look(const struct notes_state *state, struct notes_item *found)
{
	COV_AUTO(close) int root = open(state->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct looking looking = { .root = root, .state = state, .found = found };

	if (root < 0)
		return false;
	cov_parallel_for((state->item_count + PART_ITEMS - 1) / PART_ITEMS, look_at_part, &looking);
	return !looking.is_failed;
}

void notes_state_deinit(struct notes_state *state)
{
	free(state->items);
	memset(state, 0, sizeof(*state));
}

bool notes_state_take(const char *root, const struct tree *tree, struct notes_state *ret)
{
	struct timespec now;
	size_t count = 0;

	if (clock_gettime(CLOCK_REALTIME, &now) != 0)
		return false;
	ret->root = root;
	ret->items = cov_xcalloc(tree->folder_count + tree->file_count + 1, sizeof(*ret->items));
	ret->items[count++].name = "/proc/self/exe";
	for (size_t i = 0; i < tree->folder_count; i++)
		ret->items[count++].name = tree->folders[i];
	for (size_t i = 0; i < tree->file_count; i++)
		ret->items[count++].name = tree->files[i].name;
	ret->item_count = count;
	if (!look(ret, ret->items))
		return false;
	for (size_t i = 0; i < count; i++) {
		for (size_t j = NOTES_STATE_NUMBERS - 2; j < NOTES_STATE_NUMBERS; j++) {
			if (ret->items[i].numbers[j] + SETTLED_S * second_ns > time_ns(&now))
				return false;
		}
	}
	return true;
}

bool notes_state_is_current(const struct notes_state *state)
{
	COV_AUTO(free)
	struct notes_item *found = cov_xcalloc(state->item_count, sizeof(*found));

	if (!look(state, found))
		return false;
	for (size_t i = 0; i < state->item_count; i++) {
		if (memcmp(found[i].numbers, state->items[i].numbers, sizeof(found[i].numbers)) !=
		    0)
			return false;
	}
	return true;
}

void notes_state_write(const struct notes_state *state, struct cov_text *out)
{
	cov_text_add(out, state->root, strlen(state->root) + 1);
	cov_narrow_add(out, state->item_count);
	for (size_t i = 0; i < state->item_count; i++) {
		cov_text_add(out, state->items[i].name, strlen(state->items[i].name) + 1);
		for (size_t j = 0; j < NOTES_STATE_NUMBERS; j++)
			cov_narrow_add(out, state->items[i].numbers[j]);
	}
}

bool notes_state_read(struct cov_narrow *from, struct notes_state *ret)
{
	ret->root = cov_narrow_text(from);
	uint64_t count = cov_narrow_number(from);

	if (from->is_short || count > (size_t)(from->end - from->next) / ITEM_BYTES_MIN)
		return false;
	ret->items = cov_xcalloc(count, sizeof(*ret->items));
	ret->item_count = count;
	for (size_t i = 0; i < count; i++) {
		ret->items[i].name = cov_narrow_text(from);
		for (size_t j = 0; j < NOTES_STATE_NUMBERS; j++)
			ret->items[i].numbers[j] = cov_narrow_number(from);
	}
	return !from->is_short;
}
