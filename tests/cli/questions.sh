#!/bin/sh
# questions.sh COVDB SOURCE_DIR - functions, annotate, top and conditional, on a small program, say what the tables say.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3

# Two objects with a function of a header in each, and code that only some arguments reach.
mkdir -p tree/lib
cat >tree/scale.h <<'END'
static int scale(int n)
{
	if (n > 5)
		return 2 * n;
	return n;
}
END
cat >tree/lib/work.c <<'END'
#include "../scale.h"

static int special(int n)
{
	return n / 3;
}

int work(int kind, int n)
{
	int sum = 0;

	for (int i = 0; i < n; i++)
		sum += scale(i);
	if (kind & 1) {
		sum += special(n);
		sum ^= 3;
	}
	if (kind & 2) {
		if (n > 3)
			sum -= 1;
		else
			sum += 1;
	}
	if (kind > 8)
		sum = 0;
	return sum;
}

/* Does not run, and comes first in the notes: it is to be passed over, however long it is. */
int never(void)
{
	int n = 1;

END
for _ in $(seq 24); do echo '	n += n;'; done >>tree/lib/work.c
cat >>tree/lib/work.c <<'END'
	return n;
}
END
cat >tree/main.c <<'END'
#include <stdlib.h>
#include "scale.h"
int work(int kind, int n);

static int rarely(void)
{
	return 7;
}

int main(int argc, char **argv)
{
	int kind = atoi(argv[1]), n = atoi(argv[2]), sum = scale(n);

	for (int i = 3; i < argc; i++)
		sum += work(kind, n);
	if (kind == 3 && argc > 5)
		sum += rarely();
	return sum == 1;
}
END
(cd tree && gcc -O0 --coverage -c main.c -o main.o && gcc -O0 --coverage -c lib/work.c -o lib/work.o &&
	gcc --coverage main.o lib/work.o -o program)
trial() { # trial PLATFORM WORKLOAD SECONDS RUNS ARGUMENT... - so many runs; idle is a baseline
	platform=$1 workload=$2 seconds=$3 runs=$4
	shift 4
	rm -rf snapshot tree/*.gcda tree/lib/*.gcda
	while [ "$runs" -gt 0 ]; do
		tree/program "$@" || true
		runs=$((runs - 1))
	done
	mkdir -p snapshot/lib
	cp tree/main.gcda snapshot
	cp tree/lib/work.gcda snapshot/lib
	set -- --workload "$workload"
	[ "$workload" != idle ] || set -- --baseline
	"$covdb" import snapshot --platform "$platform" "$@" --seconds "$seconds" >/dev/null 2>&1
}
"$covdb" kernel add --notes tree --name k --build-id abc >/dev/null
trial host idle 10 20 0 2 x
trial host idle 5 12 0 1 x x
trial host w 10 10 0 2 x x
trial host w 7 20 0 9 x
trial host v 3 20 2 2 x
trial slim w 10 30 1 7 x x x
trial slim v 4 2 1 2 x
trial fat w 10 70 3 9 x x x x
trial fat w 2 9 3 1 x
trial fat v 6 5 2 8 x x

# Every answer, in every order and of every choice, is that of Python over the documented tables.
python3 "$source/tests/oracle/questions_oracle.py" "$covdb" "$COVDB" || fail "another answer than the oracle's"
trial slim idle 10 13 0 1 x
trial fat idle 10 4 3 2 x
"$covdb" diff --baseline own >/dev/null 2>&1
python3 "$source/tests/oracle/questions_oracle.py" "$covdb" "$COVDB" || fail "another answer than the oracle's"

# The branch that decides, and how often each platform took it: of 60, 92 and 299 calls of work().
decided() {
	"$covdb" conditional --format csv "$@" | sed 1d | awk -F, '
		function share(text) { return text == "" ? "-" : sprintf("%.4f", text) }
		{ print $3 "-" $4, $9, share($10), share($11), share($12) }' | paste -sd '|'
}
check "what decides about each line" "15-16 lib/work.c:14 0.0000 1.0000 0.9666|19-19 lib/work.c:18 \
0.3333 0.0000 1.0000|20-20 lib/work.c:19 0.0000 - 0.9699|22-22 lib/work.c:18 0.3333 0.0000 1.0000" \
	"$(decided --dir lib --sort lines)"

# Workloads are compared as platforms are, with the numbers that each has alone.
for set in host/w slim/v; do
	"$covdb" functions --sets "$set,fat/w" --sort name --format csv | cut -d, -f1-5 | sed 1d >together
	"$covdb" functions --platforms "${set%/*}" -w "${set#*/}" --sort name --format csv | cut -d, -f1-5 | sed 1d >alone
	grep -vxFf together alone && fail "functions of $set"
	"$covdb" annotate main.c --sets "fat/w,$set" --format csv | sed 1d | cut -d, -f1,4,5 >together
	"$covdb" annotate main.c --platforms "${set%/*}" -w "${set#*/}" --format csv | sed 1d | cut -d, -f1-3 | cmp - together || fail "lines of $set"
