#!/bin/sh
# collect_syscalls.sh COVDB SOURCE_DIR - trials of system calls: the filters of threads that run are read as they were installed,
# and calls are counted by role. The stand-in for perf prints what the real one would of the processes that it is told.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need python3
# shellcheck source=tests/cli/collect_fixture.sh
. "$source/tests/cli/collect_fixture.sh"

# Two filters on the first thread, one on the second; a child that is gone when it is ready.
cat >work.py <<'END'
import ctypes, os, struct, threading, time
libc = ctypes.CDLL(None, use_errno=True)
def install(*instructions):
    code = ctypes.create_string_buffer(b"".join(struct.pack("<HBBI", *i) for i in instructions))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(instructions), ctypes.addressof(code)))
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, program, 0, 0):
        raise OSError(ctypes.get_errno(), "no filter")
child = os.fork()
if child == 0:
    os._exit(0)
os.waitpid(child, 0)
install((0x20, 0, 0, 0), (0x15, 0, 1, 161), (6, 0, 0, 0x50001), (6, 0, 0, 0x7fff0000))
release = threading.Event()
thread = threading.Thread(target=release.wait)
thread.start()
install((0x20, 0, 0, 0), (0x15, 0, 1, 165), (6, 0, 0, 0x30000), (6, 0, 0, 0x7fff0000))
print(os.getpid(), thread.native_id, child, file=open("FOLDER/pids", "w"), flush=True)
print('{"event": "ready"}', flush=True)
time.sleep(0.5)
release.set()
END
sed -i "s|FOLDER|$folder|" work.py
python=$(python3 -c 'import os, sys; print(os.path.realpath(sys.executable))')
mkdir bin
cat >bin/perf <<END
#!$python
import os, sys
words = sys.argv[1:]
print(*words, file=open("$folder/told", "a"))
if words[0] == "script":
    first, second, child = open("$folder/pids").read().split()
    parent = str(os.getppid())
    fork = "%16s %s/%s PERF_RECORD_FORK(%s:%s):(%s:%s)"
    call = "%16s %s/%s NR %d (3, 7ffc, 0, ffffffffffffffff, 1, 0)"
    print(fork % ("covdb", parent, parent, first, first, parent, parent))
    print(call % ("covdb", first, first, 59))
    print("%16s %s/%s PERF_RECORD_COMM exec: python NR 3 (:%s/%s" % ("python", first, first, first, first))
    print(call % ("NAME", first, first, 0))
    print(fork % ("NAME", first, first, child, child, first, first))
    print(call % ("NAME", child, child, 231))
    print(call % ("a NR 9 (b", child, child, 12))
    print(fork % ("NAME", first, first, first, second, first, first))
    print(call % ("NAME", first, second, 202))
    print(call % ("NAME", first, second, 202))
    print(call % ("NAME", first, first, 0x40000000 + 1))
    print(call % ("somebody", "1", "1", 5))
    print("%16s %s/%s PERF_RECORD_LOST lost 7" % ("NAME", first, first))
    sys.exit(0)
control, answer = [w for w in words if w.startswith("--control=fifo:")][0].split(":", 1)[1].split(",")
for command in iter(open(control).readline, ""):
    with open(answer, "w") as out:
        out.write("ack\n")
    if command == "stop\n":
        break
open(words[words.index("-o") + 1], "w").write("PERFILE2")
END
sed -i "s/\"NAME\"/\"$(basename "$python" | cut -c 1-15)\"/" bin/perf
chmod +x bin/perf
PATH="$folder/bin:$PATH"
grep -q '^Seccomp:' /proc/self/status || skip "this kernel has no seccomp"
[ "$(awk '$1 == "Seccomp:" { print $2 }' /proc/self/status)" = 0 ] || skip "this process has a filter itself, so none is read"

cat >experiment.yaml <<END
name: small
settle: 0
profiles: 0
syscalls: 1
platforms: [{name: host, driver: host}]
workloads: [{name: work, command: [$python, $folder/work.py], duration: 1}]
END
"$covdb" collect experiment.yaml --dry-run >plan
expect plan '^\[2/2\] host work syscalls 1: 1 s' "they are last"
status=0
"$covdb" collect experiment.yaml -o out 2>err || status=$?
if grep -qE 'tells no filters|needs CAP_SYS_ADMIN' err; then skip "$(grep -oE 'this kernel tells no filters.*|reading filters needs.*' err | head -n 1)"; fi
check "status" 0 "$status"
expect told '^record -e raw_syscalls:sys_enter -a -m 4M --exclude-perf -D -1 --no-buildid --control'
expect told '^script --show-task-events --show-lost-events -F comm,pid,tid,trace -i '
check "its files" "host-work-1.json host-work-1.syscalls" \
	"$(find out/syscalls/trials -type f -printf '%f\n' | sort | xargs)"
python3 - <<'END' || fail "what is in its files"
import json
trial = json.load(open("out/syscalls/trials/host-work-1.json"))
assert trial["trial"]["kind"] == "syscalls" and trial["status"] == "ok" and trial["snapshot"] is None, trial
assert trial["syscalls"] == {"file": "host-work-1.syscalls"}, trial["syscalls"]
assert [s["step"] for s in trial["steps"]] == ["prepare", "settle", "record", "run", "stop"], trial["steps"]
assert trial["settings"]["seccomp"] is None, trial["settings"]
counted = json.load(open("out/trials/host-work-1.json"))
assert counted["trial"]["kind"] is None and counted["syscalls"] is None and counted["snapshot"], counted
found = json.load(open("out/syscalls/trials/host-work-1.syscalls"))
threads = sorted((t["count"], t["filters"]) for t in found["threads"])
assert threads == [(1, [0]), (1, [0, 1])], found["threads"]
assert all(t["role"] == "workload" and t["seccomp"] == 2 and t["unread"] is None for t in found["threads"])
assert found["programs"] == ["200000000000000015000001a10000000600000001000500060000000000ff7f",
                             "200000000000000015000001a50000000600000000000300060000000000ff7f"], found["programs"]
calls = {r["role"]: r["calls"] for r in found["calls"]}
assert calls == {"workload": [[0, 1], [202, 2], [231, 1]], "others": [[12, 1], [59, 1]]}, calls
assert found["lost"] == 7
END

# A workload that is never ready, and a machine without perf.
sed 's|work.py|never.py|' experiment.yaml >never.yaml
echo 'print("nothing")' >never.py
"$covdb" collect never.yaml -o never 2>err || :
expect err 'syscalls 1: failed, the workload never printed \{"event": "ready"\}, which reading filters needs'
mkdir nothing
ln -s "$(command -v sh)" nothing/sh
refused 3 "system calls: there is no program 'perf' in PATH" env PATH="$folder/nothing" "$covdb" collect experiment.yaml -o new

# A profile of a container is read before anything begins.
cat >container.yaml <<END
name: small
platforms: [{name: runc, driver: oci, runtime: sh, rootfs: /, seccomp: $folder/profile.json}]
workloads: [{name: work, command: [sh], duration: 1}]
END
echo '{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"action": 1}]}' >profile.json
refused 1 "$folder/profile.json: syscalls\[0\].action is not an action" "$covdb" collect container.yaml -o new
sed -i 's/oci, runtime: sh, rootfs: .,/host,/' container.yaml
refused 1 "platform runc: 'seccomp' is not for the driver host" "$covdb" collect container.yaml -o new
check "nothing is left" "" "$(ls tmp)"
