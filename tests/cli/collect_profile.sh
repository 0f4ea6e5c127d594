#!/bin/sh
# collect_profile.sh COVDB SOURCE_DIR - profiles of an experiment: what perf is told, what is kept of what it says, and
# what is said when it fails. The stand-in for perf prints what the real one printed in the lab.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need python3 zstd
# shellcheck source=tests/cli/collect_fixture.sh
. "$source/tests/cli/collect_fixture.sh"

mkdir bin
cat >bin/perf <<END
#!/usr/bin/env python3
import os, sys
words = sys.argv[1:]
print(*words, file=open("$folder/told", "a"))
if words[0] == "script":
    if os.path.exists("$folder/breaks"):
        sys.exit(3)
    sys.stdout.write(open("$source/tests/data/perf/script.txt").read())
    sys.exit(0)
if os.path.exists("$folder/refuses"):
    sys.exit("Error:\nNo permission to enable cpu-clock event.")
control, answer = [w for w in words if w.startswith("--control=fifo:")][0].split(":", 1)[1].split(",")
commands = open(control)
for command in iter(commands.readline, ""):
    print(command, end="", file=open("$folder/told", "a"))
    with open(answer, "w") as out:
        out.write("ack\n")
    if command == "stop\n":
        break
open(words[words.index("-o") + 1], "w").write("PERFILE2")
END
chmod +x bin/perf
PATH="$folder/bin:$PATH"

cat >experiment.yaml <<END
name: small
settle: 0
seed: 3
trials: 2
profiles: 1
platforms: [{name: host, driver: host}]
workloads: [{name: work, command: [sh, -c, 'echo worked >>$folder/told'], duration: 1}]
END
"$covdb" collect experiment.yaml --dry-run >plan
expect plan '^\[3/3\] host work profile 1: 1 s' "profiles are last"
"$covdb" collect experiment.yaml -o out 2>err || fail "profiles are not collected"
expect err 'host work profile 1: ok, [0-9.]+ s, 25 samples$'
check "perf is told to begin before the workload, and to end after it" \
	"record -e cpu-clock -F 997 -a -g|enable|worked|disable|stop|script --show-lost-events --no-inline" \
	"$(tail -n +3 told | cut -d ' ' -f 1-7 | sed 's/ -F comm.*//' | paste -sd '|')"
check "its files" "host-work-1.folded.zst host-work-1.json" "$(find out/profiles/trials -type f -printf '%f\n' | sort | xargs)"
zstd -dqc out/profiles/trials/host-work-1.folded.zst >folded
check "samples of all stacks" 25 "$(awk '{ sum += $NF } END { print sum }' folded)"
expect folded '^covdb-work;.*;do_syscall_64_\[k\];x64_sys_call_\[k\];__x64_sys_write_\[k\];ksys_write_\[k\];vfs_write_\[k\];'
expect folded '^swapper;'
python3 - <<'END' || fail "the manifest of a profile"
import json
trial = json.load(open("out/profiles/trials/host-work-1.json"))
assert trial["trial"]["kind"] == "profile" and trial["status"] == "ok" and trial["snapshot"] is None, trial
assert [s["step"] for s in trial["steps"]] == ["prepare", "settle", "record", "run", "stop"], trial["steps"]
profile = trial["profile"]
assert isinstance(profile.pop("emulated"), bool)
assert profile == {"file": "host-work-1.folded.zst", "event": "cpu-clock", "frequency_hz": 997, "samples": 25, "lost": 0}, profile
counted = json.load(open("out/trials/host-work-1.json"))
assert counted["trial"]["kind"] is None and counted["profile"] is None and counted["snapshot"], counted
END

# Without profiles the order of the others is the same.
grep -v profiles experiment.yaml >without.yaml
"$covdb" collect without.yaml --dry-run | grep '^\[' | sed 's|/2\]||' >others
head -n 2 plan | sed 's|/3\]||' | cmp - others || fail "profiles change the order of what is counted"

# perf that fails makes the profile fail, with its reason, and the same command repeats it.
touch refuses
status=0
"$covdb" collect experiment.yaml -o refused 2>err || status=$?
check "perf refuses" 1 "$status"
expect err 'profile 1: failed, perf record: No permission to enable cpu-clock event\.'
expect err '^3 trials: 2 ok, 1 failed$'
rm refuses
touch breaks
"$covdb" collect experiment.yaml -o refused 2>err || :
expect err 'profile 1: failed, perf script failed, with status 3'
rm breaks
"$covdb" collect experiment.yaml -o refused 2>err || fail "the failed profile is not repeated"
check "only what failed is repeated" 2 "$(grep -c ': done before$' err)"
expect err 'profile 1: ok, '

# A machine without perf is one where nothing begins.
mkdir nothing
ln -s "$(command -v sh)" nothing/sh
refused 3 "profiles: there is no program 'perf' in PATH" env PATH="$folder/nothing" "$covdb" collect experiment.yaml -o new
check "nothing is left" "" "$(ls tmp)"
