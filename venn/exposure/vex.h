/* vex.h - an exposure as CycloneDX VEX. */
#ifndef VENN_EXPOSURE_VEX_H
#define VENN_EXPOSURE_VEX_H

#include <jansson.h>

#include "venn/exposure/exposure.h"

/**
 * vex_make() - a CycloneDX 1.5 document.
 * @release: of the kernel
 *
 * "not_affected", "code_not_present" is what no command of the build read, and nothing else. All
 * else is "in_triage": what was seen are properties, covdb:observed:PLATFORM.
 * Source: CycloneDX 1.5, JSON schema, vulnerabilities.
 */
json_t *vex_make(const struct exposure *exposure, const struct store_query *query,
		 const char *release);

#endif
