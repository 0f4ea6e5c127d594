#!/bin/sh
# report_firefox.sh COVDB SOURCE_DIR DATABASE MODULES - the report of a study of a whole kernel in Firefox.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need node firefox-esr
# Up to 140 Firefox applied the page's own policy to the functions by which a driver looks at the page.
version=$(firefox-esr --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
[ "$version" -gt 140 ] || skip "a page with a policy cannot be driven in Firefox $version"
[ -e "$3" ] || skip "$3 is made by the test recorded"
export PROGRAM="$covdb" NODE_PATH="$4/node_modules" REPORT="$folder/page"
COVDB=$3
"$covdb" report -o "$REPORT"
"$source/tests/report/offline.sh" node --test "$source/tests/report/firefox_test.cjs"
