#!/bin/sh
# failures.sh COVDB SOURCE_DIR RESULTS - workloads that fail, are killed or outlive their limit are
# failed trials with their output, the others go on, and a second run repeats only what failed.
set -eu
# shellcheck source=tests/lab/lib.sh
. "$2/tests/lab/lib.sh"
cat >"$folder/experiment.yaml" <<'END'
name: failures
settle: 0.1
baselines:
  - {name: idle, platform: host, duration: 1}
platforms:
  - {name: host, driver: host}
workloads:
  - {name: fails, command: [sh, -c, 'echo said before; exit 3'], duration: 1}
  - {name: killed, command: [sh, -c, 'kill -9 $$'], duration: 1}
  - {name: outlives, command: [sh, -c, 'echo started; sleep 100'], duration: 1, limit: 2}
  - {name: missing, command: [sh, -c, 'exec no-such-program'], duration: 1}
  - {name: fine, command: [sh, -c, 'echo all well'], duration: 1}
END
for round in first second; do
	status=0
	"$covdb" lab run "$folder/experiment.yaml" -o "$folder/out" 2>"$folder/$round" || status=$?
	[ "$status" = 1 ] || fail "$round run: exit status $status, not 1"
	expect "$folder/$round" '^6 trials: 2 ok, 4 failed'
done
expect "$folder/first" 'host fails 1: failed'
expect "$folder/first" 'host fine 1: ok'
expect "$folder/second" 'idle 1: done before'
expect "$folder/second" 'host fine 1: done before'
expect "$folder/second" 'host outlives 1: failed'

python3 - "$folder/out/trials" <<'END' || fail "what is kept of the trials"
import json, sys

trials = {name: json.load(open(f"{sys.argv[1]}/host-{name}-1.json"))
          for name in ("fails", "killed", "outlives", "missing", "fine")}
status = {name: (t["status"], t["exit_status"], t["signal"]) for name, t in trials.items()}
print(status)
assert status["fails"] == ("failed", 3, None) and "said before" in trials["fails"]["output"]
assert status["killed"][0] == "failed" and status["killed"][2] == 9
assert status["outlives"][0] == "failed" and "started" in trials["outlives"]["output"]
assert status["missing"][0] == "failed" and "no-such-program" in trials["missing"]["output"]
assert status["fine"] == ("ok", 0, None) and trials["fine"]["failure"] is None
order = [step["step"] for step in trials["fine"]["steps"]]
assert [s for s in order if s != "prepare"] == ["settle", "reset", "run", "capture"], order
times = [t for step in trials["fine"]["steps"] for t in (step["start_ns"], step["end_ns"])]
assert times == sorted(times), "steps overlap"
END

# A program that is not there is found before the first trial.
sed 's/\[sh, -c, .exec no-such-program.\]/[no-such-program]/' \
	"$folder/experiment.yaml" >"$folder/missing.yaml"
status=0
"$covdb" lab run "$folder/missing.yaml" -o "$folder/refused" 2>"$folder/refused.err" || status=$?
[ "$status" = 3 ] || fail "a missing program: exit status $status, not 3"
expect "$folder/refused.err" 'experiment.yaml:11: workload missing: there is no program .no-such-program'

# Imported, the failed trials are kept but make no footprint.
"$covdb" kernel add --notes "$tree" >/dev/null
"$covdb" import "$folder/out" >"$folder/import" 2>/dev/null
expect "$folder/import" '^6 trials imported, 4 of them failed'
"$covdb" diff --format csv >"$folder/diff"
expect "$folder/diff" '^rate,host/idle,host,fine,workload,1,'
[ "$(wc -l <"$folder/diff")" = 2 ] || fail "a failed trial has a footprint"
