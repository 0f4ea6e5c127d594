#!/bin/sh
# run.sh COVDB SOURCE_DIR RESULTS - the main job in the lab: trials, database, footprints.
set -eu
# shellcheck source=tests/lab/lib.sh
. "$2/tests/lab/lib.sh"
paths=$("$covdb" lab build)
tree=$(echo "$paths" | sed -n 's/^KERNEL_TREE=//p')
rm -rf "$results"
"$covdb" lab run "$source/workloads/first-finding.yaml" -o "$results"
echo "$tree" >"$results/tree"
COVDB=$results/covdb.sqlite
"$covdb" kernel add --notes "$tree"
"$covdb" import "$results"
"$covdb" diff
"$covdb" summary
"$covdb" venn --dir net/
"$covdb" venn --dir net/ --workload cpu --format json >"$results/net.json"

# The paper's first finding: the host executes hardly any line of net/, the containers thousands.
python3 - "$results/net.json" <<'END'
import json, sys

answer = json.load(open(sys.argv[1]))
totals = answer["totals"]
print("net/:", totals, "of", answer["found"])
assert list(totals) == ["host", "runc", "gvisor"], "platforms in the order they were measured"
assert totals["host"] < 100, totals
assert totals["runc"] > 2000 and totals["gvisor"] > 2000, totals
END
