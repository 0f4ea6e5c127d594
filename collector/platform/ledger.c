/* ledger.c - what a trial makes of the kernel's and of the runtimes', noted before it is made. */
#include "collector/platform/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/base/error.h"
#include "collector/base/file.h"
#include "collector/base/memory.h"
#include "collector/base/text.h"
#include "collector/platform/place.h"
#include "collector/platform/state.h"

enum { NAME_LENGTH_MAX = 64 };

static const char ledger_name[] = "ledger", sessions_name[] = "sessions", kept_name[] = "kept";
static const char *const kind_names[LEDGER_KIND_COUNT] = {
	[LEDGER_FOLDER] = "folder",     [LEDGER_CONTAINER] = "container",
	[LEDGER_PLATFORM] = "platform", [LEDGER_GROUP] = "group",
	[LEDGER_LINK] = "link",         [LEDGER_NAMESPACE] = "namespace",
};

static struct process_ledger *mapped_sessions; /* of ledger_begin(); NULL before */
static int ledger_file = -1;

static void forget(void)
{
	process_keep_ledger(NULL);
	if (mapped_sessions)
		munmap(mapped_sessions, sizeof(*mapped_sessions));
	mapped_sessions = NULL;
	if (ledger_file >= 0)
		close(ledger_file);
	ledger_file = -1;
}

/* With its page present: a page fault in the counted time would be counted. */
static int map_sessions(struct cov_error *err)
{
	COV_AUTO(close) int fd = state_create(sessions_name, err);

	if (fd < 0)
		return fd;
	int failure = posix_fallocate(fd, 0, sizeof(*mapped_sessions));
	if (failure) {
		errno = failure;
		return cov_fail_errno(err, "no room for %s/%s", state_path(), sessions_name);
	}
	void *mapped = mmap(NULL, sizeof(*mapped_sessions), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_POPULATE, fd, 0);
	if (mapped == MAP_FAILED)
		return cov_fail_errno(err, "cannot map %s/%s", state_path(), sessions_name);
	mapped_sessions = mapped;
	return 0;
}

int ledger_begin(struct cov_error *err)
{
	forget();
	/* In this order: where there is a ledger, its sessions are complete. */
	state_remove(ledger_name);
	int result = map_sessions(err);
	if (result != 0)
		return result;
	ledger_file = state_create(ledger_name, err);
	if (ledger_file < 0)
		return ledger_file;
	process_keep_ledger(mapped_sessions);
	return 0;
}

/* The whole line or nothing: the next collect refuses a ledger that ends within one. */
static int write_line(int file, const char *file_name, const char *line, struct cov_error *err)
{
	off_t end = lseek(file, 0, SEEK_END);

	if (end >= 0 && cov_write_all(file, line, strlen(line)) == 0)
		return 0;
	int result = cov_fail_errno(err, "cannot write %s/%s", state_path(), file_name);
	if (end >= 0 && ftruncate(file, end) != 0)
		return cov_fail_errno(err, "%s/%s ends within a line: remove it", state_path(),
				      file_name);
	return result;
}

static char *format_line(const struct ledger_entry *entry)
{
	if (entry->kind != LEDGER_FOLDER)
		return cov_format("%s %s\n", kind_names[entry->kind], entry->name);
	return cov_format("%s %s %llu %llu\n", kind_names[entry->kind], entry->name, entry->device,
			  entry->inode);
}

int ledger_note(enum ledger_kind kind, const char *name, struct cov_error *err)
{
	COV_AUTO(free) char *line = cov_format("%s %s\n", kind_names[kind], name);

	return write_line(ledger_file, ledger_name, line, err);
}

int ledger_note_folder(const char *path, struct cov_error *err)
{
	COV_AUTO(free) char *name = cov_xstrdup(path);
	struct stat status;

	if (lstat(path, &status) != 0)
		return cov_fail_errno(err, "cannot find %s", path);
	COV_AUTO(free)
	char *line = format_line(&(const struct ledger_entry){
	    LEDGER_FOLDER,
	    name,
	    status.st_dev,
	    status.st_ino,
	});
	return write_line(ledger_file, ledger_name, line, err);
}

int ledger_keep(const struct ledger_entry *entry, struct cov_error *err)
{
	COV_AUTO(free) char *line = format_line(entry);
	COV_AUTO(close) int fd = state_append(kept_name, err);

	return fd < 0 ? fd : write_line(fd, kept_name, line, err);
}

