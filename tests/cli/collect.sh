#!/bin/sh
# collect.sh COVDB SOURCE_DIR - a whole experiment on counters that are a program's instead of the kernel's: what is
# planned, done, kept, gone on with and refused.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
own_run
need gcc python3 sqlite3
export TMPDIR="$folder/tmp" # work folders are in there
mkdir tmp

# A program that counts how often it was called, in the folder that stands for the kernel's.
export COVDB_GCOV_DIRECTORY="$folder/gcov"
mkdir gcov
cat >gcov/main.c <<'END'
#include <stdio.h>
static void rarely(void)
{
	puts("{\"event\": \"ready\"}");
}
int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		rarely();
	return 0;
}
END
(cd gcov && gcc -O0 --coverage -c main.c -o main.o && gcc --coverage main.o -o program && ./program && rm main.o)
: >gcov/reset

cat >experiment.yaml <<END
name: small
settle: 0
seed: 7
baselines:
  - {name: idle, platform: host, duration: 0.1}
  - {name: observer, kind: observer}
platforms:
  - {name: host, driver: host}
workloads:
  - {name: often, command: [sh, -c, 'for i in 1 2 3; do $folder/gcov/program x; done'], duration: 1}
  - {name: fails, command: [sh, -c, 'echo first; printf "\\\\033last\\\\n"; test -e $folder/mended'], duration: 61, limit: 7200}
END
printf '{"metric": "rate", "value": 4.5, "unit": "1/s", "labels": {}}\n' >metric

# What is planned, without doing it.
"$covdb" collect experiment.yaml --dry-run >plan
check "the plan" "4 1 1 1" "$(grep -c '^\[[1-4]/4\] ' plan) $(grep -c 'baseline idle 1: 0.1 s idle$' plan) $(
	grep -c 'baseline observer 1: captured at once$' plan) $(grep -c 'host often 1: 1 s, at most ' plan)"
expect plan '^small: in an order shuffled by the seed 7$'
expect plan '^small: 4 trials to do, about [0-9]+ s and at most 2 h [0-9]+ min, besides starting and capturing$'
check "nothing was done" "" "$(ls -d out 2>/dev/null || true)$(ls tmp)"

status=0
"$covdb" collect experiment.yaml -o out >said 2>err || status=$?
check "a trial that fails" "1 0" "$status $(wc -c <said)"
expect err 'host often 1: ok, [0-9.]+ s, 1 files, capture '
expect err 'host fails 1: failed, exit status 1, '
expect err '^    .x1blast$' "the last line, which does not rule the terminal"
expect err '^4 trials: 3 ok, 1 failed$'
check "what is kept" "baseline-idle-1 baseline-observer-1 host-fails-1 host-often-1" \
	"$(find out/trials -name '*.json' -printf '%f\n' | sed 's/\.json$//' | sort | xargs)"
check "a snapshot each" 4 "$(find out/trials -name '*.tar.zst' | wc -l)"
cmp experiment.yaml out/experiment.yaml || fail "the experiment is not kept"
check "the work folder is gone" "" "$(ls tmp)"

# Again: only what failed is repeated.
touch mended
before=$(sha256sum out/trials/host-often-1.json)
"$covdb" collect experiment.yaml -o out 2>err
check "what was done is known" 3 "$(grep -c ': done before$' err)"
expect err '^small: 1 trials to do, '
expect err 'host fails 1: ok, '
expect err '^4 trials: 4 ok, 0 failed$'
check "and stays" "$before" "$(sha256sum out/trials/host-often-1.json)"

# What was counted comes out at the other end: three runs between reset and capture, and one before.
"$covdb" kernel add --notes gcov --name k >/dev/null
"$covdb" import out >said 2>err
check "imported" "4 trials imported" "$(cat said)"
check "calls of rarely() are those of the workload" "often|3" "$(sqlite3 "$COVDB" "SELECT workload, count FROM trial_line_named
	WHERE line = 4 AND count > 0 AND workload = 'often'")"

# Another experiment, kernel or collect has to go elsewhere.
sed 's/seed: 7/seed: 8/' experiment.yaml >other.yaml
refused 1 'out has trials of another experiment' "$covdb" collect other.yaml -o out
for key in 'release: 1.2' 'build_id: 00ff'; do
	sed "s/^seed: 7/kernel: {$key}/" experiment.yaml >other.yaml
	refused 3 'other.yaml is for (kernel 1.2|the kernel with build id 00ff), this one (is|has) ' "$covdb" collect other.yaml -o new
done
sed "s/^seed: 7/kernel: {release: $(uname -r | cut -d. -f1,2)}/" experiment.yaml >same.yaml
"$covdb" collect same.yaml -o same >said 2>&1 || fail "the release of this kernel is refused"
python3 - <<'END'
import json
path = "out/trials/host-often-1.json"
trial = json.load(open(path))
trial["kernel"]["build_id"] = "0123456789abcdef"
json.dump(trial, open(path, "w"))
END
refused 1 'host-often-1.json is of the kernel with build id 0123456789abcdef, this one has .*choose another folder' \
	"$covdb" collect experiment.yaml -o out
