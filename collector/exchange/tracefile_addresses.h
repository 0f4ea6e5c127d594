/* tracefile_addresses.h - reader of lists of addresses of code that ran. */
#ifndef COLLECTOR_EXCHANGE_TRACEFILE_ADDRESSES_H
#define COLLECTOR_EXCHANGE_TRACEFILE_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/base/cleanup.h"

struct cov_error;

/* Addresses of instructions; a zeroed struct has none. */
struct tracefile_addresses {
	uint64_t *items; /* [count], ascending, each once; owned */
	size_t count;
	size_t capacity;
};

/** tracefile_addresses_deinit() - free what @addresses owns. */
void tracefile_addresses_deinit(struct tracefile_addresses *addresses);

COV_DEFINE_AUTO_STRUCT(struct tracefile_addresses, tracefile_addresses_deinit)

/** tracefile_addresses_begin() - whether a line of [@length] begins with an address. */
bool tracefile_addresses_begin(const char *line, size_t length);

/**
 * tracefile_addresses_read() - read a list of addresses.
 * @text: [@size]: on each line an address in hexadecimal, with 0x, or without as 8 to 16 digits;
 *        blanks before it, and what a blank or a comma parts from it, are passed over, as are empty
 *        lines and those that begin with #
 * @ret:  zeroed; filled on success, free with tracefile_addresses_deinit()
 * @err:  names file and line
 *
 * Return: 0; COV_ERR_FORMAT.
 */
int tracefile_addresses_read(const char *text, size_t size, const char *name,
			     struct tracefile_addresses *ret, struct cov_error *err);

#endif
