#!/bin/bash
# demo.sh - install what is missing, build covdb, and find out which kernel lines host, container,
# gVisor and microVM execute, ending in the Venn diagram of net/. Needs Debian 12, root or sudo.
#
# usage: demo.sh [RESULTS]          from the recorded study in workloads/recorded; about a minute
#        demo.sh --live [RESULTS]   runs an experiment on an instrumented kernel in QEMU, built first:
#                                   about 6 GB of disk, 20 minutes the first time
#
# RESULTS: where the database and, live, the trials go (default: a new folder); live, trials that are
# there already are not run again
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
is_live=
if [ "${1:-}" = --live ]; then
	is_live=yes
	shift
fi
results=${1:-results-$(date +%Y%m%d-%H%M%S)}
export COVDB=$results/covdb.sqlite

lists=("$here/.ci/packages/build.txt" "$here/.ci/packages/recorded.txt")
[ -z "$is_live" ] || lists+=("$here/.ci/packages/lab.txt")
"$here/.ci/install.sh" "${lists[@]}"

echo "== building covdb" >&2
cd "$here"
cmake --preset release -DBUILD_TESTING=OFF >/dev/null
cmake --build --preset release | tail -n 1 >&2
cd - >/dev/null
PATH=$here/build/release:$PATH
mkdir -p "$results"

if [ -n "$is_live" ]; then
	echo "== the instrumented kernel (about 14 minutes on two processors the first time, then cached)" >&2
	paths=$(covdb lab build)
	tree=$(sed -n 's/^KERNEL_TREE=//p' <<<"$paths")
	echo "== the experiment: idle, then a CPU workload on host, runc and gVisor (about a minute)" >&2
	covdb lab run "$here/workloads/first-finding.yaml" -o "$results"
	echo "== decoding and comparing" >&2
	rm -f "$COVDB"
	covdb kernel add --notes "$tree"
	covdb import "$results"
else
	echo "== decoding and comparing the recorded study: 353 snapshots of a Linux 6.1" >&2
	"$here/workloads/recorded/load.sh" covdb "$COVDB"
fi
echo
if [ -z "$is_live" ]; then
	echo "The workloads that the paper ran, by the rule permutation, and by the paper's rule rate:"
	covdb summary --workload paper
	covdb summary --workload paper --rule rate
else
	covdb summary
fi
echo
covdb venn --dir net/ --workload cpu
cat <<END

Go on with:
  export COVDB=$COVDB PATH=$here/build/release:\$PATH
  covdb claims
  covdb report -o $results/report
  covdb venn --dir mm --platforms runc,gvisor
  covdb help
END
