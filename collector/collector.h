/*
 * collector.h - what higher layers use of collector: from a snapshot to counts, the manifest of a
 * trial, what a YAML file says, and the commands that live there.
 */
#ifndef COLLECTOR_COLLECTOR_H
#define COLLECTOR_COLLECTOR_H

#include "collector/commands/commands.h"
#include "collector/decode/blocks.h"
#include "collector/decode/compiled.h"
#include "collector/decode/compress.h"
#include "collector/decode/counters.h"
#include "collector/decode/counters_file.h"
#include "collector/decode/counts.h"
#include "collector/decode/ids.h"
#include "collector/decode/kernel.h"
#include "collector/decode/kernel_cache.h"
#include "collector/decode/kernel_directory.h"
#include "collector/decode/kernel_file.h"
#include "collector/decode/kernel_options.h"
#include "collector/decode/problems.h"
#include "collector/decode/tree.h"
#include "collector/exchange/counts_write.h"
#include "collector/exchange/counts_write_objects.h"
#include "collector/exchange/image.h"
#include "collector/exchange/tracefile.h"
#include "collector/exchange/tracefile_complete.h"
#include "collector/exchange/tracefile_kernel.h"
#include "collector/exchange/tracefile_match.h"
#include "collector/exchange/tracefile_read.h"
#include "collector/exchange/tracefile_write.h"
#include "collector/experiment/experiment.h"
#include "collector/experiment/yaml_reader.h"
#include "collector/filter/bpf.h"
#include "collector/filter/seccomp_compile.h"
#include "collector/filter/seccomp_profile.h"
#include "collector/filter/syscall_table.h"
#include "collector/filter/syscalls_file.h"
#include "collector/gcov/build_id.h"
#include "collector/plan/control.h"
#include "collector/plan/evaluate.h"
#include "collector/plan/pack.h"
#include "collector/plan/pack_old.h"
#include "collector/run/manifest.h"
#include "collector/run/process.h"
#include "collector/verify/verify.h"
#include "collector/verify/verify_gcov.h"

#endif
