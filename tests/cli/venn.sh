#!/bin/sh
# venn.sh COVDB SOURCE_DIR - what covdb venn says of five platforms is what an independent program
# makes of the footprints' lines; pictures say the same; errors are told.
set -eu
# shellcheck source=tests/cli/lib.sh
. "$2/tests/cli/lib.sh"
need gcc

# Forty functions in two folders; a program calls those that its arguments name. So each trial executes
# what it was told to.
mkdir -p tree/net/core tree/mm
python3 - <<'END_PYTHON'
import random

random.seed(20)
for folder, first in (("net/core", 0), ("mm", 20)):
    with open(f"tree/{folder}/code.c", "w", encoding="utf-8") as file:
        for number in range(first, first + 20):
            body = "".join(f"\tvalue += value / {line + 2};\n" for line in range(random.randint(1, 9)))
            file.write(f"int part{number}(int value);\nint part{number}(int value)\n{{\n"
                       f"\tif (value > 5)\n\t\treturn value;\n{body}\treturn value;\n}}\n")
with open("tree/main.c", "w", encoding="utf-8") as file:
    for number in range(40):
        file.write(f"int part{number}(int value);\n")
    file.write("int atoi(const char *);\nint main(int argc, char **argv)\n{\n\tint sum = 0;\n"
               "\tfor (int i = 1; i < argc; i++) {\n\t\tswitch (atoi(argv[i])) {\n")
    for number in range(40):
        file.write(f"\t\tcase {number}:\n\t\t\tsum += part{number}({number % 9});\n\t\t\tbreak;\n")
    file.write("\t\t}\n\t}\n\treturn sum == -1;\n}\n")
with open("trials", "w", encoding="utf-8") as file:
    for platform in ("host", "lxc", "a-b", "a", "odd"):
        for workload in ("cpu", "file"):
            parts = random.sample(range(40), 14)
            file.write("\t".join([platform, workload, " ".join(map(str, parts))]) + "\n")
    for platform in ("lxc", "odd"):
        file.write("\t".join([platform, "ping", " ".join(map(str, random.sample(range(40), 5)))]) + "\n")
END_PYTHON
(cd tree && for unit in main net/core/code mm/code; do gcc -O0 --coverage -c $unit.c -o $unit.o; done &&
	gcc --coverage main.o net/core/code.o mm/code.o -o program)
snapshot() { # snapshot NAME ARGUMENT...
	name=$1
	shift
	find tree -name '*.gcda' -delete
	tree/program "$@"
	mkdir "$name"
	(cd tree && find . -name '*.gcda' | tar -cf - -T -) | tar -xf - -C "$name"
}
"$covdb" kernel add --notes tree --name k --build-id abc >/dev/null
snapshot idle
"$covdb" import idle --platform host --baseline --seconds 100 >/dev/null 2>&1
count=0
while IFS="$(printf '\t')" read -r platform workload parts; do
	count=$((count + 1))
	# shellcheck disable=SC2086 # several arguments
	snapshot "trial$count" $parts
	"$covdb" import "trial$count" --platform "$platform" --workload "$workload" --seconds 10 >/dev/null 2>&1
done <trials
# Import takes plain names only; pictures must be well-formed whatever a database holds.
sqlite3 "$COVDB" "UPDATE platform SET name = 'x<&\"y>' WHERE name = 'odd'"
# The short form is the same list.
"$covdb" venn 'lxc | host' --limit 0 --format csv >long.csv
"$covdb" lines 'lxc | host' --limit 0 --format csv >short.csv
cmp long.csv short.csv
[ "$(wc -l <short.csv)" -gt 5 ]
# Of each directory --depth shows what it shows on its own, in three formats, and leaves out none.
for workload in cpu cpu,ping; do
for format in json csv text; do
	"$covdb" venn --depth 2 --workload $workload --format $format >"depth.$format"
