#!/bin/sh
# phases.sh COVDB SOURCE_DIR - start-up, steady and tear-down of workloads and groups: --phase of every question.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3

# The lines of a part are those of its letters, one each: three of a function.
mkdir tree study study/trials
{
	echo 'static int sum;'
	for letter in a b c d e f g; do printf 'static void %s(void)\n{\n\tsum += 1;\n}\n' "$letter"; done
	echo 'int main(int argc, char **argv)'
	echo '{ while (argc-- > 1) switch (argv[argc][0]) {'
	for letter in a b c d e f g; do echo "case '$letter': $letter(); break;"; done
	echo '} return sum == 1; }'
} >tree/main.c
(cd tree && gcc -O0 --coverage -c main.c -o main.o && gcc --coverage main.o -o program)
number=0
trial() { # trial WORKLOAD PHASE GROUPS LETTER... - WORKLOAD idle is the baseline; PHASE, GROUPS: - is none
	number=$((number + 1))
	name=$1 phase=$2 groups=$3
	shift 3
	rm -f tree/*.gcda
	tree/program "$@" || :
	(cd tree && tar -cf "../study/trials/t$number.tar" main.gcda)
	python3 - "$name" "$phase" "$groups" "$number" >"study/trials/t$number.json" <<'END'
import json, sys

name, phase, groups, number = sys.argv[1:]
is_baseline = name == "idle"
print(json.dumps({
    "format": "covdb-trial", "version": 1,
    "trial": {"platform": "host", "driver": "host", "workload": None if is_baseline else name,
              "baseline": name if is_baseline else None, "kind": "idle" if is_baseline else None,
              "groups": [] if groups == "-" else groups.split(","),
              "phase": None if phase == "-" else phase, "number": int(number)},
    "settings": None, "status": "ok", "failure": None, "exit_status": None, "signal": None,
    "duration_ns": 10**9, "started_at": f"2026-01-01T00:00:{int(number):02}Z", "steps": [],
    "capture": {"way": "reset", "within": 0},
    "snapshot": {"file": f"t{number}.tar", "files": 1, "bytes": 1, "unreadable": []},
    "kernel": {"release": "1", "build_id": "abc", "cpus": 1, "emulated": False, "gcov_persist": True},
    "versions": {}, "command": [], "output": "", "output_truncated": False,
    "metrics": [] if is_baseline else [{"metric": "rate", "value": 1, "unit": "1/s", "labels": {}, "emulated": False}]}))
END
}
trial idle - - g
trial cpu - both a b c d
trial net - both b d e
trial lone - - f
trial cpu.start-up start-up both.start-up a
trial cpu.steady steady both.steady b
trial cpu.steady steady both.steady b c
trial cpu.tear-down tear-down both.tear-down d
trial net.steady steady both.steady e
trial net.start-up start-up both.start-up b
# What only looks like a phase, and what has the name that a group of phases would have.
trial disk.steady - - f
trial tear-down - - f

"$covdb" kernel add --notes tree --name k --build-id abc >/dev/null
"$covdb" import study >out 2>err || { cat err; exit 1; }
letters() { # letters OPTION... - the functions with lines in the footprint
	"$covdb" functions "$@" --format csv --limit 0 | sed -n 's/^\([a-g]\),.*/\1/p' | sort | xargs
}
check "all workloads, whole" "a b c d e f" "$(letters)"
check "all workloads, by its name" "a b c d e f" "$(letters --phase all)"
check "the steady phase of all workloads" "b c e" "$(letters --phase steady)"
check "of one workload" "b c" "$(letters -w cpu --phase steady)"
check "of some" "b c e" "$(letters -w net,cpu --phase steady)"
check "of a group" "a b" "$(letters -w both --phase start-up)"
check "of a group and of one of its members" "a b" "$(letters -w both,cpu --phase start-up)"
check "what has the phase's name is itself" "b c" "$(letters -w cpu.steady --phase steady)"
check "groups of phases are workloads" "a b|b c e|a b" \
	"$(letters -w start-up)|$(letters -w steady)|$(letters -w both.start-up)"
check "a workload that has a dot is no phase" "f" "$(letters -w disk.steady)"
check "a workload that has the name of a phase" "f|d" "$(letters -w tear-down)|$(letters --phase tear-down)"
names() { # names OPTION... - what the answer says that it is of
	"$covdb" venn "$@" --format json | python3 -c '
import json, sys
answer = json.load(sys.stdin)
print(answer["workload"] + ":", *answer["workloads"])'
}
check "what is stored as a group is answered by it" "steady: cpu.steady net.steady" "$(names --phase steady)"
check "likewise" "both.steady: cpu.steady net.steady" "$(names --phase steady -w both)"
check "and what is not" "cpu.tear-down: cpu.tear-down" "$(names --phase tear-down)"
check "a metric belongs to the whole trial, but for what a phase has of its own" "cpu.start-up net.start-up" \
	"$("$covdb" metrics --phase start-up --format csv | sed -n 's/,rate,.*//p' | xargs)"

