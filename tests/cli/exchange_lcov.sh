#!/bin/sh
# exchange_lcov.sh COVDB SOURCE_DIR GENERATION - what lcov, the system's or the newer one, captures is
# imported as the trial that it was made of.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc sqlite3
# shellcheck source=tests/cli/lcov.sh
. "$source/tests/cli/lcov.sh"
lcov_begin "$3"
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"

"$covdb" export --trial a/w/1 --branches -o branches.info 2>/dev/null
cp first/*.gcda tree
name=lcov-$style
run_lcov lcov -q -c "$with_branches" -d tree -o "$name.info" >capture.out 2>&1 ||
	check "lcov captures" "" "$(cat capture.out)"
"$covdb" import "$name.info" --platform "$name" --workload w --seconds 10 >/dev/null 2>err ||
	check "import of $name" "" "$(cat err)"
same_trial "lcov's tracefile" "$name"
"$covdb" export --trial "$name/w" --branches 2>/dev/null >captured.info
for kind in BRF BRH; do
	check "$kind of $name" "$(grep ^$kind branches.info | sort)" "$(grep ^$kind captured.info | sort)"
done

# A function on line 0, which lcov 2 refuses, is not in what lcov is given; nor is one without a line.
mkdir zero
cp "$source/tests/data/cases/function-at-line-0.c" zero
(cd zero && gcc --coverage -o zero function-at-line-0.c && ./zero && touch l0.c zero.c)
"$covdb" decode zero --notes zero --format info >zero.info 2>/dev/null
"$covdb" kernel add --db cases.sqlite --info "$source/tests/data/cases/fnda-without-fn.info" >/dev/null
"$covdb" import --db cases.sqlite "$source/tests/data/cases/fnda-without-fn.info" --platform p --workload w --seconds 1 >/dev/null 2>&1
"$covdb" export --db cases.sqlite --trial p/w --lcov "$style" >unplaced.info 2>/dev/null
for name in zero unplaced; do
	run_lcov lcov "$with_branches" --summary $name.info >summary.out 2>&1 || fail "lcov refuses $name.info: $(cat summary.out)"
done
