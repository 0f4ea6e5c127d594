/*
 * report_folder.h - the folder of a report: whose it is, and how a report takes the place of
 * another.
 *
 * A report is made in DIR/report.new. Its data then change places with those of the older one in
 * one step. Where the page itself is another as well, because another covdb wrote it, index.html
 * goes first and comes last: what is interrupted in between does not open.
 */
#ifndef VENN_REPORT_REPORT_FOLDER_H
#define VENN_REPORT_REPORT_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/base/cleanup.h"

struct cov_error;
struct report_asset;

struct report_folder_names {
	char **items; /* [count]; owned, as what it points to */
	size_t count;
	size_t capacity;
};

/* What a folder is made for: a report, or another thing of a page and its data. All borrowed. */
struct report_folder_kind {
	const char *what;                /* "report", for messages */
	const char *marker;              /* the file that says so */
	const char *marker_text;         /* what stands in it */
	const char *const *data;         /* how the names of its data end, the last NULL */
	const struct report_asset *page; /* [page_count], the last is index.html */
	size_t page_count;
};

/** report_folder_report() - the kind that a report is. */
struct report_folder_kind report_folder_report(void);

/* A zeroed struct is none. */
struct report_folder {
	const struct report_folder_kind *kind; /* borrowed */
	const char *path;                      /* borrowed */
	char *fresh;                           /* where the new report is made; owned */
	char *data;                            /* the folder of its data; owned */
	int descriptor;                        /* of the folder, which it keeps locked */
	bool is_replaced;                      /* the older data are in report.new */
	struct report_folder_names older;      /* files of the older data, from before that */
	int older_descriptor;                  /* of their folder; -1 */
};

/**
 * report_folder_open() - make a folder ready for a report, or refuse it.
 * @path: made when missing; kept
 * @kind: kept
 * @ret:  write data to its folder of data; release with report_folder_close()
 *
 * A folder has to be empty, or has to have the file of the kind, which this one leaves there.
 * What an interrupted report left is removed.
 *
 * Return: 0; COV_ERR_MISMATCH for a folder that has something else; COV_ERR_SYSTEM, also if another
 *         report is being written there.
 */
int report_folder_open(const char *path, const struct report_folder_kind *kind,
		       struct report_folder *ret, struct cov_error *err);

/**
 * report_folder_replace() - add the files of the page, and put all in its place, on the disk.
 * @size: bytes of the files of the page
 * @err:  names a file
 *
 * Return: 0; COV_ERR_SYSTEM: the older report is as it was, or does not open any more.
 */
int report_folder_replace(struct report_folder *folder, size_t *size, struct cov_error *err);

/**
 * report_folder_clear() - remove what was not put in its place, or the older data that were.
 *
 * Files that no report wrote go from the older data to the new.
 *
 * Return: 0; COV_ERR_SYSTEM: what could not be removed.
 */
int report_folder_clear(const struct report_folder *folder, struct cov_error *err);

/** report_folder_close() - let others write there. */
void report_folder_close(struct report_folder *folder);

COV_DEFINE_AUTO_STRUCT(struct report_folder, report_folder_close)

#endif
