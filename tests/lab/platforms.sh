#!/bin/sh
# platforms.sh COVDB SOURCE_DIR RESULTS - every driver runs in the lab, each executes what makes it
# itself, and trials are taken apart into phases.
set -eu
# shellcheck source=tests/lab/lib.sh
. "$2/tests/lab/lib.sh"
"$covdb" lab run "$source/workloads/lab-short.yaml" -o "$folder/out"
"$covdb" kernel add --notes "$tree" >/dev/null
"$covdb" import "$folder/out" "$folder/out/phases" 2>"$folder/import" || {
	cat "$folder/import"
	exit 1
}
"$covdb" diff --baseline host/idle
for directory in virt arch/x86/kvm fs/overlayfs net/bridge drivers/net net; do
	"$covdb" venn --dir "$directory" --workload stream --format json \
		--platforms host,runc,crun,gvisor,microvm,chroot
done >"$folder/venn"
echo "No Firecracker is tried: there is no binary of it here. See tests/unit/collector/firecracker_test.c."

python3 - "$folder/venn" "$folder/out" <<'END_OF_CHECKS'
import glob, json, sys

decoder, text, lines = json.JSONDecoder(), open(sys.argv[1]).read(), {}
while text.strip():
    answer, end = decoder.raw_decode(text.lstrip())
    text = text.lstrip()[end:]
    lines[answer["dir"].rstrip("/")] = answer["totals"]
for directory, totals in lines.items():
    print(directory, totals)
others = ("host", "runc", "crun", "gvisor", "chroot")
assert lines["virt"]["microvm"] > 500 and lines["arch/x86/kvm"]["microvm"] > 2000
assert all(lines["virt"][name] == 0 for name in others), "only the microVM is a virtual machine"
assert lines["fs/overlayfs"]["host"] == lines["fs/overlayfs"]["microvm"] == 0
assert all(lines["fs/overlayfs"][name] > 100 for name in ("runc", "crun", "gvisor", "chroot"))
# A few lines of it look at every new interface.
assert max(lines["net/bridge"][name] for name in ("host", "crun", "microvm", "chroot")) < 50
assert all(lines["net/bridge"][name] > 100 for name in ("runc", "gvisor")), "a bridge and a veth pair"

trials = [json.load(open(name)) for name in glob.glob(sys.argv[2] + "/trials/*.json")]
assert len(trials) == 10 and all(t["status"] == "ok" for t in trials)
assert sorted(t["trial"]["position"] for t in trials) == list(range(1, 11))
assert {t["trial"]["seed"] for t in trials} == {20200317}
assert {t["trial"]["kind"] for t in trials} == {None, "idle", "observer"}
for trial in (t for t in trials if t["trial"]["workload"]):
    total = [m for m in trial["metrics"] if m["metric"] == "bandwidth_total"]
    assert len(total) == 1 and total[0]["value"] > 0, trial["trial"]
    assert total[0]["emulated"] == trial["kernel"]["emulated"]
    phases = [json.load(open(name)) for name in glob.glob(
        f"{sys.argv[2]}/phases/trials/{trial['trial']['platform']}-stream-1.*.json")]
    assert {p["trial"]["phase"] for p in phases} == {"start-up", "steady", "tear-down"}
    assert sum(p["duration_ns"] for p in phases) < trial["duration_ns"]
END_OF_CHECKS
"$covdb" summary
