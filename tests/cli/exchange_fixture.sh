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
