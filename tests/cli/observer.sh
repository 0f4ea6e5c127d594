#!/bin/sh
# observer.sh COVDB SOURCE_DIR - what capturing itself executes is taken off each trial before any rate.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3

# capture() stands for the reading of counters, background() for what an idle machine does, work() for a workload.
mkdir tree study study/trials
cat >tree/main.c <<'END'
#include <stdlib.h>

static int sum;

static void capture(void)
{
	sum += 1;
}

static void background(void)
{
	sum += 2;
}

static void work(void)
{
	sum += 3;
}

static void jitter(void)
{
	sum += 4;
}

int main(int argc, char **argv)
{
	void (*const parts[])(void) = { capture, background, work, jitter };

	for (int i = 1; i < argc; i++)
		for (int n = atoi(argv[i]); n > 0; n--)
			parts[i - 1]();
	return sum == 1;
}
END
printf 'int extra(void)\n{\n\treturn 1;\n}\n' >tree/extra.c
(cd tree && gcc -O0 --coverage -c main.c -o main.o && gcc -O0 --coverage -c extra.c -o extra.o &&
	gcc --coverage main.o extra.o -o program)
number=0
# Each second of a trial has ten background(); each capture a hundred capture().
trial() { # trial PLATFORM WORKLOAD KIND WAY WITHIN SECONDS CAPTURE BACKGROUND WORK JITTER [without]
	number=$((number + 1))
	rm -f tree/*.gcda
	tree/program "$7" "$8" "$9" "${10}"
	[ -z "${11:-}" ] || rm tree/extra.gcda
	(cd tree && tar -cf "../study/trials/t$number.tar" ./*.gcda)
	[ "$4" != none ] || return 0
	python3 - "$@" "$number" >"study/trials/t$number.json" <<'END'
import json, sys

platform, workload, kind, way, within, seconds = sys.argv[1:7]
number = int(sys.argv[-1])
is_baseline = kind != "workload"
print(json.dumps({
    "format": "covdb-trial", "version": 1,
    "trial": {"platform": platform, "driver": "host", "workload": None if is_baseline else workload,
              "baseline": workload if is_baseline else None, "kind": kind if is_baseline else None,
              "groups": ["pair"] if workload in ("short", "long") else [],
              "phase": "steady" if way == "difference" and not is_baseline else None, "number": number},
    "settings": None, "status": "ok", "failure": None, "exit_status": None, "signal": None,
    "duration_ns": int(float(seconds) * 1e9), "started_at": f"2026-01-01T00:{number // 60:02}:{number % 60:02}Z", "steps": [],
    "capture": {"way": way, "within": int(within)},
    "snapshot": {"file": f"t{number}.tar", "files": 2, "bytes": 1, "unreadable": []},
    "kernel": {"release": "1", "build_id": "abc", "cpus": 1, "emulated": False, "gcov_persist": True},
    "versions": {}, "command": [], "metrics": [], "output": "", "output_truncated": False}))
END
}
"$covdb" kernel add --notes tree --name k --build-id abc >/dev/null
calls() { # calls WORKLOAD - capture, background, work, jitter: in the footprint's trials, in the baseline
	for name in capture background work jitter; do
		sqlite3 -separator ' ' "$COVDB" "SELECT calls, baseline_calls FROM footprint_function JOIN footprint USING (footprint_id)
			JOIN function f USING (function_id) JOIN workload w USING (workload_id)
			WHERE f.name = '$name' AND w.name = '$1'"
		echo ,
	done | xargs
}
kept() { # kept WORKLOAD - the lines of its footprint that stand in one of the four
	"$covdb" lines p -w "$1" --limit 0 --format csv | sed 's/^main.c,\([0-9]*\),.*/\1/' | grep -x '7\|12\|17\|22' | xargs
}

# Without an observer there is nothing to take off, which is said.
trial p idle idle reset 0 10 100 100 0 0
trial p short workload reset 0 0.5 100 5 3 0
"$covdb" import study >out 2>err || { cat err; exit 1; }
expect err 'what capturing itself executes is in the counters of 1 trials \(p/short\): there is no observer to take off'
check "a short trial seems to work by being captured" "7 17" "$(kept short)"

# Three observers of two ways; one more has another file to read, another none of the manifest's.
trial p observer observer reset 0 0.001 100 0 0 1
trial p observer observer reset 0 0.001 100 0 0 2
trial p observer observer reset 0 0.001 100 0 0 1
trial p observer observer difference 0 0.001 90 0 0 0
trial p observer observer difference 0 0.001 92 0 0 0
trial p observer observer reset 0 0.001 77 0 0 0 without
# Two trials of a workload, one with less than the observers have, one with captures within; a phase; one with another file.
trial p short workload reset 0 0.5 100 5 0 0
trial p long workload reset 0 20 100 200 1 2
trial p marked workload reset 2 10 283 100 1 0
trial p few workload reset 0 10 98 0 0 1
trial p phase.steady workload difference 0 5 91 50 1 0
trial p lone workload reset 0 5 77 50 4 0 without
"$covdb" import study >out 2>err || { cat err; exit 1; }
if grep -q 'what capturing' err; then fail "every trial has its observer, but: $(grep 'what capturing' err)"; fi
check "the smallest multiple" 6 "$(sqlite3 "$COVDB" 'SELECT scale FROM analysis')"
# capture() is gone, without a row. Of jitter() two trials have 2 * 4/3 less than nothing: -3, which is no execution.
check "calls of two trials together" ", 10 100.0 , 3 0.0 , -3 -1.33333333333333 ," "$(calls short)"
check "lines of a short trial" 17 "$(kept short)"
check "a long trial" ", 200 100.0 , 1 0.0 , 1 -1.33333333333333 ," "$(calls long)"
check "lines of a long trial" "17 22" "$(kept long)"
# By reset, and two captures within its time: 283 - 100 - 2 * 91.
check "captures within" "1 0.0 , 100 100.0 , 1 0.0 , -1 -1.33333333333333 ," "$(calls marked)"
check "less than the observers" "-2 0.0 , 100.0 ," "$(calls few | cut -d' ' -f1-3,5-6)"
check "a phase has the observer of its way" ", 50 100.0 , 1 0.0 , -1.33333333333333 ," \
	"$(calls phase.steady | sed 's/, 0 -1/, -1/')"
