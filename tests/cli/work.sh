#!/bin/sh
# work.sh COVDB SOURCE_DIR - the workloads say when they begin and end, and print metrics as JSON lines.
# Nothing is dropped, and packets stay on the loopback.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need python3
# shellcheck source=tests/cli/work_metrics.sh
. "$source/tests/cli/work_metrics.sh"

# Some have begun by then, and a usage has several lines.
refuses() { # refuses STATUS PATTERN OPTIONS...
	wanted=$1
	pattern=$2
	shift 2
	status=0
	"$work" "$@" >out 2>err || status=$?
	check "status of $*" "$wanted" "$status"
	expect err "$pattern" "$*"
}

works map_time,map_unmap_time,map_call,touch_time,touch_page memory --mib 1 --sizes-kib 4,64 --time 0.1
works map_unmap_time,map_call,touch_time,touch_page memory --mib 1 --unmap yes --time 0.1 --pause 0.1
works write_rate,flush_time file --mib 1 --sizes-kib 4,1024 --time 0.1 --path "$folder/data"
works read_rate,guest_cache_dropped file --mode read --drop none --mib 1 --sizes-kib 64 --time 0.1 --path "$folder/data"
works llc_probes,llc_coloured llc --kib 256 --time 0.1 --instances 2
[ ! -e "$folder/data" ] || fail "the file is still there"

refuses 2 usage
refuses 2 usage sleep
refuses 2 "--unmap does not take 'maybe'" memory --unmap maybe
refuses 2 "--mib does not take '0'" memory --mib 0
refuses 2 "--sizes-kib does not take '4,x'" memory --sizes-kib 4,x
refuses 1 '3 KiB do not divide 1 MiB' file --mib 1 --sizes-kib 3
refuses 1 'cannot create /nowhere/data: No such file' file --mib 1 --sizes-kib 4 --path /nowhere/data
refuses 1 'cannot run no-such-sysbench' cpu --program no-such-sysbench
refuses 1 'needs --peer' stream
