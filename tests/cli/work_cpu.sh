#!/bin/sh
# work_cpu.sh COVDB SOURCE_DIR - the CPU workload prints what sysbench measured.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need python3 sysbench
# shellcheck source=tests/cli/work_metrics.sh
. "$source/tests/cli/work_metrics.sh"
works cpu_events,cpu_rate,cpu_rate_total cpu --time 1 --prime 100 --instances 2
