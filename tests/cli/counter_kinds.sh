#!/bin/sh
# counter_kinds.sh COVDB SOURCE_DIR - data files with counters of other kinds than arcs give gcov's counts: those of GCC 14's
# -fcondition-coverage, and of -fprofile-generate with a function that nothing calls.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc-12 gcov-12 python3

"$covdb" decode "$source/tests/data/cases/condition-coverage" --notes "$source/tests/data/cases/condition-coverage" \
	--format info >conditions.info 2>err
expect err '^1 objects decoded, 0 not'
check "lines of the case" "DA:1,0 DA:2,1 DA:3,1" "$(grep '^DA:' conditions.info | xargs)"

mkdir build
cp "$source/tests/data/cases/unused-function.c" build/unused.c
(cd build && gcc-12 -O1 -fprofile-generate -ftest-coverage unused.c -o unused && { ./unused || :; } &&
	gcov-12 --json-format --stdout unused.gcda >../gcov.json)
"$covdb" decode build --notes build --format info >ours.info 2>err
expect err '^1 objects decoded, 0 not'
python3 - gcov.json ours.info <<'END' || fail "counts of unused.c are not gcov's"
import json, re, sys

lines = {}
for line in json.load(open(sys.argv[1]))["files"][0]["lines"]:
    lines[line["line_number"]] = lines.get(line["line_number"], 0) + line["count"]
ours = {int(line): int(count) for line, count in re.findall(r"^DA:(\d+),(\d+)", open(sys.argv[2]).read(), re.M)}
assert lines and 0 in lines.values() and lines == ours, (lines, ours)
END
