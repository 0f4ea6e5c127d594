#!/bin/sh
# syscalls.sh COVDB SOURCE_DIR - which calls filters of a profile and of threads allow, and which were made; broken ones are refused.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3

# Profiles need no database.
"$covdb" syscalls --profile "$source/tests/data/seccomp/container.json" --format csv >table 2>err
# How many calls there are is libseccomp's affair.
check "a container's profile" "$source/tests/data/seccomp/container.json,container,,1,18,3" "$(sed 1d table | cut -d , -f 1-6)"
expect err 'container.json: 1 rules of container are for calls that libseccomp [0-9.]+ does not know'
"$covdb" syscalls --profile "$source/tests/data/seccomp/container.json" --list all --limit 0 --format csv >calls 2>/dev/null
answers() { # answers NUMBER FILE: filter and answers of a call
	python3 - "$1" "$2" <<'END'
import csv, sys
for row in csv.DictReader(open(sys.argv[2])):
    if row["number"] == sys.argv[1]:
        print(row["role"], row["call"], row["filter"], row["answers"], sep="|")
END
}
check "allowed" "container|read|allowed|allow" "$(answers 0 calls)"
check "logged" "container|openat|allowed|log" "$(answers 257 calls)"
check "by argument" "container|socket|by argument|allow, errno 38" "$(answers 41 calls)"
check "denied" "container|stat|denied|errno 38" "$(answers 4 calls)"
check "killed" "container|mount|denied|kill process" "$(answers 165 calls)"
check "a thread killed" "container|ptrace|denied|kill thread" "$(answers 101 calls)"
check "trapped" "container|bpf|denied|trap" "$(answers 321 calls)"
check "notified" "container|connect|denied|notify" "$(answers 42 calls)"
check "traced" "container|mprotect|denied|trace 7, errno 38" "$(answers 10 calls)"
check "of a capability" "container|chroot|allowed|allow" "$(answers 161 calls)"
check "of one that is not there" "container|reboot|denied|errno 1" "$(answers 169 calls)"
"$covdb" syscalls --profile "$source/tests/data/seccomp/machine.json" >table
expect table '^[^ ]*machine.json vmm +- +1 +4 +4 +[0-9]+ '
expect table '^[^ ]*machine.json vcpu +- +1 +2 +1 +[0-9]+ '
refused 1 "there is no role 'api', only " "$covdb" syscalls --profile "$source/tests/data/seccomp/machine.json" --role api
refused 1 'table: not a regular file|table:1: ' "$covdb" syscalls --profile table
refused 2 '^covdb syscalls: --versus is of --list beyond' "$covdb" syscalls --versus host
refused 1 'there is no platform .host. to compare with' "$covdb" syscalls --profile "$source/tests/data/seccomp/machine.json" --list beyond

# A kernel of a few calls, and trials of a platform.
mkdir notes snapshot idle syscalls syscalls/trials
mkdir notes/kernel notes/fs
cat >notes/fs/calls.c <<'END'
#define CALL(name) int __attribute__((noinline)) name(int n) { return n + 1; }
CALL(__x64_sys_read)
CALL(__x64_sys_write)
CALL(__x64_sys_newstat)
CALL(__do_sys_getpid)
CALL(__x64_sys_mount)
int main(int count, char **words)
{
	(void)words;
	return count > 1 ? __x64_sys_read(1) + __x64_sys_newstat(1) + __do_sys_getpid(1) ? 0 : 1 : !__x64_sys_write(1);
}
END
cat >notes/kernel/sys_ni.c <<'END'
int __x64_sys_bpf(int n) { return n; }
int __x64_sys_mount(int n);
END
(cd notes && for f in fs/calls kernel/sys_ni; do gcc -O0 --coverage -c "$f.c" -o "$f.o"; done &&
	gcc --coverage fs/calls.o kernel/sys_ni.o -o program && ./program && mkdir -p ../idle/fs && mv fs/calls.gcda ../idle/fs/ &&
	./program x && mkdir -p ../snapshot/fs && mv fs/calls.gcda ../snapshot/fs/)
"$covdb" kernel add --notes notes --name k >/dev/null
"$covdb" import idle --platform host --baseline --seconds 5 >/dev/null 2>&1
"$covdb" import idle --platform host --workload w --seconds 5 >/dev/null 2>&1
"$covdb" import snapshot --platform gvisor --workload w --seconds 5 >/dev/null 2>&1
python3 - <<'END'
import json, struct
def program(*instructions):
    return b"".join(struct.pack("<HBBI", *i) for i in instructions).hex()