/* As experiments name their platforms, and covdb its interfaces, namespaces and groups. */
static bool is_name(enum ledger_kind kind, const char *name)
{
	static const char known[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789._-";
	bool is_covdbs = strncmp(name, "covdb", strlen("covdb")) == 0;

	if (!*name || name[strspn(name, known)] || strlen(name) > NAME_LENGTH_MAX)
		return false;
	return is_covdbs || kind == LEDGER_PLATFORM || kind == LEDGER_CONTAINER;
}

static bool read_number(const char *text, unsigned long long *ret)
{
	char *end = NULL;

	errno = 0;
	*ret = text ? strtoull(text, &end, 10) : 0;
	return text && *text >= '0' && *text <= '9' && !*end && errno == 0;
}

/* @line: cut up. */
static bool read_line(char *line, struct ledger *ledger)
{
	const char *kind_name = strsep(&line, " "), *name = strsep(&line, " ");
	struct ledger_entry entry = { .kind = LEDGER_FOLDER };

	while (entry.kind < LEDGER_KIND_COUNT && strcmp(kind_names[entry.kind], kind_name) != 0)
		entry.kind++;
	if (entry.kind == LEDGER_KIND_COUNT || !name)
		return false;
	if (entry.kind == LEDGER_FOLDER) {
		const char *device = strsep(&line, " "), *inode = strsep(&line, " ");

		if (!place_is_path(name) || !read_number(device, &entry.device) ||
		    !read_number(inode, &entry.inode))
			return false;
	} else if (!is_name(entry.kind, name)) {
		return false;
	}
	if (line)
		return false;
	entry.name = cov_xstrdup(name);
	ledger->entries =
	    cov_grow(ledger->entries, ledger->count, &ledger->capacity, sizeof(*ledger->entries));
	ledger->entries[ledger->count++] = entry;
	return true;
}

static int read_lines(const char *file_name, char *text, size_t size, struct ledger *ledger,
		      struct cov_error *err)
{
	char *rest = text, *line;
	int number = 0;

	while ((line = strsep(&rest, "\n")) && rest) {
		number++;
		if (!read_line(line, ledger))
			return cov_fail(err, COV_ERR_FORMAT,
					"%s/%s:%d: not as covdb writes it: remove it, and what a "
					"killed collect left behind",
					state_path(), file_name, number);
	}
	if (rest != NULL || (size_t)(line - text) != size)
		return cov_fail(err, COV_ERR_FORMAT,
				"%s/%s:%d: cut short: remove it, and what a killed collect left "
				"behind",
				state_path(), file_name, number + 1);
	return 0;
}

static int read_sessions(struct process_ledger *ret, struct cov_error *err)
{
	COV_AUTO(free) char *data = NULL;
	size_t size = 0;
	int result = state_read(sessions_name, &data, &size, err);

	if (result != 0)
		return result;
	if (!data || size != sizeof(*ret))
		return cov_fail(err, COV_ERR_FORMAT, "%s/%s has %zu bytes, not %zu: remove it",
				state_path(), sessions_name, data ? size : 0, sizeof(*ret));
	memcpy(ret, data, sizeof(*ret));
	return 0;
}

int ledger_read(struct ledger *ret, struct cov_error *err)
{
	COV_AUTO(ledger_deinit) struct ledger ledger = { 0 };
	COV_AUTO(free) char *text = NULL;
	size_t size = 0;
	int result = state_path() ? state_read(ledger_name, &text, &size, err) : 0;

	if (result == 0 && text)
		result = read_lines(ledger_name, text, size, &ledger, err);
	if (result == 0 && text)
		result = read_sessions(&ledger.sessions, err);
	if (result != 0)
		return result;
	*ret = ledger;
	memset(&ledger, 0, sizeof(ledger)); /* now the caller's */
	return 0;
}

int ledger_read_kept(struct ledger *ret, struct cov_error *err)
{
	COV_AUTO(ledger_deinit) struct ledger kept = { 0 };
	COV_AUTO(free) char *text = NULL;
	size_t size = 0;
	int result = state_read(kept_name, &text, &size, err);

	if (result == 0 && text)
		result = read_lines(kept_name, text, size, &kept, err);
	if (result != 0)
		return result;
	*ret = kept;
	memset(&kept, 0, sizeof(kept)); /* now the caller's */
	return 0;
}

void ledger_forget_kept(void)
{
	state_remove(kept_name);
}

const char *ledger_find(const struct ledger *ledger, enum ledger_kind kind)
{
	for (size_t i = 0; i < ledger->count; i++) {
		if (ledger->entries[i].kind == kind)
			return ledger->entries[i].name;
	}
	return NULL;
}

void ledger_end(void)
{
	forget();
	if (!state_path())
		return;
	state_remove(ledger_name);
	state_remove(sessions_name);
}

void ledger_deinit(struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->count; i++)
		free(ledger->entries[i].name);
	free(ledger->entries);
	memset(ledger, 0, sizeof(*ledger));
}
