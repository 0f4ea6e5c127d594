#!/bin/sh
# guest_dies.sh COVDB SOURCE_DIR RESULTS - a guest that panics, falls silent or stands still is booted again; one that
# always does ends in an error with the console's last lines; trials that were done are kept, and the next run goes on from there.
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
	"$covdb" lab run "$folder/$name.yaml" -o "$folder/$name" --silence-limit 10 --restarts 1 2>"$folder/$name.err" ||
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
expect "$folder/panics.err" '^lab: the guest was lost and booted again, times: 1$'
expect "$folder/panics.err" '^lab: restart 1 of at most 1: the guest died: Kernel panic .*its last message was: \[2/2\] host deadly 1: started'
check "the baseline is done before the second boot" 1 "$(grep -c 'idle 1: done before' "$folder/panics.err")"

run hangs 'sleep 90'
expect "$folder/hangs.err" 'the last lines of the console'
expect "$folder/hangs.err" 'the guest hangs: no sign of life for 10 s'

# The next run goes on from there. A machine that is stopped from outside, as one that hangs, is found by its clock, long before
# it is silent for too long, and what was done is done before in each boot.
sed -i 's/sleep 90/sleep 15/' "$folder/hangs.yaml" "$folder/hangs/experiment.yaml"
"$covdb" lab run "$folder/hangs.yaml" -o "$folder/hangs" 2>"$folder/stands.err" &
lab=$!
until grep -q 'deadly 1: started' "$folder/stands.err"; do
	kill -0 "$lab" || fail "the lab ended before its trial began"
	sleep 0.2
done
kill -STOP "$(grep -l "^PPid:[[:space:]]*$lab\$" /proc/[0-9]*/status 2>/dev/null | cut -d / -f 3)"
wait "$lab" || fail "the run whose guest was stopped fails"
expect "$folder/stands.err" '^2 trials: 2 ok, 0 failed'
check "the baseline is done before both boots" 2 "$(grep -c 'idle 1: done before' "$folder/stands.err")"
expect "$folder/stands.err" '^lab: restart 1 of at most 8: the guest hangs: its clock stood still for 45 s; its last message was: \[2/2\] host deadly 1: started'

# A guest that dies before the collector begins is booted again, as later ones are; one that always does so, three times.
cat >"$folder/fine.yaml" <<'END'
name: fine
settle: 0.1
platforms:
  - {name: host, driver: host}
workloads:
  - {name: fine, command: ["true"], duration: 1}
END
mkdir "$folder/bin"
cat >"$folder/bin/qemu-system-x86_64" <<END
#!/bin/bash
# The kernel of the first \$DEAD boots has no root file system.
case " \$* " in
*covdb.mode=collect*)
	echo boot >>"$folder/boots"
	[ "\$(wc -l <"$folder/boots")" -gt "\$DEAD" ] || set -- "\${@//root=\/dev\/vda/root=\/dev\/none}" ;;
esac && exec $(command -v qemu-system-x86_64) "\$@"
END
chmod +x "$folder/bin/qemu-system-x86_64"
# build.sh, which looks for what was built with the real one, does not see it.
echo "PATH=\${PATH#$folder/bin:}" >"$folder/without"
dies() { # dies TIMES NAME - a run whose guest does so at first
	env PATH="$folder/bin:$PATH" BASH_ENV="$folder/without" DEAD="$1" "$covdb" lab run "$folder/fine.yaml" -o "$folder/$2" 2>"$folder/$2.err"
}
dies 1 fine || fail "the first boot is lost"
expect "$folder/fine.err" '^1 trials: 1 ok, 0 failed'
expect "$folder/fine.err" '^lab: restart 1 of at most 8: the guest died: Kernel panic - not syncing: .*root fs.*; its last message was: none$'
: >"$folder/boots"
status=0
dies 9 never || status=$?
check "a guest that never comes up" "1 3" "$status $(wc -l <"$folder/boots")"
expect "$folder/never.err" 'the guest died: Kernel panic'
