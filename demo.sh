#!/bin/bash
# demo.sh - install what is missing, build covdb, run an experiment on a real instrumented kernel in
# QEMU, and draw the Venn diagram of net/. Needs Debian 12, root or sudo, and about 6 GB of disk.
#
# usage: demo.sh [RESULTS]    RESULTS: where trials and database go (default: a new folder); trials
#                             that are there already are not run again
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
results=${1:-results-$(date +%Y%m%d-%H%M%S)}
export COVDB=$results/covdb.sqlite

"$here/tests/install.sh" "$here/collector/packages.txt" "$here/workloads/lab/packages.txt"

echo "== building covdb" >&2
cd "$here"
cmake --preset release -DBUILD_TESTING=OFF >/dev/null
cmake --build --preset release | tail -n 1 >&2
cd - >/dev/null
PATH=$here/build/release:$PATH

echo "== the instrumented kernel (about 14 minutes on two processors the first time, then cached)" >&2
paths=$(covdb lab build)
tree=$(sed -n 's/^KERNEL_TREE=//p' <<<"$paths")

echo "== the experiment: idle, then a CPU workload on host, runc and gVisor (about a minute)" >&2
mkdir -p "$results"
covdb lab run "$here/workloads/first-finding.yaml" -o "$results"

echo "== decoding and comparing" >&2
rm -f "$COVDB"
covdb kernel add --notes "$tree"
covdb import "$results"
echo
covdb diff
echo
covdb summary
echo
covdb venn --dir net/
cat <<END

Go on with:
  export COVDB=$COVDB PATH=$here/build/release:\$PATH
  covdb venn --dir mm --platforms runc,gvisor
  covdb help
END
