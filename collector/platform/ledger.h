/*
 * ledger.h - what a trial makes of the kernel's and of the runtimes', noted before it is made.
 *
 * Whoever cleans up knows from it what to end and remove: kinds and names, never a command. It
 * consists of files of the state folder:
 *
 *   ledger     a line per thing: "link covdb-tap", "folder /var/tmp/covdb-Ab3dE9 2049 131077"
 *   sessions   of the commands that were started, a struct process_ledger
 *   kept       lines of earlier ledgers: what could not be removed
 */
#ifndef COLLECTOR_PLATFORM_LEDGER_H
#define COLLECTOR_PLATFORM_LEDGER_H

#include <stddef.h>

#include "collector/base/cleanup.h"
#include "collector/run/process.h"

struct cov_error;

enum ledger_kind {
	LEDGER_FOLDER,    /* the work folder, and all mounts below it */
	LEDGER_CONTAINER, /* of the runtime of that name */
	LEDGER_PLATFORM,  /* of the experiment, whose tear_down is to be run */
	LEDGER_GROUP,     /* control group */
	LEDGER_LINK,      /* network interface: TAP, bridge, veth */
	LEDGER_NAMESPACE, /* of the network */
	LEDGER_KIND_COUNT
};

struct ledger_entry {
	enum ledger_kind kind;
	char *name;                       /* owned */
	unsigned long long device, inode; /* of a folder */
};

/* What was read. A zeroed struct is empty. */
struct ledger {
	struct ledger_entry *entries; /* [count], in the order in which they were noted; owned */
	size_t count;
	size_t capacity;
	struct process_ledger sessions;
};

/** ledger_begin() - an empty ledger; from now on sessions are noted. Return: 0; COV_ERR_SYSTEM. */
int ledger_begin(struct cov_error *err);

/** ledger_note() - something that is not a folder. Return: 0; COV_ERR_SYSTEM. */
int ledger_note(enum ledger_kind kind, const char *name, struct cov_error *err);

/** ledger_note_folder() - a folder that was made. Return: 0; COV_ERR_SYSTEM. */
int ledger_note_folder(const char *path, struct cov_error *err);

/**
 * ledger_read() - the ledger as it is.
 * @ret: empty if there is none; free with ledger_deinit()
 *
 * Return: 0; COV_ERR_FORMAT if a line is not as the above write it: no name is taken from it then.
 */
int ledger_read(struct ledger *ret, struct cov_error *err);

/** ledger_keep() - @entry could not be removed: a later collect tries again. Return: 0;
 * COV_ERR_SYSTEM. */
int ledger_keep(const struct ledger_entry *entry, struct cov_error *err);

/** ledger_read_kept() - what ledger_keep() has kept. As ledger_read(), without sessions. */
int ledger_read_kept(struct ledger *ret, struct cov_error *err);

/** ledger_forget_kept() - all of it is gone. */
void ledger_forget_kept(void);

/** ledger_find() - the name of the first entry of that kind, or NULL. */
const char *ledger_find(const struct ledger *ledger, enum ledger_kind kind);

/** ledger_end() - sessions are not noted any more, and nothing is left to remove. */
void ledger_end(void);

/** ledger_deinit() - free what @ledger owns; a zeroed struct is fine. */
void ledger_deinit(struct ledger *ledger);

COV_DEFINE_AUTO_STRUCT(struct ledger, ledger_deinit)

#endif