number, allow, kill = (0x20, 0, 0, 0), (6, 0, 0, 0x7fff0000), (6, 0, 0, 0x80000000)
files = {
    "host": {"threads": [{"role": "workload", "process": "sh", "name": "sh", "count": 1, "seccomp": 0, "filters": [], "unread": None}],
             "programs": [], "calls": [{"role": "workload", "calls": [[1, 3]]}]},
    "gvisor": {"threads": [
        {"role": "sentry", "process": "runsc-sandbox", "name": "exe", "count": 3, "seccomp": 2, "filters": [0], "unread": None},
        {"role": "sentry", "process": "runsc-sandbox", "name": "exe", "count": 1, "seccomp": 2, "filters": [0, 1], "unread": None},
        {"role": "stub", "process": "exe", "name": "exe", "count": 2, "seccomp": 2, "filters": [], "unread": "another program traces it"}],
        "programs": [program(number, (0x15, 3, 0, 0), (0x15, 2, 0, 4), (0x15, 1, 0, 39), kill, allow),
                     program(number, (0x15, 0, 3, 4), (0x20, 0, 0, 16), (0x15, 1, 0, 5), (6, 0, 0, 0x50001), allow)],
        "calls": [{"role": "others", "calls": [[39, 1]]}, {"role": "sentry", "calls": [[0, 7], [321, 1]]}]},
}
for platform, found in files.items():
    json.dump({"format": "covdb-syscalls", "version": 1, "arch": "x86_64", "lost": 2 if platform == "host" else 0, **found},
              open(f"syscalls/trials/{platform}-w-1.syscalls", "w"))
    json.dump({
        "format": "covdb-trial", "version": 1,
        "trial": {"platform": platform, "driver": "host", "workload": "w", "baseline": None, "number": 1, "kind": "syscalls", "phase": None},
        "status": "ok", "failure": None, "exit_status": 0, "signal": None, "duration_ns": 2000000000,
        "started_at": "2026-11-27T10:00:00Z", "steps": [], "snapshot": None, "syscalls": {"file": f"{platform}-w-1.syscalls"},
        "kernel": {"release": "6.1", "build_id": "abc", "cpus": 1, "emulated": False, "gcov_persist": False},
        "versions": {}, "command": [], "output": None, "output_truncated": False}, open(f"syscalls/trials/{platform}-w-1.json", "w"))
END
"$covdb" summary >before
check "imported" "0 trials imported, 2 of system calls" "$("$covdb" import syscalls 2>err)"
expect err '^gvisor w system calls: ok; 3 kinds of threads, 2 filters$'
check "again" "0 trials imported, 2 known before" "$("$covdb" import syscalls 2>&1)"
"$covdb" summary | cmp - before || fail "such trials change the footprints"
"$covdb" syscalls --format csv >roles 2>/dev/null
"$covdb" summary --all --format csv >published
python3 - <<'END' || fail "calls allowed of summary --all"
import csv
most = {}
for row in csv.DictReader(open("roles")):
    if row["allowed"]:
        key = (int(row["filters"]) > 0, int(row["allowed"]) + int(row["by_argument"]))
        most[row["platform"]] = max(most.get(row["platform"], key), key)
shown = {row["platform"]: row["calls_allowed"] for row in csv.DictReader(open("published"))}
assert any(key[0] for key in most.values()), most
assert shown == {name: str(most[name][1]) if name in most else "" for name in shown}, (shown, most)
END
"$covdb" syscalls >table 2>err
expect table '^x86-64, kernel k: 322 system calls in its table, 5 of them compiled; ' "its table ends with bpf, which is a stub"
expect err '^host w: perf lost 2 calls$'
"$covdb" syscalls --format csv 2>/dev/null >table
cat >expected <<'END'
platform,role,threads,filters,allowed,by_argument,denied,executed,table,unread
host,workload,1,0,322,0,0,1,322,
host,all,,,,,,0,322,
gvisor,sentry,4,2,3,0,319,2,322,
gvisor,stub,2,,,,,0,322,another program traces it
gvisor,others,,,,,,1,322,
gvisor,all,,,,,,3,322,
END
diff expected table || fail "the table"
check "the thread that may more counts" "sentry|stat|allowed|allow, errno 1" \
	"$("$covdb" syscalls --list all --role sentry -n 0 --format csv 2>/dev/null >calls; answers 4 calls)"
