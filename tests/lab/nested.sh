#!/bin/sh
# nested.sh COVDB SOURCE_DIR RESULTS - a short study with a machine nested in the lab ends by itself, with phases, and the
# nested machines were told the rate that the processor has.
set -eu
# shellcheck source=tests/lab/lib.sh
. "$2/tests/lab/lib.sh"
cat >"$folder/nested.yaml" <<'END'
name: nested
settle: 0.5
trials: 2
phases: 1
pause: 1
baselines:
  - {name: idle, platform: host, duration: 1, trials: 1}
  - {name: observer, kind: observer, trials: 1}
  - {name: observer-difference, kind: observer, capture: difference, trials: 1}
platforms:
  - {name: host, driver: host}
  - {name: microvm, driver: qemu-microvm, kernel: /covdb/microvm/vmlinux, image: /covdb/microvm/root.ext4,
     boot_arguments: no-kvmapf, network: tap, memory: 256}
workloads:
  - {name: cpu, duration: 1, limit: 120,
     command: [covdb-work, cpu, "--instances=1", "--time=1", "--prime=1000", "--pause={pause}"]}
END
"$covdb" lab run "$folder/nested.yaml" -o "$folder/out" 2>"$folder/messages" || {
	cat "$folder/messages"
	fail "the study"
}
expect "$folder/messages" '^7 trials: 7 ok, 0 failed'
grep -E '^lab: (the guest was lost|restart)' "$folder/messages" || echo "no restart"
check "nested machines were told a rate below the processor's" 0 \
	"$(grep -c 'user requested TSC rate below hardware speed' "$folder/out/console.log")"
"$covdb" kernel add --notes "$tree" >/dev/null
"$covdb" import "$folder/out" "$folder/out/phases" >/dev/null 2>"$folder/import" || {
	cat "$folder/import"
	fail "the import"
}
"$covdb" diff --baseline host/idle >/dev/null
for workload in cpu cpu.steady; do
	"$covdb" venn --dir virt --workload "$workload" --format json >"$folder/$workload"
done

python3 - "$folder" <<'END_OF_CHECKS'
import glob, json, sys

folder = sys.argv[1]
for workload, least in ("cpu", 500), ("cpu.steady", 50):
    totals = json.load(open(f"{folder}/{workload}"))["totals"]
    print("virt/", workload, totals)
    assert totals["host"] == 0 and totals["microvm"] > least
trials = [json.load(open(name)) for name in glob.glob(f"{folder}/out/trials/*.json")]
ways = sorted((t["trial"]["kind"] or "", t["capture"]["way"], t["capture"]["within"]) for t in trials)
print(ways)
assert ways == [("", "reset", 0), ("", "reset", 0), ("", "reset", 3), ("", "reset", 3), ("idle", "reset", 0),
                ("observer", "difference", 0), ("observer", "reset", 0)]
END_OF_CHECKS
