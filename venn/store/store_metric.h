/* store_metric.h - the figures that workloads printed. */
#ifndef VENN_STORE_STORE_METRIC_H
#define VENN_STORE_STORE_METRIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"
#include "venn/store/store_union.h"

struct cov_error;
struct store;

/* A figure that the workload of a trial printed. All texts are owned. */
struct store_metric {
	char *workload;
	char *name;
	char *labels; /* JSON object */
	char *unit;
	char *platform;
	double value;
	bool is_emulated;
};

struct store_metrics {
	struct store_metric *items; /* [count]; owned */
	size_t count;
	size_t capacity;
};

void store_metric_list_deinit(struct store_metrics *metrics);
COV_DEFINE_AUTO_STRUCT(struct store_metrics, store_metric_list_deinit)

/**
 * store_metric_list() - figures of ok trials, by workload, name, labels, unit, platform and value.
 * @workloads: of these; if none is named, of all trials, or all of a phase
 * @metric:    its name, or NULL for all
 *
 * Return: 0; COV_ERR_MISMATCH, COV_ERR_USAGE as store_union_find(); COV_ERR_STORE.
 */
int store_metric_list(struct store *store, int64_t kernel_id,
		      const struct store_union_asked *workloads, const char *metric,
		      struct store_metrics *ret, struct cov_error *err);

#endif