check "allowed, never made" "sentry 4 stat|sentry 39 getpid" \
	"$("$covdb" syscalls --list unused --format csv 2>/dev/null | awk -F, 'NR > 1 { print $2, $3, $4 }' | paste -sd '|')"
check "made, not by the host" "sentry 0|sentry 321|others 39|all 0|all 4|all 39" \
	"$("$covdb" syscalls --list beyond --format csv 2>/dev/null | awk -F, 'NR > 1 { print $2, $3 }' | paste -sd '|')"
"$covdb" syscalls --list beyond --format json 2>/dev/null | python3 -c 'import json, sys; assert len(json.load(sys.stdin)["rows"]) == 6'
"$covdb" syscalls --db "$COVDB" --profile "$source/tests/data/seccomp/machine.json" --format csv 2>/dev/null >table
check "a profile beside the counters" "$source/tests/data/seccomp/machine.json vmm|$source/tests/data/seccomp/machine.json vcpu" \
	"$(awk -F, '/machine/ { print $1, $2 }' table | paste -sd '|')"
check "in its kernel's table" 322 "$(awk -F, '/vmm/ { print $5 + $6 + $7 }' table)"

# Without counted trials the table is libseccomp's, and nothing is known of the platforms as a whole.
"$covdb" kernel add --db only.sqlite --notes notes --name k >/dev/null 2>&1
"$covdb" import --db only.sqlite syscalls >/dev/null 2>&1
"$covdb" syscalls --db only.sqlite --format csv 2>/dev/null >table
check "filters alone" "gvisor sentry|gvisor stub|gvisor others|host workload" "$(awk -F, 'NR > 1 { print $1, $2 }' table | paste -sd '|')"
expect table '^gvisor,sentry,4,2,3,0,[0-9]+,2,[0-9]+,$'

# By name they are listed and removed, with all that they have; all that are named or none.
"$covdb" syscalls list --format csv >listed
cat >expected <<'END'
trial,seconds,started_at,threads,filters,calls,lost
gvisor/w/1,2.000000000,2026-11-27T10:00:00Z,6,2,9,0
host/w/1,2.000000000,2026-11-27T10:00:00Z,1,0,3,2
END
sort -t, -k1,1 listed | sed '/^trial/d; 1i trial,seconds,started_at,threads,filters,calls,lost' | sed 's/,2\(\.0*\)\{0,1\},2026/,2.000000000,2026/' | diff expected - || fail "listed"
refused 1 "kernel k has no trial host/w/2; 'covdb syscalls list' names" "$covdb" syscalls remove host/w/1 host/w/2
check "none is gone" 2 "$(sqlite3 "$COVDB" "SELECT count(*) FROM syscalls")"
check "one is removed" "1 trial removed" "$("$covdb" syscalls remove host/w/1 host/w/1)"
check "nothing of it is left" "1 1 1" "$(sqlite3 -separator ' ' "$COVDB" "SELECT (SELECT count(DISTINCT syscalls_id) FROM syscalls_thread),
	(SELECT count(DISTINCT syscalls_id) FROM syscalls_call), (SELECT count(DISTINCT syscalls_id) FROM syscalls_program)")"
check "and comes again" "0 trials imported, 1 of system calls, 1 known before" "$("$covdb" import syscalls 2>/dev/null)"
"$covdb" summary | cmp - before || fail "such a trial that goes changes the footprints"

