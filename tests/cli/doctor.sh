#!/bin/sh
# doctor.sh COVDB SOURCE_DIR - covdb doctor tells what is missing, as text and as JSON, and what mends it.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need python3

# A machine that has none of the programs, and then one that has them all.
mkdir bin
ln -s /bin/true bin/true
cat >experiment.yaml <<'END'
name: platforms
platforms:
  - {name: host, driver: host}
  - {name: runc, driver: oci, runtime: covdb-test-runtime, rootfs: /nowhere}
workloads:
  - {name: w, command: ["true"], duration: 1}
profiles: 1
syscalls: 1
END
examine() { # examine NAME: the findings as NAME.json and NAME.txt, and the exit status
	status=0
	PATH=$folder/bin "$covdb" doctor experiment.yaml >"$1.txt" 2>err || status=$?
	check "$1: nothing to complain of" "" "$(cat err)"
	json_status=0
	PATH=$folder/bin "$covdb" doctor --format json experiment.yaml >"$1.json" || json_status=$?
	check "$1: the same status" "$status" "$json_status"
	echo "$status" >"$1.status"
}
examine bare
for program in runc crun runsc qemu-system-x86_64 firecracker sysbench iperf3 perf covdb-test-runtime; do
	printf '#!/bin/sh\necho "%s version 7"\necho more\n' "$program" >"bin/$program"
done
printf '#!/bin/sh\nexit 1\n' >bin/crun
printf '#!/bin/sh\n' >bin/ping
cp bin/ping bin/covdb-work
chmod +x bin/*
sed -i 's,rootfs: /nowhere,rootfs: /,' experiment.yaml
examine full

cat >compare.py <<'END'
import json, re

answers = {}
for name in ("bare", "full"):
    answer = answers[name] = json.load(open(name + ".json"))
    checks = {c["check"]: c for c in answer["checks"]}
    assert len(checks) == len(answer["checks"]) > 15, "each check once"
    for c in answer["checks"]:
        assert c["status"] in ("ok", "advice", "missing") and c["detail"], c
        assert (c["mend"] is None) == (c["status"] == "ok"), c
    missing = [c for c in answer["checks"] if c["status"] == "missing"]
    assert answer["fit"] == (not missing)
    assert int(open(name + ".status").read()) == (3 if missing else 0)
    # The text says the same, one line a check and one with what mends it.
    lines = open(name + ".txt").read().splitlines()
    last = lines.pop()
    assert last == (f"This machine cannot collect yet: {len(missing)} missing." if missing
                    else "This machine can collect."), last
    found = [(m[1], m[2].strip()) for line in lines if (m := re.match(r"(ok|advice|missing) +(.{20})  ", line))]
    assert found == [(c["status"], c["check"]) for c in answer["checks"]], found
    mends = [line.split("-> ", 1)[1] for line in lines if line.lstrip().startswith("-> ")]
    assert mends == [c["mend"] for c in answer["checks"] if c["mend"]]
    answers[name] = checks
bare, full = answers["bare"], answers["full"]
for program in ("runc", "crun", "runsc", "qemu-system-x86_64", "firecracker", "sysbench", "iperf3", "perf", "ping", "covdb-work"):
    assert (bare[program]["status"], bare[program]["detail"]) == ("advice", "not in PATH"), bare[program]
assert full["runc"] == {"check": "runc", "status": "ok", "detail": "runc version 7", "mend": None}
assert (full["crun"]["status"], full["crun"]["detail"]) == ("advice", "version unknown")
assert full["ping"]["status"] == full["covdb-work"]["status"] == "ok"
assert (bare["profiles"]["status"], bare["profiles"]["mend"]) == ("missing", "apt-get install linux-perf"), bare["profiles"]
assert (bare["system calls"]["status"], bare["system calls"]["mend"]) == ("missing", "apt-get install linux-perf"), bare["system calls"]
assert "'perf'" in bare["profiles"]["detail"] and full["profiles"]["status"] == full["system calls"]["status"] == "ok" and full["perf"]["detail"] == "perf version 7"
assert bare["platform host"]["status"] == full["platform host"]["status"] == "ok"
assert bare["platform runc"]["status"] == "missing" and "covdb-test-runtime" in bare["platform runc"]["detail"]
assert full["platform runc"]["status"] == "ok", full["platform runc"]
assert full["platform runc"]["detail"].startswith("oci: covdb-test-runtime version 7, network "), full["platform runc"]
END
python3 compare.py || fail "what doctor finds"
[ "$(stat -f -c %T /dev/shm)" != tmpfs ] || TMPDIR=/dev/shm "$covdb" doctor >said 2>&1 || :
[ ! -s said ] || expect said 'advice +work folder +/dev/shm is a tmpfs'
TMPDIR=$folder/nowhere "$covdb" doctor >said 2>&1 || :
expect said 'missing +work folder +.*/nowhere: No such file or directory'

# A Go program that was built without being told its version knows that of its module.
{
	printf '#!/bin/sh\necho "runsc version VERSION_MISSING"\necho "spec: 1.1"\nexit\n'
	printf 'mod\t\t\nmod\texample.org/x\t(devel)\t\nmod\tcut'
	printf '\npath\tgvisor.dev/gvisor/runsc\nmod\tgvisor.dev/gvisor\tv0.0.0-20260905035102-160fafc42237\th1:x=\nmod\tlater'
} >bin/runsc
PATH=$folder/bin "$covdb" doctor >said 2>&1 || :
expect said 'ok +runsc +runsc version v0.0.0-20260905035102-160fafc42237$'

# What is asked for wrongly.
refused 1 'nowhere.yaml' "$covdb" doctor nowhere.yaml
printf 'name: x\ntrails: 3\n' >typo.yaml
refused 1 'typo.yaml:2: .*trails' "$covdb" doctor typo.yaml
refused 2 "takes one of text, json, not 'csv'" "$covdb" doctor --format csv
