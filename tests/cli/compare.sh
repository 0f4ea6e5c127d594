#!/bin/sh
# compare.sh COVDB SOURCE_DIR - a planted change is found, noise is not, and what cannot be told is said.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3

# A program, and the next version of it, which has a function more on one path and a line less.
mkdir old new
cat >old/prog.c <<'END'
#include <stdlib.h>
int often(int n)
{
	int sum = 0;
	for (int i = 0; i < n; i++)
		sum += i ^ n;
	return sum;
}
int sometimes(int n)
{
	return n * 3;
}
int rare(int n)
{
	n += 4;
	return n;
}
int other(int n)
{
	return n - 1;
}
int main(int argc, char **argv)
{
	int n = often(atoi(argv[1]));
	if (argc > 2)
		n += sometimes(n);
	if (argc > 3)
		n += rare(n);
	if (argc > 4)
		n += other(n);
	return n == 1;
}
END
sed -e '/^int main/i int planted(int n)\n{\n\tif (n > 1000000)\n\t\treturn 7;\n\treturn n + 1;\n}' \
	-e 's/n += other(n);/n = planted(other(n));/' -e '/n += 4;/d' old/prog.c >new/prog.c
for tree in old new; do (cd $tree && gcc -O0 --coverage prog.c -o prog); done
"$covdb" kernel add --notes old --name old >/dev/null 2>&1
"$covdb" kernel add --notes new --name new >/dev/null 2>&1

