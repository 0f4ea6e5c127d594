/* flame.c - folded stacks as a tree of functions: what is called, and how many samples are in it.
 */
#include "venn/questions/flame.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/number.h"

static const char kernel_mark[] = "_[k]";
static const char recorder[] = "perf";
static const double z95 = 1.959963984540054; /* 0.975 quantile of the normal distribution */

size_t flame_symbol_length(const char *symbol, size_t length)
{
	const char *dot = length > 1 ? memchr(symbol + 1, '.', length - 1) : NULL;

	return dot ? (size_t)(dot - symbol) : length;
}

bool flame_frame_is_kernel(const char *frame, size_t *length)
{
	const size_t mark_length = sizeof(kernel_mark) - 1;

	if (*length < mark_length ||
	    memcmp(frame + *length - mark_length, kernel_mark, mark_length) != 0)
		return false;
	*length -= mark_length;
	return true;
}

/* Whether a frame is one of those that the tree begins at. */
static bool is_asked(const char *functions, const char *frame, size_t length)
{
	flame_frame_is_kernel(frame, &length);
	length = flame_symbol_length(frame, length);
	for (const char *place = functions; place; place = strchr(place, ',')) {
		place += *place == ',';
		if (strncmp(place, frame, length) == 0 && (!place[length] || place[length] == ','))
			return true;
	}
	return false;
}

/* The frame that begins the tree in this stack; NULL: none does. */
static const char *find_begin(const char *functions, const char *frames)
{
	if (!functions)
		return frames;
	for (const char *frame = strchr(frames, ';'); frame; frame = strchr(frame, ';')) {
		frame++;
		if (is_asked(functions, frame, strcspn(frame, ";")))
			return frame;
	}
	return NULL;
}

static struct flame_node *child_of(struct flame *flame, struct flame_node *parent,
				   const char *frame, size_t length)
{
	bool is_kernel = flame_frame_is_kernel(frame, &length);
	struct flame_node **place = &parent->child;

	for (; *place; place = &(*place)->next) {
		struct flame_node *node = *place;

		if (node->is_kernel == is_kernel && strncmp(node->name, frame, length) == 0 &&
		    !node->name[length])
			return node;
	}
	*place = cov_arena_alloc(&flame->arena, 1, sizeof(**place));
	(*place)->name = cov_arena_text(&flame->arena, frame, length);
	(*place)->is_kernel = is_kernel;
	(*place)->depth = parent->depth + 1;
	(*place)->parent = parent;
	return *place;
}

void flame_add(struct flame *flame, size_t side, const char *frames, int64_t samples)
{
	size_t command_length = strcspn(frames, ";");
	struct flame_node *node = &flame->root;

	flame->all[side] = cov_number_add(flame->all[side], samples);
	if (command_length == sizeof(recorder) - 1 &&
	    memcmp(frames, recorder, command_length) == 0) {
		flame->recording[side] = cov_number_add(flame->recording[side], samples);
		return;
	}
	const char *frame = find_begin(flame->functions, frames);
	if (!frame)
		return;
	node->samples[side] = cov_number_add(node->samples[side], samples);
	while (node->depth < FLAME_DEPTH_MAX) {
		size_t length = strcspn(frame, ";");

		node = child_of(flame, node, frame, length);
		node->samples[side] = cov_number_add(node->samples[side], samples);
		if (!frame[length])
			break;
		frame += length + 1;
	}
}

static double weight(const struct flame *flame, const struct flame_node *node)
{
	double sum = 0;

	for (size_t i = 0; i < FLAME_SIDES_MAX; i++) {
		if (flame->root.samples[i])
			sum += (double)node->samples[i] / (double)flame->root.samples[i];
	}
	return sum;
}

static bool is_before(const struct flame *flame, const struct flame_node *a,
		      const struct flame_node *b)
{
	double left = weight(flame, a), right = weight(flame, b);

	return left != right ? left > right : strcmp(a->name, b->name) < 0;
}

