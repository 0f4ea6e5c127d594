/*
 * paper_book.h - what a paper prints in its tables and figures, as data.
 *
 * The form, with every key but those of a panel that are only texts:
 *
 *   name: vee20
 *   title, citation, drawings: texts
 *   labels: {lxc: LXC}         # platforms as the paper calls them, by their names in the claims
 *   circles: [lxc, gvisor]     # those whose regions it shows
 *   panels:
 *     - name: figure-6c        # of table or figure 6
 *       title, place: texts
 *       kind: regions          # lines, coverage, regions, metric, hits, profile, calls,
 *                              # unmeasured
 *       unit: lines
 *       workload: network      # by its name in the claims, as all platforms
 *       directory: net/bridge  # of lines, coverage and regions; the file of hits
 *       function: tcp_sum_lost # of hits; of profile: those that the tree begins at, "a,b"
 *       platform: lxc          # of profile, which shows one
 *       metric: rtt_mean       # of metric
 *       by: instances          # the label that tells its figures apart
 *       where: [unmap, "true"] # only of figures with this label
 *       factor: 2              # how many times more or less is as the paper has it; default 2
 *       says: text             # what the paper says of it
 *       reason: text           # why it is not measured
 *       values:                # of a platform; or of a region, or what several platforms share
 *         - {platform: lxc, value: 90595}
 *         - {platform: lxc, at: 10, value: 3.294}
 *         - {platform: lxc, threads: [container], network: host, value: 306}   # of calls
 *         - {only: [lxc, gvisor], value: 33557}
 *         - {shared: [lxc, gvisor], value: 1426}
 */
#ifndef VENN_PAPER_PAPER_BOOK_H
#define VENN_PAPER_PAPER_BOOK_H

#include <stddef.h>

#include "collector/collector.h"

struct cov_error;

enum paper_kind {
	PAPER_LINES,
	PAPER_COVERAGE,
	PAPER_REGIONS,
	PAPER_METRIC,
	PAPER_HITS,
	PAPER_PROFILE,
	PAPER_CALLS,
	PAPER_UNMEASURED,
};

/* One of platform, only and shared is given. */
struct paper_value {
	const char *platform; /* or NULL */
	struct yaml_words only;
	struct yaml_words shared;
	struct yaml_words threads; /* roles of threads, whose calls are counted together */
	const char *network;       /* "host": of platforms that have the host's; NULL: of others */
	const char *at;            /* what the label has; NULL: whatever it has */
	double value;
};

/* Texts that are not given are NULL. */
struct paper_panel {
	const char *name;
	const char *title;
	const char *place;
	int kind; /* enum paper_kind */
	const char *unit;
	const char *workload;
	const char *directory;
	const char *function;
	const char *platform;
	const char *metric;
	const char *by;
	struct yaml_words where;
	double factor;
	const char *says;
	const char *reason;
	struct paper_value *values; /* [value_count] */
	size_t value_count;
};

struct paper_label {
	const char *role; /* "lxc" */
	const char *label;
};

/* Everything belongs to @arena. */
struct paper_book {
	const char *name;
	const char *title;
	const char *citation;
	const char *drawings;
	struct paper_label *labels; /* [label_count] */
	size_t label_count;
	struct yaml_words circles;
	struct paper_panel *panels; /* [panel_count] */
	size_t panel_count;
	struct cov_arena arena;
};

/**
 * paper_book_read() - read what a paper prints.
 * @ret: free with paper_book_deinit()
 * @err: "file:line: what"
 *
 * Return: 0; COV_ERR_SYSTEM, COV_ERR_FORMAT.
 */
int paper_book_read(const char *path, struct paper_book *ret, struct cov_error *err);

/** paper_book_deinit() - free what @book owns; a zeroed struct is fine. */
void paper_book_deinit(struct paper_book *book);

COV_DEFINE_AUTO_STRUCT(struct paper_book, paper_book_deinit)

/** paper_book_exhibit() - the table or figure of a panel: "figure-6" of "figure-6c"; free() it. */
char *paper_book_exhibit(const struct paper_panel *panel);

#endif
