/* paper.h - the tables and figures of a paper beside a study, as a folder. */
#ifndef VENN_PAPER_PAPER_H
#define VENN_PAPER_PAPER_H

#include <stddef.h>

#include "venn/store/store_analysis.h"
#include "venn/store/store_kernel.h"

struct claims;
struct cov_error;
struct paper_book;
struct store;

enum { PAPER_STORES = 2 };

/* What is asked for. All borrowed. */
struct paper_asked {
	struct store *stores[PAPER_STORES]; /* the second for another thread; NULL: one asks all */
	struct store_choice choice;
	const struct store_kernel *kernel;
	const char *directory; /* made when missing */
	const struct paper_book *book;
	const struct claims *claims; /* also the names of platforms and workloads */
};

struct paper_written {
	size_t exhibits;   /* tables and figures of the paper */
	size_t with_value; /* of these */
	size_t panels;
	char *missing; /* a line for each of the others: what, and why; owned */
};

void paper_written_deinit(struct paper_written *written);
COV_DEFINE_AUTO_STRUCT(struct paper_written, paper_written_deinit)

/**
 * paper_write() - write a folder with the page, and each table and figure as SVG and CSV.
 * @ret: filled on success; free with paper_written_deinit()
 *
 * An older folder of the kind is replaced in one step, see report_folder.h.
 *
 * Return: 0; COV_ERR_MISMATCH if the directory has other things, or if there is no such analysis;
 *         COV_ERR_FORMAT, COV_ERR_SYSTEM, COV_ERR_STORE.
 */
int paper_write(const struct paper_asked *asked, struct paper_written *ret, struct cov_error *err);

#endif