/* By insertion: a function calls few. */
static void sort_children(struct flame *flame, struct flame_node *parent)
{
	struct flame_node *sorted = NULL;

	while (parent->child) {
		struct flame_node *node = parent->child, **place = &sorted;

		parent->child = node->next;
		while (*place && !is_before(flame, node, *place))
			place = &(*place)->next;
		node->next = *place;
		*place = node;
	}
	parent->child = sorted;
}

const struct flame_node *flame_next(const struct flame_node *node)
{
	if (node->child)
		return node->child;
	while (node && !node->next)
		node = node->parent;
	return node ? node->next : NULL;
}

void flame_sort(struct flame *flame)
{
	for (const struct flame_node *node = &flame->root; node; node = flame_next(node))
		sort_children(flame, (struct flame_node *)node);
}

struct flame_share flame_share(int64_t count, int64_t total)
{
	if (total <= 0)
		return (struct flame_share){ NAN, NAN, NAN };
	double n = (double)total, p = (double)count / n, z2 = z95 * z95;
	double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
	double half = z95 / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n));

	return (struct flame_share){ p, fmax(0, fmin(p, centre - half)),
				     fmin(1, fmax(p, centre + half)) };
}

struct flame_share flame_share_of(const struct flame *flame, const struct flame_node *node,
				  size_t side)
{
	return flame_share(node->samples[side], flame->root.samples[side]);
}

bool flame_is_small(const struct flame *flame, size_t side)
{
	return flame->root.samples[side] < FLAME_SAMPLES_MIN;
}

bool flame_differs(const struct flame *flame, const struct flame_node *node)
{
	struct flame_share a = flame_share_of(flame, node, 0), b = flame_share_of(flame, node, 1);

	if (flame_is_small(flame, 0) || flame_is_small(flame, 1))
		return false;
	if (a.share > b.share)
		return a.share - b.share > hypot(a.share - a.low, b.high - b.share);
	return b.share - a.share > hypot(b.share - b.low, a.high - a.share);
}

static bool is_below_itself(const struct flame_node *node)
{
	for (const struct flame_node *caller = node->parent; caller->depth;
	     caller = caller->parent) {
		if (caller->is_kernel && strcmp(caller->name, node->name) == 0)
			return true;
	}
	return false;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct flame_function *)a)->name,
		      ((const struct flame_function *)b)->name);
}

static int by_samples(const void *a, const void *b)
{
	const struct flame_function *first = a, *second = b;

	if (first->samples != second->samples)
		return first->samples > second->samples ? -1 : 1;
	return strcmp(first->name, second->name);
}

/* Neighbours of one name become one. */
static void unite(struct flame_functions *functions)
{
	size_t kept = 0;

	for (size_t i = 1; i < functions->count; i++) {
		struct flame_function *last = &functions->items[kept];
		const struct flame_function *next = &functions->items[i];

		if (strcmp(last->name, next->name) == 0)
			last->samples = cov_number_add(last->samples, next->samples);
		else
			functions->items[++kept] = *next;
	}
	functions->count = kept + 1;
}

void flame_functions_of(const struct flame *flame, size_t side, struct flame_functions *ret)
{
	for (const struct flame_node *node = flame_next(&flame->root); node;
	     node = flame_next(node)) {
		if (!node->is_kernel || !node->samples[side] || is_below_itself(node))
			continue;
		ret->items = cov_grow(ret->items, ret->count, &ret->capacity, sizeof(*ret->items));
		ret->items[ret->count++] =
		    (struct flame_function){ node->name, node->samples[side] };
	}
	if (!ret->count)
		return;
	qsort(ret->items, ret->count, sizeof(*ret->items), by_name);
	unite(ret);
	qsort(ret->items, ret->count, sizeof(*ret->items), by_samples);
}

void flame_functions_deinit(struct flame_functions *functions)
{
	free(functions->items);
	memset(functions, 0, sizeof(*functions));
}

void flame_deinit(struct flame *flame)
{
	cov_arena_deinit(&flame->arena);
	memset(flame, 0, sizeof(*flame));
}
