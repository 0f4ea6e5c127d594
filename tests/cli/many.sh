#!/bin/sh
# many.sh COVDB SOURCE_DIR - more trials than can be dealt out in every way, and more platforms than masks have places.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc sqlite3 python3

# The program runs a loop as often as its argument says, and something else if that is even.
mkdir tree
cat >tree/main.c <<'END_OF_SOURCE'
#include <stdlib.h>
static volatile int sum, even;
int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 0;
	for (int i = 0; i < count; i++)
		sum += i;
	if (count % 2 == 0)
		even++;
	return 0;
}
END_OF_SOURCE
(cd tree && gcc -O0 --coverage -c main.c -o main.o && gcc --coverage main.o -o program)
trial() { # trial ARGUMENT OPTION... - one run
	rm -rf snapshot tree/main.gcda
	mkdir snapshot
	tree/program "$1"
	mv tree/main.gcda snapshot
	shift
	status=0
	"$covdb" import snapshot --seconds 10 "$@" >out 2>err || status=$?
}
"$covdb" kernel add --notes tree --name k >/dev/null 2>&1

# Loops: 20 idle trials of 1 to 20, 20 of 101 to 120. The other branch runs in half of both.
for i in $(seq 20); do
	trial "$i" --platform host --baseline
	check "idle trial $i" 0 "$status"
done
for i in $(seq 20); do
	trial "$((100 + i))" --platform p --workload w
	check "trial $i" 0 "$status"
	[ "$i" != 5 ] || "$covdb" diff --rule permutation >/dev/null 2>&1
done
# Of 20 + 12 all ways were counted; from the 13th on, it is said that they are drawn.
expect err 'with more than 20 trials .* p-values are estimated, from up to 9999 random ways'
check "no footprint is left out" "1|permutation 1|rate" "$(sqlite3 "$COVDB" 'SELECT is_current, rule FROM analysis
	ORDER BY rule' | xargs)"
"$covdb" diff --rule permutation >/dev/null 2>err
check "diff says so once" 1 "$(grep -c 'p-values are estimated' err)"
p_of() { # p_of LINE-PATTERN
	sqlite3 "$COVDB" "SELECT max(p_value) FROM (SELECT * FROM footprint_line UNION ALL SELECT * FROM footprint_removed)
		JOIN footprint USING (footprint_id) JOIN analysis USING (analysis_id) JOIN line USING (kernel_id, line_id)
		WHERE rule = 'permutation' AND workload_id = (SELECT workload_id FROM workload WHERE name = 'w')
		AND line = $(grep -n "$1" tree/main.c | cut -d: -f1)"
}
check "what every trial did more often has its exact p-value, 1 in C(40, 20)" yes "$(python3 -c '
import math, sys
print("yes" if abs(float(sys.argv[1]) * math.comb(40, 20) - 1) < 1e-6 else sys.argv[1])' "$(p_of 'sum += i')")"
# Ten ones and ten zeros on both sides: half of the ways and those that are equal.
check "what half of both did has the hypergeometric one" yes "$(python3 -c '
import math, sys
exact = sum(math.comb(20, i) * math.comb(20, 20 - i) for i in range(10, 21)) / math.comb(40, 20)
print("yes" if abs(float(sys.argv[1]) / exact - 1) < 0.3 else (sys.argv[1], exact))' "$(p_of 'even++')")"
for i in $(seq 21 34); do
	trial "$i" --platform host --baseline
done
"$covdb" noise --format csv >out 2>err
expect err 'p-values are estimated'
expect out '^permutation,252,'

# Two idle baselines of the host: import cannot tell which is meant, and does not say that all is well.
sqlite3 "$COVDB" 'DELETE FROM analysis'
trial 1 --platform host --baseline --workload idle2
check "footprints that were not made" "1 1" "$status $(grep -c 'footprints were not made: there are several baselines' err)"
"$covdb" diff --baseline host/idle >/dev/null 2>&1
# The first trial of a workload is too few for the rule permutation: it is stored, and that is no failure.
"$covdb" kernel add --db few.sqlite --notes tree --name k >/dev/null 2>&1
for i in $(seq 5); do trial "$i" --platform host --baseline --db few.sqlite; done
for i in $(seq 5); do trial "$((100 + i))" --platform p --workload w --db few.sqlite; done
rules="SELECT rule || is_current FROM analysis ORDER BY rule"
check "the rules that there are" "permutation1 rate1" "$(sqlite3 few.sqlite "$rules" | xargs)"
trial 1 --platform p --workload fresh --db few.sqlite
check "a first trial" "0 1 trial imported" "$status $(cat out)"
check "what lacks, in one line" 1 "$(grep -c 'kernel k: stored, but not yet in the footprints by rule permutation: p fresh: the rule permutation cannot tell with 1 trials .* it takes 5 trials of each; --rule rate has it$' err)"
check "by the other rule it is there" "permutation0 rate1" "$(sqlite3 few.sqlite "$rules" | xargs)"
"$covdb" venn --db few.sqlite --rule rate --workload fresh --format json >said
expect said '"workload": ?"fresh"' "so it has it"
for i in $(seq 2 5); do
	trial "$i" --platform p --workload fresh --db few.sqlite
	check "trial $i of it" 0 "$status"
done
check "with five of it" "permutation1 rate1" "$(sqlite3 few.sqlite "$rules" | xargs)"
check "it is in both" 2 "$(sqlite3 few.sqlite "SELECT count(*) FROM footprint JOIN workload USING (workload_id) WHERE name = 'fresh'")"
# Before there is anything to compare, nothing is amiss.
"$covdb" kernel add --db new.sqlite --notes tree --name k >/dev/null 2>&1
trial 1 --platform p --workload w --db new.sqlite
check "a first trial without a baseline" "0 1" "$status $(grep -c 'no footprints yet: no baseline' err)"

# Masks have room for 62 platforms; of the next one nothing is kept.
platforms=$(sqlite3 "$COVDB" 'SELECT count(*) FROM platform')
for i in $(seq "$platforms" 61); do
	sqlite3 "$COVDB" "INSERT INTO platform (name, bit) VALUES ('q$i', $i)"
done
before=$(sqlite3 "$COVDB" .dump | sha256sum)
rm -rf snapshot
mkdir snapshot
tree/program 1
mv tree/main.gcda snapshot
refused 1 'db.sqlite: no room for platform one-more: there are 62 already' \
	"$covdb" import snapshot --seconds 10 --platform one-more --workload w
check "the database after it" "$before" "$(sqlite3 "$COVDB" .dump | sha256sum)"
# A place that became free is taken again.
sqlite3 "$COVDB" "DELETE FROM platform WHERE name = 'q40'"
trial 1 --platform one-more --workload w
check "the place of one that is gone" "0 40" "$status $(sqlite3 "$COVDB" "SELECT bit FROM platform WHERE name = 'one-more'")"
