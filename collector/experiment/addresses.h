/*
 * addresses.h - the fixed addresses of a trial's networks, which experiments may name.
 *
 * RFC 2544 sets 198.18.0.0/15 aside for measuring. network.h has the drawing.
 */
#ifndef COLLECTOR_EXPERIMENT_ADDRESSES_H
#define COLLECTOR_EXPERIMENT_ADDRESSES_H

static const char address_peer[] = "198.18.1.2";    /* of the traffic's peer */
static const char address_guest[] = "198.18.3.2";   /* of a machine behind the TAP */
static const char address_gateway[] = "198.18.3.1"; /* that machine's way out */

#endif
