#!/bin/sh
# collect_performance.sh COVDB SOURCE_DIR - trials for performance alone: nothing is counted, what they measure is kept, and
# they count for nothing else.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3
# shellcheck source=tests/cli/collect_fixture.sh
. "$source/tests/cli/collect_fixture.sh"

mkdir notes
echo 'int main(int argc, char **argv) { (void)argv; return argc > 3 ? 1 : 0; }' >notes/main.c
(cd notes && gcc -O0 --coverage -c main.c -o main.o && gcc --coverage main.o -o program && ./program)
mv notes/main.gcda gcov/
cat >work.sh <<'END'
echo '{"event": "ready"}'
echo '{"metric": "cpu_rate_total", "value": '"$1"', "unit": "events/s", "labels": {"instances": 1}}'
echo '{"event": "done"}'
END
cat >alone.yaml <<'END'
summary: for what it measures
command: [sh, WORK, "{value}"]
parameters: {value: 7}
duration: 1
snapshot: false
END
sed -i "s|WORK|$folder/work.sh|" alone.yaml
cat >experiment.yaml <<END
name: mixed
settle: 0
trials: 2
phases: all
pause: 0
baselines: [{name: idle, platform: host, duration: 0.1}]
platforms: [{name: host, driver: host}]
workloads:
  - {name: cpu, command: [sh, $folder/work.sh, 5], duration: 1}
  - {name: alone, from: alone.yaml}
groups: {figure-5a: [alone]}
END
"$covdb" collect experiment.yaml --dry-run >plan
expect plan 'host alone 2: 1 s, at most 33 s, without a snapshot$' "the plan says it"
check "and only of these" 2 "$(grep -c 'without a snapshot$' plan)"
"$covdb" collect experiment.yaml -o out >/dev/null 2>err || fail "it is not collected"
expect err 'host alone 1: ok, [0-9.]+ s, 1 metrics'
check "files" "baseline-idle-1.json baseline-idle-1.tar.zst baseline-idle-2.json baseline-idle-2.tar.zst host-alone-1.json host-alone-2.json host-cpu-1.json host-cpu-1.tar.zst host-cpu-2.json host-cpu-2.tar.zst" \
	"$(find out/trials -type f -printf '%f\n' | sort | xargs)"
check "nor phases" 0 "$(find out/phases -name '*alone*' | wc -l)"
python3 - <<'END' || fail "the manifest"
import json
trial = json.load(open("out/trials/host-alone-1.json"))
assert trial["trial"]["kind"] == "performance" and trial["status"] == "ok" and trial["snapshot"] is None, trial
assert [s["step"] for s in trial["steps"]] == ["prepare", "settle", "run"], trial["steps"]
step = trial["steps"][2]
assert 0 < trial["duration_ns"] <= step["end_ns"] - step["start_ns"] and trial["started_at"], trial
assert [m["value"] for m in trial["metrics"]] == [7] and trial["profile"] is None, trial
assert json.load(open("out/trials/host-cpu-1.json"))["trial"]["kind"] is None
END
"$covdb" collect experiment.yaml -o out >/dev/null 2>err || fail "the second time"
expect err 'host alone 1: done before$' "what is done is not done again"

# One that fails says why, and is repeated.
cat >failing.yaml <<END
name: failing
settle: 0
snapshot: false
platforms: [{name: host, driver: host}]
workloads: [{name: fails, command: [sh, -c, "test -e $folder/mended"], duration: 1}]
END
status=0
"$covdb" collect failing.yaml -o failing >/dev/null 2>err || status=$?
check "failed" 1 "$status"
expect err 'host fails 1: failed, exit status 1'
"$covdb" collect failing.yaml -o failing --dry-run >plan
expect plan 'host fails 1: 1 s, at most 33 s, without a snapshot$' "of all workloads, by the key of the experiment"
echo 'workloads: [{name: a, command: [b], duration: 1, snapshot: maybe}]' | cat - failing.yaml | sed '/^workloads: \[{name: fails/d' >wrong.yaml
refused 1 "wrong.yaml:1: 'snapshot' is not true or false: 'maybe'" "$covdb" collect wrong.yaml --dry-run

# In the database: metrics, and no part in anything else.
build_id=$(python3 -c 'import json; print(json.load(open("out/trials/host-cpu-1.json"))["kernel"]["build_id"])')
"$covdb" kernel add --notes notes --name k --build-id "$build_id" >/dev/null
check "imported" "6 trials imported, 2 of them without a snapshot" "$("$covdb" import out 2>err)"
expect err '^host alone: ok; no snapshot, 1 metrics$'
check "again" "0 trials imported, 6 known before" "$("$covdb" import out 2>&1)"
"$covdb" metrics --format csv >metrics.csv
expect metrics.csv '^alone,cpu_rate_total,instances=1,host,2,7,'
"$covdb" venn --format json >venn.json
check "workloads of which something is counted" "cpu" "$(python3 -c 'import json; print(*json.load(open("venn.json"))["workloads"])')"
"$covdb" stability --format csv >stability.csv
"$covdb" trial list --format csv >trials.csv
expect trials.csv '^host/alone/1,'
refused 1 'alone' "$covdb" venn --workload alone
refused 1 'no good trial 1 of alone on host|alone' "$covdb" export --trial host/alone/1
check "no footprint" 0 "$(sqlite3 "$COVDB" "SELECT count(*) FROM footprint JOIN workload USING (workload_id) WHERE name = 'alone'")"

# Beside counted trials of the same workload, these stay as they are, and their footprints current.
sed 's/^name: mixed/name: more/; /^baselines/d; /^groups/d; /^phases/d; /name: alone/d; s/duration: 1}/duration: 1, snapshot: false}/' experiment.yaml >more.yaml
"$covdb" collect more.yaml -o more >/dev/null 2>&1 || fail "the second experiment"
check "imported beside" "2 trials imported, 2 of them without a snapshot" "$("$covdb" import more 2>/dev/null)"
"$covdb" venn --format json | cmp - venn.json || fail "regions changed"
"$covdb" stability --format csv | cmp - stability.csv || fail "agreement changed"
check "current" 1 "$(sqlite3 "$COVDB" "SELECT min(is_current) FROM analysis")"
"$covdb" metrics cpu_rate_total --workload cpu --format csv >metrics.csv
expect metrics.csv '^cpu,cpu_rate_total,instances=1,host,4,5,' "metrics of all four"
check "of which the view counts two" 2 "$(sqlite3 "$COVDB" "SELECT DISTINCT of_trials FROM trial_line_agreement WHERE workload = 'cpu'")"
"$covdb" paper -o paper >/dev/null
expect paper/data/table-2.csv ',Host,host,lines,.*,2,' "two trials are counted"
expect paper/data/figure-5a.csv ',instances=1,Host,host,events/s,,7,' "a figure of those that are not"
check "what it rests on says so" 4 "$(grep -c ',performance,ok,' paper/data/trials.csv)"
for trial in host/alone/1 host/cpu/3; do "$covdb" trial remove "$trial" >said 2>&1 || fail "$trial is not removed: $(cat said)"; done
"$covdb" venn --format json | cmp - venn.json || fail "removing one changed regions"
check "still current" 1 "$(sqlite3 "$COVDB" "SELECT min(is_current) FROM analysis")"
