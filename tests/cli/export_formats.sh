#!/bin/sh
# export_formats.sh COVDB SOURCE_DIR - the formats of covdb export besides lcov's say what the tracefile says.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc python3 sqlite3
# shellcheck source=tests/cli/exchange_fixture.sh
. "$source/tests/cli/exchange_fixture.sh"

for format in info cobertura syzkaller json csv; do
	"$covdb" export --trial a/w --format $format -o "out.$format" 2>err
done
cat >compare.py <<'PYTHON'
"""Compare all formats with the tracefile; structure of Cobertura's by what its DTD demands."""
import csv
import json
import xml.etree.ElementTree as tree

lines, functions = {}, {}
for text in open("out.info"):
    kind, _, rest = text.strip().partition(":")
    if kind == "SF":
        file = rest.removeprefix(ROOT + "/")
    elif kind == "DA":
        line, count = rest.split(",")
        lines[file, int(line)] = int(count)
    elif kind == "FNL":
        start, end = map(int, rest.split(",")[1:])
    elif kind == "FNA":
        functions[file, rest.split(",")[2]] = (start, end, int(rest.split(",")[1]))
    elif kind == "FNDA":
        calls, name = rest.split(",")
        functions[file, name] = (*functions[file, name][:2], int(calls))
assert len(lines) > 50 and len(functions) > 10

rows = list(csv.DictReader(open("out.csv")))
assert list(rows[0]) == ["file", "line", "count"]
assert [((r["file"], int(r["line"])), int(r["count"])) for r in rows] == list(lines.items())

document = json.load(open("out.json"))
assert list(document) == ["files"]
assert {(f["file"], l["line"]): l["count"] for f in document["files"] for l in f["lines"]} == lines
assert {
    (f["file"], g["name"]): (g["line"], g["end_line"], g["calls"])
    for f in document["files"]
    for g in f["functions"]
} == functions

records = [json.loads(text) for text in open("out.syzkaller")]
keys = ["file_path", "func_name", "sl", "sc", "el", "ec", "hit_count", "inline", "pc"]
assert all(list(record) == keys for record in records)
assert [((r["file_path"], r["sl"]), r["hit_count"]) for r in records] == list(lines.items())
named = 0
for r in records:
    assert (r["el"], r["sc"], r["ec"], r["inline"], r["pc"]) == (r["sl"], 0, -1, False, 0)
    around = [
        (start, name)
        for (file, name), (start, end, _) in functions.items()
        if file == r["file_path"] and start <= r["sl"] <= end
    ]
    starts = [start for start, _ in around]
    assert r["func_name"] in {n for s, n in around if s == max(starts)} or not around, r
    assert around or r["func_name"] == ""
    named += bool(around)
assert named > 40

RATES = {"line-rate", "branch-rate", "complexity"}
MODEL = {  # element: attributes that it must have, elements that it must have, in order
    "coverage": (
        RATES
        | {"lines-covered", "lines-valid", "branches-covered", "branches-valid", "version"}
        | {"timestamp"},
        ["sources", "packages"],
    ),
    "sources": (set(), ["source"]),
    "source": (set(), []),
    "packages": (set(), None),
    "package": (RATES | {"name"}, ["classes"]),
    "classes": (set(), None),
    "class": (RATES | {"name", "filename"}, ["methods", "lines"]),
    "methods": (set(), None),
    "method": (RATES | {"name", "signature"}, ["lines"]),
    "lines": (set(), None),
    "line": ({"number", "hits", "branch"}, []),
}
LISTS = {"packages": "package", "classes": "class", "methods": "method", "lines": "line"}
root = tree.parse("out.cobertura").getroot()
for element in root.iter():
    attributes, children = MODEL[element.tag]
    assert set(element.attrib) == attributes, element.tag
    found = [child.tag for child in element]
    assert found == children if children is not None else set(found) <= {LISTS[element.tag]}
assert root.find("sources/source").text == ROOT
assert int(root.get("lines-valid")) == len(lines)
assert int(root.get("lines-covered")) == sum(count > 0 for count in lines.values())
assert abs(float(root.get("line-rate")) - int(root.get("lines-covered")) / len(lines)) < 1e-6
assert {
    (c.get("filename"), int(l.get("number"))): int(l.get("hits"))
    for c in root.iter("class")
    for l in c.findall("lines/line")
} == lines
assert {
    (c.get("filename"), m.get("name")): (int(l.get("number")), int(l.get("hits")))
    for c in root.iter("class")
    for m in c.iter("method")
    for l in m.iter("line")
} == {key: (start, calls) for key, (start, _, calls) in functions.items()}
names = [package.get("name") for package in root.iter("package")]
assert len(names) == len(set(names))
PYTHON
sed -i "s,^import csv,ROOT = '$folder/tree'\n&," compare.py
python3 compare.py || check "all formats" same different

status=0
"$covdb" export --trial a/w --format csv --lcov 1 >out 2>err || status=$?
check "--lcov is for tracefiles" "2 1" "$status $(grep -c -- '--lcov goes with' err)"

# What is no text elsewhere is still a name in a tracefile.
printf 'SF:/x/caf\351.c\nDA:1,1\nend_of_record\nSF:/x/b&<.c\nDA:1,1\nend_of_record\n' >bytes.info
export COVDB="$folder/bytes.sqlite"
"$covdb" kernel add --info bytes.info --name k >/dev/null
"$covdb" import bytes.info --platform a --workload w --seconds 1 >/dev/null 2>&1
for format in cobertura syzkaller json; do
	"$covdb" export --trial a/w --format $format >out 2>/dev/null || fail "not UTF-8 in $format"
	check "a name that is not UTF-8 in $format" 'caf\xe9.c' "$(grep -o 'caf[^"]*[.]c' out | sed 's,\\\\,\\,' | sort -u)"
done
"$covdb" export --trial a/w --format csv 2>/dev/null | grep -aq "^$(printf 'caf\351').c,1,1\$" || fail "not UTF-8 in csv"
printf 'SF:/x/a\001\033.c\nFN:1,f\007\nFNDA:1,f\007\nDA:1,1\nend_of_record\nSF:/x/b.c\nDA:1,0\nend_of_record\n' >control.info
"$covdb" kernel add --info control.info --db control.sqlite >/dev/null
"$covdb" import control.info --db control.sqlite --platform a --workload w --seconds 1 >/dev/null 2>&1
for format in cobertura syzkaller json; do
	"$covdb" export --db control.sqlite --trial a/w --format $format >control.$format 2>/dev/null || fail "control characters in $format"
done
python3 - <<'PYTHON' || fail "control characters"
import json, xml.etree.ElementTree as tree

name = "a\x01\x1b.c"
assert [f["file"] for f in json.load(open("control.json"))["files"]] == [name, "b.c"]
assert {json.loads(line)["file_path"] for line in open("control.syzkaller")} == {name, "b.c"}
root = tree.parse("control.cobertura").getroot()
assert {c.get("filename") for c in root.iter("class")} == {"a\\x01\\x1b.c", "b.c"}
assert [m.get("name") for m in root.iter("method")] == ["f\\x07"]
PYTHON
"$covdb" export --trial a/w 2>/dev/null | grep -q "$(printf 'caf\351')" || check "but in info" there gone
"$covdb" export --trial a/w --dir 'b&<.c' --format cobertura 2>/dev/null |
	python3 -c 'import sys, xml.etree.ElementTree as t; assert t.parse(sys.stdin).find(".//class").get("filename") == "b&<.c"' ||
	check "what XML quotes" quoted plain
