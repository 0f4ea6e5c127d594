# answers_fixture.sh - for tests that put a question to every command: $COVDB with all that can be asked for (trials, metrics, profiles,
# system calls, vulnerabilities, options, sources in a git repository), two.sqlite with two kernels, and questions().
# shellcheck shell=sh disable=SC2154 # of tests/cli/lib.sh
mkdir -p tree/net tree/lib study/trials vulns snapshots
python3 - <<'END_PYTHON'
# Enough functions that a list in a terminal would end before all are shown.
calls = "".join(f"int __attribute__((noinline)) work_{i}(int n)\n{{\n\tif (n > {i})\n\t\treturn n - {i};\n\treturn n;\n}}\n" for i in range(30))
open("tree/net/packet.c", "w").write(calls + "int work(int n)\n{\n\tint sum = 0;\n" +
    "".join(f"\tsum += work_{i}(n);\n" for i in range(30)) + "\treturn sum;\n}\n")
open("tree/lib/never.c", "w").write("int never(int n)\n{\n\treturn n + 1;\n}\n")
open("tree/main.c", "w").write("""#include <stdlib.h>
int work(int n);
int never(int n);
int __attribute__((noinline)) __x64_sys_read(int n) { return n + 1; }
int __attribute__((noinline)) __x64_sys_write(int n) { return n + 2; }
int main(int argc, char **argv)
{
	int n = atoi(argv[1]), sum = 0;

	if (n < 0)
		return argc > 9 ? never(n) : 0;
	for (int i = 0; i < n; i++)
		sum += work(i);
	sum += __x64_sys_read(n);
	if (n > 9)
		sum += __x64_sys_write(n);
	return sum == 77;
}
""")
open("tree/covdb.options", "w").write("net/packet.o NET\nlib/never.o NEVER\n")
END_PYTHON
(
	cd tree || exit
	git init -q . && git config user.email a@b && git config user.name n
	cp main.c after.c && sed -i '/x64_sys_write(n)/d; /n > 9/d' main.c && git add . && git commit -qm first && mv after.c main.c && git commit -qam second
	for file in main net/packet lib/never; do gcc -O0 --coverage -c $file.c -o $file.o; done
	gcc --coverage main.o net/packet.o lib/never.o -o program
)
cat >tree/MAINTAINERS <<'END'
Maintainers List
----------------

NETWORKING
M:	a
F:	net/

THE REST
M:	b
F:	*
F:	*/
END
snapshot() { # snapshot NAME ARGUMENT
	find tree -name '*.gcda' -delete
	tree/program "$2" || :
	mkdir -p "snapshots/$1/net"
	mv tree/main.gcda "snapshots/$1/"
	[ ! -e tree/net/packet.gcda ] || mv tree/net/packet.gcda "snapshots/$1/net/"
	tar -C snapshots -cf "study/trials/$1.tar" "$1"
}
snapshot idle -1
snapshot few 3
snapshot many 40
python3 - <<'END_PYTHON'
import json, os, shutil, struct, subprocess

def manifest(name, platform, workload, number, kind=None, **more):
    about = {"format": "covdb-trial", "version": 1, "status": "ok", "failure": None, "exit_status": 0, "signal": None, "duration_ns": 10**10,
             "trial": {"platform": platform, "driver": "host", "workload": None if kind == "idle" else workload,
                       "baseline": "idle" if kind == "idle" else None, "number": number, "kind": kind, "phase": None},
             "started_at": f"2026-01-01T00:00:{number:02}Z", "steps": [], "snapshot": None,
             "kernel": {"release": "6.1.192", "version": "1", "build_id": "abc", "config_sha256": None, "compiler": None, "cpus": 1,
                        "boot_parameters": None, "clock_source": None, "emulated": platform == "runc", "profile_update": "unknown",
                        "gcov_persist": True},
             "versions": {"covdb": "0.1.0"}, "command": [], "output": "", "output_truncated": False, **more}
    json.dump(about, open(f"study/trials/{name}.json", "w"))

def counted(platform, workload, snapshot, number, kind=None):
    name = f"{platform}-{workload}-{number}"
    shutil.copy(f"study/trials/{snapshot}.tar", f"study/trials/{name}.tar")
    metrics = [] if kind else [{"metric": "rate", "value": 10.0 * number, "unit": "1/s", "labels": {"n": 1}, "emulated": False}]
    manifest(name, platform, workload, number, kind, metrics=metrics,
             snapshot={"file": f"{name}.tar", "files": 2, "bytes": 1, "unreadable": []})

