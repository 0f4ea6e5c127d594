#!/bin/sh
# ranges.sh COVDB SOURCE_DIR - the range of a number over the trials is what databases without each of them say.
#
# A made-up study: five trials of two workloads on two platforms, six of the idle host, in which functions in two folders
# run more or less often, by chance; every resample is compared, by every rule and in every directory, with the study
# from which those trials were removed.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc sqlite3 python3
sql() { sqlite3 "${2:-db.sqlite}" "$1"; }

mkdir -p tree/net tree/mm
for folder in net mm; do
	{
		echo "static volatile int sink;"
		for i in $(seq 0 19); do
			echo "__attribute__((noinline)) static void f$i(int n) { if (n > 3) sink++; else sink--;"
			echo "}"
		done
		# Bit i of the first number: whether function i runs at all; the second: how often, more or less.
		echo "void run_$folder(unsigned mask, int n) {"
		for i in $(seq 0 19); do
			echo "	if (mask >> $i & 1) for (int j = 0; j < (n * $((i + 3))) % 7 + 1; j++) f$i(n % 8);"
		done
		echo "}"
	} >tree/$folder/code.c
done
cat >tree/main.c <<'END'
#include <stdlib.h>
void run_net(unsigned mask, int n);
void run_mm(unsigned mask, int n);
int main(int argc, char **argv)
{
	(void)argc;
	run_net(strtoul(argv[1], NULL, 0), atoi(argv[2]));
	run_mm(strtoul(argv[1], NULL, 0) >> 4, atoi(argv[2]) / 2);
	return 0;
}
END
(cd tree && for file in main net/code mm/code; do gcc -O0 --coverage -c $file.c -o $file.o; done &&
	gcc --coverage main.o net/code.o mm/code.o -o program)
trial() { # trial MASK N SECONDS OPTION... - one trial
	rm -rf snapshot
	mkdir -p snapshot/net snapshot/mm
	tree/program "$1" "$2"
	for file in main net/code mm/code; do mv "tree/$file.gcda" "snapshot/$file.gcda"; done
	seconds=$3
	shift 3
	"$covdb" import snapshot --seconds "$seconds" "$@" >/dev/null 2>&1
}
"$covdb" kernel add --notes tree --name k >/dev/null 2>&1
python3 - >trials <<'END'
import random
random.seed(3)
for number in range(6):
    print(hex(0x00f0f | random.getrandbits(20) & random.getrandbits(20)), random.randrange(1, 40), 10, "--platform host --baseline")
for number in range(5):
    for platform, mask in (("a", 0x0ff3f), ("b", 0xf0fcf)):
        for workload, more in (("w", 0x70000), ("v", 0x08080)):
            some = random.getrandbits(20) & random.getrandbits(20)
            print(hex((mask | more) & ~some), random.randrange(1, 60), random.choice((9, 10, 11)),
                  f"--platform {platform} --workload {workload}")
END
while read -r mask n seconds options; do
	# shellcheck disable=SC2086 # words
	trial "$mask" "$n" "$seconds" $options
done <trials
check "trials" "host|idle|6 a|w|5 a|v|5 b|w|5 b|v|5" "$(sql "SELECT p.name, w.name, count(*) FROM trial
	JOIN platform p USING (platform_id) JOIN workload w USING (workload_id) GROUP BY p.platform_id, w.workload_id" | xargs)"

regions="SELECT d.path, ifnull(w.name, ''), r.mask, r.lines FROM region r JOIN directory d USING (directory_id)
	LEFT JOIN workload w USING (workload_id) JOIN analysis USING (analysis_id)"
for rule in rate poisson permutation; do
	"$covdb" diff --rule $rule --fdr 0.2 >/dev/null
done
for k in 1 2 3 4 5; do
	cp db.sqlite without.sqlite
	"$covdb" trial remove --db without.sqlite "a/w/$k" "a/v/$k" "b/w/$k" "b/v/$k" >/dev/null 2>&1
	for rule in rate poisson permutation; do
		"$covdb" diff --db without.sqlite --rule $rule --fdr 0.2 >/dev/null
		sql "$regions WHERE rule = '$rule'" without.sqlite >"$rule.$k"
		"$covdb" venn --db without.sqlite --rule $rule --workload w,v --format json >"$rule.$k.union"
		"$covdb" venn --db without.sqlite --rule $rule --platforms b --dir net/code.c --format json >"$rule.$k.file"
	done
