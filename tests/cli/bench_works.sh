#!/bin/sh
# bench_works.sh COVDB SOURCE_DIR - the benchmark measures, compares and prints, on a few small objects.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc gcov python3

cp "$source"/tests/data/programs/*.[ch] "$folder"
for program in *.c; do
	gcc -O1 --coverage "$program" -o "${program%.c}"
	"./${program%.c}" >/dev/null
done
bench() {
	python3 "$source/tests/bench/bench.py" --covdb "$covdb" --gcov gcov "$@"
}
bench --snapshot . --notes . --tools covdb-notes,covdb-notes-second,covdb-db,covdb-tar,gcov --rounds 1 --output table.md >printed
cat printed
cmp printed table.md

# Each tool has a row of times, and one that says its counts are gcov's.
for tool in 'covdb --notes, no cache' 'covdb --notes, second' 'covdb, registered kernel (' 'covdb, registered kernel, tar.zst' 'gcov --json-format'; do
	[ "$(grep -cF "| $tool" printed)" = 2 ]
	grep -F "| $tool" printed | grep -q '| 0  *| equal'
done

# What is asked for wrongly is refused, with what there is.
if bench --snapshot . --notes . --tools cov 2>refused; then exit 1; fi
grep -q "no tool cov; there are .*'gcov'" refused
mkdir empty
if bench --results empty 2>refused; then exit 1; fi
grep -q "no trials in empty; 'covdb lab run" refused
