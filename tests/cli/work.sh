#!/bin/sh
# work.sh COVDB SOURCE_DIR - the workloads say when they begin and end, and print metrics as JSON lines.
# Nothing is dropped, and packets stay on the loopback.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
work=$(dirname "$covdb")/covdb-work
server=
tidy_up() { [ -z "$server" ] || kill -s TERM -- "-$server" || :; }
works() { # works METRICS WORK OPTIONS...
	metrics=$1
	shift
	"$work" "$@" >"$folder/out" || fail "status $?: $*"
	python3 - "$folder/out" "$metrics" <<'PYTHON' || fail "not the metrics $metrics: $*"
import json, math, sys

lines = [json.loads(line) for line in open(sys.argv[1])]
assert lines[0] == {"event": "ready"} and lines[-1] == {"event": "done"}, lines
metrics = [line for line in lines if "metric" in line]
assert sorted({line["metric"] for line in metrics}) == sorted(sys.argv[2].split(",")), metrics
for line in metrics:
    assert line["unit"] and isinstance(line["labels"], dict)
    assert math.isfinite(line["value"]) and line["value"] >= 0, line
PYTHON
}
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
works read_rate file --mode read --drop none --mib 1 --sizes-kib 64 --time 0.1 --path "$folder/data"
works llc_probes llc --kib 256 --time 0.1 --instances 2
[ ! -e "$folder/data" ] || fail "the file is still there"
if command -v sysbench >/dev/null; then
	works cpu_events,cpu_rate,cpu_rate_total cpu --time 1 --prime 100 --instances 2
fi
if command -v iperf3 >/dev/null && command -v ping >/dev/null; then
	setsid "$work" serve --instances 2 >"$folder/server" &
	server=$!
	until grep -q ready "$folder/server" || ! kill -0 "$server"; do sleep 0.1; done
	works bandwidth,sent,bandwidth_total stream --peer 127.0.0.1 --instances 2 --time 1
	works rtt_min,rtt_mean,rtt_max ping --peer 127.0.0.1 --time 0.2 --interval 0.2
fi

refuses 2 usage
refuses 2 usage sleep
refuses 2 "--unmap does not take 'maybe'" memory --unmap maybe
refuses 2 "--mib does not take '0'" memory --mib 0
refuses 2 "--sizes-kib does not take '4,x'" memory --sizes-kib 4,x
refuses 1 '3 KiB do not divide 1 MiB' file --mib 1 --sizes-kib 3
refuses 1 'cannot create /nowhere/data: No such file' file --mib 1 --sizes-kib 4 --path /nowhere/data
refuses 1 'cannot run no-such-sysbench' cpu --program no-such-sysbench
refuses 1 'needs --peer' stream
