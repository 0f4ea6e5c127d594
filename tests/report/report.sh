#!/bin/sh
# report.sh COVDB SOURCE_DIR MODULES - the report of a small study with its sources, and of a hostile one, in Chromium.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3 node chromium
export NODE_PATH="$3/node_modules" PROGRAM="$1"
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"
# By two rules; the one made last is the default.
"$covdb" diff --rule poisson >out
"$covdb" diff --rule rate >out
"$covdb" report -o page --kernel-src tree >out
for name in page choice file; do
	REPORT=page KERNEL_SRC=tree "$source/tests/report/offline.sh" node --test "$source/tests/report/${name}_test.cjs" ||
		fail "the test $name"
done
cp "$COVDB" hostile.sqlite
"$source/tests/report/hostile.py" hostile.sqlite
"$covdb" report --db hostile.sqlite -o hostile >out
REPORT=hostile "$source/tests/report/offline.sh" node --test "$source/tests/report/hostile_test.cjs" || fail "the hostile report"
