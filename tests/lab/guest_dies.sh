#!/bin/sh
# guest_dies.sh COVDB SOURCE_DIR RESULTS - a guest that panics or falls silent ends in an error with
# the console's last lines; trials that were done are kept, and the next run goes on from there.
set -eu
# shellcheck source=tests/lab/lib.sh
. "$2/tests/lab/lib.sh"
run() { # run NAME COMMAND... - a workload that ends the guest
	name=$1
	shift
	cat >"$folder/$name.yaml" <<END
name: $name
settle: 0.1
baselines:
  - {name: idle, platform: host, duration: 1}
platforms:
  - {name: host, driver: host}
workloads:
  - {name: deadly, command: [sh, -c, '$1'], duration: 1, limit: 100}
END
	status=0
	"$covdb" lab run "$folder/$name.yaml" -o "$folder/$name" --silence-limit 10 2>"$folder/$name.err" ||
		status=$?
	[ "$status" = 1 ] || fail "$name: exit status $status, not 1"
	[ -s "$folder/$name/trials/baseline-idle-1.json" ] || fail "$name: the finished baseline was lost"
	[ ! -e "$folder/$name/trials/host-deadly-1.json" ] || fail "$name: the trial that never ended has a manifest"
	tail -n 1 "$folder/$name.err"
}

run panics 'echo c >/proc/sysrq-trigger'
expect "$folder/panics.err" 'the last lines of the console'
expect "$folder/panics.err" '^  \[ .*[0-9]\]'
expect "$folder/panics.err" 'the guest died: Kernel panic'

run hangs 'sleep 90'
expect "$folder/hangs.err" 'the last lines of the console'
expect "$folder/hangs.err" 'the guest hangs: no sign of life for 10 s'

sed -i 's/sleep 90/true/' "$folder/hangs.yaml" "$folder/hangs/experiment.yaml"
"$covdb" lab run "$folder/hangs.yaml" -o "$folder/hangs" 2>"$folder/again.err" || fail "the run after a hang fails"
expect "$folder/again.err" 'idle 1: done before'
expect "$folder/again.err" '^2 trials: 2 ok, 0 failed'
