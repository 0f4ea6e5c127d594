#!/bin/sh
# compare_sides.sh COVDB SOURCE_DIR - whole platforms, groups and lists of workloads are sides; boots are told apart.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3

mkdir code
cat >code/prog.c <<'END'
#include <stdlib.h>
int often(int n)
{
	int sum = 0;
	for (int i = 0; i < n; i++)
		sum += i ^ n;
	return sum;
}
int first(int n)
{
	return n * 3;
}
int second(int n)
{
	return n + 4;
}
int third(int n)
{
	return n - 1;
}
int main(int argc, char **argv)
{
	int n = often(atoi(argv[1]));
	for (int i = 2; i < argc; i++)
		switch (*argv[i]) {
		case '1':
			n += first(n);
			break;
		case '2':
			n += second(n);
			break;
		default:
			n += third(n);
		}
	return n == 1;
}
END
(cd code && gcc -O0 --coverage prog.c -o prog)
"$covdb" kernel add --notes code --name k >/dev/null 2>&1
trial() { # trial PLATFORM WORKLOAD SECONDS ARGUMENT...
	platform=$1 workload=$2 seconds=$3
	shift 3
	rm -f code/*.gcda
	(cd code && ./prog "$@") || :
	"$covdb" import code --platform "$platform" --workload "$workload" --seconds "$seconds" >/dev/null 2>&1
}
# Which workload of p executes which function is dealt out otherwise than of q; together they execute the same.
for n in 11 17 12 19 14 13; do
	trial p one 10 "$n" 1
	trial p two 20 "$n" 2
	trial q one 10 "$n" 2
	trial q two 20 "$n" 1
	trial r one 10 "$n" 1
	trial r two 20 "$n" 2 3
done
trial r one 10 15 1
trial s one 10 15 1
trial s three 10 15 3
trial s three 10 15 3

lines() { # lines OLD NEW [OPTION...]: what became of each line
	"$covdb" compare "$@" --list lines --format csv 2>err | tail -n +2 | cut -d, -f2,4 | sort -n | paste -sd' '
}
functions() { # functions OLD NEW [OPTION...]: gained or lost functions
	"$covdb" compare "$@" --list functions --format csv 2>err | tail -n +2 | cut -d, -f2,3 | grep -E ',(gained|lost)$' | sort | paste -sd' '
}
check "of single workloads the functions differ" "first,lost second,gained" "$(functions p/one q/one)"
check "whole platforms are alike" "" "$(lines p q)"
check "nothing else is said of them" "nothing differs in ." "$(cat err)"
check "a function more in one workload" "third,gained" "$(functions p r)"
check "an odd trial" "covdb compare: r: left out are 1 trials, since of r/two there are only 6" "$(cat err)"
check "one trial of one workload is one of all" "second,lost third,gained" "$(functions p s)"
expect err "^covdb compare: p: the other side has no trials of these workloads.*: p/two$" "a workload of one side alone"
expect err "^covdb compare: s: the other side has no trials of these workloads.*: s/three$" "a workload of the other side alone"
expect err '^covdb compare: s: left out are 1 trials, since of s/one there are only 1$' "the rest of it"
check "a list is the same as all" "$(functions p/one,p/two r/one,r/two)" "third,gained"
check "one of each" "third,gained" "$(functions p/one/1,p/two/1 r/one/2,r/two/3)"
"$covdb" compare p r --format json >rows.json 2>err
check "what the JSON says of it" "6 ['p/one', 'p/two'] 0 6 trial None" "$(python3 - <<'END'
import json
said = json.load(open("rows.json"))
print(said["old"]["trials"], said["old"]["workloads"], said["old"]["trials_left_out"], said["new"]["trials"], said["unit"], said["boots_in_both"])
END
)"

# A group has its members.
sqlite3 "$COVDB" "INSERT INTO workload (name, kind) VALUES ('both', 'group');
	INSERT INTO workload_member SELECT g.workload_id, w.workload_id FROM workload g, workload w WHERE g.name = 'both' AND w.name IN ('one', 'two')"
check "a group" "third,gained" "$(functions p/both r/both)"
check "no workload is missing in it" "covdb compare: r/both: left out are 1 trials, since of r/two there are only 6" "$(cat err)"

# The same once more by another program.
for pair in "p/one,p/two q/one,q/two" "p/one,p/two r/one,r/two"; do
	# shellcheck disable=SC2086 # two words
	python3 "$source/tests/oracle/compare_oracle.py" "$covdb" "$COVDB" $pair || fail "the other program says otherwise of $pair"
done

# What has no footprints says what it lacks for them.
"$covdb" kernel add --db bare.sqlite --notes code --name k >/dev/null 2>&1
refused 1 "there are no footprints, since no good trial was imported: 'covdb import' takes trials$" "$covdb" summary --db bare.sqlite
refused 1 "there are no footprints, since no baseline was imported: see --baseline of 'covdb import --help'$" "$covdb" venn

# A file that is called like the kernel is taken for a database only if it is one.
"$covdb" compare p/one q/one --format csv >without
cp "$COVDB" study.sqlite
"$covdb" import code --db study.sqlite --platform p --baseline --seconds 10 >out 2>&1
refused 1 "there are no such footprints; 'covdb diff --rule poisson' makes them$" "$covdb" summary --db study.sqlite --rule poisson
echo text >k
"$covdb" compare k:p/one k:q/one --format csv >with 2>err || fail "a kernel and a file of its name: $(cat err)"
cmp without with || fail "a file is called like the kernel"
"$covdb" report --db study.sqlite -o page --before k >out 2>err || fail "report: a kernel and a file of its name: $(cat err)"
cp study.sqlite two.sqlite
sqlite3 two.sqlite "UPDATE kernel SET name = 'other'"
"$covdb" report --db two.sqlite -o page --before study.sqlite:k >out 2>err || fail "a database and a kernel: $(cat err)"
refused 1 "the file k is no database, and two.sqlite: no kernel k is registered, only other" "$covdb" report --db two.sqlite -o page --before k
rm k

refused 1 'p/one is part of one side twice' "$covdb" compare p,p/one q
refused 1 't is no file, and there is no good trial of it, only ' "$covdb" compare t q
refused 2 "'/one' is no part of it" "$covdb" compare p/one,/one q
refused 2 "'' is no part of it" "$covdb" compare p/one, q
refused 1 'which boot each trial belongs to is not known' "$covdb" compare p q --unit boot
refused 2 '--unit takes' "$covdb" compare p q --unit day

# boots PLATFORM SECONDS: the trials of a workload and number ran so long after the boot.
boots() {
	sqlite3 "$COVDB" "UPDATE trial SET started_at = strftime('%Y-%m-%dT%H:%M:%SZ', 1700000000 + $2 * number + trial_id, 'unixepoch'),
		manifest = json_object('steps', json_array(json_object('step', 'prepare', 'start_ns', 1), json_object('step', 'reset',
		'start_ns', trial_id * 1000000000 + 700000000))) WHERE platform_id = (SELECT platform_id FROM platform WHERE name = '$1')"
}
boots p 0
boots q 0
check "one boot" "" "$(lines p q)"
check "which both sides have" "nothing differs in ." "$(cat err)"
boots q 1000
check "boots of one side alone change no answer" "" "$(lines p q)"
expect err 'no boot of the machine has trials of both sides \(1 and 6 boots\).*and boots are too few to test them$' "but they are named"
boots p -1000
check "boots of each side" "" "$(lines p q)"
expect err '\(6 and 6 boots\).*; --unit boot tests boots$' "those that can be tested"
check "boots are tested" "third,gained" "$(boots r 500 && functions p/both r/both --unit boot)"
check "without a word of boots" "" "$(grep 'no boot of' err || :)"
"$covdb" compare p/both r/both --unit boot --format json >rows.json 2>err
check "as the JSON says" "boot 6 7 0" "$(python3 -c 'import json; o = json.load(open("rows.json")); print(o["unit"], o["old"]["boots"], o["new"]["boots"], o["boots_in_both"])')"
boots r 0
"$covdb" compare p/both r/both --unit boot >text 2>err
expect text '^6 and 1 boots: cannot tell noise from change' "one boot is no repetition"
