#!/bin/sh
# rules.sh COVDB SOURCE_DIR - what each decision rule makes of noise, of bursts and of what only the workload runs.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc

# steady() runs as often as the first argument says, bursty() as the second, only() if there is a third.
mkdir tree
cat >tree/main.c <<'END'
#include <stdlib.h>
static volatile int sink;
__attribute__((noinline)) static void steady(void)
{
	sink++;
}
__attribute__((noinline)) static void bursty(void)
{
	sink--;
}
__attribute__((noinline)) static void only(void)
{
	sink = 0;
}
int main(int argc, char **argv)
{
	for (int i = atoi(argv[1]); i > 0; i--)
		steady();
	for (int i = atoi(argv[2]); i > 0; i--)
		bursty();
	if (argc > 3)
		only();
	return 0;
}
END
(cd tree && gcc -O0 --coverage -c main.c -o main.o && gcc --coverage main.o -o program)
trial() { # trial "ARGUMENTS" OPTION... - one trial of ten seconds
	rm -rf snapshot
	mkdir snapshot
	# shellcheck disable=SC2086 # arguments of the program
	tree/program $1
	mv tree/main.gcda snapshot
	shift
	"$covdb" import snapshot --seconds 10 "$@" >/dev/null 2>&1
}
kept() { # kept RULE - the lines kept by a rule
	sqlite3 db.sqlite "SELECT line FROM footprint_line_named WHERE rule = '$1' AND workload = 'w' ORDER BY line" | xargs
}
"$covdb" kernel add --notes tree --name k >/dev/null 2>&1
for arguments in "30 4" "90 4" "40 4" "80 4" "50 4"; do
	trial "$arguments" --platform host --baseline
done
for arguments in "40 4 x" "80 4 x" "50 4 x" "30 4 x"; do
	trial "$arguments" --platform p --workload w
done

# Four trials are too few for permutation at 0.05 divided by ten; and not the usual rule.
check "the usual rule of few trials" "rate" "$(sqlite3 db.sqlite 'SELECT rule FROM analysis')"
status=0
"$covdb" diff --rule permutation --fdr 0.001 2>err || status=$?
check "too few trials" "1 1" "$status $(grep -c 'p w: the rule permutation cannot tell with 4 trials against 5' err)"

# A burst in one trial of five is no difference between workload and idle; what only the workload runs is.
trial "91 4000 x" --platform p --workload w
check "the fifth trial brings permutation, as the newest, beside rate" "rate permutation" \
	"$(sqlite3 db.sqlite 'SELECT rule FROM analysis ORDER BY analysis_id' | xargs)"
check "which commands then use" "permutation" "$("$covdb" venn | sed -n 's/.* rule \([a-z]*\) against .*/\1/p')"
"$covdb" diff --rule rate >/dev/null
"$covdb" diff --rule poisson >/dev/null
"$covdb" diff --format csv >diff.csv
check "from five trials on permutation is the usual rule" "permutation" "$(sed -n 2p diff.csv | cut -d, -f1)"
check "permutation keeps what only the workload runs" "11 13 14 22" "$(kept permutation)"
# Five executions in 50 s are not many, if they were all of one process that might as well have been idle.
check "poisson is deceived by the burst, and wants more of what ran once" "7 9 10 19 20" "$(kept poisson)"
check "rate by any difference" "3 5 6 7 9 10 11 13 14 17 18 19 20 22" "$(kept rate)"
check "they are kept side by side" "permutation poisson rate" \
	"$(sqlite3 db.sqlite 'SELECT rule FROM analysis ORDER BY rule' | xargs)"
check "none was asked of the rule rate" "" "$(sqlite3 db.sqlite "SELECT false_discovery_rate FROM analysis WHERE rule = 'rate'")"
check "with the rate that was asked for" "0.05" "$(sqlite3 db.sqlite "SELECT false_discovery_rate FROM analysis WHERE rule = 'poisson'")"
# Of 252 ways to deal out ten trials, one has all that ran on the one side.
check "p-value of what only the workload runs" "0.003968" \
	"$(sqlite3 db.sqlite "SELECT printf('%.6f', max(p_value)) FROM footprint_line JOIN footprint USING (footprint_id)
		JOIN analysis USING (analysis_id) WHERE rule = 'permutation' AND workload_id IS NOT NULL")"
# steady() ran 291 times in the trials, 290 times in as long of nothing; only() never in nothing.
check "effects" "5=1.003448 13=" "$(sqlite3 db.sqlite "SELECT line || '=' || iif(ratio IS NULL, '', printf('%.6f', ratio))
	FROM footprint_line JOIN footprint USING (footprint_id) JOIN analysis USING (analysis_id)
	JOIN line USING (line_id) WHERE rule = 'rate' AND workload_id IS NOT NULL AND line IN (5, 13) ORDER BY line" | xargs)"
"$covdb" venn --rule poisson --format json >venn.json
check "venn takes the rule asked for" "5" \
	"$(python3 -c 'import json; print(json.load(open("venn.json"))["totals"]["p"])')"

# How far the five trials agree: only() ran in all, whatever else is kept by a test did, too. What it does not keep was executed all the same.
"$covdb" stability --rule permutation --format json >stability.json
check "agreement, and that a lone idle baseline has none to compare" "p w 5 4 4 4 1.0 17.0" "$(python3 -c '
import json
for row in json.load(open("stability.json"))["agreement"]:
    print(*row.values())' | xargs)"
