/* calls.c - system calls that perf recorded, of the descendants of one process, by role. */
#include "collector/capture/calls.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/number.h"

enum { NUMBER_MAX = 1 << 20, BUCKET_FACTOR = 31 };

static const char others[] = "others";

void calls_deinit(struct calls *calls)
{
	free(calls->tasks);
	free(calls->items);
	memset(calls, 0, sizeof(*calls));
}

/* The newest with that number: numbers are given again. Return: NULL if it is not counted. */
static const struct calls_task *find_task(const struct calls *calls, pid_t tid)
{
	for (size_t i = calls->task_count; i-- > 0;) {
		if (calls->tasks[i].tid == tid)
			return &calls->tasks[i];
	}
	return NULL;
}

/* "(PID:TID):(PARENT:PARENT'S TID)" */
static void take_fork(struct calls *calls, const char *text)
{
	int tid, parent_pid, parent_tid;

	if (sscanf(text, "(%*d:%d):(%d:%d)", &tid, &parent_pid, &parent_tid) != 3)
		return;
	if (parent_pid != calls->root && !find_task(calls, parent_tid))
		return;
	calls->tasks =
	    cov_grow(calls->tasks, calls->task_count, &calls->task_capacity, sizeof(*calls->tasks));
	calls->tasks[calls->task_count++] = (struct calls_task){ tid, parent_tid };
}

static bool is_item(const struct calls_item *item, pid_t tid, uint32_t number, const char *name)
{
	return item->tid == tid && item->number == number && strcmp(item->name, name) == 0;
}

static void count_call(struct calls *calls, pid_t tid, uint32_t number, const char *name)
{
	size_t *bucket = &calls->buckets[((uint32_t)tid * BUCKET_FACTOR + number) % CALLS_BUCKETS];
	size_t place = *bucket;

	while (place && !is_item(&calls->items[place - 1], tid, number, name))
		place = calls->items[place - 1].next;
	if (!place) {
		calls->items = cov_grow(calls->items, calls->item_count, &calls->item_capacity,
					sizeof(*calls->items));
		struct calls_item *item = &calls->items[calls->item_count];
		*item = (struct calls_item){ .tid = tid, .number = number, .next = *bucket };
		snprintf(item->name, sizeof(item->name), "%s", name);
		place = *bucket = ++calls->item_count;
	}
	calls->items[place - 1].count++;
}

/* The last place of @what in @line: a thread may be called anything. */
static const char *find_last(const char *line, const char *what)
{
	const char *found = NULL;

	for (const char *place = strstr(line, what); place; place = strstr(place + 1, what))
		found = place;
	return found;
}

/* "   COMM PID/TID  NR 16 (7, 2400, ...)"; @mark: of " NR " */
static void take_call(struct calls *calls, const char *line, const char *mark)
{
	static const char sign[] = " NR ";
	const char *end = mark, *behind;
	uint64_t number, tid;
	char name[sizeof(calls->items->name)];

	while (end > line && end[-1] == ' ')
		end--;
	const char *start = end;
	while (start > line && isdigit((unsigned char)start[-1]))
		start--;
	if (start == line || start[-1] != '/' || !cov_number_read(start, INT32_MAX, &behind, &tid))
		return;
	/* Those of another table have a bit that makes them large, and -1 is none. */
	if (!cov_number_read(mark + strlen(sign), NUMBER_MAX, &behind, &number))
		return;
	for (start--; start > line && start[-1] != ' '; start--)
		;
	while (start > line && start[-1] == ' ')
		start--;
	line += strspn(line, " ");
	snprintf(name, sizeof(name), "%.*s", start > line ? (int)(start - line) : 0, line);
	if (find_task(calls, (pid_t)tid))
		count_call(calls, (pid_t)tid, (uint32_t)number, name);
}

void calls_take_line(void *context, const char *line)
{
	static const char fork_mark[] = "PERF_RECORD_FORK", lost_mark[] = "PERF_RECORD_LOST";
	struct calls *calls = context;
	size_t length = strlen(line);
	bool is_closed = length && line[length - 1] == ')';
	const char *call = find_last(line, " NR "), *fork = find_last(line, fork_mark);
	const char *lost = find_last(line, lost_mark);

	if (call && is_closed && !(fork && fork > call))
		take_call(calls, line, call);
	else if (fork && is_closed)
		take_fork(calls, fork + strlen(fork_mark));
	else if (lost && !strstr(line, "PERF_RECORD_COMM"))
		calls->lost += strtoll(strrchr(lost, ' '), NULL, 10);
}

static const char *thread_role(const struct threads *threads, pid_t tid, const char *name)
{
	for (size_t i = 0; i < threads->count; i++) {
		if (threads->items[i].tid == tid)
			return strcmp(threads->items[i].name, name) == 0 ? threads->items[i].role
									 : others;
	}
	return NULL;
}

/* Of the thread, else of the nearest one before it that was there when the platform was ready. */
static const char *role_of(const struct calls *calls, const struct threads *threads,
			   const struct calls_item *item)
{
	const char *role = thread_role(threads, item->tid, item->name);
	const struct calls_task *task = find_task(calls, item->tid);

	for (size_t i = 0; !role && task && i < calls->task_count; i++) {
		role = thread_role(threads, task->parent, item->name);
		task = find_task(calls, task->parent);
	}
	return role ? role : others;
}

struct summand {
	const char *role;
	uint32_t number;
	int64_t count;
};

static int compare_summands(const void *a, const void *b)
{
	const struct summand *left = a, *right = b;
	int order = strcmp(left->role, right->role);

	if (order)
		return order;
	return left->number < right->number ? -1 : left->number > right->number;
}

void calls_sum(struct calls *calls, const struct threads *threads, struct syscalls_file *file)
{
	COV_AUTO(free) struct summand *sums = cov_xcalloc(calls->item_count + 1, sizeof(*sums));

	for (size_t i = 0; i < calls->item_count; i++)
		sums[i] = (struct summand){ role_of(calls, threads, &calls->items[i]),
					    calls->items[i].number, calls->items[i].count };
	qsort(sums, calls->item_count, sizeof(*sums), compare_summands);
	for (size_t i = 0, next; i < calls->item_count; i = next) {
		int64_t count = 0;

		for (next = i;
		     next < calls->item_count && compare_summands(&sums[i], &sums[next]) == 0;
		     next++)
			count += sums[next].count;
		syscalls_file_add_calls(file, sums[i].role, sums[i].number, count);
	}
	file->lost = calls->lost;
}