# Every command that asks about workloads asks about phases, and nothing else has the option.
commands=$("$covdb" help | sed -n '/^Commands:/,/^$/p' | sed -n 's/^  \([a-z-]*\( [a-z-]*\)\{0,1\}\)  *.*/\1/p' | sed 's/ *$//; s/ /+/')
asking=0
for command in $commands; do
	words=$(echo "$command" | tr + ' ')
	[ "$words" != profile ] || continue # a profile is of a whole trial
	# shellcheck disable=SC2086 # a command may be two words
	"$covdb" help $words >help.txt
	grep -q -- '--workload=A,B' help.txt || {
		# Claims name their workloads themselves.
		[ "$words" = claims ] || ! grep -q -- '--phase' help.txt || fail "$words: --phase without --workload"
		continue
	}
	asking=$((asking + 1))
	case $command in
	annotate) set -- main.c --kernel-src tree ;;
	lines) set -- host ;;
	top) set -- host host ;;
	*) set -- ;;
	esac
	refused 2 "covdb $command: --phase takes one of all, start-up, steady, tear-down, not 'soon'" \
		"$covdb" "$command" "$@" --phase soon
	refused 1 "covdb $command: $COVDB: there is no phase start-up of lone, only cpu.start-up, .*net.start-up" \
		"$covdb" "$command" "$@" -w cpu,lone --phase start-up
done
[ "$asking" -ge 9 ] || fail "only $asking commands ask about workloads"
refused 1 'there is no phase tear-down of net, only' "$covdb" venn -w both --phase tear-down
refused 1 'there is no phase steady of disk, only' "$covdb" venn -w disk --phase steady
refused 1 'there is no phase steady of idle, only' "$covdb" venn -w idle --phase steady
refused 1 'there is no phase steady of cpu.start-up, only' "$covdb" venn -w cpu.start-up --phase steady
refused 1 'there is no phase steady of nothing, only' "$covdb" venn -w nothing --phase steady
refused 2 'names cpu twice' "$covdb" venn -w cpu,cpu --phase steady

