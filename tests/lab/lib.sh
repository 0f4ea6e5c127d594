# lib.sh - how a test in the lab begins: as one of the command line, with what lab_run left.
# Takes COVDB SOURCE_DIR RESULTS; sets $results and $tree besides.
# shellcheck shell=sh
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
# What is given by file would be in the study as well.
unset COVDB_FIRECRACKER COVDB_RUNSC
results=$(realpath -m "$3")
tree=
# shellcheck disable=SC2034 # for the test that sources this
[ ! -e "$results/tree" ] || tree=$(cat "$results/tree")

# For thousands of small files that are soon gone, which a disk takes longer to make than gcov to read: temporary folders are
# in memory, where there is enough. What is made there goes in the end.
in_memory() {
	if [ -w /dev/shm ] && [ "$(df --output=avail /dev/shm | tail -n 1)" -gt 4000000 ]; then
		TMPDIR=$(mktemp -d /dev/shm/covdb-XXXXXX)
		export TMPDIR
		# shellcheck disable=SC2317 # at the end of the test
		tidy_up() { rm -rf "$TMPDIR"; }
	else
		export TMPDIR="$folder"
	fi
}
