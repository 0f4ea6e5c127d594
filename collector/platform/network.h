/*
 * network.h - the networks of a trial: bridge and veth pair for containers, TAP for machines, and
 * the traffic's peer, all on this machine.
 *
 *   namespace covdb-peer        this machine                     container or machine
 *   eth0 198.18.1.2  ----  covdb-wire 198.18.1.1
 *                          covdb-bridge 198.18.2.1 -- covdb-veth ---- eth0 198.18.2.2 in covdb-box
 *                          covdb-tap 198.18.3.1 ----------------- 198.18.3.2
 *
 * This machine routes between them: forwarding is switched on for these interfaces only. Made and
 * removed by iproute2's `ip`. The addresses are those that RFC 2544 sets aside for measuring.
 */
#ifndef COLLECTOR_PLATFORM_NETWORK_H
#define COLLECTOR_PLATFORM_NETWORK_H

#include <stdbool.h>

#include "collector/experiment/experiment.h"

struct cov_error;
struct ledger_entry;

extern const char network_tap_name[];
extern const char network_bridge_name[];
extern const char network_peer_space[]; /* namespace of the peer */
extern const char network_box_path[];   /* file of the container's namespace */

/** network_check() - whether `ip` is here and can do what is needed. Return: 0; COV_ERR_MACHINE. */
int network_check(struct cov_error *err);

/**
 * network_make() - make what a trial needs, and note it in the ledger before.
 * @has_peer: whether there is a peer
 *
 * Return: 0; COV_ERR_SYSTEM, also if there is something of that name already, which is left alone:
 *         then some of the rest may be there, see network_remove().
 */
int network_make(enum experiment_network network, bool has_peer, struct cov_error *err);

/**
 * network_remove() - remove what was noted.
 * @noted: a LEDGER_LINK or LEDGER_NAMESPACE
 *
 * Return: 0, also if it is gone; COV_ERR_SYSTEM.
 */
int network_remove(const struct ledger_entry *noted, struct cov_error *err);

#endif
