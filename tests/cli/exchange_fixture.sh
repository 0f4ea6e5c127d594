# exchange_fixture.sh - for the tests of export and import, which source it in a folder of their own:
# the test programs compiled into tree/, and a database of trials on two platforms, every count known.
# Takes $covdb and $source; sets $COVDB.
# shellcheck shell=sh disable=SC2154
trial() { # trial NAME PROGRAM... - a snapshot of one run of each
	rm -f tree/*.gcda
	name=$1
	shift
	for program; do (cd tree && "./$program" >/dev/null); done
	mkdir "$name"
	cp tree/*.gcda "$name"
}
mkdir tree
cp "$source"/tests/data/programs/*.[ch] tree
(
	cd tree || exit
	for program in *.c; do
		gcc -O2 --coverage -c "$program" -o "${program%.c}.o"
		gcc --coverage "${program%.c}.o" -o "${program%.c}"
	done
)
trial idle jumps
trial first jumps loops macros parts parts
trial second loops loops macros
trial other jumps jumps parts
export COVDB="$PWD/db.sqlite"
"$covdb" kernel add --notes tree --name k --build-id abc >/dev/null
"$covdb" import idle --platform a --baseline --seconds 10 >/dev/null 2>&1
"$covdb" import first --platform a --workload w --seconds 10 >/dev/null 2>&1
"$covdb" import second --platform a --workload w --seconds 20 >/dev/null 2>&1
"$covdb" import other --platform b --workload w --seconds 10 >/dev/null 2>&1
first_trial() { # first_trial PLATFORM: counts of lines, then calls of functions, of its trial 1 of w
	sqlite3 "$COVDB" "SELECT file, line, count FROM trial_line_named WHERE platform = '$1'
		AND workload = 'w' AND trial = 1 AND count <> 0 ORDER BY 1, 2"
	sqlite3 "$COVDB" "SELECT file_id, start_line, f.name, sum(calls) FROM trial_function
		JOIN trial USING (trial_id) JOIN platform p USING (platform_id)
		JOIN workload w USING (workload_id) JOIN function f USING (kernel_id, function_id)
		WHERE p.name = '$1' AND w.name = 'w' AND number = 1 GROUP BY 1, 2, 3 HAVING sum(calls) <> 0"
}
same_trial() { # same_trial WHAT PLATFORM: it has what trial 1 of a has
	first_trial a >expected
	first_trial "$2" >got
	check "$1: there is something" yes "$([ -s expected ] && echo yes)"
	cmp expected got || check "$1" same different
}
