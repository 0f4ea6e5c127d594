#!/bin/sh
# report_study.sh COVDB SOURCE_DIR DATABASE MODULES FOLDER [KERNEL_SRC] - the report of a study of a whole kernel in
# Chromium; with KERNEL_SRC, the tree or a file that has its path, what needs the sources.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
COVDB=$3
export PROGRAM="$covdb" NODE_PATH="$4/node_modules" REPORT="$5"
need node chromium sqlite3
[ -e "$COVDB" ] || skip "$COVDB is made by the test recorded"
rm -rf "$REPORT"
if [ $# -gt 5 ]; then
	KERNEL_SRC=$6
	[ ! -f "$6" ] || KERNEL_SRC=$(cat "$6")
	export KERNEL_SRC
	recorded=$(sqlite3 -readonly "$COVDB" "SELECT release FROM kernel")
	built=$(cat "$KERNEL_SRC/include/config/kernel.release")
	[ "$built" = "$recorded" ] || skip "the sources are of Linux $built, the study is of $recorded"
	"$covdb" report -o "$REPORT" --kernel-src "$KERNEL_SRC"
	"$source/tests/report/offline.sh" node --test "$source/tests/report/file_test.cjs"
	exit
fi
"$covdb" report -o "$REPORT"
bytes=$(find "$REPORT" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }')
[ "$bytes" -lt 12000000 ] || fail "the report without sources has $bytes bytes"
for name in page choice file layout questions; do
	"$source/tests/report/offline.sh" node --test "$source/tests/report/${name}_test.cjs" || fail "the test $name"
done
