#!/bin/bash
# self_coverage.sh COVDB FOLDER [SOURCE_DIR] - covdb on covdb: how many of its lines the quick tests execute, and which
# functions none of them calls.
#
# Builds the sources with GCC 12's --coverage in FOLDER, runs `ctest -L quick` there, and lets COVDB, a
# normal build, decode what was counted. More arguments for ctest are taken from $CTEST_ARGUMENTS.
set -euo pipefail
if [ $# -lt 2 ]; then
	echo "usage: self_coverage.sh COVDB FOLDER [SOURCE_DIR]" >&2
	exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
covdb=$(realpath "$1")
folder=$(realpath -m "$2")
source=$(realpath "${3:-$here/../..}")
# A test runs covdb as nobody, who has to be able to write the counters; another limits the size of files, and
# would cut them.
umask 0
left_out='^report_cut$'

cmake -S "$source" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER=gcc-12 \
	-DCMAKE_C_FLAGS="--coverage -fprofile-update=atomic" -DBUILD_TESTING=ON >/dev/null
cmake --build "$folder" | tail -n 1 >&2
find "$folder" -name '*.gcda' -delete
chmod -R a+rwX "$folder"
read -ra arguments <<<"${CTEST_ARGUMENTS:-}"
status=0
ctest --test-dir "$folder" -L quick -E "$left_out" -j "$(nproc)" --output-on-failure "${arguments[@]}" >"$folder/ctest.log" || status=$?
grep -E 'tests passed|\(Failed\)|\(Skipped\)' "$folder/ctest.log" >&2 || true
# Programs that no test runs have notes and no counters: covdb decodes what there is, and says what there is not.
"$covdb" decode "$folder" --notes "$folder" --format json -o "$folder/coverage.json" 2>"$folder/decode.err" || {
	tail -n 5 "$folder/decode.err" >&2
	[ -s "$folder/coverage.json" ]
}
python3 "$here/self_coverage.py" "$folder/coverage.json" "$source"
exit "$status"
