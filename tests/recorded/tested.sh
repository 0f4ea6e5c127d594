#!/bin/sh
# tested.sh COVDB SOURCE_DIR DATABASE - what a corpus of tests reached, beside the recorded study: docs/fuzzed.md shows it,
# and nothing else changes.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need python3 sqlite3
cp "$3" "$COVDB"
"$covdb" summary --format csv >before
"$covdb" import "$source/workloads/recorded/tests.info.gz" --set tests >out 2>said || fail "import: $(cat said)"
expect said '^tests set: ok; 65567 lines found, 65567 executed$'
"$covdb" summary --format csv | grep -v '^tests,' | cmp - before || fail "the other platforms are as before"
# By each rule, in each workload and phase: lines of gVisor's footprint that are not in the set, by SQL alone.
for scope in "--workload cpu" "--phase steady" "--rule rate"; do
	case $scope in
	*cpu) where="workload = 'cpu'" rule=permutation ;;
	*steady) where="workload LIKE '%.steady'" rule=permutation ;;
	*) where="kind = 'workload'" rule=rate ;;
	esac
	# shellcheck disable=SC2086 # two words
	"$covdb" venn 'gvisor - tests' $scope --dir net/ipv4 --limit 0 --format csv | sed 1d | cut -d , -f 1,2 | sort >got
	sqlite3 -separator , "$COVDB" "SELECT DISTINCT file, line FROM footprint_line_named WHERE rule = '$rule' AND platform = 'gvisor'
		AND $where AND file LIKE 'net/ipv4/%' EXCEPT SELECT file, line FROM footprint_line_named WHERE platform = 'tests'" | sort >expected
	[ -s expected ] || fail "there are lines: $scope"
	cmp expected got || fail "gvisor - tests: $scope"
done
python3 "$source/tests/oracle/doc_examples.py" "$covdb" "$source/docs/fuzzed.md" || fail "docs/fuzzed.md"
