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
