#!/bin/sh
# decode_formats.sh COVDB SOURCE_DIR - the formats of covdb decode and verify say the same, which is what the database has.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc gcov python3
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"

for format in tsv info json; do
	"$covdb" decode first --notes tree --format $format -o "notes.$format" 2>err
	expect err '^4 objects decoded, 0 not'
	"$covdb" decode first --format $format >"db.$format" 2>/dev/null
	cmp "notes.$format" "db.$format" || fail "$format from notes and database"
done
"$covdb" export --trial a/w/1 --lcov 2 -o exported.info 2>/dev/null
cat >compare.py <<'PYTHON'
"""Counts of lines and functions of each format, in one shape."""
import json, os, sys

tree = os.path.realpath("tree") + "/"


def read_info(path):
    lines, functions, ends, totals = {}, {}, {}, {}
    for text in open(path):
        kind, _, rest = text.strip().partition(":")
        if kind == "SF":
            file = rest.removeprefix(tree)
        elif kind == "DA":
            line, count = rest.split(",")[:2]
            assert (file, int(line)) not in lines
            lines[file, int(line)] = int(count)
        elif kind == "FN":
            functions[file, rest.split(",")[-1]] = [int(rest.split(",")[0]), None]
        elif kind == "FNDA":
            functions[file, rest.split(",")[1]][1] = int(rest.split(",")[0])
        elif kind == "FNL":
            ends[rest.split(",")[0]] = int(rest.split(",")[1])
        elif kind == "FNA":
            number, calls, name = rest.split(",")
            functions[file, name] = [ends[number], int(calls)]
        elif kind in ("LF", "LH", "FNF", "FNH"):
            totals[kind] = totals.get(kind, 0) + int(rest)
    assert totals == {"LF": len(lines), "LH": sum(c > 0 for c in lines.values()), "FNF": len(functions),
                      "FNH": sum(calls > 0 for _, calls in functions.values())}, totals
    return lines, functions


lines, functions = read_info("notes.info")
assert len(lines) > 50 and len(functions) > 10
assert read_info("exported.info") == (lines, functions), "export and decode"
rows = [text.rstrip("\n").split("\t") for text in open("notes.tsv")]
assert {(file, int(line)): int(count) for file, line, count in rows} == lines and len(rows) == len(lines)
files = json.load(open("notes.json"))["files"]
assert {(f["file"], l["line"]): l["count"] for f in files for l in f["lines"]} == lines
assert {(f["file"], g["name"]): [g["line"], g["calls"]] for f in files for g in f["functions"]} == functions
for f in files:
    for l in f["lines"]:
        assert l["state"] == "not executed" if l["count"] == 0 else l["state"] in ("executed", "partly executed"), l
answer = json.load(open("verified.json"))
assert answer["objects"] == 4 and answer["differences"] == 0 and answer["lines"] > 50 and answer["functions"] > 10, answer
PYTHON
cp first/*.gcda tree
"$covdb" verify tree --notes tree --format json >verified.json
python3 compare.py || fail "the formats"
check "verify says the same as text" "$(python3 -c '
import json
r = json.load(open("verified.json"))
print("{objects} objects, {lines} lines, {functions} functions, {branches} branches".format(**r))')" \
	"$("$covdb" verify tree --notes tree | sed 's/ compared with.*//')"
status=0
"$covdb" verify tree 2>err || status=$?
check "verify without notes" "2 1" "$status $(grep -c -- '--notes is missing' err)"

# A number of one's own for a trial, and what is none.
"$covdb" import first --platform n --workload w --seconds 10 --trial 7 >/dev/null 2>&1
check "the number that was asked for" 7 "$(sqlite3 "$COVDB" "SELECT number FROM trial JOIN platform USING (platform_id) WHERE name = 'n'")"
for wrong in 0 x 1x -1; do
	refused 2 "--trial takes a whole number from 1 to 1000000, not '$wrong'" \
		"$covdb" import first --platform n --workload w --seconds 10 --trial="$wrong"
done