check "the regions' agreement and range" "p 4 4 4.0 4.0" \
	"$("$covdb" stability --rule permutation --workload w --format json | python3 -c '
import json, sys
for row in json.load(sys.stdin)["regions"]:
    assert row.pop("platforms") == ["p"], row
    print("p", *row.values())')"
check "what the rules remove" "rate 3 poisson 12 permutation 13" "$(python3 -c '
import json
rules = {row["rule"]: row["removed"] for row in json.load(open("stability.json"))["rules"]}
print(*(f"{rule} {rules[rule]}" for rule in ("rate", "poisson", "permutation")))')"

"$covdb" stability --rule permutation >stability.txt
check "the same as text" "p w 5 4 4 4 1 17" "$(tr -s ' ' <stability.txt | sed -n 's/ *$//; /^p w /p' | sed 's/\.0*$//' | sed -n 2p)"
expect stability.txt '^What each rule removes of the lines executed in the whole kernel$'
expect stability.txt '^Functions whose counters contradicted each other in some trial: 0$'
"$covdb" stability --rule permutation --workload w >stability.txt
expect stability.txt '^p +4 +4 +4'
refused 2 "--seed takes a whole number from 0, not '-1'" "$covdb" stability --seed -1

# Idle against idle: rate keeps much of it, permutation hardly ever anything; of two trials nobody can tell.
"$covdb" noise --fdr 0.01 --format csv >noise.csv
check "permutation with 2 against 3 trials" "permutation,10,$(sed -n 's/^permutation,10,\([0-9.]*\),,,$/\1/p' noise.csv),,," \
	"$(grep ^permutation noise.csv)"
for arguments in "70 4" "20 4" "60 4" "10 4" "100 4"; do
	trial "$arguments" --platform host --baseline
done
"$covdb" noise --format csv >noise.csv
python3 - <<'END' || fail "rates of false discoveries"
import csv
rows = {row["rule"]: row for row in csv.DictReader(open("noise.csv"))}
rates = {rule: float(row["false_discovery_rate"]) for rule, row in rows.items()}
print("false discovery rates of ten idle trials:", rates)
assert rates["permutation"] <= 0.05 < rates["rate"], rows
assert all(int(row["splits"]) == 252 for row in rows.values())  # all halves of ten
END

# A rule of another covdb: what it made stays, and import says why it cannot make it anew.
sqlite3 db.sqlite "UPDATE analysis SET rule = 'guess' WHERE rule = 'poisson'"
status=0
"$covdb" import snapshot --seconds 10 --platform host --baseline 2>err >/dev/null || status=$?
check "a rule that is not known" \
	"1 1 covdb import: kernel k: footprints against baseline host/idle are by the rule 'guess', which this covdb does not know" \
	"$status $(grep -c '^covdb import: ' err) $(tail -n 1 err)"
sqlite3 db.sqlite "UPDATE analysis SET rule = 'poisson' WHERE rule = 'guess'"

# Every block that ran on either side was in question. Were those that only the idle machine ran not
# counted among the tests, the six calls of the workload (p = 1/64) would pass for a discovery.
mkdir other
{
	echo "static volatile int sink;"
	echo "__attribute__((noinline)) static void only(void) { sink++; }"
	echo "int main(int argc, char **argv) { (void)argv; if (argc > 1) {"
	echo "for (int i = 0; i < 6; i++) only();"
	echo "} else {"
	for i in $(seq 40); do
		echo "if (sink == 0) sink = $i; sink = 0;"
	done
	echo "} return 0; }"
} >other/main.c
(cd other && gcc -O0 --coverage -c main.c -o main.o && gcc --coverage main.o -o program)
"$covdb" kernel add --db other.sqlite --notes other --name k >/dev/null 2>&1
for options in "--platform host --baseline" "--platform p --workload w"; do
	rm -rf snapshot other/main.gcda
	mkdir snapshot
	# shellcheck disable=SC2046,SC2086 # words
	other/program $([ "$options" = "--platform host --baseline" ] || echo x)
	mv other/main.gcda snapshot
	# shellcheck disable=SC2086
	"$covdb" import --db other.sqlite snapshot --seconds 10 $options >/dev/null 2>&1
done
"$covdb" diff --db other.sqlite --rule poisson --format csv >diff.csv
check "six calls among many tests" "0" "$(sed -n 's/^poisson,host\/[a-z]*,p,w,//p' diff.csv | cut -d, -f7)"
"$covdb" diff --db other.sqlite --rule poisson --fdr 0.5 --format csv >diff.csv
check "and where half may be false" "yes" \
	"$(sed -n 's/^poisson,host\/[a-z]*,p,w,//p' diff.csv | cut -d, -f7 | sed 's/^[1-9].*/yes/')"

# import brings all of them up to date; an option that is none is refused.
trial "60 4 x" --platform p --workload w
check "all are current" "1 1 1" "$(sqlite3 db.sqlite 'SELECT is_current FROM analysis' | xargs)"
for wrong in 0 1 x ""; do
	status=0
	"$covdb" diff --fdr "$wrong" 2>err || status=$?
	check "--fdr $wrong" "2" "$status"
done

# A new group has too few trials for the usual rule: the footprints that can be asked for are named.
trial "40 4 x" --platform p --workload v || true
refused 1 "since the footprints by rule permutation .*; those by rule poisson are \('--rule poisson --baseline host/idle'\)$" "$covdb" venn
"$covdb" venn --rule poisson --baseline host/idle >/dev/null || fail "the command that the message names"
