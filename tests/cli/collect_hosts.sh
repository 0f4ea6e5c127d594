#!/bin/sh
# collect_hosts.sh COVDB SOURCE_DIR - trials of several hosts come together without collisions, and what does not belong to the others is named.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
own_run
need gcc python3
export TMPDIR="$folder/tmp"
mkdir tmp

# A program that counts, in the folder that stands for the kernel's.
export COVDB_GCOV_DIRECTORY="$folder/gcov"
mkdir gcov
echo 'int main(void) { return 0; }' >gcov/main.c
(cd gcov && gcc -O0 --coverage -c main.c -o main.o && gcc --coverage main.o -o program && ./program)
: >gcov/reset
cat >experiment.yaml <<END
name: small
settle: 0
baselines:
  - {name: idle, platform: host, duration: 0.1}
platforms:
  - {name: host, driver: host}
workloads:
  - {name: runs, command: [$folder/gcov/program], duration: 0.1}
END

refused 2 "host-id takes a name, .* not 'web 17'" "$covdb" collect experiment.yaml -o out --host-id 'web 17'
# Two hosts, one folder; each goes on with its own.
for host in web17 web18; do
	"$covdb" collect experiment.yaml -o out --host-id $host >said 2>err || {
		cat err
		skip "collect does not run here"
	}
done
check "files of both hosts" "web17.baseline-idle-1.json web17.baseline-idle-1.tar.zst web17.host-runs-1.json web17.host-runs-1.tar.zst web18.baseline-idle-1.json web18.baseline-idle-1.tar.zst web18.host-runs-1.json web18.host-runs-1.tar.zst" \
	"$(cd out/trials && echo *)"
"$covdb" collect experiment.yaml -o out --host-id web17 >said 2>err
expect err '2 trials: 2 ok, 0 failed' "nothing is done again"
check "manifests" "web17 web18" "$(sed -n 's/^ *"host": "\(web1[78]\)".*/\1/p' out/trials/*runs*.json | xargs)"
"$covdb" collect experiment.yaml -o none >said 2>err
check "without a name" "baseline-idle-1.json host-runs-1.json" "$(cd none/trials && echo *.json)"
check "null" 2 "$(grep -c '"host": null' none/trials/*.json | grep -c :1)"

# What does not belong together. Manifests of a fleet, each changed in one way.
cat >fleet.py <<'END'
import datetime, json, os, shutil

about = json.load(open("out/trials/web17.host-runs-1.json"))
about["kernel"].update(build_id="abc", release="6.1", config_sha256="1", clock_source="tsc", cpus=4, profile_update="atomic", boot_parameters="quiet")
about["versions"] = {"covdb": "0.2.0", "runc": "1.1.5"}
about["duration_ns"] = 10 * 10**9


def write(folder, host, number, second, **changes):
    trial = json.loads(json.dumps(about))
    trial["trial"].update(host=host, number=number)
    trial["started_at"] = changes.pop("started_at", f"2026-01-01T00:{second // 60:02}:{second % 60:02}Z")
    trial["versions"].update(changes.pop("versions", {}))
    trial["trial"].update(changes.pop("trial", {}))
    trial["snapshot"]["file"] = f"{host}.{number}.tar"
    trial["kernel"].update(changes)
    os.makedirs(folder, exist_ok=True)
    json.dump(trial, open(f"{folder}/{host}.{number}.json", "w"))
    open(f"{folder}/{host}.{number}.tar", "w").close()


for host in ("a", "b"):
    for number in (1, 2):
        write(f"good/{host}/trials", host, number, 20 * number)
write("good/b/phases/trials", "b", 3, 25, trial={"phase": "steady"})
shutil.copytree("good", "bad")
write("bad/c", "c", 1, 0, build_id="def", config_sha256="2")
write("bad/d", "d", 1, 0, clock_source="hpet", cpus=8, versions={"runc": "1.1.12"})
write("bad/e", "e", 1, 0, started_at=(datetime.datetime.utcnow() + datetime.timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ"), profile_update="single")
write("bad/f", "f", 1, 20)
write("bad/f2", "f", 2, 25)
write("bad/g", "g", 1, 0)
os.unlink("bad/g/g.1.tar")
shutil.copytree("bad/a", "bad/copy")
write("bad/h", "h", 1, 0, build_id=None)
os.makedirs("bad/i")
open("bad/i/x.json", "w").write("{")
END
python3 -W ignore fleet.py
status=0
"$covdb" doctor --fleet good >said || status=$?
check "a good fleet" "0 5 trials of 1 kernels on 2 hosts: they belong together" "$status $(cat said)"
status=0
"$covdb" doctor --fleet bad >said || status=$?
check "a bad one" 1 "$status"
expect said '^apart  c: another build of 6.1 than a: build id def, not abc, of another configuration$'
expect said '^apart  e: the way of counting is single, and atomic on a: bad/e/e.1.json$'
expect said '^apart  f: counts two trials at once, so these are two machines: bad/f/f.1.json, bad/f2/f.2.json$'
expect said '^apart  g: bad/g/g.1.json: its snapshot g.1.tar is missing$'
expect said '^apart  h: its kernel has no build id: bad/h/h.1.json$'
expect said '^apart  bad/i: bad/i/x.json:1: '
expect said '^differs a: the same trial twice: bad/a/trials/a.1.json, bad/copy/trials/a.1.json$'
expect said '^differs d: the clock is hpet, and tsc on a: bad/d/d.1.json$'
expect said '^differs d: host: the list of programs is covdb 0.2.0, runc 1.1.12, and covdb 0.2.0, runc 1.1.5 on a: bad/d/d.1.json$'
expect said '^differs d: has 8 processors, and a has 4$'
expect said '^differs e: its clock is ahead: a trial began in the future: bad/e/e.1.json$'
expect said 'trials of 3 kernels on [0-9]+ hosts: some do not belong to the others$'
# As JSON it is the same.
"$covdb" doctor --fleet bad --format json >answer && fail "status of JSON"
check "rows of JSON" "$(($(wc -l <said) - 1))" "$(python3 -c 'import json; a = json.load(open("answer")); assert a["count"] == len(a["rows"]); print(a["count"])')"
mkdir empty
refused 1 'empty: no manifest in it' "$covdb" doctor --fleet empty
refused 1 'cannot open nothing' "$covdb" doctor --fleet nothing
refused 2 'looks at no experiment' "$covdb" doctor --fleet good experiment.yaml
