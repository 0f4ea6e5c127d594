#!/bin/sh
# summary_all.sh COVDB SOURCE_DIR - the numbers that others publish, of a small program, as the documented tables have them.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3

# System calls are known by their functions, whatever else the program is.
mkdir tree
cat >tree/calls.c <<'END'
#include <stdlib.h>
#define NOINLINE __attribute__((noinline))
NOINLINE long __x64_sys_read(int n) { return n + 1; }
NOINLINE long __x64_sys_close(int n) { return n + 2; }
NOINLINE long __x64_sys_openat(int n) { return n + 3; }
static NOINLINE int helper(int n)
{
	return n * 2;
}
int main(int argc, char **argv)
{
	int kind = argc > 1 ? atoi(argv[1]) : 0, sum = 0;

	if (kind & 1)
		sum += (int)__x64_sys_read(kind);
	if (kind & 2)
		sum += (int)__x64_sys_close(helper(kind));
	return sum == 77;
}
END
(cd tree && gcc -O1 --coverage -c calls.c -o calls.o && gcc --coverage calls.o -o calls)
trial() { # trial NAME ARGUMENT...
	rm -f tree/*.gcda
	name=$1
	shift
	for argument; do (cd tree && ./calls "$argument"); done
	mkdir "$name"
	cp tree/*.gcda "$name"
}
trial idle 0
trial one 1 1
trial both 3
"$covdb" kernel add --notes tree --name k --build-id abc >/dev/null
"$covdb" import idle --platform a --baseline --seconds 10 >/dev/null 2>&1
"$covdb" import one --platform a --workload w --seconds 10 >/dev/null 2>&1
"$covdb" import both --platform b --workload w --seconds 10 >/dev/null 2>&1
"$covdb" import both --set c >/dev/null 2>&1

"$covdb" summary --all --format csv >got
cat >count.py <<'END'
"""Lines, functions and calls from the documented tables."""
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
ask = lambda sql, *values: database.execute(sql, values).fetchall()
functions = ask("SELECT DISTINCT f.name, path, start_line, end_line FROM function f JOIN file USING (kernel_id, file_id)")
found = ask("SELECT count(*) FROM line")[0][0]
for platform in "abc":
    lines = set(ask("SELECT DISTINCT file, line FROM footprint_line_named WHERE platform = ?", platform))
    around = {
        max((f for f in functions if f[1] == file and f[2] <= line <= f[3]), key=lambda f: f[2], default=None)
        for file, line in lines
    }
    around.discard(None)
    beyond = ask(
        "SELECT count(DISTINCT f.name) FROM footprint p JOIN platform q USING (platform_id)"
        " JOIN footprint_function USING (footprint_id) JOIN function f USING (function_id)"
        " WHERE workload_id IS NULL AND q.name = ? AND f.name LIKE '__x64_sys_%' AND calls > baseline_calls", platform)
    print(platform, len(lines), found, f"{found / len(lines):.4g}", len(around), beyond[0][0], "", sep=",")
END
python3 count.py "$COVDB" >expected
python3 -c 'import csv
for row in list(csv.reader(open("got")))[1:]:
    print(*row[:3], f"{float(row[3]):.4g}", *row[4:], sep=",")' >rounded
diff expected rounded || fail "numbers of $(cat got)"
check "columns" "platform,lines,found,times_less,functions,calls_seen,calls_allowed" "$(head -n 1 got)"
expect expected '^a,.*,1,$'
expect expected '^b,.*,2,$'
expect expected "^c,.*,4,2,$"
"$covdb" summary --all >text
expect text '^ALLOWED: there is no trial of system calls'
"$covdb" summary --all --format json | python3 -c 'import json, sys
rows = json.load(sys.stdin)["rows"]
assert [row["calls_allowed"] for row in rows] == [None] * 3, rows' || fail "what is not known is null"

# What was compared stands above the table, as in its siblings; platforms are chosen as there.
for all in '' --all; do
	# shellcheck disable=SC2086 # none or one
	"$covdb" summary $all --platforms c,a >text
	check "the scope: $all" "$("$covdb" functions --platforms c,a | head -n 1)" "$(head -n 1 text)"
	# shellcheck disable=SC2086
	"$covdb" summary $all --format csv | grep -E '^[ac],' | sort >some
	# shellcheck disable=SC2086
	"$covdb" summary $all --platforms c,a --format csv | sed 1d >got
	check "the order: $all" "c a" "$(cut -d, -f1 got | xargs)"
	sort got | cmp - some || fail "numbers of some platforms: $all"
done
