#!/bin/sh
# kunit.sh COVDB SOURCE_DIR - KUnit's tests of lists run under user-mode Linux, and what of a patch they execute is told.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3
status=0
kernel=$("$source/tests/kunit/build.sh" path) || status=$?
[ "$status" != 3 ] || skip "$kernel"

mkdir gcda
GCOV_PREFIX=$folder/gcda "$kernel/linux" mem=64M kunit_shutdown=halt console=tty con=null con0=fd:0,fd:1 </dev/null >console 2>&1 || :
grep -q '^KTAP version' console || skip "no user-mode Linux here: $(tail -n 1 console)"
expect console '^ok 1 list-kunit-test' "the tests of lists"
expect console '^ *ok [0-9]+ list_test_list_is_pair' "the test of the patch"

# What the kernel wrote as it ended are counters like any other, and gcov reads the same out of them.
"$covdb" decode gcda --notes "$kernel/notes" --format info -o kernel.info 2>err
expect err ' objects decoded, 0 not' "all objects"
"$covdb" verify gcda --notes "$kernel/notes" >verified 2>&1 || fail "not as gcov has it: $(tail -n 3 verified)"

"$covdb" patch --snapshot gcda --notes "$kernel/notes" "$source/tests/kunit/pair.diff" --format json >patch.json
python3 - patch.json <<'END' || fail "states of the patch's lines"
import json
import sys

said = json.load(open(sys.argv[1], encoding="utf-8"))
states = {row["text"].strip(): row["state"] for row in said["rows"]}
assert states["if (list_empty(head))"] == "executed", states
assert states["length++;"] == "executed", states
assert states['pr_warn("a list of %d entries\\n", length);'] == "not executed", states
assert states["return list_is_pair(head->next);"] == "not instrumented", states
why = {row["text"].strip(): row["why"] for row in said["rows"]}
assert why["return list_is_pair(head->next);"] == "no code, outside of functions", why
empty, = [row for row in said["rows"] if "list_empty(head)" in row["text"]]
assert 0 < empty["branches_never_taken"] < empty["branches"], empty
summary = said["summary"]
assert summary["not_executed"] == 1 and summary["executed"] + summary["partly"] >= 15, summary
length, = [row for row in said["rows"] if row["text"].strip() == "length++;"]
assert [by["count"] for by in length["executed_by"]] == [2], length
END
"$covdb" patch --snapshot gcda --notes "$kernel/notes" "$source/tests/kunit/pair.diff" >text
expect text '^! +\|\+		pr_warn' "the line that nothing executes"