echo '{' >out/trials/host-often-1.json
refused 1 'host-often-1.json' "$covdb" collect experiment.yaml -o out
refused 1 'cannot (create|make).*plan|plan is not a directory$' "$covdb" collect experiment.yaml -o plan
mv gcov/reset gcov/away
refused 3 'cannot write .*/gcov/reset: No such file' "$covdb" collect experiment.yaml -o new
mv gcov/away gcov/reset
refused 3 'this kernel has no gcov \(.*/nowhere is missing\)' \
	env COVDB_GCOV_DIRECTORY="$folder/nowhere" "$covdb" collect experiment.yaml -o new
sed "s/command: \[sh/command: [no-such-program/" experiment.yaml >missing.yaml
refused 3 "missing.yaml:10: workload often: there is no program 'no-such-program'" "$covdb" collect missing.yaml -o new

# Interrupted, it says what remains; a second one at the same time is refused; the next goes on.
cat >long.yaml <<END
name: long
settle: 0
baselines: [{name: idle, platform: host, duration: 0.1}]
platforms: [{name: host, driver: host}]
workloads: [{name: waits, command: [sh, -c, 'echo waits >>$folder/begun; test -e $folder/end || exec sleep 1000'], duration: 1, limit: 2000}]
END
"$covdb" collect long.yaml -o long >said 2>err &
pid=$!
until [ -s begun ]; do sleep 0.05; done
refused 1 'another' "$covdb" collect long.yaml -o longer
kill -s TERM "$pid"
status=0
wait "$pid" || status=$?
check "interrupted" 1 "$status"
expect err 'interrupted: 1 of 2 trials remain; the same command goes on with them$'
check "the interrupted trial left nothing" "baseline-idle-1.json" "$(cd long/trials && echo *.json)"
touch end
"$covdb" collect long.yaml -o long 2>err
expect err 'idle 1: done before$'
expect err '^2 trials: 2 ok, 0 failed$'

# Taken apart into phases: what ran before `ready`, until `done`, and after. The kernel does not count runs, so
# their number, in the summary behind the header of four words, is taken out.
cat >run <<END
#!/bin/sh
for i in \$(seq "\$1"); do $folder/gcov/program >/dev/null; done
dd if=/dev/zero of=$folder/gcov/main.gcda bs=1 seek=24 count=8 conv=notrunc 2>/dev/null
END
chmod +x run
./run 1
cat >phases.yaml <<END
name: phases
settle: 0
trials: 2
phases: 1
pause: 0.1
baselines:
  - {name: observer, kind: observer}
  - {name: observer-difference, kind: observer, capture: difference}
platforms: [{name: host, driver: host}]
workloads:
  - name: apart
    duration: 1
    command:
      - sh
      - -c
      - |
        $folder/run 1
        echo '{"event": "ready"}'
        sleep 0.5
        $folder/run 2
        echo '{"event": "done"}'
        sleep 0.5
        $folder/run 4
END
"$covdb" collect phases.yaml -o apart 2>err
check "a trial per phase" "host-apart-1.start-up host-apart-1.steady host-apart-1.tear-down" \
	"$(find apart/phases/trials -name '*.json' -printf '%f\n' | sed 's/\.json$//' | sort | xargs)"
for phase in start-up:1 steady:2 tear-down:4; do
	"$covdb" decode "apart/phases/trials/host-apart-1.${phase%:*}.tar.zst" --notes gcov 2>/dev/null >"${phase%:*}.tsv"
	check "calls of main() in ${phase%:*}" "${phase#*:}" "$(awk -F'\t' '$2 == 6 || $2 == 9 { print $3 }' "${phase%:*}.tsv" | sort -u | xargs)"
done
way() { sed -n '/"capture": {/,/}/s/^ *"\(way\|within\)": "*\([a-z0-9]*\).*/\2/p' "apart/$1.json" | xargs; }
check "a whole trial with phases" "reset 3" "$(way trials/host-apart-1)"
check "a whole trial without" "reset 0" "$(way trials/host-apart-2)"
check "a phase" "difference 0" "$(way phases/trials/host-apart-1.steady)"
check "an observer" "reset 0" "$(way trials/baseline-observer-1)"
check "an observer by difference" "difference 0" "$(way trials/baseline-observer-difference-1)"
expect err 'host apart 1: ok, .* 4 captures of at most [0-9.]+ s'
expect err 'host apart 2: ok, .*, capture [0-9.]+ s'
"$covdb" decode apart/trials/baseline-observer-difference-1.tar.zst --notes gcov 2>/dev/null >observer.tsv
check "calls of main() between two captures" 0 "$(awk -F'\t' '$2 == 6 || $2 == 9 { print $3 }' observer.tsv | sort -u | xargs)"
sed "s/'{\"event\": \"done\"}'/end/" phases.yaml >silent.yaml
status=0
"$covdb" collect silent.yaml -o silent 2>err || status=$?
check "a workload that does not say when it is done" 1 "$status"
expect err 'the workload never printed \{"event": "done"\}, which phases need'