done
for rule in rate poisson permutation; do
	sql "SELECT d.path, ifnull(w.name, ''), r.mask, r.lines, r.low, r.high, r.without FROM region r
		JOIN directory d USING (directory_id) LEFT JOIN workload w USING (workload_id) JOIN analysis USING (analysis_id)
		WHERE rule = '$rule'" >"$rule.all"
	"$covdb" venn --rule $rule --workload w,v --format json >"$rule.union"
	"$covdb" venn --rule $rule --format json >"$rule.stored"
	"$covdb" venn --rule $rule --platforms b --dir net/code.c --format json >"$rule.file"
done
cat >compare.py <<'END'
import json, sys

def rows(path):
    for line in open(path):
        yield line.rstrip("\n").split("|")

changed = 0
for rule in sys.argv[1:]:
    whole = {tuple(row[:3]): row[3:] for row in rows(f"{rule}.all")}
    without = [{tuple(row[:3]): int(row[3]) for row in rows(f"{rule}.{k}")} for k in range(1, 6)]
    assert set().union(*without) <= set(whole), set().union(*without) - set(whole)
    for key, (lines, low, high, stored) in whole.items():
        lines = int(lines)
        actual = [study.get(key, 0) for study in without]
        found = json.loads(stored) if stored else [lines] * 5
        assert found == actual, (rule, key, lines, found, actual)
        assert (int(low), int(high)) == (min(actual + [lines]), max(actual + [lines])), (rule, key)
        changed += found != [lines] * 5
    for name in ("union", "file"):
        studies = [json.load(open(f"{rule}.{k}.{name}")) for k in range(1, 6)]
        shown = json.load(open(f"{rule}.{name}"))
        for region in shown["regions"]:
            actual = [next((r["lines"] for r in study["regions"] if r["platforms"] == region["platforms"]), 0) for study in studies]
            assert (region["low"], region["high"], region["resamples"]) == (
                min(actual + [region["lines"]]), max(actual + [region["lines"]]), 5), (rule, name, region, actual)
        for platform, total in shown["totals"].items():
            actual = [study["totals"][platform] for study in studies]
            span = shown["ranges"][platform]
            assert (span["low"], span["high"]) == (min(actual + [total]), max(actual + [total])), (rule, platform, span, actual)
    stored, union = json.load(open(f"{rule}.stored")), json.load(open(f"{rule}.union"))
    assert stored["regions"] == union["regions"] and stored["ranges"] == union["ranges"], rule
    others = [json.load(open(f"{other}.stored")) for other in sys.argv[1:]]
    for region in stored["regions"]:
        all_rules = [next((r["lines"] for r in other["regions"] if r["platforms"] == region["platforms"]), 0) for other in others]
        assert (region["rule_low"], region["rule_high"]) == (min(all_rules), max(all_rules)), (rule, region, all_rules)
print(changed, "regions have other lines in some resample")
assert changed > 20
END
python3 compare.py rate poisson permutation || fail "resamples are not what databases without these trials say"

"$covdb" venn --rule rate >text
expect text 'OVER TRIALS: fewest and most lines in 5 studies that each lack a trial of every group'
expect text 'OVER RULES: by rate, poisson, permutation'
check "no line is too long" "" "$(awk 'length > 100' text)"
"$covdb" summary --rule rate --format csv >summary.csv
check "columns of the summary" "platform,lines,found,coverage,at_least,low,high,rule_low,rule_high,resamples" "$(head -n 1 summary.csv)"

# A platform with two trials: of regions nobody can tell, of the platforms that have five one can.
sql "PRAGMA foreign_keys = ON; DELETE FROM analysis WHERE rule <> 'rate'"
"$covdb" trial remove a/w/1 a/w/2 a/w/3 >/dev/null 2>&1
"$covdb" diff --rule rate >/dev/null
"$covdb" venn >text
expect text '^b .* [0-9]+-[0-9]+$'
expect text '^a .* cannot tell$'
expect text '^OVER RULES: there are footprints by one rule only$'
check "nothing is stored of regions" "0" "$(sql "SELECT count(low) + count(high) FROM region WHERE workload_id = 0")"
"$covdb" venn --format json >two.json
"$covdb" venn --platforms b --format json >one.json
python3 - <<'END' || fail "what can be told and what not"
import json
two, one = json.load(open("two.json")), json.load(open("one.json"))
for region in two["regions"]:
    assert all(region[key] is None for key in ("low", "high", "rule_low", "rule_high", "resamples")), region
assert two["ranges"]["a"]["low"] is None and two["ranges"]["b"]["resamples"] == 5
assert one["regions"][0]["low"] == one["ranges"]["b"]["low"] == two["ranges"]["b"]["low"], (one, two)
END
