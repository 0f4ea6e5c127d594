/* experiment_order.h - in which order the trials of an experiment are run. */
#ifndef COLLECTOR_EXPERIMENT_EXPERIMENT_ORDER_H
#define COLLECTOR_EXPERIMENT_EXPERIMENT_ORDER_H

#include <stddef.h>

/** experiment_order_shuffle() - the order that belongs to @seed; the same on every machine. */
void experiment_order_shuffle(size_t *order, size_t count, long long seed);

#endif