# What is broken is refused, with its place; the other one is imported.
cp -r syscalls whole
broken() { # broken PATTERN PYTHON
	rm -rf syscalls other.sqlite
	cp -r whole syscalls
	sqlite3 "$COVDB" ".backup other.sqlite"
	sqlite3 other.sqlite "PRAGMA foreign_keys = ON; DELETE FROM syscalls"
	python3 -c "import json
path = 'syscalls/trials/gvisor-w-1.syscalls'
d = json.load(open(path))
$2
json.dump(d, open(path, 'w'))"
	status=0
	"$covdb" import --db other.sqlite syscalls >said 2>err || status=$?
	check "$1" "1|0 trials imported, 1 of system calls, 1 not imported" "$status|$(cat said)"
	expect err "not imported: syscalls/trials/gvisor-w-1.syscalls: $1"
}
broken "not the system calls of a trial: 'format' is not covdb-syscalls" "d['format'] = 'x'"
broken "of version 2 and x86_64; this covdb reads version 1 and x86_64" "d['version'] = 2"
broken "of version 1 and aarch64; this covdb reads" "d['arch'] = 'aarch64'"
broken "programs is not a list" "d['programs'] = 3"
broken 'programs\[0\] is not bytes in hexadecimal' "d['programs'][0] = '20x'"
broken 'programs\[1\]: instruction 0 of the filter is wrong' "d['programs'][1] = 'ff00000000000000'"
broken 'programs\[1\] is not another than those before' "d['programs'][1] = d['programs'][0]"
broken 'threads\[1\] is not a thread whose filters are there' "d['threads'][1]['filters'] = [9]"
broken 'threads\[0\] is not a thread with as many filters as it says' "d['threads'][0]['filters'] = []"
broken 'threads\[2\] is not a thread with role, process, name and count' "d['threads'][2]['count'] = 0"
broken 'threads\[0\] is not a thread with role, process, name and count' "d['threads'][0]['count'] = 2**40"
broken 'calls\[0\] is not a list of \[number, calls\], by number, each once' "d['calls'][0]['calls'][0][1] = 2**41"
broken 'lost is not a number of calls' "d['lost'] = -1"
broken 'calls\[2\] is not of another role than those before' "d['calls'].append(d['calls'][0])"
broken 'calls\[1\] is not a list of \[number, calls\], by number, each once' "d['calls'][1]['calls'].reverse()"
echo '{' >syscalls/trials/gvisor-w-1.syscalls
sqlite3 other.sqlite "PRAGMA foreign_keys = ON; DELETE FROM syscalls"
"$covdb" import --db other.sqlite syscalls >said 2>err || :
expect err 'not imported: syscalls/trials/gvisor-w-1.syscalls:2: '
for table in program thread filter call; do
	check "what belongs to it goes with it: $table" 0 "$(sqlite3 other.sqlite "SELECT count(*) FROM syscalls_$table
		WHERE syscalls_id NOT IN (SELECT syscalls_id FROM syscalls)")"
done

# A database that is damaged is told; one of a kernel goes with it.
cp "$COVDB" bad.sqlite
sqlite3 bad.sqlite "UPDATE syscalls_program SET instructions = x'00'"
refused 1 'bad.sqlite: it is damaged: a program of syscalls' "$covdb" syscalls --db bad.sqlite
python3 - "$covdb" "$COVDB" <<'END' || fail "values of no sense are answered or told in one line"
import shutil, sqlite3, subprocess, sys
covdb, path = sys.argv[1:]
tried = refused = 0
for table in ("syscalls", "syscalls_program", "syscalls_thread", "syscalls_filter", "syscalls_call"):
    columns = sqlite3.connect(path).execute(f"SELECT name, type FROM pragma_table_info('{table}')").fetchall()
    for name, kind in columns:
        for value in {"INTEGER": (-1, 0, 7, 2**31, 2**63 - 1), "TEXT": ("", "a,b", "\ud7ff"), "BLOB": (b"", b"\0" * 8, b"\6\0\0\0\0\0\0\0" * 5000)}[kind]:
            shutil.copy(path, "other.sqlite")
            other = sqlite3.connect("other.sqlite")
            try:
                other.execute(f"UPDATE {table} SET {name} = ? WHERE rowid IN (SELECT rowid FROM {table} LIMIT 1)" if table == "syscalls"
                              else f"UPDATE {table} SET {name} = ? WHERE syscalls_id = 2", (value,))
            except sqlite3.IntegrityError:
                continue
            other.commit()
            other.close()
            for more in ([], ["--list", "all"]):
                done = subprocess.run([covdb, "syscalls", "--db", "other.sqlite", *more], capture_output=True, text=True)
                assert done.returncode in (0, 1), (table, name, value, done)
                assert done.returncode == 0 or done.stderr.count("\n") == 1, (table, name, value, done.stderr)
                tried += 1
                refused += done.returncode
assert tried > 80 and refused > 10, (tried, refused)
END
for trial in host/w/1 gvisor/w/1 host/idle/1; do "$covdb" trial remove "$trial" >/dev/null 2>&1; done
"$covdb" kernel remove k >/dev/null 2>&1
check "they go with their kernel" "0 0 0 0 0" "$(for t in syscalls syscalls_program syscalls_thread syscalls_filter syscalls_call; do
	sqlite3 "$COVDB" "SELECT count(*) FROM $t"; done | xargs)"
