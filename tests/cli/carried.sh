#!/bin/sh
# carried.sh COVDB SOURCE_DIR - lines of one kernel are looked at in those of another, and what is not there is counted.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3

mkdir old new
cat >old/prog.c <<'END'
#include <stdlib.h>
static int common(int n)
{
	n += 4;
	return n * 3;
}
static int rare(int n)
{
	n ^= 9;
	n += 2;
	return n;
}
int main(int argc, char **argv)
{
	int n = common(atoi(argv[1]));
	if (argc > 2)
		n += rare(n);
	return n == 1;
}
END
# Lines more above everything, a line changed, one gone.
sed -e '1i /* the next version */\n' -e 's/n ^= 9/n ^= 8/' -e '/n += 2;/d' old/prog.c >new/prog.c
for tree in old new; do
	(cd $tree && gcc -O0 --coverage prog.c -o prog)
	"$covdb" kernel add --notes $tree --name $tree >/dev/null 2>&1
done
trial() { # trial PLATFORM WORKLOAD ARGUMENT...
	platform=$1 workload=$2
	shift 2
	rm -f old/*.gcda
	(cd old && ./prog "$@") || :
	"$covdb" import old --kernel old --platform "$platform" --workload "$workload" --seconds 10 ${baseline:+--baseline} >/dev/null 2>&1
}
trial host w 3
trial runc w 3 x
baseline=x trial host idle 3
"$covdb" diff --kernel old >diff.log 2>&1 || :

"$covdb" lines 'host | runc' --kernel old --in-lines-of new --format csv >rows.csv 2>err
tail -n +2 rows.csv | awk -F, '{ print $2 ":" $(NF - 1) ":" $NF }' | paste -sd' ' >got
check "where lines are" "9::changed 10::changed 11:12:moved 17:18:moved" \
	"$(tr ' ' '\n' <got | grep -E '^(9|10|11|17):' | paste -sd' ')"
check "what is counted" "covdb lines: of $(($(wc -l <rows.csv) - 1)) lines, in kernel new: 0 same, $(grep -c ',moved$' rows.csv) moved, 0 without code, $(grep -c ',changed$' rows.csv) changed, 0 only here, 0 without source" "$(cat err)"

# Each as 'kernel diff' has it, and all are counted whatever is shown.
"$covdb" kernel diff old new --list lines --format csv | tail -n +2 | awk -F, '$2 != "" { print $2 ":" $4 ":" $5 }' | sort >all
tr ' ' '\n' <got | sort >mine
check "as the kernels are joined" "" "$(comm -23 mine all)"
"$covdb" lines 'host | runc' --kernel old --in-lines-of new --limit 1 --format json >rows.json 2>err2
check "the same is counted of one row" "$(cat err)" "$(cat err2)"
check "and is in the JSON" "new $(grep -c ',moved$' rows.csv) $(grep -c ',changed$' rows.csv) 0" \
	"$(python3 -c 'import json; c = json.load(open("rows.json"))["carried"]; print(c["kernel"], c["moved"], c["changed"], c["without_source"])')"
"$covdb" lines 'runc - host' --kernel old --in-lines-of new --format csv 2>/dev/null | tail -n +2 | awk -F, '{ print $2 ":" $NF }' | paste -sd' ' >got
check "of a region" "9:changed 10:changed 11:moved 17:moved" "$(tr ' ' '\n' <got | grep -E '^(9|10|11|17):' | paste -sd' ')"

mv new/prog.c away.c
"$covdb" lines 'host | runc' --kernel old --in-lines-of new --format csv 2>err >rows.csv
expect err " 0 moved, .* $(($(wc -l <rows.csv) - 1)) without source$" "without a source"
"$covdb" lines 'host | runc' --kernel old --in-lines-of new --to . --format csv >/dev/null 2>err && fail "no source where it should be"
mkdir -p elsewhere && mv away.c elsewhere/prog.c
"$covdb" lines 'host | runc' --kernel old --in-lines-of new --to elsewhere --format csv 2>err >rows.csv
expect err ' 0 without source$' "a source from elsewhere"
refused 1 'no kernel' "$covdb" lines host --kernel old --in-lines-of newer
refused 2 'needs --in-lines-of' "$covdb" lines host --kernel old --to new
