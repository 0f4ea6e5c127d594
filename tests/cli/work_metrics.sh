# work_metrics.sh - for the tests of the workloads, which source it.
# Takes $covdb, $folder and lib.sh; sets $work.
# shellcheck shell=sh disable=SC2154
work=$(dirname "$covdb")/covdb-work
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
