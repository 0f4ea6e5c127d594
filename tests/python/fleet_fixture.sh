# fleet_fixture.sh - two kernels, packed below dataset/kernel: the recorded study's, of $build_id, and a small one, whose trials are in
# other/ and in other.sqlite. For the tests of fleets, after the environment; $recorded is the database of the recorded study.
# shellcheck shell=sh disable=SC2034,SC2154 # of the test that sources this
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"
mkdir -p dataset/kernel other
"$python" "$source/tests/python/fleet_kernel.py" other
"$covdb" kernel pack -o dataset/kernel/abc.covkernel 2>/dev/null
"$covdb" kernel add --kernel-file dataset/kernel/abc.covkernel --db other.sqlite >/dev/null
"$covdb" import --db other.sqlite other >/dev/null 2>&1
build_id=$(sqlite3 "$recorded" "SELECT build_id FROM kernel")
"$covdb" kernel pack --db "$recorded" -o "dataset/kernel/$build_id.covkernel" 2>/dev/null