done
check "top of two workloads" "slim/w_calls,slim/w_per_s,slim/v_calls,slim/v_per_s" \
	"$("$covdb" top slim/w slim/v --format csv | head -n 1 | cut -d, -f4-7)"
refused 1 "there is no workload u" "$covdb" top slim/w slim/u

# What is asked for and is not there is told; nothing is printed.
refused 1 "no function 'x\*'" "$covdb" functions 'x*'
refused 1 "no platform 'thin', only host, slim, fat" "$covdb" functions --only thin
refused 1 "no platform 'thin'" "$covdb" functions --platforms host,thin
refused 2 "names host twice" "$covdb" functions --platforms host,host
refused 1 "no workload u" "$covdb" functions -w u
refused 1 "no instrumented directory or file net" "$covdb" functions --dir net
refused 2 "--limit takes a whole number from 0" "$covdb" functions --limit x
check "a table says what is not shown" 1 \
	"$("$covdb" functions -n 2 | grep -c '^3 more; --limit 0 shows all$')"
check "what was never called is there by name" 1 "$("$covdb" functions never | grep -c '^never ')"
refused 2 "is a directory, not a file" "$covdb" annotate lib
refused 2 "is not FILE, FILE:LINE, FILE:FROM-TO, FUNCTION or FILE:FUNCTION" "$covdb" annotate main.c:7-x
refused 2 "is not FILE, FILE:LINE, FILE:FROM-TO, FUNCTION or FILE:FUNCTION" "$covdb" annotate main.c:7-6
check "a function" "$("$covdb" annotate lib/work.c:3-6)" "$("$covdb" annotate special)"
check "a function of a file" "$("$covdb" annotate lib/work.c:8-27)" "$("$covdb" annotate work.c:work)"
refused 1 "there is no function 'work' in main.c" "$covdb" annotate main.c:work
refused 1 "cannot open ./main.c" "$covdb" annotate main.c --kernel-src .

# Not instrumented, not executed, no more than the baseline, executed; marked if only by some.
trial host u 100 1 1 2 x
trial fat u 1 100 0 2 x
shown() { "$covdb" annotate "lib/work.c:$1" -w u | sed '1,3d' | tr -s ' '; }
check "a line that is not instrumented" " 21 else" "$(shown 21)"
check "one that nobody executes" " 25 - - sum = 0;" "$(shown 25)"
check "one that one executes" " 10 (1) 100 * int sum = 0;" "$(shown 10)"
check "one that the baseline executes, too" " 26 (1) 100 * return sum;" "$(shown 26)"
check "one beyond the baseline" " 15 1 - * sum += special(n);" "$(shown 15)"
refused 2 "names host twice" "$covdb" top host host
refused 1 "two platforms" "$covdb" conditional --platforms host
refused 1 "no platform 'thin'" "$covdb" top host thin
refused 2 "not by --platforms" "$covdb" top host slim --platforms fat
mkdir other
printf 'int x;\n' >other/main.c
refused 1 "these are not its sources" "$covdb" annotate main.c --kernel-src other
mv tree/main.c kept.c
"$covdb" annotate main.c --format csv >out 2>err
check "without text there are still its lines" "1 9 0" \
	"$(grep -c 'no source text: cannot open .*main.c: .*; --kernel-src' err) $(($(wc -l <out) - 1)) $(grep -c atoi out)"
mv kept.c tree/main.c

# What the database keeps of a footprint is checked when it is read.
cp "$COVDB" damaged.sqlite
sqlite3 damaged.sqlite "UPDATE footprint_object SET counters = x'28b52ffd'"
refused 1 "damaged.sqlite: the counters of a footprint are damaged" "$covdb" conditional --db damaged.sqlite
