#!/bin/sh
# report.sh COVDB SOURCE_DIR MODULES - the report of a small study with its sources, and of a hostile one, in Chromium.
set -eu
covdb=$1
source=$2
export NODE_PATH="$3/node_modules" PROGRAM="$1"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for tool in gcc python3 sqlite3 node chromium; do
	command -v "$tool" >/dev/null || {
		echo "skipped: $tool is not installed"
		exit 77
	}
done
cd "$folder"
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"
"$covdb" report -o page --kernel-src tree >out
for name in page file; do
	REPORT=page KERNEL_SRC=tree "$source/tests/report/offline.sh" node --test "$source/tests/report/${name}_test.cjs" ||
		failures=$((failures + 1))
done
cp "$COVDB" hostile.sqlite
"$source/tests/report/hostile.py" hostile.sqlite
"$covdb" report --db hostile.sqlite -o hostile >out
REPORT=hostile "$source/tests/report/offline.sh" node --test "$source/tests/report/hostile_test.cjs" || failures=$((failures + 1))
[ "$failures" = 0 ]
