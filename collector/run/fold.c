/* fold.c - what `perf script` prints of samples, as folded stacks. */
#include "collector/run/fold.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "collector/base/memory.h"
#include "collector/base/number.h"

enum { MERGE_COUNT_MIN = 4096, HEXADECIMAL = 16, DECIMAL = 10 };

static const char unknown[] = "[unknown]";
static const char kernel_mark[] = "_[k]";
static const char lost_mark[] = "PERF_RECORD_LOST";

/*
 * Names come from whoever runs there: none of them may pass for the end of a frame or of a line, or
 * for one of the kernel.
 */
static char *clean_name(const char *name, size_t length)
{
	char *ret = cov_xstrndup(name, length);

	if (cov_has_suffix(ret, kernel_mark))
		ret[strlen(ret) - 1] = '?';

	for (char *letter = ret; *letter; letter++) {
		if (*letter == ';')
			*letter = ':';
		else if (iscntrl((unsigned char)*letter))
			*letter = '?';
	}
	return ret;
}

static int compare_stacks(const void *a, const void *b)
{
	return strcmp(((const struct fold_stack *)a)->text, ((const struct fold_stack *)b)->text);
}

static void merge(struct fold *fold)
{
	size_t kept = 0;

	if (!fold->count)
		return;
	qsort(fold->stacks, fold->count, sizeof(*fold->stacks), compare_stacks);
	for (size_t i = 1; i < fold->count; i++) {
		struct fold_stack *last = &fold->stacks[kept], *next = &fold->stacks[i];

		if (strcmp(last->text, next->text) == 0) {
			last->samples += next->samples;
			free(next->text);
		} else {
			fold->stacks[++kept] = *next;
		}
	}
	fold->count = fold->merged_count = kept + 1;
}

static void end_sample(struct fold *fold)
{
	struct cov_text text = { 0 };

	if (!fold->command)
		return;
	cov_text_print(&text, "%s", fold->command);
	for (size_t i = fold->frame_count; i-- > 0;) {
		cov_text_print(&text, ";%s", fold->frames[i]);
		free(fold->frames[i]);
	}
	free(fold->command);
	fold->command = NULL;
	fold->frame_count = 0;
	fold->samples++;
	fold->stacks = cov_grow(fold->stacks, fold->count, &fold->capacity, sizeof(*fold->stacks));
	fold->stacks[fold->count++] = (struct fold_stack){ text.data, 1 };
	/* So that memory is taken for what differs, not for each sample. */
	if (fold->count >= 2 * fold->merged_count + MERGE_COUNT_MIN)
		merge(fold);
}

/* "comm", or between samples "comm PERF_RECORD_LOST lost 5", which no blank line ends. */
static void read_head(struct fold *fold, const char *line)
{
	const char *lost = strstr(line, lost_mark);
	size_t length = strlen(line);

	if (lost) {
		const char *number = strrchr(lost, ' ');
		long long count = number ? strtoll(number, NULL, DECIMAL) : 0;

		fold->lost = cov_number_add(fold->lost, count > 0 ? count : 0);
		return;
	}
	while (length && line[length - 1] == ' ')
		length--;
	fold->command = length ? clean_name(line, length) : cov_xstrdup(unknown);
}

/* The place of the " (" before the file, in "7f00 name(int)+0x10 (/usr/lib/libc.so.6)". */
static const char *find_file(const char *line)
{
	const char *ret = NULL;

	for (const char *place = line; (place = strstr(place, " (")) != NULL; place++) {
		if (!ret || place[2] == '/' || place[2] == '[')
			ret = place;
	}
	return ret;
}

/* @file: to the end of the line: "/usr/lib/libc.so.6)", "/memfd:runsc (deleted))", "[unknown])" */
static char *name_of_file(const char *file)
{
	static const char deleted[] = " (deleted)";
	const size_t deleted_length = sizeof(deleted) - 1;
	size_t length = strlen(file);
	const char *base = file;

	length -= length && file[length - 1] == ')';
	if (length > deleted_length &&
	    strncmp(file + length - deleted_length, deleted, deleted_length) == 0)
		length -= deleted_length;
	if (*file == '[')
		return clean_name(file, length);
	for (size_t i = 0; i < length; i++) {
		if (file[i] == '/')
			base = file + i + 1;
	}
	COV_AUTO(free) char *name = clean_name(base, length - (size_t)(base - file));
	return cov_format("[%s]", name);
}

/* Addresses of the kernel are the upper half of all. */
static bool is_kernel_address(uint64_t address)
{
	return address >> 63;
}

/*
 * @symbol: [length], "name+0x10". A caller whose return address is the first byte of a function
 * called what does not return from the last instruction of the one before, whose name perf does not
 * tell.
 */
static char *name_of_symbol(const char *symbol, size_t length, bool is_caller)
{
	size_t name_length = length;

	while (name_length && symbol[name_length - 1] != '+')
		name_length--;
	bool has_offset = name_length > 1;
	bool is_start = has_offset && length - name_length == 3 && symbol[length - 1] == '0';
	if (is_caller && is_start)
		return NULL;
	return clean_name(symbol, has_offset ? name_length - 1 : length);
}

static void read_frame(struct fold *fold, const char *line)
{
	char *end;
	uint64_t address = strtoull(line, &end, HEXADECIMAL);
	const char *file = find_file(end);
	bool is_kernel = is_kernel_address(address) && !(file && strstr(file, "[vsyscall]"));
	const char *symbol = end + strspn(end, " ");
	size_t length = file && file > symbol ? (size_t)(file - symbol) : strlen(symbol);
	char *name = NULL;

	if (length && strncmp(symbol, unknown, sizeof(unknown) - 1) != 0)
		name = name_of_symbol(symbol, length, fold->frame_count > 0);
	if (!name)
		name = file ? name_of_file(file + 2) : cov_xstrdup(unknown);
	if (is_kernel) {
		char *marked = cov_format("%s%s", name, kernel_mark);

		free(name);
		name = marked;
	}
	if (*name == '[' && fold->frame_count &&
	    strcmp(fold->frames[fold->frame_count - 1], name) == 0) {
		free(name);
		return;
	}
	fold->frames =
	    cov_grow(fold->frames, fold->frame_count, &fold->frame_capacity, sizeof(*fold->frames));
	fold->frames[fold->frame_count++] = name;
}

void fold_line(struct fold *fold, const char *line)
{
	if (!*line)
		end_sample(fold);
	else if (!fold->command)
		read_head(fold, line);
	else
		read_frame(fold, line);
}

void fold_end(struct fold *fold)
{
	end_sample(fold);
	merge(fold);
}

void fold_print(const struct fold *fold, struct cov_text *text)
{
	for (size_t i = 0; i < fold->count; i++)
		cov_text_print(text, "%s %lld\n", fold->stacks[i].text, fold->stacks[i].samples);
}

void fold_deinit(struct fold *fold)
{
	for (size_t i = 0; i < fold->count; i++)
		free(fold->stacks[i].text);
	for (size_t i = 0; i < fold->frame_count; i++)
		free(fold->frames[i]);
	free(fold->stacks);
	free(fold->frames);
	free(fold->command);
	memset(fold, 0, sizeof(*fold));
}