trial() { # trial KERNEL PLATFORM ARGUMENT...
	kernel=$1 platform=$2
	shift 2
	rm -f "$kernel"/*.gcda
	(cd "$kernel" && ./prog "$@") || :
	"$covdb" import "$kernel" --kernel "$kernel" --platform "$platform" --workload w --seconds 10 >/dev/null 2>&1
}
# Rates that scatter, and a function that some trials of either call.
seven=0
for n in 11 17 12 19 14 13 16 18 15 10; do
	seven=$((seven + 1))
	noise=""
	[ $((seven % 3)) = 0 ] || noise=x
	trial old a "$n" ${noise:+x}
	trial old b $((n + 1)) ${noise:+x}
	trial old gains $((n + 2)) x x
	trial old faster $((n + 900)) ${noise:+x}
done
for n in 12 16 13 18 15 14 17 19 11 20; do trial new c "$n" x x x x; done
for n in 12 16 13 18 15 14 17 19 11 20; do trial old d "$n" x x x x; done

lines() { # lines OLD NEW [OPTION...]: what became of each line
	"$covdb" compare "$@" --list lines --format csv >lines.csv
	tail -n +2 lines.csv | cut -d, -f1-4 | sort | paste -sd' '
}
check "trials of the same differ by noise alone" "" "$(lines old:a/w old:b/w)"
check "what one side alone executes is found, and what calls it" \
	"prog.c,13,13,gained prog.c,15,15,gained prog.c,16,16,gained prog.c,28,28,gained" \
	"$(lines old:a/w old:gains/w | sed 's/prog.c,[0-9]*,[0-9]*,more often *//g')"
check "and the other way round" "prog.c,13,13,lost prog.c,15,15,lost prog.c,16,16,lost prog.c,28,28,lost" \
	"$(lines old:gains/w old:a/w | sed 's/prog.c,[0-9]*,[0-9]*,[a-z]* often *//g')"
check "what is executed more often" "prog.c,5,5,more often prog.c,6,6,more often" "$(lines old:a/w old:faster/w)"
"$covdb" compare old:a/w old:gains/w --list functions --format csv | tail -n +2 >functions.csv
check "the function is gained" "prog.c,rare,gained,3" "$(grep ',gained,' functions.csv | cut -d, -f1-4)"

# A change of the sources: code that only one kernel has is no question of noise, all else is joined.
check "the planted change" "prog.c,,15,code gone prog.c,,30,code gone prog.c,21,,new code prog.c,23,,new code prog.c,25,,new code prog.c,35,,new code" \
	"$(lines old:d/w new:c/w)"
"$covdb" compare old:d/w new:c/w --list functions --format csv | tail -n +2 >functions.csv
check "functions of the planted change" "prog.c,main,changed prog.c,planted,gained prog.c,rare,less often" \
	"$(cut -d, -f1-3 functions.csv | sort | paste -sd' ')"
mv new/prog.c away.c
check "without a source nothing is carried over" "not carried over" "$(lines old:d/w new:c/w | tr ' ' '\n' | grep -v '^often$\|^over$\|^carried$' | cut -d, -f4 | sort -u | sed 's/$/ carried over/')"
mv away.c new/prog.c

# The same from another program, over the documented tables.
for pair in "a/w b/w" "a/w gains/w" "gains/w a/w" "a/w faster/w"; do
	cp "$COVDB" one.sqlite
	"$covdb" trial list --db one.sqlite --kernel new --format csv | sed -n 's/.*\(c\/w\/[0-9]*\).*/\1/p' | while read -r name; do
		"$covdb" trial remove --db one.sqlite --kernel new "$name" >/dev/null
	done
	"$covdb" kernel remove --db one.sqlite new >/dev/null
	# shellcheck disable=SC2086 # two words
	python3 "$source/tests/oracle/compare_oracle.py" "$covdb" one.sqlite $pair || fail "the other program says otherwise of $pair"
done

# Other databases, single trials, tracefiles.
check "another database" "$(lines old:a/w old:gains/w)" "$(lines one.sqlite:a/w old:gains/w)"
"$covdb" compare old:a/w/1 old:gains/w/1 >text
expect text '^1 and 1 trials: cannot tell noise from change, all that differs is here$'
check "all that differs" "prog.c,13,13,gained prog.c,15,15,gained prog.c,16,16,gained prog.c,28,28,gained" \
	"$(lines old:a/w/1 old:gains/w/1 | sed 's/ *prog.c,[0-9]*,[0-9]*,[a-z]* often//g')"
"$covdb" export --kernel old --trial a/w/1 -o a.info 2>/dev/null
"$covdb" export --kernel old --trial gains/w/1 -o gains.info 2>/dev/null
check "two tracefiles" "$(lines old:a/w/1 old:gains/w/1 | sed 's/prog.c,[0-9]*,[0-9]*,[a-z]* often *//g')" \
	"$(lines a.info gains.info | sed 's/prog.c,[0-9]*,[0-9]*,[a-z]* often *//g')"
check "a tracefile and trials" "$(lines a.info gains.info | tr ' ' '\n' | grep gained | paste -sd' ')" \
	"$(lines a.info old:gains/w | tr ' ' '\n' | grep gained | paste -sd' ')"
"$covdb" compare a.info old:gains/w --format json >rows.json
check "that noise cannot be told is in the JSON" "None None" \
	"$(python3 -c 'import json; o = json.load(open("rows.json")); print(o["rule"], o["tests"])')"
"$covdb" export --kernel new --trial c/w/1 -o c.info 2>/dev/null
"$covdb" export --kernel old --trial d/w/1 -o d.info 2>/dev/null
check "tracefiles of two versions" "prog.c,,15,code gone prog.c,,30,code gone" \
	"$(lines d.info c.info --from old --to new | sed 's/prog.c,[0-9]*,[0-9]*,[a-z]* often *//g; s/ *prog.c,[0-9]*,,new code *//g')"

# Ranges enclose the number, all lines are counted once, subsystems are those of MAINTAINERS.
"$covdb" compare old:a/w old:gains/w --format json >rows.json
python3 - rows.json <<'END' || fail "ranges, or the number of lines"
import json
import sys

said = json.load(open(sys.argv[1]))
assert said["old"]["trials"] == 10 and said["tests"]["resamples"] == 10 and said["rule"] == "permutation", said
row, = said["rows"]
for key in ("gained", "lost", "more", "less", "alike"):
    assert row[key + "_low"] <= row[key] <= row[key + "_high"], row
assert row["gained"] == row["gained_low"] == 4, row
END
printf 'THE SUBSYSTEMS\n\nPROGRAM\nM:\ta <a@b>\nF:\tprog.c\n' >old/MAINTAINERS
check "by subsystem" "PROGRAM,4" "$("$covdb" compare old:a/w old:gains/w --by subsystem --kernel-src old --format csv | tail -n +2 | cut -d, -f1,2)"
mkdir both
printf 'FIRST\nF:\tprog.c\n\nSECOND\nF:\tprog.c\n' >both/MAINTAINERS
by_two() { # by_two FORMAT [OPTION...]
	"$covdb" compare old:a/w old:gains/w --by subsystem --kernel-src both --format "$@"
}
check "all of them" "FIRST SECOND" "$(by_two csv | tail -n +2 | cut -d, -f1 | xargs)"
check "at most one" "FIRST" "$(by_two csv --limit 1 | tail -n +2 | cut -d, -f1 | xargs)"
check "at most one of two" "2 1" "$(by_two json -n 1 | python3 -c 'import json, sys; o = json.load(sys.stdin); print(o["count"], len(o["rows"]))')"
check "and the sum" "FIRST all 1 more; --limit 0 shows all" "$(by_two text -n 1 | sed -n 's/^\(FIRST\|all\) .*/\1/p; /more;/p' | xargs)"

# For CI: the exit status, and which functions.
"$covdb" compare old:a/w old:gains/w --fail-above .=4 >out 2>err || fail "four lines are no more than four"
check "nothing is said" "" "$(cat err)"
status=0
"$covdb" compare old:a/w old:gains/w --fail-above prog.c=3,.=100 >out 2>err || status=$?
check "status" 1 "$status"
check "the message" "covdb compare: prog.c: 4 lines gained or new code, more than 3: rare (prog.c) 3, main (prog.c) 1" "$(cat err)"
expect out '^all '
refused 2 'takes PATH=N' "$covdb" compare old:a/w old:b/w --fail-above net
refused 2 'takes PATH=N' "$covdb" compare old:a/w old:b/w --fail-above net=x
refused 1 'neither side has an instrumented directory or file net' "$covdb" compare old:a/w old:b/w --fail-above .=9,net=0
refused 2 'need each other' "$covdb" compare old:a/w old:b/w --by subsystem
refused 2 'is no file, and not' "$covdb" compare "no file" old:b/w
refused 2 'is no file, and not' "$covdb" compare old:a/w/0 old:b/w
refused 1 'no good trial of a/x, only ' "$covdb" compare old:a/x old:b/w
refused 1 'no good trial a/w/99' "$covdb" compare old:a/w/99 old:b/w
refused 1 'no good trial of nothing, only ' "$covdb" compare old:nothing old:b/w
refused 1 'no kernel' "$covdb" compare other:a/w old:b/w
refused 1 'an unknown record' "$covdb" compare new/prog.c old:b/w