check "one that had the same files to read" ", 50 100.0 , 4 0.0 , -1.33333333333333 ," \
	"$(calls lone | sed 's/, 0 -1/, -1/')"
"$covdb" diff --format csv >diff.csv
check "how many were observed, and functions below" "few 1 3, long 1 0, short 2 1" \
	"$(grep '^rate' diff.csv | awk -F, '$4 ~ /few|long|short/ { print $4, $13, $14 }' | sort | paste -sd, | sed 's/,/, /g')"
check "the observer itself" "7 22" "$(kept observer)"
# What is printed, and exported, is of the trials themselves.
check "counts of lines" "200 1" "$("$covdb" annotate main.c --kernel-src tree -w long --format csv | awk -F, '$1 == 12 || $1 == 17 { print $2 }' | xargs)"
"$covdb" export --footprint p/long -o long.info >/dev/null
check "an export of the footprint" "DA:17,1 DA:22,1" "$(grep -E '^DA:(7|12|17|22),[1-9]' long.info | xargs)"
"$covdb" export --trial p/long -o raw.info >/dev/null
check "an export of the trial" "DA:7,100 DA:12,200 DA:17,1 DA:22,2" "$(grep -E '^DA:(7|12|17|22),' raw.info | xargs)"
check "rows of trials" "100 200 1 2" "$(sqlite3 "$COVDB" "SELECT count FROM trial_line_named WHERE workload = 'long' AND line IN (7, 12, 17, 22) ORDER BY line" | xargs)"
check "all workloads are the sum of each" 1 "$(sqlite3 "$COVDB" "SELECT (SELECT sum(calls) FROM footprint_function JOIN footprint USING (footprint_id)
	WHERE workload_id IS NULL) = (SELECT sum(calls) FROM footprint_function JOIN footprint USING (footprint_id) JOIN workload USING (workload_id) WHERE kind = 'workload')")"
# What is left of one observer without the others: once of three what calls jitter() and its three lines, as is once of
# two capture(); of a single one nobody can tell.
python3 - "$covdb" <<'END' || fail "what is left of observers"
import json, subprocess, sys

rows = json.loads(subprocess.check_output([sys.argv[1], "stability", "--format", "json"]))["observers"]
got = [tuple(row[key] for key in ("capture", "captures_within", "observers", "directory", "lines", "left")) for row in rows]
assert got == [("reset", 0, 3, ".", 12, 5 / 3), ("difference", 0, 2, ".", 9, 2.5), ("reset", 0, 1, ".", 9, None)], got
END
# The rules that test see the same: ten idle trials differ in nothing but noise, so nothing is kept.
"$covdb" diff --rule poisson --format csv >diff.csv
check "by poisson" "17" "$(kept short)"
# A group of workloads is their union, stored; it goes with the last of them.
"$covdb" diff --rule rate >/dev/null
for command in summary "venn --depth 2" "functions --limit 0" "annotate main.c" "stability"; do
	# shellcheck disable=SC2086 # several arguments
	"$covdb" $command --format csv -w pair >one 2>/dev/null
	# shellcheck disable=SC2086
	"$covdb" $command --format csv -w long,short >two 2>/dev/null
	cmp one two || fail "a group differs from its members: $command"
done
"$covdb" stability --format json -w pair | sed -n '/"rules"/,/]/p' >one
"$covdb" stability --format json -w long,short | sed -n '/"rules"/,/]/p' >two
cmp one two || fail "what rules remove of a group"
"$covdb" venn -w pair >one
expect one 'workloads pair: short, long;'
check "a group in SQL" "$("$covdb" summary -w long,short --format csv | tail -n 1 | cut -d, -f2)" \
	"$(sqlite3 "$COVDB" "SELECT lines FROM footprint_directory WHERE workload = 'pair' AND directory = '.' AND rule = 'rate'")"
cp "$COVDB" smaller.sqlite
"$covdb" trial remove --db smaller.sqlite p/short/1 p/short/2 >/dev/null 2>&1
"$covdb" diff --db smaller.sqlite --rule rate >/dev/null 2>&1
"$covdb" venn --db smaller.sqlite -w pair >one
expect one 'workloads pair: long;'
"$covdb" trial remove --db smaller.sqlite p/long/1 >/dev/null 2>&1
"$covdb" diff --db smaller.sqlite --rule rate >/dev/null 2>&1
refused 1 "there is no workload pair, only " "$covdb" venn --db smaller.sqlite -w pair
# Observers cannot be taken off what nobody knows how it was captured.
rm -rf snapshot
mkdir snapshot
cp tree/*.gcda snapshot
"$covdb" import snapshot --platform p --workload foreign --seconds 3 >/dev/null 2>err || true
expect err 'counters of 1 trials \(p/foreign\): there is no observer that was captured the same way, of the same objects'
