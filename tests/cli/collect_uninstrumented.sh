#!/bin/sh
# collect_uninstrumented.sh COVDB SOURCE_DIR - on a kernel without gcov, or without debugfs, collect says what to do.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
[ "$(id -u)" = 0 ] || skip "only root gets as far as the kernel's counters"
[ ! -e /sys/kernel/debug/gcov ] || skip "this kernel counts"
refused 3 'mount -t debugfs|kernel-config/gcov.config' \
	"$covdb" collect "$source/workloads/first-finding.yaml" -o "$folder/r"
