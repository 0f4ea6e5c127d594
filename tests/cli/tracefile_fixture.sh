# tracefile_fixture.sh - for the tests of what is read from other tools, which source it.
# Takes $covdb and $source; sets $cases and $COVDB.
# shellcheck shell=sh disable=SC2154,SC2034
cases=$source/tests/data/cases

# Make a kernel of counts, import them as a trial of it, and export that: out.info, each record once,
# without totals; said has what was said of the import, kernel.said what of the kernel.
take() { # take STATUS FILE...
	wanted=$1
	shift
	rm -f "$COVDB" out.info
	status=0
	"$covdb" kernel add --info "$@" --name k >kernel.said 2>&1 || status=$?
	check "status of kernel add --info $*" "$wanted" "$status"
	for file; do
		status=0
		"$covdb" import "$file" --platform p --workload w --seconds 1 >import.out 2>said || status=$?
		check "status of import $file" "$wanted" "$status"
	done
	"$covdb" export --trial p/w --lcov 1 --branches >whole.info 2>export.said || {
		fail "export after $*"
		: >whole.info
	}
	grep -avE '^(TN:|[A-Z]+[FH]:[0-9]|end_of_record)' whole.info >out.info || :
}

# What take made of it, on one line.
check_records() { # check_records WHAT EXPECTED
	check "$1" "$2" "$(xargs <out.info)"
}

# Nothing was said but what is always said of an import.
check_silent() { # check_silent WHAT
	check "nothing is said of $1" "" "$(grep -vE '^p w: ok; |no footprints yet' said)"
}

# covdb reads what it wrote, and writes the same.
check_own_output() { # check_own_output WHAT
	cp whole.info own.info
	take 0 own.info
	cmp whole.info own.info || fail "$1: its own output is not written again"
	check_silent "own output of $1"
}
