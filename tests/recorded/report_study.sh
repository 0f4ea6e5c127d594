#!/bin/sh
# report_study.sh COVDB DATABASE MODULES FOLDER [KERNEL_SRC] - the report of a study of a whole kernel in
# Chromium and Firefox; with KERNEL_SRC, the tree or a file that has its path, what needs the sources.
set -eu
export COVDB="$2" PROGRAM="$1" NODE_PATH="$3/node_modules" REPORT="$4"
for tool in node chromium sqlite3; do
	command -v "$tool" >/dev/null || {
		echo "skipped: $tool is not installed"
		exit 77
	}
done
[ -e "$COVDB" ] || {
	echo "skipped: $COVDB is made by the test recorded"
	exit 77
}
here=$(cd "$(dirname "$0")/.." && pwd)
rm -rf "$REPORT"
if [ $# -gt 4 ]; then
	KERNEL_SRC=$5
	[ ! -f "$5" ] || KERNEL_SRC=$(cat "$5")
	export KERNEL_SRC
	"$PROGRAM" report -o "$REPORT" --kernel-src "$KERNEL_SRC"
	exec "$here/report/offline.sh" node --test "$here/report/file_test.cjs"
fi
"$PROGRAM" report -o "$REPORT"
failures=0
for name in page file; do
	"$here/report/offline.sh" node --test "$here/report/${name}_test.cjs" || failures=1
done
if command -v firefox-esr >/dev/null; then
	"$here/report/offline.sh" node --test "$here/report/firefox_test.cjs" || failures=1
else
	echo "not tried: Firefox is not installed"
fi
exit $failures
