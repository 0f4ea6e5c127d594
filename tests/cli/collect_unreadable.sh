#!/bin/sh
# collect_unreadable.sh COVDB SOURCE_DIR - what the kernel has and does not give, or does not do, is no result without it: neither
# counters, nor what it is, nor dropped caches. In a mount namespace of the test's own.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
[ "$(id -u)" = 0 ] || skip "only root can put another file in the place of the kernel's"
# shellcheck source=tests/cli/collect_fixture.sh
. "$source/tests/cli/collect_fixture.sh"
mem=/proc/$$/mem
: >gcov/bad.gcda
cat >experiment.yaml <<END
name: unreadable
settle: 0
platforms:
  - {name: host, driver: host}
workloads:
  - {name: w, command: [echo, '{"event": "drop_caches"}'], duration: 1}
END
instead() { # instead FILE OTHER COMMAND... - with another in the place of the file
	at=$1
	mount --bind "$2" "$at"
	shift 2
	"$@"
	umount "$at"
}
fails() { # fails WHY - the trial is done, and counts as failed
	rm -rf out
	status=0
	"$covdb" collect experiment.yaml -o out >said 2>err || status=$?
	check "$1" "1 1 trials: 0 ok, 1 failed" "$status $(tail -n 1 err)"
	expect err "failed, $1"
	expect out/trials/host-w-1.json "\"failure\": \"$1"
}
doctor_finds() { # doctor_finds PATTERN
	"$covdb" doctor >said 2>err || :
	expect said "$1"
}

"$covdb" collect experiment.yaml -o good 2>err || fail "all that can be read"
expect good/trials/host-w-1.json '"files": 2'
# Reading a process's memory from its start fails with EIO.
instead gcov/bad.gcda "$mem" fails "cannot read $folder/gcov/bad.gcda: Input/output error"
instead /proc/sys/vm/drop_caches /dev/full fails "cannot drop the caches by /proc/sys/vm/drop_caches: No space left on device"
for file in /sys/kernel/notes /proc/version /proc/cmdline; do
	instead "$file" "$mem" \
		refused 1 "cannot read $file: Input/output error" "$covdb" collect experiment.yaml -o none
	instead "$file" "$mem" doctor_finds "missing +kernel +cannot read $file: Input/output error"
done
instead /proc/meminfo "$mem" doctor_finds 'memory +cannot read /proc/meminfo: Input/output error'
instead /proc/filesystems "$mem" doctor_finds 'overlayfs +cannot read /proc/filesystems: Input/output error'
[ ! -e none ] || fail "a collect that was refused made its folder"