for number in range(1, 5):
    counted("host", "idle", "idle", number, "idle")
for number in range(1, 3):
    counted("host", "cpu", "few", number)
    counted("runc", "cpu", "many" if number == 1 else "few", number)
counted("runc", "stream", "many", 1)
counted("host", "stream", "few", 1)
for snapshot in ("idle", "few", "many"):
    os.remove(f"study/trials/{snapshot}.tar")
for platform in ("host", "runc"):
    stacks = "sh;[libc.so.6];__x64_sys_read_[k];work_1_[k] 60\nsh;[libc.so.6];__x64_sys_read_[k] 30\nsh;never_[k] 5\n"
    open(f"study/trials/{platform}-cpu-8.folded", "w").write(stacks)
    subprocess.run(["zstd", "-q", "--rm", f"study/trials/{platform}-cpu-8.folded"], check=True)
    manifest(f"{platform}-cpu-8", platform, "cpu", 8, "profile",
             profile={"file": f"{platform}-cpu-8.folded.zst", "event": "cpu-clock", "frequency_hz": 997, "samples": 95, "lost": 0, "emulated": False})
    program = b"".join(struct.pack("<HBBI", *i) for i in ((0x20, 0, 0, 0), (0x15, 0, 1, 1), (6, 0, 0, 0x80000000), (6, 0, 0, 0x7fff0000))).hex()
    json.dump({"format": "covdb-syscalls", "version": 1, "arch": "x86_64", "lost": 0,
               "threads": [{"role": "sentry", "process": "sh", "name": "sh", "count": 1, "seccomp": 2, "filters": [0], "unread": None},
                           {"role": "stub", "process": "sh", "name": "sh", "count": 1, "seccomp": 2, "filters": [], "unread": "why"}],
               "programs": [program], "calls": [{"role": "sentry", "calls": [[0, 7]]}]}, open(f"study/trials/{platform}-cpu-9.syscalls", "w"))
    manifest(f"{platform}-cpu-9", platform, "cpu", 9, "syscalls", syscalls={"file": f"{platform}-cpu-9.syscalls"})
for number in range(1, 31):
    name = f"vulns/CVE-2024-{number:04}"
    affected = [{"defaultStatus": "affected", "programFiles": ["net/packet.c" if number % 2 else "lib/never.c"],
                 "versions": [{"version": "6.8", "lessThanOrEqual": "*", "status": "unaffected"}]}]
    json.dump({"cveMetadata": {"cveId": name[6:], "state": "PUBLISHED"},
               "containers": {"cna": {"affected": affected, "title": "net: work_1() works"}}}, open(f"{name}.json", "w"))
    open(f"{name}.dyad", "w").write(f"4.1:{1:040d}:6.8:{number:040d}\n")
open("config", "w").write("# CONFIG_GCOV_KERNEL is not set\n")
open("claims.yaml", "w").write("""name: mine
platforms: {host: [host], runc: [runc]}
workloads: {cpu: [cpu]}
claims:
  - {name: more, place: here, class: ordinal, claim: More., query: "SELECT 2 AS n FROM platform WHERE name = :host", expected: n > 1}
  - {name: other, place: there, class: informational, claim: Some., query: "SELECT 1 AS n FROM platform WHERE name = :runc"}
""")
END_PYTHON
"$covdb" kernel add --notes tree --name k --build-id abc >/dev/null 2>&1 || fail "kernel add"
"$covdb" import study >out 2>&1 || {
	fail "import"
	cat out
}
"$covdb" cve add vulns >/dev/null 2>&1 || fail "cve add"
cp "$COVDB" two.sqlite
mkdir later && cp -r tree/main.c tree/net tree/lib later && (cd later && sed -i 's/return n - 3;/return n - 2;/' net/packet.c &&
	for file in main net/packet lib/never; do gcc -O0 --coverage -c $file.c -o $file.o; done)
"$covdb" kernel add --db two.sqlite --notes later --name later --build-id def >/dev/null 2>&1 || fail "kernel add of the other"

# A gcov that says of functions that they ran.
printf '#!/bin/sh\ngcov "$@" | sed '\''s/"execution_count": 0/"execution_count": 7/g'\''\n' >liar
chmod +x liar