done
python3 - "$covdb" $workload <<'END_PYTHON' || fail "directories in one table"
import csv, json, subprocess, sys

rows = json.load(open("depth.json"))["rows"]
assert [row["dir"] for row in rows] == [".", "mm/", "net/", "net/core/"], rows
for row in rows:
    command = [sys.argv[1], "venn", "--dir", row["dir"], "--workload", sys.argv[2], "--format", "json"]
    assert json.loads(subprocess.check_output(command)).items() >= row.items(), row["dir"]
table = list(csv.DictReader(open("depth.csv")))
text = open("depth.text").read()
for row, cells in zip(rows, table, strict=True):
    regions = {"+".join(region["platforms"]): region["lines"] for region in row["regions"]}
    assert cells.pop("dir") == row["dir"] and int(cells.pop("found")) == row["found"]
    assert int(cells.pop("executed")) == sum(regions.values())
    assert {name: int(lines) for name, lines in cells.items() if lines != "0"} == regions, (cells, regions)
    assert any(line.split()[:2] == [row["dir"], f"{row['found']:,}"] for line in text.splitlines()), row["dir"]
END_PYTHON
done
# All there are, in any order, are what is united when none is named.
same() { # same COMMAND... - but for the names of workloads
	"$covdb" "$@" --format csv >one
	"$covdb" "$@" --format csv -w ping,cpu,file >two
	cmp one two || fail "another answer for all workloads by name: $*"
}
same summary
same venn --dir net
same venn --depth 3
same venn 'lxc | host' --limit 0
same functions --limit 0
same conditional --platforms host,lxc --limit 0
same top host lxc
same top host lxc --by lines
same annotate mm/code.c
"$covdb" venn -w ping,cpu >one
"$covdb" venn -w cpu,ping >two
cmp one two || fail "the order of workloads matters"
expect one 'workloads cpu, ping;'
"$covdb" export --footprint lxc/cpu,ping -o one >/dev/null
python3 - one "$COVDB" <<'END_PYTHON' || fail "an exported union"
import sqlite3, sys

executed, file = set(), None
for line in open(sys.argv[1]):
    key, _, value = line.strip().partition(":")
    file = value if key == "SF" else file
    if key == "DA" and not value.endswith(",0"):
        executed.add((file.rsplit("tree/")[-1], int(value.split(",")[0])))
expected = set(sqlite3.connect(sys.argv[2]).execute(
    "SELECT file, line FROM footprint_line_named WHERE platform = 'lxc' AND workload IN ('cpu', 'ping')"))
assert executed == expected and expected, executed ^ expected
END_PYTHON
# Wildcards, a directory without its slash, exclusions, expressions, what is of nobody.
cat >tree/MAINTAINERS <<'END_MAINTAINERS'
List of maintainers
	F:	net/	an explanation, not a pattern

NETWORKING
M:	Somebody <somebody@example.org>
F:	net/

NETWORKING [CORE]
F:	net/core
F:	mm/
X:	mm/c?de.c

NOT THAT DEEP
F:	net/*
F:	net/c

BY NAME
N:	co[d]e[.]c$
X:	net/
K:	main

BY BEGINNING
F:	*/core/co

THE REST
F:	*
F:	*/
END_MAINTAINERS
python3 "$source/tests/oracle/venn_check.py" "$covdb" "$COVDB" tree

# A picture goes to a file as it goes to standard output; nothing else does.
"$covdb" venn --format svg >shown.svg
"$covdb" venn --format svg -o written.svg >out
check "nothing besides the file" 0 "$(wc -c <out)"
cmp shown.svg written.svg || fail "-o writes another picture"
refused 1 'covdb venn: cannot create nowhere/x.svg: No such file' "$covdb" venn --format svg -o nowhere/x.svg
for words in '' '--format json' a '--by file'; do
	# shellcheck disable=SC2086 # words
	refused 2 'covdb venn: --output needs --format svg$' "$covdb" venn $words -o refused
done
