/* machine.h - facts about the running kernel and its machine, for the manifests. */
#ifndef COLLECTOR_CAPTURE_MACHINE_H
#define COLLECTOR_CAPTURE_MACHINE_H

#include <stddef.h>

#include "collector/run/manifest.h"

struct cov_error;

/**
 * machine_read() - look at the running kernel.
 * @arena: owns the texts
 * @ret:   what this kernel does not tell is NULL
 *
 * Return: 0; COV_ERR_SYSTEM if a file that tells something is there and cannot be read;
 *         COV_ERR_FORMAT if it is malformed.
 */
int machine_read(struct cov_arena *arena, struct cov_manifest_kernel *ret, struct cov_error *err);

/**
 * machine_build_id() - the build id in a run of ELF notes.
 * @notes: content of /sys/kernel/notes
 * @arena: owns the result
 *
 * Return: hexadecimal text, or NULL if there is none.
 * Source: elf(5), "Notes"; type NT_GNU_BUILD_ID of owner "GNU".
 */
const char *machine_build_id(const void *notes, size_t size, struct cov_arena *arena);

/**
 * machine_apply_build_info() - what the kernel's builder left in /etc/covdb/kernel.json.
 * @text:   JSON object with build_id, profile_update, compiler, config_sha256, source
 * @kernel: completed when its build id is the same, else left alone
 *
 * Return: 0; COV_ERR_FORMAT if it is no JSON.
 */
int machine_apply_build_info(const char *text, size_t size, struct cov_arena *arena,
			     struct cov_manifest_kernel *kernel, struct cov_error *err);

#endif
