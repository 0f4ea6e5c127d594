#!/bin/sh
# export_gcovr.sh COVDB SOURCE_DIR - gcovr, which reads Cobertura's XML since version 7, has covdb's totals.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3
gcovr=$(dirname "$covdb")/bench/venv/bin/gcovr
[ -x "$gcovr" ] || gcovr=$source/build/release/bench/venv/bin/gcovr
[ -x "$gcovr" ] || skip "gcovr is not in $gcovr; 'tests/bench/install.sh build/release/bench' fetches it"
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"

"$covdb" export --trial a/w --format cobertura -o out.cobertura 2>err
"$gcovr" --root tree --cobertura-add-tracefile out.cobertura --json-summary summary.json 2>gcovr.err ||
	check "gcovr reads it" "" "$(cat gcovr.err)"
check "gcovr's totals are covdb's" "$(sed -n 's/^\([0-9]*\) lines found, \([0-9]*\) executed.*/\2 of \1/p' err)" \
	"$(python3 -c 'import json; s = json.load(open("summary.json")); print(s["line_covered"], "of", s["line_total"])')"