# What single trials executed, before any rule, and in which functions they differ: of cpu.steady b, and b and c.
executed=$("$covdb" stability -w cpu --phase steady --rule rate --format json | python3 -c '
import json, sys
row, = json.load(sys.stdin)["executed"]
print(*(row[key] for key in ("platform", "workload", "trials", "seconds", "lines_any", "lines_most", "lines_all")), round(row["jaccard"], 6))')
check "as the trials have it" "$(sqlite3 -separator ' ' "$COVDB" "WITH l AS (SELECT line_id, count(*) AS n FROM trial_line
	JOIN trial USING (trial_id) JOIN workload USING (workload_id) WHERE name = 'cpu.steady' AND state > 1 GROUP BY line_id)
	SELECT 'host', 'cpu.steady', 2, 1.0, count(*), count(*), sum(n = 2), round(avg(n = 2), 6) FROM l")" "$executed"
check "the functions" "platform,workload,function,file,line,differ,lines_any host,cpu.steady,c,main.c,10,3,3 host,cpu.steady,main,main.c,30,1,5" \
	"$("$covdb" stability -w cpu --phase steady --list --format csv | tr -d '\r' | xargs)"
check "one is shown" "1 more; --limit 0 shows all" "$("$covdb" stability -w cpu --phase steady --list --limit 1 | tail -n 1)"
refused 2 'limit needs --list' "$covdb" stability --limit 3

# A claim asked of a phase: each workload that it names is the phase of it, and not that of a whole trial without it.
cat >claims.yaml <<'END'
name: test
platforms: {host: [host]}
workloads: {cpu: [cpu], named: [net.steady, cpu.steady], group: [both], lone: [lone], none: [nothing]}
claims:
  - {name: all, place: here, claim: x, class: exact, query: "SELECT ifnull(:phase, 'whole') AS phase, max(lines) AS lines FROM
      footprint_directory WHERE analysis_id = :analysis AND directory = '.' AND workload IS ifnull(:none, :phase)", expected: lines > 20}
  - {name: names, place: here, claim: x, class: exact, query: "SELECT :cpu AS cpu, :named AS named, :group AS both, :lone AS lone",
      expected: cpu = 'cpu' OR lone IS NOT NULL}
END
got() { # got NAME OPTION... - what a claim gets, and its verdict
	"$covdb" claims claims.yaml --rule rate "$@" --format json | python3 -c '
import json, sys
print(*(row["got"] + ": " + row["verdict"] for row in json.load(sys.stdin)["rows"]), sep="; ")'
}
check "of whole trials" "phase whole, lines 25: holds; cpu cpu, named net.steady, both both, lone lone: holds" "$(got)"
check "the same" "$(got)" "$(got --phase all)"
check "of a phase" "phase steady, lines 13: differs; cpu cpu.steady, named net.steady, both both.steady, lone unknown: not measured" \
	"$(got --phase steady)"
check "of another" "phase start-up, lines 8: differs; cpu cpu.start-up, named unknown, both both.start-up, lone unknown: not measured" \
	"$(got --phase start-up)"
refused 2 'phase takes one of' "$covdb" claims claims.yaml --phase soon
check "all at once" "name,place,class,rate/all,rate/steady all,here,exact,holds,differs names,here,exact,holds,not measured" \
	"$("$covdb" claims claims.yaml --matrix --format csv | tr -d '\r' | xargs)"
check "of another phase" "name,place,class,rate/all,rate/tear-down" \
	"$("$covdb" claims claims.yaml --matrix --phase tear-down --format csv | tr -d '\r' | head -n 1)"

# A database from before there were groups of all phases: the same answers, and diff makes the groups.
"$covdb" diff --baseline host/idle --rule poisson >/dev/null
sqlite3 "$COVDB" "PRAGMA foreign_keys = ON;
	DELETE FROM footprint WHERE workload_id IN (SELECT workload_id FROM workload WHERE name = 'steady');
	DELETE FROM region WHERE workload_id IN (SELECT workload_id FROM workload WHERE name = 'steady');
	DELETE FROM workload_member WHERE group_id IN (SELECT workload_id FROM workload WHERE name = 'steady');
	DELETE FROM workload WHERE name = 'steady'"
check "without the group" "cpu.steady,net.steady: cpu.steady net.steady" "$(names --phase steady --rule rate)"
check "its lines" "b c e" "$(letters --phase steady --rule rate)"
"$covdb" diff --rule rate >/dev/null
check "with it" "steady: cpu.steady net.steady" "$(names --phase steady)"
check "its lines again" "b c e" "$(letters --phase steady)"
refused 1 'by rule poisson .*covdb diff --rule poisson' "$covdb" venn --phase steady --rule poisson
refused 1 'by rule poisson lack trials; .*covdb diff --rule poisson' "$covdb" claims claims.yaml --matrix
"$covdb" diff --rule poisson >/dev/null
check "both" "steady: cpu.steady net.steady" "$(names --phase steady --rule rate)"

# Nothing was taken apart.
sqlite3 "$COVDB" "UPDATE workload SET kind = 'workload' WHERE kind = 'phase'"
refused 1 'there is no phase steady of any workload, nor any other$' "$covdb" venn --phase steady

# Of a phase with too few trials permutation can tell nothing: that is said, and is no empty footprint.
export COVDB="$folder/few.sqlite"
rm -r study
mkdir -p study/trials
for _ in 1 2 3 4 5 6 7 8 9 10; do trial idle - - g; done
for _ in 1 2 3 4 5; do trial cpu - - a b; done
trial cpu.start-up start-up - a
trial cpu.steady steady - b
trial cpu.start-up start-up - a
"$covdb" kernel add --notes tree --name k --build-id abc >/dev/null
"$covdb" import study >/dev/null 2>err || { cat err; exit 1; }
check "by rate" "b" "$(letters --phase steady --rule rate)"
"$covdb" diff --rule permutation --format csv >out 2>err
expect err 'host cpu.steady: the rule permutation cannot tell with 1 trials against 10 .* 0.0909; by that rule there is no footprint of any phase on host'
check "whole trials" "a b" "$(letters --rule permutation)"
check "no footprint of any phase" "cpu,0.00666" "$(tr -d '\r' <out | sed 1d | cut -d, -f4,15 | cut -c 1-11)"
for phase in steady start-up; do
	refused 1 "there is no footprint of $phase by rule permutation against baseline host/idle: .* too few trials" \
		"$covdb" summary --phase "$phase" --rule permutation
done
trial cpu.steady steady - b
"$covdb" import study >/dev/null 2>err || { cat err; exit 1; }
"$covdb" diff --rule permutation --format csv >out 2>err
check "with two trials it can, if three tenths of what ran differ" "cpu.start-up,0.303 cpu.steady,0.303" \
	"$(sed -n 's/^[^,]*,[^,]*,[^,]*,\(cpu[.][^,]*\),.*,\(0.303\)[0-9]*\r*$/\1,\2/p' out | sort | xargs)"
check "and does" "b|a" "$(letters --phase steady --rule permutation)|$(letters --phase start-up --rule permutation)"
# As here, where too little does: nothing is discovered, which is said.
for _ in 1 2; do trial cpu.tear-down tear-down - g; done
"$covdb" import study >/dev/null 2>err || { cat err; exit 1; }
expect err 'host cpu.tear-down: nothing was discovered; with so few trials it takes 30 % of the blocks that ran to be'
